"""Remembered for her: her own minutes and price of a service."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from crm.booking.models import Accommodation
from crm.booking.services import agree_with, forget_agreement
from crm.catalogue.models import Service
from crm.desk.access import desk_page, visible_client
from crm.desk.words import length_words, money


class AgreementForm(forms.Form):
    """What differs for her; the rest is as for everybody."""

    service = forms.ModelChoiceField(
        label=gettext_lazy("Service"), queryset=Service.objects.none(), empty_label=gettext_lazy("Choose a service")
    )
    minutes = forms.IntegerField(label=gettext_lazy("Her minutes"), required=False, min_value=5, max_value=24 * 60)
    price = forms.DecimalField(
        label=gettext_lazy("Her price"), required=False, min_value=0, max_digits=10, decimal_places=2, localize=True
    )
    note = forms.CharField(label=gettext_lazy("Why? (optional)"), required=False, max_length=200)

    def __init__(self, *args: Any, services: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = services


@require_http_methods(["GET", "POST"])
@desk_page
def agreements(request: HttpRequest, client_id: int) -> HttpResponse:
    """What was agreed with her in this branch, and one thing more; what is booked already stays as it is."""
    client = visible_client(client_id)
    services = Service.objects.filter(branch=request.branch, is_active=True).order_by("category", "name")
    form = AgreementForm(
        request.POST or None, services=services, initial={"service": request.GET.get("service", "")[:18]}
    )
    if request.method == "POST" and form.is_valid():
        try:
            agree_with(client=client, **form.cleaned_data)
        except ValidationError as refusal:
            for name, words in refusal.message_dict.items():
                form.add_error(name if name in form.fields else None, words)
        else:
            messages.success(request, _("Remembered for her."))
            return redirect("desk:client_agreements", client_id=client.pk)
    agreed = Accommodation.objects.filter(client=client, service__branch=request.branch).select_related("service")
    context = {
        "nav": "clients",
        "client": client,
        "form": form,
        "rows": [
            {
                "agreed": row,
                "terms": [
                    *([length_words(row.minutes)] if row.minutes else []),
                    *([money(row.price, request.branch.currency)] if row.price is not None else []),
                ],
            }
            for row in agreed.order_by("service__name")
        ],
    }
    return render(request, "desk/clients/agreements.html", context, status=422 if form.errors else 200)


@require_POST
@desk_page
def agreement_end(request: HttpRequest, client_id: int, service_id: int) -> HttpResponse:
    """From now on as for everybody. Of another branch's service nothing is agreed here, so nothing ends."""
    client = visible_client(client_id)
    service = Service.objects.filter(pk=service_id, branch=request.branch).first()
    if service is not None and forget_agreement(client=client, service=service):
        messages.success(request, _("From now on as for everybody."))
    return redirect("desk:client_agreements", client_id=client.pk)
