"""Two cards of one client become one: her own records, who may, files (practices.md, P1)."""

from datetime import timedelta

import pytest

from crm.booking.models import Visit
from crm.booking.services import refresh_pulses
from crm.care.models import PhotographConsent
from crm.office.exporting import export_salon
from crm.office.merging.decisions import DECISIONS, Way, relations
from crm.office.merging.fields import differences
from crm.office.merging.services import gather_strays
from crm.office.merging.steps import MergeRefused
from crm.people.models import Client, ClientMerge, HealthNote, Note, Tag
from crm.people.selectors import doubles_of, find_clients, keys_by_code, likely_doubles
from crm.sales.models import Sale
from loyalty.points.selectors import balance_of
from reminders.consent.selectors import permission_of
from reminders.consent.services import stop_channel
from tests.crm.office.folders import NOW as IMPORTED
from tests.crm.office.folders import salon, take_in
from tests.crm.office.merging.conftest import fresh, give, merge
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
from tests.loyalty.till import bare_sale

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_whatever_is_append_only_stays_where_it_is():
    from loyalty.points.append_only import append_only_tables

    held = {relation.label for relation in relations() if relation.model._meta.db_table in append_only_tables()}

    assert held == {"loyalty.CardUse.client", "loyalty.RefusedBenefit.client", "loyalty.WrongCode.client"}
    assert {DECISIONS[label] for label in held} == {Way.STAYS}


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
