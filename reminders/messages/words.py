"""Why a message is planned, and why one did not go, in words for people."""

from django.utils.translation import gettext_lazy as _

WHY_PLANNED = {
    "first_visit": _("her first visit"),
    "first_time": _("something new to her"),
    "large_purchase": _("a large purchase"),
    "new_master": _("a master new to her"),
    "not_asked_lately": _("not asked lately"),
    "ask_after": _("time to ask how it holds"),
    "due": _("she nears her rhythm"),
    "lapsed": _("she has not come for long"),
    "no_answer": _("the first invitation brought nobody"),
    "birthday": _("her birthday"),
    "appointment": _("her appointment"),
    "waiting": _("she is on the waiting list"),
    "expiring": _("points expire"),
    "tenth_visit": _("her tenth visit"),
    "referral": _("a friend of hers came and paid"),
    "complaint_resolved": _("her complaint was resolved"),
    "news": _("your news to her"),
    "event": _("your invitation"),
    "holiday": _("a holiday that she named"),
    "guest": _("she is a guest of your event"),
    "order_stage": _("her order has got further"),
    "order_late": _("her order takes longer"),
    "other_places": _("we did not have what she wanted"),
    "back_in_stock": _("what she wanted is back"),
    "used_up": _("what she bought may be running out"),
}
WHY_NOT = {
    "break": _("she is on a break"),
    "moved": _("she has moved away"),
    "blocked": _("she is blocked"),
    "deceased": _("she has died"),
    "complaint": _("a complaint is open or just closed"),
    "open_appointment": _("she has an appointment"),
    "asked_lately": _("she was asked lately"),
    "past_late": _("she is past late"),
    "lost": _("she is lost"),
    "cap": _("she had another offer just now"),
    "no_channel": _("no way to reach her that she allows"),
    "consent_ended": _("her yes to it has ended"),
    "wrong_number": _("her number was a wrong one; it goes another way"),
    "too_late": _("its last moment is over"),
    "spending_limit": _("the month's limit for SMS is reached"),
    "quiet_hours": _("it is her quiet time"),
    "no_longer_true": _("what it was about is no longer so"),
    "campaign_stopped": _("you stopped this campaign"),
    "answered": _("she has answered already"),
    "never_told": _("she had not heard of it yet"),
    "held_back": _("drawn to be left out, for comparison"),
    "superseded": _("the appointment has changed since"),
    "overtaken": _("the order has gone on since"),
    "sender died": _("the sender was cut off; it is tried again"),
    "sender died while sending": _("the sender was cut off while sending; nobody knows whether she got it"),
    "stopped": _("all messages were stopped"),
    "changing": _("her record was just being changed"),
    "switched_off": _("its journey is off"),
    "hour_missed": _("its hour has passed; it waits for that hour"),
    "by hand": _("sent again by hand"),
}


def in_words(codes: str) -> str:
    """The words for one code, or for several joined by `+`; what has none is shown as it is."""
    return ", ".join(str(WHY_PLANNED.get(code) or WHY_NOT.get(code) or code) for code in codes.split("+") if code)
