"""The office: which two cards became one. Here, at the roof, as its words are those of the page on which it was chosen."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from crm.office.merging.shown import taken_words
from crm.people.models import ClientMerge
from crm.team.admin_base import EMPTY, ReadOnlyModelAdmin


@admin.register(ClientMerge)
class ClientMergeAdmin(ReadOnlyModelAdmin):
    """Which two cards became one, who said so and when; nobody takes it apart, so nobody edits it."""

    list_display = ["at", "kept", "aside_code", "aside", "user_name"]
    list_select_related = ["kept", "aside"]
    search_fields = ["kept__name", "kept__code", "aside__name", "aside__code"]
    ordering = ["-at"]
    date_hierarchy = "at"
    fields = ["at", "kept", "aside", "aside_code", "user_name", "shown_taken"]
    readonly_fields = ["aside_code", "shown_taken"]

    @display(description=_("old number"))
    def aside_code(self, merge: ClientMerge) -> str:
        return merge.aside.code

    @display(description=_("taken from the card put aside"))
    def shown_taken(self, merge: ClientMerge) -> str:
        return "\n".join(taken_words(merge)) or EMPTY
