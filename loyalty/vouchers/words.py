"""A promise and its conditions as people read them, at the desk, on a coupon and on a client's page."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from crm.team.wording import date_words, money_words, percent_words, weekday_words
from loyalty.vouchers.models import Benefit, Campaign, Voucher

MONDAY = date(2024, 1, 1)
GROUP = 5


def benefit_words(promise: Voucher | Campaign, language: str) -> str:
    """“20% off”, “BAM 10.00 off”, “One service free”."""
    if promise.benefit == Benefit.PERCENT:
        return _("%(percent)s off") % {"percent": percent_words(promise.percent or 0, language)}
    if promise.benefit == Benefit.AMOUNT and promise.amount is not None:
        return _("%(amount)s off") % {"amount": money_words(promise.amount, promise.branch.currency, language)}
    return _("One service free")


def condition_words(campaign: Campaign, language: str) -> list[str]:
    """The window, what it covers and each condition as a short line; three queries at most."""
    said = [
        _("from %(first)s to %(last)s")
        % {"first": date_words(campaign.valid_from, language), "last": date_words(campaign.valid_until, language)}
    ]
    if covered := [service.name for service in campaign.services.all()]:
        said.append(_("for %(services)s") % {"services": ", ".join(covered)})
    elif campaign.services_only:
        said.append(_("for services"))
    return said + limit_words(campaign, language)


def limit_words(campaign: Campaign, language: str) -> list[str]:
    """What has to be so on the day; none of it asks the database where the voucher was read `with_terms`."""
    said = []
    if campaign.weekdays:
        days = [weekday_words(MONDAY + timedelta(days=day), language) for day in sorted(campaign.weekdays)]
        said.append(", ".join(days))
    if campaign.from_time and campaign.to_time:
        said.append(
            _("for a visit that begins from %(first)s to %(last)s")
            % {"first": f"{campaign.from_time:%H:%M}", "last": f"{campaign.to_time:%H:%M}"}
        )
    if campaign.minimum:
        said.append(
            _("from a sum of %(sum)s") % {"sum": money_words(campaign.minimum, campaign.branch.currency, language)}
        )
    if campaign.first_visit_only:
        said.append(_("at a first visit"))
    if campaign.here_only:
        said.append(_("only at %(branch)s") % {"branch": campaign.branch.name})
    if kept := [service.name for service in campaign.except_services.all()]:
        said.append(_("not for %(services)s") % {"services": ", ".join(kept)})
    return said


def hour_words(voucher: Voucher) -> list[str]:
    """That it holds at quiet hours alone; nothing where it holds at any."""
    return [_("for a visit that begins at one of our quieter hours")] if voucher.quiet_only else []


def in_groups(code: str) -> str:
    """“AB12C-D34EF”: read out and typed with fewer slips, and no number to a spreadsheet."""
    return f"{code[:GROUP]}-{code[GROUP:]}"
