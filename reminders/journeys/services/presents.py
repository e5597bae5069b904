"""The vouchers that come with a win-back, a birthday and a bad day (rules.md, Vouchers)."""

from datetime import datetime, timedelta

from crm.team.selectors import branch_day
from loyalty.amends.services import make_up_for
from loyalty.points.selectors import loyalty_settings
from loyalty.vouchers.models import Voucher, VoucherEvent
from loyalty.vouchers.selectors import had_voucher_since, voucher_by_key
from loyalty.vouchers.services import CampaignRefused, give_from_campaign, issue_voucher, prolong_voucher
from reminders.campaigns.selectors.campaigns import campaign_key, campaign_of
from reminders.messages.models import OWNERS_WORDS, Kind, Message
from reminders.messages.selectors import voucher_key


def give_present(message: Message, *, now: datetime) -> Voucher | None:
    """Issues or prolongs what this message speaks of; nothing for other kinds. May be called again."""
    if message.kind == Kind.WIN_BACK:
        return _win_back(message, now)
    if message.kind == Kind.SECOND_WIN_BACK:
        return _prolonged(message, now)
    if message.kind in (Kind.MASTER_ILL, Kind.MASTER_LATE):
        key = voucher_key(message.kind, message.client_id, message.occasion)
        return make_up_for(client=message.client, branch=message.branch, key=key, now=now)
    if message.kind in OWNERS_WORDS:
        return _from_campaign(message, now)
    return _birthday(message, now) if message.kind == Kind.BIRTHDAY else None


def _from_campaign(message: Message, now: datetime) -> Voucher | None:
    """A code of her own from the campaign of vouchers; none where that is over: the words speak of none then."""
    campaign = campaign_of(campaign_key(message.occasion))
    if campaign is None or campaign.coupon is None:
        return None
    try:
        return give_from_campaign(campaign=campaign.coupon, client=message.client, now=now)
    except CampaignRefused:
        return None


def _win_back(message: Message, now: datetime) -> Voucher | None:
    key = voucher_key(message.kind, message.client_id, message.occasion)
    known = voucher_by_key(key)
    if known is not None:
        return known
    settings, today = loyalty_settings(), branch_day(message.branch, now)
    # at most one in 365 days; a later lapse gets the same warmth without it
    since = today - timedelta(days=settings.win_back_once_days - 1)
    if had_voucher_since([message.client_id], Voucher.Kind.WIN_BACK, since):
        return None
    return issue_voucher(
        client=message.client,
        branch=message.branch,
        kind=Voucher.Kind.WIN_BACK,
        percent=settings.win_back_percent,
        services=list(settings.win_back_services.all()) if settings.pk else (),
        services_only=True,
        quiet_only=settings.win_back_quiet_only,
        book_until=today + timedelta(days=settings.win_back_book_days),
        valid_from=today,
        valid_until=today + timedelta(days=settings.win_back_visit_days),
        key=key,
        now=now,
    )


def _prolonged(message: Message, now: datetime) -> Voucher | None:
    voucher = voucher_by_key(voucher_key(message.kind, message.client_id, message.occasion))
    if voucher is None or voucher.redeemed_at or voucher.voided_at:
        return voucher
    # tried again, this message has prolonged it already; a booking that the salon cancelled is another matter
    first = message.events.order_by("at").values_list("at", flat=True).first() or message.planned_at
    if voucher.events.filter(kind=VoucherEvent.Kind.PROLONGED, at__gte=first).exists():
        return voucher
    return prolong_voucher(voucher=voucher, days=loyalty_settings().voucher_prolong_days, now=now)


def _birthday(message: Message, now: datetime) -> Voucher | None:
    settings = loyalty_settings()
    free = list(settings.birthday_services.all()) if settings.pk and settings.birthday_on else []
    if not free:
        return None
    birthday = datetime.fromisoformat(message.occasion).date()
    return issue_voucher(
        client=message.client,
        branch=message.branch,
        kind=Voucher.Kind.BIRTHDAY,
        services=free,
        valid_from=birthday - timedelta(days=settings.birthday_before_days),
        valid_until=birthday + timedelta(days=settings.birthday_after_days),
        key=voucher_key(message.kind, message.client_id, message.occasion),
        now=now,
    )
