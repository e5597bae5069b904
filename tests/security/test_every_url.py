"""Every address by everybody with every method: nobody sees or changes what is not hers (trust.md, S1)."""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cache
from http.cookies import SimpleCookie

import pytest
import time_machine
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver

from crm.booking.models import Appointment, AppointmentEvent, BadDay, Series
from crm.care.models import Call, ComplaintOption, HandbookEntry, HelpKind, ResultCard
from crm.care.services import (
    Told,
    agree_redo,
    ask_for_call,
    give_promise,
    help_out,
    note_use,
    open_complaint,
    report_complaint,
)
from crm.catalogue.services import start_take
from crm.orders.services import accept_order, help_elsewhere, order_from_supplier
from crm.sales.models import Payment
from crm.sales.services import LineFact, PaymentFact, complete_sale
from crm.team.heartbeat import note_beat
from crm.team.models import ImportRun
from loyalty.cards.services import issue_card
from loyalty.gifts.models import Gift, GiftGiven
from loyalty.points.selectors import loyalty_settings
from loyalty.points.services import grant_points
from loyalty.referrals.models import ReferralClaim
from loyalty.vouchers.models import Reward
from loyalty.vouchers.services import redeem_reward, sell_certificate
from reminders.consent.models import ConsentEvent
from reminders.inbox.services import receive
from reminders.letters.services import write_card
from reminders.messages.models import Kind
from tests.factories import (
    NOW,
    TODAY,
    make_appointment,
    make_cast,
    make_health_note,
    make_note,
    make_photograph,
    make_product,
    make_standard,
    make_time_off,
    make_visit,
)
from tests.reminders.cast import make_event, make_offer, make_told
from tests.reminders.links.conftest import link_in
from tests.security.audiences import PREFIXES, ROWS, Audience, audience_of

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# who works in the branch is let in by most pages: the rarer methods are tried by those who are not
INSIDERS_METHODS = ("GET", "HEAD", "POST", "DELETE")
INSIDERS = ("receptionist", "master", "owner")
SAFE = ("GET", "HEAD", "OPTIONS")
# in the admin Django itself answers the rarer ones, and who is not the owner is nobody there
ADMIN_METHODS = {"owner": ("GET", "POST"), "master": ("GET", "POST"), "anonymous": ("GET", "POST")}
ROLES = ("anonymous", "client", "outsider", "receptionist", "master", "owner")
LET_IN = {
    Audience.PUBLIC: set(ROLES),
    Audience.LINK: set(),
    Audience.TEAM: {"outsider", "receptionist", "master", "owner"},
    Audience.BRANCH: {"receptionist", "master", "owner"},
    Audience.FRONT: {"receptionist", "owner"},
    Audience.TREATS: {"master", "owner"},
    Audience.OWNER: {"owner"},
    Audience.NOBODY: set(),
}
# words of what is kept in the branch, and what of them each role may never be shown
PHONE, NOTE = "+38761100102", "MARKNOTE"
WISH, HEALTH, COMPLAINT, CALL, SAID = "MARKWISH", "MARKHEALTH", "MARKCOMPLAINT", "MARKCALL", "MARKSAID"
OFF = "MARKOFF"
KEPT_IN_BRANCH = (WISH, HEALTH, COMPLAINT, CALL, SAID, OFF)
UNSEEN = {
    "anonymous": (PHONE, NOTE, *KEPT_IN_BRANCH),
    "client": (PHONE, NOTE, *KEPT_IN_BRANCH),
    "outsider": KEPT_IN_BRANCH,
    "receptionist": (HEALTH,),
    "master": (),
    "owner": (),
}
WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"((?:crm|loyalty|reminders)_\w+)"', re.IGNORECASE)
# that somebody looked is written down
READING = "crm_healthnotereading"
# what a look at the days ahead has found is kept, to leaf through
LOOKED = {"reminders_forecastrun", "reminders_forecastentry"}
# the one row of settings, and one for each journey, are made when the owner first opens them
MAKES_ITS_ROW = ("settings_changelist", "journey_changelist")


@dataclass
class World:
    """A branch with something of every kind, all of it Dina's; and the keys that addresses ask for."""

    users: dict
    link: str
    keys: dict[str, object]
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)
    # one for all steps: each new one would put the middlewares together anew
    one: Browser = field(default_factory=lambda: Browser(raise_request_exception=False))

    def browser(self, role: str) -> Browser:
        """This role's browser as it was at the beginning, whatever a step before did to its cookies."""
        self.one.cookies = deepcopy(self.cookies[role])
        return self.one

    def let_everybody_in(self) -> None:
        for role in ROLES:
            browser = Browser()
            if role in self.users:
                browser.force_login(self.users[role])
            elif role == "client":
                assert browser.get(self.link).status_code == 302
            self.cookies[role] = browser.cookies


