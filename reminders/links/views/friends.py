"""Bringing a friend: her own link to hand on, and the page on which it lands (practices.md, P27)."""

from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from crm.people.models import Client
from crm.team.models import Branch
from crm.team.selectors import branch_day, salon_settings
from crm.team.wording import money_words, number_words
from loyalty.points.models import EarningRule, LoyaltySettings
from loyalty.points.selectors import earning_rules, loyalty_settings
from loyalty.referrals.selectors import bringer_of_code, code_of, friends_of
from loyalty.referrals.services import ensure_code
from reminders.links.doors import Reader, Stranger, Visitor, behind, unseen
from reminders.links.drafts import keep_friend
from reminders.links.invitations import invitation_url, read_invitation
from reminders.links.purse import points_words
from reminders.links.selectors.bookable import open_branches
from reminders.links.views.strangers import to_strangers
from reminders.messages.speech import clean
from reminders.messages.tokens import Door


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.HOME)
def friend(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Her link, with or without her name; the first press makes it."""
    if request.method == "POST":
        ensure_code(client=visitor.client, now=visitor.now)
        return redirect("my:friend")
    context = {
        "friend": friend_facts(visitor, loyalty_settings(), is_named="named" in request.GET),
        "branch": visitor.client.branch,
    }
    return render(request, "links/friend.html", context)


def friend_facts(visitor: Visitor, rules: LoyaltySettings, *, is_named: bool = False) -> dict[str, Any]:
    """For links/_friend.html: what both get, her link and the letter around it, and what has come of it so far."""
    speech, code = visitor.speech, code_of(visitor.client)
    mine, hers = both_get(visitor.client.branch, rules, visitor)
    values = {
        "mine": points_words(mine, visitor.language),
        "hers": points_words(hers, visitor.language),
        "salon": clean(salon_settings().salon_name),
    }
    so_far = friends_of(visitor.client) if code else None
    url = invitation_url(code, is_named=is_named) if code else ""
    letter = speech.say("purse_letter" if hers else "purse_letter_only", values)
    return {
        "title": speech.say("purse_friend"),
        "words": speech.say("purse_friend_both" if mine and hers else "purse_friend_only", values),
        "url": url,
        "letter": letter,
        "mail_url": "mailto:?" + urlencode({"subject": values["salon"], "body": f"{letter}\n{url}"}, quote_via=quote),
        "sms_url": "sms:?" + urlencode({"body": f"{letter} {url}"}, quote_via=quote),
        "is_named": is_named,
        "named": speech.say("purse_named"),
        "has_name": bool(first_name(visitor.client)),
        "came": came_words(so_far.brought, visitor.language) if so_far and so_far.brought else "",
        "points": points_words(so_far.points, visitor.language) if so_far and so_far.points else "",
    }


def came_words(count: int, language: str) -> str:
    return ngettext("%(count)s friend came", "%(count)s friends came", count) % {"count": number_words(count, language)}


def both_get(branch: Branch, rules: LoyaltySettings, reader: Reader) -> tuple[int, int]:
    """The points that she who brings and her friend get by the rules of today."""
    if not rules.referral_on:
        return 0, 0
    earning = earning_rules(branch, branch_day(branch, reader.now))
    kind = EarningRule.Kind.REFERRAL
    return earning.points(kind, rules.referrer_points), earning.points(kind, rules.friend_points)


def first_name(client: Client) -> str:
    """The name by which friends know her, and no more of it."""
    return clean(client.called or client.name).partition(" ")[0]


@require_safe
@to_strangers
def landing(request: HttpRequest, stranger: Stranger, address: str) -> HttpResponse:
    """Where a friend's link leads: the same page for every code, whether anybody has it or not.

    Only who handed on a link with her name is named, by her first name. The browser keeps the code for the booking.
    """
    invitation = read_invitation(address)
    bringer = bringer_of_code(invitation.code) if invitation and invitation.is_named else None
    branches = list(open_branches())
    salon = salon_settings()
    named = {"name": first_name(bringer) if bringer else "", "salon": clean(salon.salon_name)}
    context = {
        "title": (_("%(name)s recommends %(salon)s") if named["name"] else _("A recommendation: %(salon)s")) % named,
        "words": landing_words(next(iter(branches), None), stranger),
        "preview": {
            "url": settings.PUBLIC_URL + reverse("book:from", args=[address]),
            "image": settings.PUBLIC_URL + (reverse("logo") if salon.logo else static("img/icon-512.png")),
        },
        # of several she chooses on the next page
        "branch": branches[0] if len(branches) == 1 else None,
    }
    response = unseen(render(request, "book/from.html", context), stranger.language)
    return keep_friend(response, invitation.code) if invitation else response


def landing_words(branch: Branch | None, stranger: Stranger) -> str:
    """What both get, or what there is to do."""
    rules = loyalty_settings()
    mine, hers = both_get(branch, rules, stranger) if branch else (0, 0)
    if branch is None or not (mine and hers):
        return _("Free times, and booking in a minute.")
    language = stranger.language
    return _(
        "After the first visit there are %(hers)s on the account, worth %(worth)s, and %(mine)s for who sent this."
    ) % {
        "hers": points_words(hers, language),
        "mine": points_words(mine, language),
        "worth": money_words(hers * rules.point_value, branch.currency, language),
    }
