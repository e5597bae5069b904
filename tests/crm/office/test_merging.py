"""Two cards of one client become one: what moves, what is joined, what stays (practices.md, P1)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum

from crm.booking.models import Visit
from crm.booking.services import refresh_pulses
from crm.care.models import PhotographConsent
from crm.office.exporting import export_salon
from crm.office.merging.decisions import DECISIONS, Way, relations
from crm.office.merging.fields import differences
from crm.office.merging.services import gather_strays, merge_clients
from crm.office.merging.steps import MergeRefused
from crm.people.models import Client, ClientMerge, HealthNote, Note, Tag
from crm.people.selectors import doubles_of, find_clients, keys_by_code, likely_doubles
from crm.sales.models import Sale
from loyalty.cards.models import Card, CardEvent
from loyalty.cards.services import ensure_levels, issue_card
from loyalty.points.models import LedgerEntry, PointsAccount, PointsLot, SpendingCount
from loyalty.points.selectors import balance_of, points_report, points_summary
from loyalty.points.services import grant_points, rebuild_points, void_entry
from loyalty.referrals.models import ReferralClaim
from loyalty.referrals.services import claim_referral, ensure_code
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.services import issue_voucher
from reminders.campaigns.models import Guest
from reminders.consent.models import ConsentEvent, ContactPermission
from reminders.consent.selectors import is_allowed, permission_of, refusals_since, stopped_addresses
from reminders.consent.services import grant, mark_dead, refuse_care, stop_channel, withdraw
from reminders.inbox.models import Conversation, Letter
from reminders.messages.models import Kind, Message
from tests.crm.office.folders import NOW as IMPORTED
from tests.crm.office.folders import salon, take_in
from tests.factories import (
    NOW,
    TODAY,
    make_agreement,
    make_branch,
    make_client,
    make_health_note,
    make_note,
    make_service,
    make_user,
    make_visit,
)
from tests.loyalty.till import bare_sale, give_back, pay, rules
from tests.reminders.cast import make_event, make_message

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
State = Message.State


@pytest.fixture
def branch():
    return make_branch("Harbour")


@pytest.fixture
def owner():
    return make_user(role="owner", branch=None)


@pytest.fixture
def two(branch):
    """The card that stays and the one that is put aside."""
    return make_client(branch=branch, name="Amra Demić"), make_client(branch=branch, name="Amra Demic")


def merge(kept, aside, owner, *, taken=(), now=NOW):
    return merge_clients(kept=kept, aside=aside, taken=taken, now=now, user=owner)


def fresh(client):
    return Client.everyone.get(pk=client.pk)


# Which tables -----------------------------------------------------------------------


def test_whatever_is_append_only_stays_where_it_is():
    from loyalty.points.append_only import append_only_tables

    held = {relation.label for relation in relations() if relation.model._meta.db_table in append_only_tables()}

    assert held == {"loyalty.CardUse.client", "loyalty.RefusedBenefit.client", "loyalty.WrongCode.client"}
    assert {DECISIONS[label] for label in held} == {Way.STAYS}


# Her own records --------------------------------------------------------------------


def test_everything_of_the_card_put_aside_is_hers(two, owner, branch):
    kept, aside = two
    service = make_service(branch=branch)
    make_note(aside, "Her sister marries in May")
    make_health_note(aside)
    sale = bare_sale(aside, 60)
    for tag, clients in (("Bride", two), ("Quiet", (aside,))):
        for client in clients:
            client.tags.add(Tag.objects.get_or_create(name=tag)[0])
    make_agreement(kept, service, minutes=120)
    make_agreement(aside, service, minutes=90)
    friend = make_client(branch=branch, referred_by=aside)

    done = merge(kept, aside, owner)

    assert list(Note.objects.values_list("client", "text")) == [(kept.pk, "Her sister marries in May")]
    assert HealthNote.objects.get().client == kept
    assert Sale.objects.get(pk=sale.pk).client == kept
    assert sorted(kept.tags.values_list("name", flat=True)) == ["Bride", "Quiet"]
    assert list(kept.accommodations.values_list("minutes", flat=True)) == [120]
    friend.refresh_from_db()
    assert friend.referred_by == kept
    assert (fresh(aside).merged_into, Client.objects.filter(pk=aside.pk).exists()) == (kept, False)
    assert done.rows["moved"]["crm.Sale.client"] == [sale.pk]
    assert len(done.rows["stayed"]["crm.Accommodation.client"]) == 1


def test_visits_of_one_day_are_one_and_the_rhythm_is_that_of_both(two, owner, branch):
    kept, aside = two
    lashes = make_service(branch=branch)
    for days in (84, 56, 28):
        make_visit(kept, TODAY - timedelta(days=days), services=[lashes])
    for days in (70, 56, 42):
        make_visit(aside, TODAY - timedelta(days=days), services=[lashes])
    refresh_pulses(client_ids=[kept.pk, aside.pk], now=NOW)

    merge(kept, aside, owner)

    # 84, 70, 56, 42, 28 days ago: a fortnight between each
    assert list(Visit.objects.order_by("on").values_list("client", "on")) == [
        (kept.pk, TODAY - timedelta(days=days)) for days in (84, 70, 56, 42, 28)
    ]
    assert Visit.objects.get(on=TODAY - timedelta(days=56)).items.count() == 2
    pulse = fresh(kept).pulse
    assert (pulse.visit_days, pulse.rhythm, pulse.last_visit_on) == (5, 14, TODAY - timedelta(days=28))


def test_the_fuller_and_newer_value_is_proposed_and_what_is_empty_is_filled(branch, owner):
    kept = make_client(branch=branch, name="Amra", phone="+38761100001", email="", since=TODAY - 9 * DAY)
    aside = make_client(
        branch=branch, name="Amra Demić", phone="+38761100002", email="amra@example.test", since=TODAY - DAY,
        birth_month=5, birth_day=3,
    )  # fmt: skip

    assert [(each.name, each.takes, each.is_filled_up) for each in differences(kept, aside)] == [
        ("name", True, False),
        ("phone", True, False),
        ("email", True, True),
        ("birthday", True, True),
        ("since", False, False),
    ]

    merge(kept, aside, owner, taken=["name"])

    kept = fresh(kept)
    assert (kept.name, kept.phone, kept.email, kept.birth_month) == (
        "Amra Demić", "+38761100001", "amra@example.test", 5,
    )  # fmt: skip
    assert [found.pk for found in find_clients("demic")] == [kept.pk]
    last = kept.history.order_by("-history_id").first()
    assert (last.history_change_reason, last.history_user) == (f"{kept.code} + {aside.code}", owner)


# Who, and what cannot be ----------------------------------------------------------------


def test_who_may_not_is_told_why(two, owner, branch):
    kept, aside = two
    elsewhere = make_client(branch=make_branch("Hill"), name="Amra Demić")
    reception, master = make_user(role="receptionist", branch=branch), make_user(role="master", branch=branch)

    for user, one, other, words in (
        (owner, kept, kept, "This is one card"),
        (master, kept, aside, "The reception or the owner"),
        (reception, kept, elsewhere, "belongs to another branch"),
    ):
        with pytest.raises(MergeRefused) as refused:
            merge(one, other, user)
        assert refused.value.words.startswith(words) or words in refused.value.words
    assert merge(kept, aside, reception).user == reception
    assert merge(kept, elsewhere, owner).kept == kept


def test_asked_for_twice_it_happens_once_and_a_third_card_is_not_led_astray(two, owner, branch):
    kept, aside = two
    third = make_client(branch=branch, name="Amra Demić")

    assert merge(kept, aside, owner) == merge(kept, aside, owner)

    with pytest.raises(MergeRefused):
        merge(third, aside, owner)
    with pytest.raises(MergeRefused):
        merge(aside, third, owner)
    # the one that stayed becomes a part of a third: the oldest leads there too
    merge(third, kept, owner, now=NOW + DAY)
    assert keys_by_code([kept.code, aside.code]) == {kept.code: third.pk, aside.code: third.pk}
    assert ClientMerge.objects.count() == 2


def test_what_was_written_at_that_very_moment_is_found_within_the_hour(two, owner):
    kept, aside = two
    merge(kept, aside, owner)
    note = make_note(aside, "Came in just now")

    assert (gather_strays(now=NOW + DAY), gather_strays(now=NOW + DAY)) == (1, 0)
    assert Note.objects.get(pk=note.pk).client == kept


def test_one_receipt_on_both_cards_is_a_persons_to_decide(two, owner):
    kept, aside = two
    Sale.objects.filter(pk__in=[bare_sale(client, 60).pk for client in two]).update(code="R000009")

    with pytest.raises(MergeRefused, match="R000009"):
        merge(kept, aside, owner)

    assert fresh(aside).merged_into is None


def test_a_no_to_photographs_on_one_card_is_asked_about_before_anything_is_lost(two, owner):
    kept, aside = two
    for client, is_given in ((kept, True), (aside, False)):
        PhotographConsent.objects.create(client=client, purpose="kept", is_given=is_given, at=NOW, where="desk")

    with pytest.raises(MergeRefused, match="photographs"):
        merge(kept, aside, owner)

    PhotographConsent.objects.create(client=aside, purpose="kept", is_given=True, at=NOW + DAY, where="desk")
    merge(kept, aside, owner)
    assert PhotographConsent.objects.filter(client=kept).count() == 3


# Points ---------------------------------------------------------------------------------


def give(client, points, key, **options):
    return grant_points(client=client, points=points, kind="gesture", source=key, key=key, now=NOW, **options)


def test_points_of_both_are_hers_each_with_its_last_day(two, owner):
    kept, aside = two
    rules(validity_days=365)
    give(kept, 100, "a")
    give(aside, 30, "b", expires_on=TODAY + 20 * DAY)
    give(aside, 50, "c")
    PointsLot.objects.filter(entry__key="b").update(noticed_at=NOW)
    before = points_report(since=TODAY, until=TODAY + DAY, today=TODAY)

    merge(kept, aside, owner)

    assert balance_of(kept) == 180
    lots = PointsLot.objects.filter(account__client=kept, remaining__gt=0).order_by("expires_on", "pk")
    assert list(lots.values_list("remaining", "expires_on", "noticed_at")) == [
        (30, TODAY + 20 * DAY, NOW),
        (100, TODAY + 365 * DAY, None),
        (50, TODAY + 365 * DAY, None),
    ]
    moved = LedgerEntry.objects.filter(kind="merged").order_by("pk")
    assert list(moved.values_list("points", "source")) == [
        (-80, f"merge {aside.pk}"), (30, f"merge {aside.pk}"), (50, f"merge {aside.pk}"),
    ]  # fmt: skip
    assert points_report(since=TODAY, until=TODAY + DAY, today=TODAY) == before
    assert LedgerEntry.objects.aggregate(sum=Sum("points"))["sum"] == 180
    assert list(PointsAccount.objects.order_by("pk").values_list("client", "is_current")) == [
        (kept.pk, True), (kept.pk, False),
    ]  # fmt: skip
    assert rebuild_points() == []


def test_an_account_on_one_card_only_becomes_hers_without_an_entry(two, owner):
    kept, aside = two
    give(aside, 30, "b")

    merge(kept, aside, owner)

    assert (balance_of(kept), LedgerEntry.objects.count()) == (30, 1)


def test_what_she_owes_goes_with_her(two, owner):
    kept, aside = two
    rules(points_per_100=Decimal(5))
    give(kept, 10, "a")
    sale = pay(aside, 400)
    # the 20 that it earned are spent when it comes back
    pay(aside, 20, points=20)
    give_back(sale)
    assert points_summary(aside, rules()).owed == 20

    merge(kept, aside, owner)

    assert (balance_of(kept), points_summary(kept, rules()).owed) == (10, 20)
    give(kept, 50, "later")
    # of 50 new ones 20 were owed
    assert (balance_of(kept), points_summary(kept, rules()).owed) == (40, 0)
    assert rebuild_points() == []


def test_no_remainder_of_either_card_is_lost_and_a_return_takes_back_as_much(two, owner):
    kept, aside = two
    rules(points_per_100=Decimal(5), point_value=Decimal(1))
    # 5 % of 150 is 7.5 on each card: 7 and 7
    pay(kept, 150)
    sale = pay(aside, 150)
    assert (balance_of(kept), balance_of(aside)) == (7, 7)

    merge(kept, aside, owner)
    pay(kept, 10, now=NOW + DAY)

    # 5 % of 310 is 15.5
    assert balance_of(kept) == 15
    give_back(Sale.objects.get(pk=sale.pk), now=NOW + 2 * DAY)
    # 5 % of the 160 that are left
    assert balance_of(kept) == 8
    assert SpendingCount.objects.get(is_current=True).paid == 160
    assert rebuild_points() == []


def test_points_given_on_the_card_put_aside_can_be_taken_back(two, owner):
    kept, aside = two
    give(kept, 5, "a")
    entry = give(aside, 30, "b")
    merge(kept, aside, owner)

    taken = void_entry(entry=LedgerEntry.objects.get(pk=entry.pk), user=owner, now=NOW + DAY)

    assert (taken.points, taken.owed, balance_of(kept)) == (30, 0, 5)
    assert rebuild_points() == []


# Cards, vouchers, friends ---------------------------------------------------------------


def test_the_higher_discount_card_stays_and_the_other_is_closed(two, owner):
    kept, aside = two
    ensure_levels()
    plain, better = (issue_card(client=client, now=NOW, rules=rules()) for client in two)
    Card.objects.filter(pk=better.pk).update(level=better.level.__class__.objects.get(code="gold"))
    lent = issue_card(client=aside, now=NOW, rules=rules(), is_bearer=True)

    merge(kept, aside, owner)

    assert list(Card.objects.filter(closed_at=None).order_by("pk").values_list("pk", "client")) == [
        (better.pk, kept.pk), (lent.pk, kept.pk),
    ]  # fmt: skip
    assert CardEvent.objects.filter(card=plain).latest("pk").kind == "closed"


def test_of_two_unused_win_backs_the_longer_stays_and_no_fact_gives_another(two, owner, branch):
    kept, aside = two
    terms = {"branch": branch, "kind": "win_back", "percent": 50, "valid_from": TODAY, "now": NOW}
    short = issue_voucher(client=kept, key=f"win_back {kept.pk} 2026-01-05", valid_until=TODAY + 10 * DAY, **terms)
    long = issue_voucher(client=aside, key=f"win_back {aside.pk} 2026-02-05", valid_until=TODAY + 40 * DAY, **terms)

    merge(kept, aside, owner)

    short, long = (Voucher.objects.get(pk=each.pk) for each in (short, long))
    assert (short.voided_at, long.voided_at) == (NOW, None)
    assert (long.client, long.key) == (kept, f"win_back {kept.pk} 2026-02-05")


def test_who_brought_herself_gets_nothing_for_it(two, owner):
    kept, aside = two
    rules(referral_on=True, spending_on=False)
    aside.phone = ""
    aside.save()
    claim_referral(friend=aside, bringer=kept, via="desk", now=NOW)
    pay(Client.objects.get(pk=aside.pk), 50)
    assert (balance_of(kept), balance_of(aside)) == (200, 100)

    merge(kept, Client.objects.get(pk=aside.pk), owner)

    assert (balance_of(kept), ReferralClaim.objects.get().state) == (0, "returned")
    assert fresh(kept).referred_by is None
    assert rebuild_points() == []


def test_friends_of_both_are_hers_and_both_codes_go_on(two, owner, branch):
    kept, aside = two
    rules(referral_on=True, spending_on=False)
    codes = [ensure_code(client=client, now=NOW) for client in two]
    waiting = make_client(branch=branch)
    claim_referral(friend=waiting, bringer=aside, via="desk", now=NOW)
    bringer = make_client(branch=branch)
    claim_referral(friend=aside, bringer=bringer, via="desk", now=NOW)
    # she brought the one who brought her other card: a ring once they are one
    claim_referral(friend=bringer, bringer=kept, via="desk", now=NOW)

    merge(kept, Client.objects.get(pk=aside.pk), owner)
    pay(Client.objects.get(pk=waiting.pk), 50, now=NOW + DAY)

    assert balance_of(kept) == 200
    assert sorted(kept_codes(kept)) == sorted(codes)
    assert fresh(kept).referred_by is None
    states = dict(ReferralClaim.objects.values_list("bringer", "state"))
    assert states[bringer.pk] == "withdrawn"


def kept_codes(client):
    from loyalty.referrals.models import ReferralCode

    return ReferralCode.objects.filter(client=client).values_list("code", flat=True)


# What she allows --------------------------------------------------------------------------

WAYS = [(purpose, channel) for purpose in ("service", "care", "marketing") for channel in ("email", "sms", "chat")]


def test_a_no_on_either_card_holds_for_its_channel_and_purpose(branch, owner):
    """Each of the two refused x purpose x channel: all else stays allowed, and the evidence says so."""
    for refuses in (0, 1):
        for purpose, channel in [*WAYS, ("care", "call")]:
            two = [make_client(branch=branch, name="Amra Demić") for _each in range(2)]
            for client in two:
                for way in ("email", "sms", "chat"):
                    grant(client=client, purpose="marketing", channel=way, where="desk", now=NOW)
            withdraw(client=two[refuses], purpose=purpose, channel=channel, where="link", now=NOW)
            # the other one says yes later: that was another card
            grant(client=two[1 - refuses], purpose=purpose, channel=channel, where="desk", now=NOW + DAY)

            merge(*two, owner, now=NOW + 2 * DAY)

            permission = permission_of(two[0])
            refused = {way for way in [*WAYS, ("care", "call")] if not is_allowed(permission, *way)}
            assert refused == {(purpose, channel)}
            last = ConsentEvent.objects.filter(client=two[0], purpose=purpose, channel=channel).latest("pk")
            assert (last.is_given, last.where, last.user) == (False, "merge", owner)
            assert not ConsentEvent.objects.filter(client=two[1]).exists()
            assert not ContactPermission.objects.filter(client=two[1]).exists()


def test_who_was_never_asked_on_one_card_has_not_refused_on_the_other(two, owner):
    kept, aside = two
    grant(client=aside, purpose="marketing", channel="email", where="desk", now=NOW - 9 * DAY)

    merge(kept, aside, owner)

    permission = permission_of(kept)
    assert (permission.marketing_email, permission.marketing_email_at) == (True, NOW - 9 * DAY)


def test_no_care_at_all_and_a_dead_address_hold_and_the_old_address_stays_stopped(branch, owner):
    kept = make_client(branch=branch, name="Amra", email="new@example.test", phone="+38761100001")
    aside = make_client(branch=branch, name="Amra", email="old@example.test", phone="+38761100001")
    mark_dead(client=aside, channel="email", now=NOW)
    mark_dead(client=aside, channel="sms", now=NOW)
    stop_channel(client=aside, channel="email", where="stop", now=NOW)
    refuse_care(client=aside, refused=True, where="link", now=NOW)

    merge(kept, aside, owner)

    permission = permission_of(kept)
    # the number that is dead is hers, the address that is dead was the other one
    assert (permission.care_refused, permission.sms_dead_at, permission.email_dead_at) == (True, NOW, None)
    # an old file that brings either address brings no consent with it
    assert {address for _channel, address in stopped_addresses()} >= {"old@example.test", "new@example.test"}


def test_a_no_said_after_a_copy_was_made_holds_for_both_cards_that_the_copy_brings_back(two, owner):
    kept, aside = two
    stop_channel(client=aside, channel="sms", where="stop", now=NOW)

    merge(kept, aside, owner, now=NOW + DAY)

    assert {(refusal.client, refusal.purpose) for refusal in refusals_since(NOW - DAY) if refusal.channel == "sms"} == {
        (code, purpose) for code in (kept.code, aside.code) for purpose in ("care", "marketing")
    }


# What was said ------------------------------------------------------------------------------


def test_of_one_occasion_on_both_cards_what_has_gone_counts_and_nothing_goes_twice(two, owner):
    kept, aside = two
    gone = make_message(aside, Kind.BIRTHDAY, occasion="2026-06-12", state=State.SENT, sent_at=NOW)
    planned = make_message(kept, Kind.BIRTHDAY, occasion="2026-06-12", state=State.PLANNED)
    news = make_message(aside, Kind.NEWS, occasion="7", state=State.PLANNED)

    merge(kept, aside, owner)

    said = {message.pk: message for message in Message.objects.all()}
    assert {message.client_id for message in said.values()} == {kept.pk}
    assert (said[gone.pk].state, said[gone.pk].occasion) == ("sent", "2026-06-12")
    assert (said[planned.pk].state, said[planned.pk].state_reason) == ("dropped", "merged")
    assert (said[news.pk].state, said[news.pk].occasion) == ("planned", "7")


def test_a_message_that_is_just_being_handed_over_is_waited_for(two, owner):
    kept, aside = two
    make_message(aside, Kind.NEWS, occasion="7", state=State.SENDING)

    with pytest.raises(MergeRefused, match="going out at this moment"):
        merge(kept, aside, owner)


def test_letters_of_both_are_one_conversation(two, owner, branch):
    kept, aside = two
    for number, client in enumerate(two):
        talk = Conversation.objects.create(
            client=client, channel="sms", sender=client.phone, branch=branch, waiting_since=NOW - number * DAY,
            last_at=NOW - number * DAY, done_at=NOW if client == kept else None,
        )  # fmt: skip
        Letter.objects.create(
            conversation=talk, channel="sms", sender=client.phone, text="Hello", provider="demo",
            provider_id=str(number), at=talk.last_at,
        )  # fmt: skip

    merge(kept, aside, owner)

    [talk] = Conversation.objects.all()
    assert (talk.client, talk.letters.count(), talk.done_at, talk.waiting_since) == (kept, 2, None, NOW - DAY)


def test_two_answers_to_one_invitation_are_one_and_the_seat_goes_on(two, owner, branch):
    kept, aside = two
    event = make_event(now=NOW, seats=2).event
    waits = make_client(branch=branch)
    for client, state, at in ((kept, "coming", NOW - DAY), (aside, "coming", NOW), (waits, "waiting", NOW)):
        Guest.objects.create(
            event=event, client=client, state=state, answered_at=at, waits_since=at if state == "waiting" else None
        )

    merge(kept, aside, owner)

    assert sorted(event.guests.values_list("client", "state")) == sorted([(kept.pk, "coming"), (waits.pk, "coming")])


# Files and links ------------------------------------------------------------------------------

CLIENTS = "code,name,phone,marketing\nANA,Ana Sample,+38761100001,\nANNA,Anna Sample,+38761100001,sms\nMIA,Mia,,\n"
FILES = {
    "clients": CLIENTS,
    "notes": "client,kind,text,date\nANNA,story,Loves quinces,2026-03-01\n",
    "sales": "code,client,master,date,item,quantity,amount\nR000007,ANNA,AMRA,2026-03-02,LASH,1,32\n",
    "points": "client,points,kind,date\nANNA,60,gesture,2026-01-05\n",
}


def test_an_old_file_does_not_bring_the_card_put_aside_back(tmp_path, owner):
    take_in(salon(tmp_path / "old", **FILES))
    ana, anna = (Client.objects.get(code=code) for code in ("ANA", "ANNA"))
    merge(ana, anna, owner, now=IMPORTED + DAY)
    stop_channel(client=ana, channel="sms", where="stop", now=IMPORTED + 2 * DAY)

    late = {**FILES, "notes": FILES["notes"] + "ANNA,story,Has a cat,2026-03-02\n"}
    outcome = take_in(salon(tmp_path / "late", **late), now=IMPORTED + 3 * DAY)

    assert outcome.rejected == []
    assert sorted(Client.objects.values_list("code", flat=True)) == ["ANA", "MIA"]
    assert {name: count.imported for name, count in outcome.files.items() if count.imported} == {"notes.csv": 1}
    assert sorted(Note.objects.values_list("client__code", "text")) == [("ANA", "Has a cat"), ("ANA", "Loves quinces")]
    assert (balance_of(ana), Sale.objects.get().client) == (60, ana)
    assert not permission_of(ana).marketing_sms


def test_what_goes_out_after_two_cards_became_one_comes_in_elsewhere_as_one(tmp_path, owner):
    take_in(salon(tmp_path / "old", **FILES))
    ana, anna = (Client.objects.get(code=code) for code in ("ANA", "ANNA"))
    give(ana, 5, "a")
    merge(ana, anna, owner, now=IMPORTED + DAY)

    export_salon(folder=tmp_path / "out")

    written = {path.name: path.read_text() for path in (tmp_path / "out").rglob("*.csv")}
    assert [name for name, text in written.items() if "ANNA" in text] == []
    assert "merged" not in written["points.csv"]


# Which two ----------------------------------------------------------------------------------


def test_likely_doubles_share_a_contact_and_a_name(branch):
    amra = make_client(branch=branch, name="Amra Demić", phone="+38761100001")
    slip = make_client(branch=branch, name="Amra Demc", phone="061100001")
    # mother and daughter
    make_client(branch=branch, name="Selma Demić", phone="+38761100001")
    vera = make_client(branch=branch, name="Вера Пробная", email="Vera@example.test", birth_month=5, birth_day=3)
    latin = make_client(branch=branch, name="Vera Probnaja", email="vera@example.test", birth_month=5, birth_day=3)
    same = [make_client(branch=branch, name=name, birth_month=2, birth_day=1) for name in ("Tea Sample", "tea sample")]
    make_client(branch=branch, name="Tea Sample", birth_month=2, birth_day=2)

    found = [(pair.one, pair.other, pair.why) for pair in likely_doubles()]

    assert found == [
        (vera, latin, ("email", "birthday")),
        (amra, slip, ("phone",)),
        (*same, ("birthday",)),
    ]
    assert [(pair.one, pair.other) for pair in doubles_of(slip)] == [(amra, slip)]