@pytest.fixture
def world(db):
    with time_machine.travel(NOW, tick=False):
        note_beat("worker", now=NOW)
        built = make_world()
        built.let_everybody_in()
        yield built


def make_world() -> World:
    cast = make_cast()
    visit = make_appointment(client=cast.dina, master=cast.anna, starts_at=NOW, services=[cast.lashes], wish=WISH)
    event = AppointmentEvent.objects.create(
        appointment=visit, kind=AppointmentEvent.Kind.CONFIRMED, at=NOW, via=AppointmentEvent.Via.DESK
    )
    done = make_appointment(
        client=cast.dina,
        master=cast.anna,
        starts_at=NOW.replace(day=1),
        services=[cast.lashes],
        status=Appointment.Status.DONE,
    )
    done_on = make_visit(cast.dina, done.on, services=[cast.lashes], master=cast.anna)
    complaint = open_complaint(client=cast.dina, branch=cast.branch, text=COMPLAINT, now=NOW, user=cast.owner)
    told_by_page = report_complaint(
        told=Told("hurts", "en", words=COMPLAINT, picture=b"MARKCOMPLAINT"),
        branch=cast.branch,
        key="told",
        now=NOW,
        client=cast.dina,
    )
    option = ComplaintOption.objects.create(complaint=complaint, kind="other", text=COMPLAINT, key="o", offered_at=NOW)
    redo = agree_redo(complaint=complaint, services=[cast.lashes], now=NOW, user=cast.owner)
    promise = give_promise(
        client=cast.dina, branch=cast.branch, text=COMPLAINT, holder=cast.receptionist, now=NOW, user=cast.owner
    )
    call = ask_for_call(
        client=cast.dina,
        branch=cast.branch,
        kind=Call.SURVEY,
        key="k",
        due_at=NOW,
        now=NOW,
        what_to_say=CALL,
        visit_on=done.on,
    )
    sale = complete_sale(
        branch=cast.branch,
        client=cast.dina,
        lines=[LineFact(service=cast.lashes, full_amount=cast.lashes.price, master=cast.anna)],
        payments=[PaymentFact(Payment.Method.CASH, cast.lashes.price)],
        now=NOW,
        user=cast.owner,
    )
    said = make_told(cast, cast.dina, Kind.LASHES, body=SAID, subject=SAID, state_reason=SAID)
    told = make_told(cast, cast.vera, Kind.CONFIRMATION)
    letter = receive(
        channel="sms", sender=cast.dina.phone, text=SAID, provider="sink", provider_id="1", at=NOW, now=NOW
    )
    paper = write_card(client=cast.dina, branch=cast.branch, text=SAID, now=NOW, user=cast.owner)
    offer = make_offer(cast, cast.dina)
    series = Series.objects.create(client=cast.dina, branch=cast.branch, every_weeks=3, times=6, created_at=NOW)
    Appointment.objects.filter(pk=visit.pk).update(series=series)
    reward = Reward.objects.create(name="Tea", price=10)
    grant_points(client=cast.dina, points=30, kind="gesture", source="test", key="points", now=NOW)
    taken = redeem_reward(client=cast.dina, reward=reward, key="taken", now=NOW)
    run = ImportRun.objects.create(started_by=cast.owner, created_at=NOW)
    bad_day = BadDay.objects.create(
        master=cast.boris,
        branch=cast.branch,
        kind=BadDay.Kind.ILL,
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=8),
        at=NOW,
    )
    card = ResultCard.objects.create(
        client=cast.dina, branch=cast.branch, visit_on=sale.on, formula=NOTE, advice=SAID, written_at=NOW
    )
    photograph = make_photograph(
        cast.dina, branch=cast.branch, master=cast.anna, on=sale.on, content=COMPLAINT.encode()
    )
    gift = Gift.objects.create(branch=cast.branch, name="Hand cream", cost=3, stock=1)
    given = GiftGiven.objects.create(
        gift=gift, kind=gift.kind, client=cast.dina, branch=cast.branch, cost=3, given_at=NOW, on=TODAY, user=cast.owner
    )
    standard = make_standard("Greet by name", branch=cast.branch)
    standard.current.picture.save("lesson.jpg", ContentFile(b"no picture, but a file"))
    entry = HandbookEntry.objects.create(text_en="Too dear", answer_en="It lasts.")
    helped = help_out(
        branch=cast.branch, kind=HelpKind.objects.create(text_en="Umbrella"), client=cast.dina, now=NOW, user=cast.owner
    )
    party = make_event(now=NOW, branch=cast.branch, title=SAID, guests={cast.dina: 1})
    claim = ReferralClaim.objects.create(
        friend=cast.dina, bringer=cast.vera, via="desk", state="held", doubt="shared", claimed_at=NOW, claimed_on=TODAY
    )
    product = make_product(branch=cast.branch, name=SAID, stock=1)
    order = accept_order(
        client=cast.dina, product=product, branch=cast.branch, quantity=1, price=Decimal(9), promised_on=TODAY,
        now=NOW, user=cast.owner, note=SAID,
    )  # fmt: skip
    return World(
        users={
            "outsider": cast.user_of(cast.outsider),
            "receptionist": cast.receptionist,
            "master": cast.user_of(cast.anna),
            "owner": cast.owner,
        },
        link=link_in(told),
        keys={
            "appointment_id": visit.pk,
            "event_id": event.pk,
            "time_off_id": make_time_off(cast.anna, NOW, NOW + timedelta(hours=1), OFF).pk,
            "client_id": cast.dina.pk,
            "aside_id": cast.vera.pk,
            "claim_id": claim.pk,
            "note_id": make_note(cast.dina, NOTE, ask_again_on=TODAY).pk,
            "health_note_id": make_health_note(cast.dina, HEALTH).pk,
            "complaint_id": complaint.pk,
            "option_id": option.pk,
            "redo_id": redo.pk,
            "step": 1,
            "promise_id": promise.pk,
            "call_id": call.pk,
            "consent_id": ConsentEvent.objects.create(
                client=cast.dina, purpose="care", channel="sms", is_given=True, at=NOW, where="desk"
            ).pk,
            "conversation_id": letter.conversation_id,
            "letter_id": letter.pk,
            "paper_id": paper.pk,
            "sale_id": sale.pk,
            "reward_id": reward.pk,
            "voucher_id": taken.pk,
            "run_id": run.pk,
            "version_id": standard.current_id,
            "step_id": standard.current.steps.get().pk,
            "handbook_id": entry.pk,
            "use_id": note_use(entry=entry, worked=True, now=NOW, user=cast.owner).pk,
            "help_id": helped.pk,
            "bad_day_id": bad_day.pk,
            "master_id": cast.boris.pk,
            "entry_id": offer.entry_id,
            "offer_id": offer.pk,
            "series_id": series.pk,
            "card_id": issue_card(client=cast.vera, now=NOW, rules=loyalty_settings()).pk,
            "given_id": given.pk,
            "product_id": product.pk,
            "order_id": order.pk,
            "order_step_id": order.events.get().pk,
            "wish_id": help_elsewhere(
                client=cast.dina, product=product, branch=cast.branch, places=[], wants_word=True, now=NOW, user=None
            ).pk,
            "take_id": start_take(branch=cast.branch, now=NOW, user=cast.owner).pk,
            "supply_id": order_from_supplier(
                branch=cast.branch, supplier=SAID, quantities={product.pk: 1}, now=NOW, user=cast.owner
            ).pk,
            "form": "csv",
            "certificate_id": sell_certificate(
                branch=cast.branch, amount=Decimal(50), method="cash", key="c", now=NOW, rules=loyalty_settings()
            ).pk,
            "my_result": card.pk,
            "my_event": party.pk,
            "my_order": order.pk,
            "party_id": party.event.pk,
            "guest_id": party.event.guests.get().pk,
            "campaign_id": party.pk,
            "subject": said.pk,
            "my_waiting": offer.pk,
            "my_complaint": told_by_page.complaint_id,
            "my_score": done_on.pk,
            "picture_id": told_by_page.complaint.pictures.get().pk,
            "photograph_id": photograph.pk,
            "branch_id": cast.branch.pk,
            "my_appointment": visit.pk,
            "token": "nobodys-token",
            "pk": 1,
            "number": 0,
            "key": "nobodys-key",
            "uidb36": "1",
            "content_type_id": 1,
        },
    )


