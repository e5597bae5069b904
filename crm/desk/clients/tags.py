"""Tags on a client's card: a tap each, of the words that the salon has; reception and owner add new ones."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from crm.desk.access import desk_page, is_front_desk, visible_client
from crm.people.models import Tag
from crm.people.services import set_tags, tag_called


class TagsForm(forms.Form):
    """The salon's words as ticks; a new one is for whoever looks after the branch."""

    tags = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Tags"), queryset=Tag.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    new = forms.CharField(
        label=gettext_lazy("A new one"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )

    def __init__(self, *args: Any, may_add: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tags"].queryset = Tag.objects.order_by("name")
        if not may_add:
            del self.fields["new"]


@require_http_methods(["GET", "POST"])
@desk_page
def client_tags(request: HttpRequest, client_id: int) -> HttpResponse:
    """Which of the salon's words are hers."""
    client = visible_client(client_id)
    posted = request.POST if request.method == "POST" else None
    form = TagsForm(posted, may_add=is_front_desk(request.user), initial={"tags": client.tags.all()})
    if form.is_valid():
        new = form.cleaned_data.get("new", "").strip()
        set_tags(client=client, tags=[*form.cleaned_data["tags"], *([tag_called(name=new)] if new else [])])
        messages.success(request, _("Kept."))
        return redirect("desk:client", client_id=client.pk)
    context = {"nav": "clients", "client": client, "form": form}
    return render(request, "desk/clients/tags.html", context, status=422 if form.errors else 200)
