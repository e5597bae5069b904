"""A solution as it is said to her, in the reader's language."""

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.care.models import ComplaintOption
from crm.team.wording import comma, isolated, money_words

Kind = ComplaintOption.Kind


def option_words(option: ComplaintOption) -> str:
    """“Lashes, done again for free”; one query for what is done again, unless it was read along."""
    language = get_language() or "en"
    if option.kind == Kind.REDO:
        names = comma(language).join(str(service) for service in option.services.all())
        return _("Done again for free: %(what)s") % {"what": isolated(names)}
    if option.kind == Kind.DISCOUNT:
        return _("%(percent)d %% off the next visit") % {"percent": option.percent}
    if option.kind == Kind.POINTS:
        return ngettext("%(points)d point", "%(points)d points", option.points or 0) % {"points": option.points}
    if option.kind == Kind.REFUND:
        return _("%(sum)s back") % {
            "sum": isolated(money_words(option.cost, option.complaint.branch.currency, language))
        }
    if option.kind == Kind.GIFT:
        return _("A gift: %(gift)s") % {"gift": isolated(option.text)}
    return option.text