def every_pattern() -> Iterator[tuple[str, str]]:
    """Name and path of each address, paths as Django writes them."""
    yield from _below(get_resolver(), "", "")


def _below(resolver: URLResolver, path: str, space: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        whole = path + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield (f"{space}{entry.name}" if entry.name else ""), whole
        else:
            yield from _below(entry, whole, f"{space}{entry.namespace}:" if entry.namespace else space)


def address(name: str, path: str, keys: dict[str, object]) -> str:
    """The path with keys of things that are there."""

    def key(match: re.Match) -> str:
        wanted = match.group("name")
        if wanted == "note_id" and "health" in path:
            wanted = "health_note_id"
        if wanted == "subject" and "appointment" in name:
            wanted = "my_appointment"
        if wanted == "subject" and "waiting" in name:
            wanted = "my_waiting"
        if wanted == "subject" and "my:event" in name:
            wanted = "my_event"
        if wanted == "subject" and "result" in name:
            wanted = "my_result"
        if (wanted == "subject" and "my:complaint" in name) or ("photograph" in name and wanted == "complaint_id"):
            wanted = "my_complaint"
        if wanted == "subject" and "score" in name:
            wanted = "my_score"
        if wanted == "object_id":
            return str(first_key(name))
        return str(keys.get(wanted, "1"))

    filled = re.sub(r"<(?:\w+:)?(?P<name>\w+)>", key, path)
    filled = re.sub(r"\(\?P<(?P<name>\w+)>[^)]*\)", key, filled)
    filled = re.sub(r"\(\[\^/\]\+\)", str(first_key(name)), filled)
    filled = re.sub(r"\(\?P<url>\.\*\)|\.\*", "nothing", filled)
    return "/" + filled.replace("^", "").replace("$", "").replace("\\", "")


def first_key(name: str) -> object:
    """The key of the first row of the model that a page of the admin is about."""
    while name := name.rpartition("_")[0]:
        if model := models_by_name().get(name):
            return model._default_manager.values_list("pk", flat=True).order_by("pk").first() or 1
    return 1


@cache
def models_by_name() -> dict[str, type[Model]]:
    """As the admin names their pages."""
    return {f"admin:{model._meta.app_label}_{model._meta.model_name}": model for model in apps.get_models()}


class Watch:
    """Remembers which of the salon's tables were written to."""

    def __init__(self) -> None:
        self.written: set[str] = set()

    def __call__(self, execute, sql, params, many, context):
        if match := WRITES.match(sql):
            self.written.add(match.group(1))
        return execute(sql, params, many, context)


def send(world: World, role: str, method: str, path: str):
    """One request whose effects are taken back; gives the answer, its text, and the tables it wrote to."""
    watch = Watch()
    with transaction.atomic():
        browser = world.browser(role)
        with connection.execute_wrapper(watch):
            answer = browser.generic(method, path)
            text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer, text.decode(errors="replace"), watch.written - {READING, *LOOKED}


def methods_of(role: str, *, in_admin: bool) -> tuple[str, ...]:
    if in_admin:
        return ADMIN_METHODS.get(role, ("GET",))
    return INSIDERS_METHODS if role in INSIDERS else METHODS


def is_refusal(answer) -> bool:
    """Led to a login, or told that it is not for her, or that there is nothing."""
    if answer.status_code in (301, 302):
        return any(word in answer["Location"] for word in ("/login/", "/my/"))
    return answer.status_code in (401, 403, 404, 405, 410)


def test_every_address_has_a_row_and_every_row_an_address():
    names = {name for name, _path in every_pattern()}
    assert sorted(name for name in names if audience_of(name) is None) == []
    assert sorted(set(ROWS) - names - {"styleguide"}) == []
    assert PREFIXES


@pytest.mark.parametrize("role", ROLES)
def test_nobody_sees_or_changes_what_is_not_hers(world, role):
    leaks = []
    for name, path in every_pattern():
        audience = audience_of(name)
        assert audience is not None, f"{name} has no row in tests/security/audiences.py"
        let_in = role in LET_IN[audience]
        in_admin = path.startswith("admin/")
        where = address(name, path, world.keys)
        for method in methods_of(role, in_admin=in_admin):
            answer, text, written = send(world, role, method, where)
            said = f"{method} {where} ({name}) as {role}: {answer.status_code}"
            if answer.status_code >= 500:
                leaks.append(f"{said}, an error")
            seen = [word for word in UNSEEN[role] if word in text]
            if seen:
                leaks.append(f"{said}, shows {seen}")
            if method in SAFE and written and not name.endswith(MAKES_ITS_ROW):
                leaks.append(f"{said}, a look wrote to {sorted(written)}")
            if not let_in and not (is_refusal(answer) or method == "OPTIONS"):
                leaks.append(f"{said}, let in")
            if not let_in and written:
                leaks.append(f"{said}, wrote to {sorted(written)}")
            if let_in and name.endswith(("_changelist", ":index")) and method == "GET" and is_refusal(answer):
                leaks.append(f"{said}, kept out")
            if (
                let_in
                and not in_admin
                and audience in (Audience.TEAM, Audience.BRANCH, Audience.FRONT, Audience.TREATS)
            ):
                kept_out = method in ("GET", "POST") and (
                    answer.status_code == 404 or "/login/" in answer.get("Location", "")
                )
                if kept_out and not name.startswith(("account_", "mfa_")):
                    leaks.append(f"{said}, kept out")
    assert not leaks, "\n".join(leaks)
