"""The office: campaigns of vouchers with what they brought; their codes made, exported, printed and revoked."""

import csv
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from crm.people.selectors import find_clients
from crm.team.admin_base import ReadWriteModelAdmin, WithHistory, WithNearDays, ask, shown_money
from crm.team.qr import qr_svg
from crm.team.selectors import branch_day
from crm.team.wording import isolated
from loyalty.vouchers.forms import CampaignForm, CodesForm, GiveForm
from loyalty.vouchers.models import Campaign
from loyalty.vouchers.selectors import CampaignFigures, campaign_figures, state_of
from loyalty.vouchers.services import CampaignRefused, give_from_campaign, issue_codes, revoke_unused
from loyalty.vouchers.words import benefit_words, condition_words, in_groups

# coupons on one page of the print sheet: ten sheets of paper
A_PAGE = 100


@admin.register(Campaign)
class CampaignAdmin(WithNearDays, WithHistory, ReadWriteModelAdmin):
    form = CampaignForm
    near_days = ("valid_from", "valid_until")
    list_display = ["name", "shown_benefit", "valid_from", "valid_until", "issued", "redeemed", "expired", "brought"]
    list_filter = ["branch", "benefit"]
    list_select_related = ["branch"]
    search_fields = ["name"]
    ordering = ["-valid_until", "-pk"]
    autocomplete_fields = ["services", "except_services"]
    readonly_fields = ["shown_figures"]
    actions_detail = ["make_codes", "give_one", "as_csv", "as_sheet", "revoke"]
    fieldsets = [
        (None, {"fields": ["name", "branch", "shown_figures"]}),
        (
            _("What it gives"),
            {"fields": ["benefit", ("percent", "amount"), "services", "except_services", "services_only"]},
        ),
        (_("When"), {"fields": [("valid_from", "valid_until"), "weekdays", ("from_time", "to_time")]}),
        (_("Conditions"), {"fields": ["minimum", ("first_visit_only", "here_only")]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Campaign | None = None) -> list[str]:
        """Once a code is out, what it promises stays."""
        if obj is None or not obj.vouchers.exists():
            return ["shown_figures"]
        kept = [field.name for field in self.opts.fields if field.editable and field.name not in ("id", "name")]
        return [*kept, "services", "except_services", "shown_figures"]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The figures of all the rows at once."""
        found = super().get_changelist_instance(request)
        found.result_list = list(found.result_list)
        figures = campaign_figures(found.result_list, timezone.localdate())
        for campaign in found.result_list:
            campaign.figures = figures.get(campaign.pk, CampaignFigures())
        return found

    @action(description=_("Make codes"), url_path="codes", permissions=["office"], icon="add_circle")
    def make_codes(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self._campaign(request, object_id)
        there = campaign.vouchers.filter(client__isnull=True).count()
        form = CodesForm(request.POST or None, initial={"expected": there, "count": 50})
        if form.is_valid():
            try:
                made = issue_codes(campaign=campaign, **form.cleaned_data, now=timezone.now(), user=request.user)
            except CampaignRefused as refused:
                messages.error(request, str(refused))
            else:
                words = ngettext("%(count)s code is ready.", "%(count)s codes are ready.", made)
                messages.success(request, words % {"count": made})
            return self._back(campaign)
        return self._ask(
            request,
            campaign,
            title=_("How many codes?"),
            form=form,
            description=_("Each is good once, for whoever shows it. From then on the campaign keeps what it promises."),
            submit=_("Make them"),
        )

    @action(description=_("Give one to a client"), url_path="give", permissions=["office"], icon="person_add")
    def give_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self._campaign(request, object_id)
        form = GiveForm(request.POST or None)
        client = form.only_one(find_clients(form.cleaned_data["client"])) if form.is_valid() else None
        if client is None:
            return self._ask(request, campaign, title=_("To whom?"), form=form, submit=_("Give"))
        try:
            voucher = give_from_campaign(campaign=campaign, client=client, now=timezone.now(), user=request.user)
        except CampaignRefused as refused:
            messages.error(request, str(refused))
        else:
            words = _("The code of %(name)s is %(code)s.")
            messages.success(request, words % {"name": isolated(client.shown_name), "code": in_groups(voucher.code)})
        return self._back(campaign)

    @action(description=_("As a file"), url_path="codes.csv", permissions=["office"], icon="download")
    def as_csv(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Codes in groups, so that a spreadsheet takes none for a number; nothing in it was typed by anybody."""
        campaign = self._campaign(request, object_id)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        name = slugify(campaign.name) or f"campaign-{campaign.pk}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        rows = csv.writer(response)
        rows.writerow(["code", "benefit", "valid_from", "valid_until", "state"])
        benefit, today = benefit_words(campaign, get_language() or "en"), branch_day(campaign.branch, timezone.now())
        for voucher in campaign.vouchers.order_by("pk").iterator(chunk_size=2000):
            state = state_of(voucher, today)
            rows.writerow([in_groups(voucher.code), benefit, voucher.valid_from, voucher.valid_until, state])
        return response

    @action(description=_("Print"), url_path="sheet", permissions=["office"], icon="print")
    def as_sheet(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Coupons to cut out, each with its code and QR: those that anybody may still use."""
        campaign = self._campaign(request, object_id)
        language, today = get_language() or "en", branch_day(campaign.branch, timezone.now())
        good = campaign.vouchers.filter(
            client__isnull=True,
            redeemed_at__isnull=True,
            voided_at__isnull=True,
            reserved_for__isnull=True,
            valid_until__gte=today,
        ).order_by("pk")
        wanted = request.GET.get("page", "0")
        page = int(wanted) if wanted.isdecimal() and len(wanted) < 5 else 0
        codes = list(good.values_list("code", flat=True)[page * A_PAGE : (page + 1) * A_PAGE + 1])
        context = {
            "campaign": campaign,
            "benefit": benefit_words(campaign, language),
            "conditions": condition_words(campaign, language),
            "coupons": [{"code": in_groups(code), "qr": qr_svg(code)} for code in codes[:A_PAGE]],
            "next_page": page + 1 if len(codes) > A_PAGE else None,
            "back": reverse("admin:loyalty_campaign_change", args=[campaign.pk]),
        }
        return render(request, "office/coupons.html", context)

    @action(description=_("Revoke the unused"), url_path="revoke", permissions=["office"], icon="block")
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self._campaign(request, object_id)
        if request.method != "POST":
            return self._ask(
                request,
                campaign,
                title=_("Revoke what nobody has used?"),
                description=_("Those codes are worth nothing from then on. What hangs on a booking stays good."),
                submit=_("Revoke"),
            )
        count = revoke_unused(campaign=campaign, now=timezone.now(), user=request.user)
        words = ngettext("%(count)s code is revoked.", "%(count)s codes are revoked.", count)
        messages.success(request, words % {"count": count})
        return self._back(campaign)

    def _campaign(self, request: HttpRequest, object_id: str) -> Campaign:
        campaign = self.get_object(request, object_id)
        if campaign is None:
            raise Http404
        return campaign

    def _ask(self, request: HttpRequest, campaign: Campaign, **words: Any) -> HttpResponse:
        return ask(self, request, back=reverse("admin:loyalty_campaign_change", args=[campaign.pk]), **words)

    def _back(self, campaign: Campaign) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:loyalty_campaign_change", args=[campaign.pk]))

    @display(description=_("benefit"))
    def shown_benefit(self, campaign: Campaign) -> str:
        return benefit_words(campaign, get_language() or "en")

    @display(description=_("codes"))
    def issued(self, campaign: Campaign) -> int:
        return campaign.figures.issued

    @display(description=_("redeemed"))
    def redeemed(self, campaign: Campaign) -> int:
        return campaign.figures.redeemed

    @display(description=_("expired"))
    def expired(self, campaign: Campaign) -> int:
        return campaign.figures.expired

    @display(description=_("brought"))
    def brought(self, campaign: Campaign) -> str:
        return shown_money(campaign.figures.paid, campaign.branch.currency)

    @display(description=_("What became of it"))
    def shown_figures(self, campaign: Campaign) -> str:
        if campaign.pk is None:
            return str(_("Save it first, then make its codes."))
        figures = campaign_figures([campaign], branch_day(campaign.branch, timezone.now())).get(campaign.pk)
        if figures is None:
            return str(_("No codes yet."))
        return _(
            "%(issued)s codes: %(redeemed)s redeemed, %(kept)s kept for a booking, %(open)s open, "
            "%(expired)s expired, %(revoked)s revoked. The receipts with them brought %(paid)s; %(saved)s were taken off."
        ) % {
            "issued": figures.issued,
            "redeemed": figures.redeemed,
            "kept": figures.kept,
            "open": figures.open,
            "expired": figures.expired,
            "revoked": figures.revoked,
            "paid": shown_money(figures.paid, campaign.branch.currency),
            "saved": shown_money(figures.saved, campaign.branch.currency),
        }
