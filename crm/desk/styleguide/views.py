"""The page itself; wired only where DEBUG or DEMO is on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.desk.styleguide import sample
from crm.desk.styleguide.forms import SampleForm


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state, over a made-up day; no database is asked."""
    form = SampleForm(sample.FORM_DATA)
    form.is_valid()
    return render(request, "desk/styleguide.html", {"guide": sample, "form": form, "true_at": sample.TRUE_AT})
