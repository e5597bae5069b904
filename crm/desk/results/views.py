"""The result card of a receipt's visit: written, shown as a code for her phone, printed (practices.md, P8)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.booking.models import Visit
from crm.care.selectors import last_formula, result_of
from crm.care.services import write_result
from crm.desk.access import desk_page
from crm.desk.checkout.receipts import visible_sale
from crm.desk.results.forms import ResultForm
from crm.sales.models import Sale
from crm.team.qr import qr_svg
from crm.team.selectors import branch_day
from reminders.links.results import result_facts, result_url
from reminders.messages.speech import speech_of
from reminders.messages.tokens import Door, open_url


def visit_sale(request: HttpRequest, sale_id: int) -> Sale:
    """A receipt of somebody known; nobody else takes a card home."""
    sale = visible_sale(request, sale_id)
    if sale.client is None or sale.refund_of_id is not None:
        raise Http404
    return sale


@desk_page
@require_http_methods(["GET", "POST"])
def result_page(request: HttpRequest, sale_id: int) -> HttpResponse:
    """Formula and advice are typed; once kept, her phone reads the code, or it is printed."""
    sale = visit_sale(request, sale_id)
    now = timezone.now()
    card = result_of(sale.client, sale.on)
    initial = {"formula": card.formula if card else last_formula(sale.client), "advice": card.advice if card else ""}
    form = ResultForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        write_result(
            client=sale.client, branch=sale.branch, visit_on=sale.on, now=now, user=request.user, **form.cleaned_data
        )
        messages.success(request, _("Her result card is ready."))
        return redirect("desk:result", sale_id=sale.pk)
    url = result_url(card, today=branch_day(sale.branch, now)) if card else ""
    context = {
        "nav": "today",
        "sale": sale,
        "card": card,
        "form": form,
        "qr": qr_svg(url) if url else "",
        "url": url,
    }
    return render(request, "desk/results/page.html", context, status=422 if form.errors else 200)


@desk_page
@require_safe
def result_print(request: HttpRequest, sale_id: int) -> HttpResponse:
    """The card on paper, in her language, with the code that opens it on a phone."""
    sale = visit_sale(request, sale_id)
    card = result_of(sale.client, sale.on)
    if card is None:
        raise Http404
    now, speech = timezone.now(), speech_of(sale.client)
    with translation.override(speech.language):
        # the shell of the page is hers too: it goes home with her
        request.LANGUAGE_CODE = speech.language
        context = {
            "facts": result_facts(
                card,
                speech,
                now=now,
                picture_url=lambda photograph: reverse("desk:photograph_file", args=[photograph.pk]),
            ),
            "qr": qr_svg(result_url(card, today=branch_day(sale.branch, now))),
            "sale": sale,
            "hide_languages": True,
        }
        return render(request, "desk/results/print.html", context)


@desk_page
@require_safe
def her_score(request: HttpRequest, sale_id: int) -> HttpResponse:
    """“How was it?”, as a code for her own telephone: she taps it there, and never to the master's face (P8, P14)."""
    sale = visit_sale(request, sale_id)
    visit = get_object_or_404(Visit, client=sale.client, on=sale.on)
    today = branch_day(sale.branch, timezone.now())
    url = open_url(door=Door.SCORE, client_id=sale.client.pk, subject=visit.pk, today=today)
    return render(request, "desk/results/score.html", {"nav": "today", "sale": sale, "qr": qr_svg(url)})
