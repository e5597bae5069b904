"""What a message about a complaint says: its number, until when she hears from us, the answer, what she may choose."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.care.models import Complaint, ComplaintOption
from crm.care.selectors import dialogue_of
from crm.catalogue.models import Service
from crm.team.wording import money_words, number_words, percent_words
from reminders.messages.models import Kind, Message
from reminders.messages.selectors import complaint_key, words_of_services
from reminders.messages.speech import Speech, clean, moment, number_of

ABOUT_COMPLAINT = {Kind.COMPLAINT_RECEIVED, Kind.COMPLAINT_ANSWER, Kind.COMPLAINT_RESOLVED}


def about_complaint(message: Message, speech: Speech, now: datetime) -> dict[str, str]:
    """Nothing where the message is about something else, or the complaint was none."""
    if message.kind not in ABOUT_COMPLAINT:
        return {}
    complaint = Complaint.objects.select_related("branch").filter(pk=complaint_key(message.occasion)).first()
    if complaint is None:
        return {}
    values = {"number": complaint.number, "phone": number_of(complaint.branch, speech.language)}
    due = complaint.answer_due_at
    if due is not None and due > now:
        values["until"] = moment(due, complaint.branch, message.client, speech)
    if message.kind == Kind.COMPLAINT_ANSWER:
        answer = dialogue_of(complaint).filter(answer__isnull=False).last()
        values["answer"] = answer.text if answer is not None else ""
        offered = complaint.options.filter(state=ComplaintOption.State.OFFERED).order_by("pk")
        values["solutions"] = "\n".join(solution_words(option, speech) for option in offered)
    return values


def solution_words(option: ComplaintOption, speech: Speech) -> str:
    """What she gets by it, in her language; what somebody wrote in own words stays as it was written."""
    kind, language = ComplaintOption.Kind(option.kind), speech.language
    with override(language):
        if kind == ComplaintOption.Kind.REDO:
            what = speech.listed(*(_named(service, language) for service in option.services.all()))
            return (
                _("We do it again, free of charge: %(what)s") % {"what": what} if what else _("We do it again, free.")
            )
        if kind == ComplaintOption.Kind.DISCOUNT and option.percent:
            return _("%(percent)s off your next visit") % {"percent": percent_words(option.percent, language)}
        if kind == ComplaintOption.Kind.POINTS and option.points:
            return _("%(points)s points for you") % {"points": number_words(option.points, language)}
        if kind == ComplaintOption.Kind.REFUND:
            amount = money_words(option.cost, option.complaint.branch.currency, language)
            return _("Your money back: %(amount)s") % {"amount": amount}
        if kind == ComplaintOption.Kind.GIFT:
            return _("A present: %(what)s") % {"what": clean(option.text)}
    return clean(option.text)


def _named(service: Service, language: str) -> str:
    known = words_of_services([service], language).get(service.pk)
    return clean((known.name if known else "") or service.name)
