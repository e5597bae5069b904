"""Photographs of the work at the desk: asked for in one tap, taken, seen by the branch alone (practices.md, P54)."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.care.models import PhotographConsent, ResultCard, WorkPhotograph
from crm.care.services import write_result
from tests.crm.people.test_pictures import photograph
from tests.factories import NOW, TODAY, make_appointment, make_photograph
from tests.loyalty.till import pay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def visit(cast):
    return make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW, services=[cast.lashes])


@pytest.fixture
def anna(cast, desk):
    return desk(cast.user_of(cast.anna))


def album_of(client) -> str:
    return reverse("desk:client_photographs", args=[client.pk])


def sent(name="IMG_1.jpg", content: bytes | None = None, *, width=60) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photograph(width=width).getvalue() if content is None else content)


def allow(browser, client, purpose="kept", answer="yes"):
    return browser.post(f"{album_of(client)}consent/", {"purpose": purpose, "answer": answer}, follow=True)


def test_she_is_asked_in_her_language_in_one_tap_and_then_taken(cast, anna, visit):
    cast.vera.language = "ru"
    cast.vera.save()
    page = anna.get(f"/visits/{visit.pk}/").content.decode()
    assert f'hx-get="{album_of(cast.vera)}?visit={visit.pk}&amp;next=/visits/{visit.pk}/"' in page
    asked = f"{album_of(cast.vera)}?visit={visit.pk}&next=/visits/{visit.pk}/"
    assert 'type="file"' not in anna.get(asked, headers={"HX-Request": "true"}).content.decode()

    allow(anna, cast.vera)
    form = anna.get(asked, headers={"HX-Request": "true"}).content.decode()
    assert 'capture="environment"' in form
    files = {"taken": [sent()], "chosen": [sent(width=80), sent(width=100)]}
    answer = anna.post(
        album_of(cast.vera), {**files, "visit": visit.pk, "moment": "before", "next": f"/visits/{visit.pk}/"}
    )

    assert answer["Location"] == f"/visits/{visit.pk}/"
    event = PhotographConsent.objects.get()
    assert (event.user, event.where, bool(event.text_shown)) == (cast.user_of(cast.anna), "desk", True)
    kept = set(WorkPhotograph.objects.values_list("appointment", "master", "moment", "on"))
    assert (kept, WorkPhotograph.objects.count()) == ({(visit.pk, cast.anna.pk, "before", TODAY)}, 3)
    page = anna.get(f"/visits/{visit.pk}/").content.decode()
    assert "3 photographs are kept." in page
    undo = reverse("desk:photograph_undo", args=[WorkPhotograph.objects.order_by("pk")[0].pk])
    assert undo in page
    assert "It is as it was before." in anna.post(undo, follow=True).content.decode()
    assert not WorkPhotograph.objects.exists()


def test_good_ones_are_kept_and_of_each_other_it_is_said_why_not(cast, anna):
    allow(anna, cast.vera)
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"
    files = [sent(), sent("notes.jpg", b"<html>"), sent("IMG_2.heic", heic), sent("big.jpg", bytes(15 * 2**20 + 1))]

    page = anna.post(album_of(cast.vera), {"chosen": files, "moment": "after"}, follow=True).content.decode()

    assert "1 photograph is kept." in page
    for name, why in (
        ("notes.jpg", "no photograph that we can open"), ("IMG_2.heic", "(HEIC)"), ("big.jpg", "up to 15 MB"),
    ):  # fmt: skip
        said = page[page.index(name) :][:200]
        assert "is not kept" in said
        assert why in said
    assert WorkPhotograph.objects.count() == 1
    nothing = anna.post(album_of(cast.vera), {"moment": "after"}, follow=True).content.decode()
    assert "Take or choose a photograph first" in nothing


def test_what_was_called_before_by_mistake_is_sent_again_as_after(cast, anna):
    allow(anna, cast.vera)
    anna.post(album_of(cast.vera), {"taken": sent(), "moment": "before"}, follow=True)
    WorkPhotograph.objects.update(added_at=NOW - timedelta(minutes=2))

    page = anna.post(album_of(cast.vera), {"taken": sent(), "moment": "after"}, follow=True).content.decode()

    kept = WorkPhotograph.objects.get()
    assert kept.moment == "after"
    assert "1 photograph is kept." in page
    # an undo would take away what was there before
    assert reverse("desk:photograph_undo", args=[kept.pk]) not in page
    page = anna.post(album_of(cast.vera), {"taken": sent(), "moment": "after"}, follow=True).content.decode()
    assert "It is there already." in page


def test_without_a_visit_today_it_is_hers_and_whose_hands_took_it(cast, anna, visit):
    allow(anna, cast.dina)
    anna.post(album_of(cast.dina), {"taken": sent(), "moment": "after"})
    taken = WorkPhotograph.objects.get()
    assert (taken.client, taken.appointment, taken.master, taken.on) == (cast.dina, None, cast.anna, TODAY)
    # somebody else's visit is none of hers
    answer = anna.post(album_of(cast.dina), {"taken": sent(), "visit": visit.pk, "moment": "after"})
    assert answer.status_code == 404


def test_the_branch_alone_sees_them_and_each_time_it_is_asked(cast, desk, anna, media):
    kept = make_photograph(cast.vera, branch=cast.branch, on=TODAY)
    pages = [reverse(f"desk:{name}", args=[kept.pk]) for name in ("photograph", "photograph_file", "photograph_small")]
    assert [anna.get(each).status_code for each in pages] == [200] * 3
    assert reverse("desk:photograph", args=[kept.pk]) in anna.get(album_of(cast.vera)).content.decode()

    seen = anna.get(pages[1])
    assert (seen["Content-Type"], seen["Cache-Control"]) == ("image/jpeg", "private, no-cache")
    known = {"If-None-Match": seen["ETag"]}
    assert anna.get(pages[1], headers=known).status_code == 304

    outsider = desk(cast.user_of(cast.outsider))
    assert [outsider.get(each, headers=known).status_code for each in pages] == [404] * 3
    assert outsider.post(reverse("desk:photograph_remove", args=[kept.pk])).status_code == 404
    assert reverse("desk:photograph", args=[kept.pk]) not in outsider.get(album_of(cast.vera)).content.decode()
    (media / kept.image.name).unlink()
    assert anna.get(pages[1]).status_code == 404


def test_one_of_them_leads_back_to_where_it_was_opened(cast, anna, visit):
    kept = make_photograph(cast.vera, branch=cast.branch, on=TODAY)
    one, here = reverse("desk:photograph", args=[kept.pk]), f"/visits/{visit.pk}/"
    opened = f"{album_of(cast.vera)}?visit={visit.pk}&next={here}"
    assert f'href="{one}?next={here}"' in anna.get(opened, headers={"HX-Request": "true"}).content.decode()
    ways = ((here, "The visit"), (f"/clients/{cast.vera.pk}/", "Vera"), (album_of(cast.vera), "Photographs"))

    for url, label in (*ways, ("https://elsewhere.test/", "Photographs")):
        page = anna.get(one, {"next": url}).content.decode()
        back = page[page.index('class="back"') :][:400]
        assert (f'href="{url}"' in back) == url.startswith("/")
        assert label in back

    assert anna.post(reverse("desk:photograph_remove", args=[kept.pk]), {"next": here})["Location"] == here


def test_a_no_at_the_desk_removes_them_and_the_album_says_so(cast, anna):
    make_photograph(cast.vera, branch=cast.branch, on=TODAY)
    page = allow(anna, cast.vera, answer="no").content.decode()
    assert "1 photograph is gone for good." in page
    assert "She wants no photographs" in page
    assert not WorkPhotograph.objects.exists()
    assert "Nothing has changed." in allow(anna, cast.vera, purpose="sold").content.decode()


def test_what_is_shown_to_others_names_nobody(cast, anna):
    make_photograph(cast.vera, branch=cast.branch, on=TODAY, master=cast.anna)
    assert "Nothing to show yet" in anna.get(reverse("desk:our_work")).content.decode()
    allow(anna, cast.vera, purpose="shown")
    page = anna.get(reverse("desk:our_work")).content.decode()
    assert reverse("desk:photograph_small", args=[WorkPhotograph.objects.get().pk]) in page
    assert "Vera" not in page


@pytest.mark.parametrize("count", [1, 30])
def test_an_album_takes_as_many_queries_for_one_as_for_thirty(cast, anna, django_assert_num_queries, count):
    for _each in range(count):
        make_photograph(cast.vera, branch=cast.branch, on=TODAY, master=cast.anna)
    with django_assert_num_queries(8):
        anna.get(album_of(cast.vera))


def test_the_result_on_paper_shows_them(cast, anna):
    sale = pay(cast.vera, 60, now=NOW, service=cast.lashes)
    write_result(
        client=cast.vera, branch=cast.branch, visit_on=sale.on, formula="D", advice="", now=NOW, user=cast.owner
    )
    kept = make_photograph(cast.vera, branch=cast.branch, on=sale.on)
    paper = anna.get(reverse("desk:result_print", args=[sale.pk])).content.decode()
    assert reverse("desk:photograph_file", args=[kept.pk]) in paper
    assert ResultCard.objects.count() == 1
