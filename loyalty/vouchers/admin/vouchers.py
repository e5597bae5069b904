"""The office: vouchers. Issued and voided by actions that call the services; a used one stays as it was."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from crm.team.admin_base import (
    ReadOnlyModelAdmin,
    ReadOnlyTabular,
    Toned,
    ask,
    shown_money,
    toned,
)
from loyalty.vouchers.models import CertificateMovement, GiftCertificate, Voucher, VoucherEvent
from loyalty.vouchers.services import (
    CertificateRefused,
    NothingToReturn,
    return_certificate,
    return_reward,
    void_voucher,
)


class EventInline(ReadOnlyTabular):
    model = VoucherEvent
    fields = ["at", "kind", "user", "days"]
    ordering = ["at"]
    verbose_name_plural = _("What happened")


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("open", _("not used")), ("redeemed", _("redeemed")), ("voided", _("voided"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Voucher]) -> QuerySet[Voucher]:
        match self.value():
            case "open":
                return queryset.filter(redeemed_at__isnull=True, voided_at__isnull=True)
            case "redeemed":
                return queryset.filter(redeemed_at__isnull=False)
            case "voided":
                return queryset.filter(voided_at__isnull=False)
        return queryset


@admin.register(Voucher)
class VoucherAdmin(ReadOnlyModelAdmin):
    list_display = ["code", "client", "kind", "shown_benefit", "valid_from", "valid_until", "shown_state", "branch"]
    list_filter = [StateFilter, "kind", "branch"]
    list_select_related = ["client", "branch"]
    search_fields = ["code", "client__name", "client__code"]
    ordering = ["-issued_at"]
    date_hierarchy = "issued_on"
    inlines = [EventInline]
    actions_detail = ["withdraw"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "code",
                    "client",
                    "branch",
                    "kind",
                    "shown_benefit",
                    "services",
                    "services_only",
                    "quiet_only",
                ]
            },
        ),
        (_("Valid"), {"fields": ["valid_from", "valid_until", "book_until", "prolonged_days"]}),
        (
            _("State"),
            {"fields": ["shown_state", "issued_at", "issued_by", "reserved_for", "redeemed_at", "redeemed_sale"]},
        ),
    ]

    @action(description=_("Withdraw"), url_path="withdraw", permissions=["office"], icon="block")
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        voucher = self.get_object(request, object_id)
        if voucher is None:
            raise Http404
        if request.method != "POST":
            return ask(
                self,
                request,
                title=_("Withdraw this voucher?"),
                description=_("Its code is worth nothing from then on. A booking that hangs on it stays."),
                submit=_("Withdraw"),
            )
        if voucher.kind == Voucher.Kind.REWARD and voucher.client is not None:
            # it was bought with points
            try:
                points = return_reward(voucher=voucher, now=timezone.now(), by=request.user)
                messages.success(
                    request, _("The voucher is withdrawn, and %(points)s points are hers again.") % {"points": points}
                )
            except NothingToReturn as refusal:
                messages.error(request, str(refusal))
        elif void_voucher(voucher=voucher, now=timezone.now(), user=request.user):
            messages.success(request, _("The voucher is withdrawn."))
        else:
            messages.error(request, _("It was used or withdrawn before."))
        return HttpResponseRedirect(reverse("admin:loyalty_voucher_change", args=[voucher.pk]))

    @display(description=_("benefit"))
    def shown_benefit(self, voucher: Voucher) -> str:
        if voucher.benefit == Voucher.Benefit.PERCENT:
            return f"{voucher.percent} %"
        if voucher.benefit == Voucher.Benefit.AMOUNT:
            return shown_money(voucher.amount, voucher.branch.currency)
        return str(voucher.get_benefit_display())

    @display(
        description=_("state"),
        label={"open": "info", "reserved": "warning", "redeemed": "success", "voided": "danger"},
    )
    def shown_state(self, voucher: Voucher) -> Toned:
        if voucher.voided_at:
            return toned("voided", _("voided"))
        if voucher.redeemed_at:
            return toned("redeemed", _("redeemed"))
        if voucher.reserved_for_id:
            return toned("reserved", _("reserved for a booking"))
        return toned("open", _("not used"))


class MovementInline(ReadOnlyTabular):
    model = CertificateMovement
    fields = ["at", "kind", "shown_amount", "sale", "user"]
    readonly_fields = ["shown_amount"]
    ordering = ["at", "pk"]
    verbose_name_plural = _("What happened")

    @display(description=_("amount"))
    def shown_amount(self, movement: CertificateMovement) -> str:
        return shown_money(movement.amount, movement.certificate.branch.currency)


class LeftFilter(admin.SimpleListFilter):
    title = _("left")
    parameter_name = "left"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("some", _("something left")), ("none", _("spent or over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[GiftCertificate]) -> QuerySet[GiftCertificate]:
        match self.value():
            case "some":
                return queryset.filter(balance__gt=0)
            case "none":
                return queryset.filter(balance=0)
        return queryset


@admin.register(GiftCertificate)
class GiftCertificateAdmin(ReadOnlyModelAdmin):
    list_display = ["code", "made_out_to", "shown_amount", "shown_balance", "issued_on", "expires_on", "branch"]
    list_filter = [LeftFilter, "branch"]
    list_select_related = ["branch"]
    search_fields = ["code", "made_out_to", "receipt"]
    ordering = ["-issued_at"]
    date_hierarchy = "issued_on"
    inlines = [MovementInline]
    actions_detail = ["give_money_back"]
    fieldsets = [
        (None, {"fields": ["code", "branch", "made_out_to", "shown_amount", "shown_balance", "expires_on"]}),
        (_("Sold"), {"fields": ["receipt", "method", "bought_by", "issued_at", "issued_by"]}),
    ]

    @action(description=_("Give the money back"), url_path="give-back", permissions=["office"], icon="undo")
    def give_money_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        certificate = self.get_object(request, object_id)
        if certificate is None:
            raise Http404
        if request.method != "POST":
            return ask(
                self,
                request,
                title=_("Give the money for this certificate back?"),
                description=_("Its code pays nothing from then on. Only while nothing of it is spent."),
                submit=_("Give the money back"),
            )
        try:
            return_certificate(certificate=certificate, now=timezone.now(), user=request.user)
        except CertificateRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The certificate is returned."))
        return HttpResponseRedirect(reverse("admin:loyalty_giftcertificate_change", args=[certificate.pk]))

    @display(description=_("amount"))
    def shown_amount(self, certificate: GiftCertificate) -> str:
        return shown_money(certificate.amount, certificate.branch.currency)

    @display(description=_("left"))
    def shown_balance(self, certificate: GiftCertificate) -> str:
        return shown_money(certificate.balance, certificate.branch.currency)
