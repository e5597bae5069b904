"""The import as the owner's page: upload, preview, confirm; nothing written before she says so (practices.md, P51)."""

import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.office.importing import reading
from crm.office.uploads import services, storing
from crm.office.uploads.services import WrongMoment, begin_import, confirm_import, discard_import, run_imports
from crm.people.models import Client, HealthNoteReading
from crm.team.models import Branch, ImportRun, User
from tests.crm.office.folders import BRANCH, salon, take_in
from tests.factories import make_branch, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
CLIENTS = "code,name,shoe\nANA,Ana,38\n,Nobody,\n"
PAGE = "/office/import/"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media" / "imports"


@pytest.fixture
def owner(client):
    owner = make_user(User.Role.OWNER)
    client.force_login(owner)
    return owner


def files(**changed):
    texts = {"branch": BRANCH, "clients": CLIENTS, **changed}
    return [SimpleUploadedFile(f"{name}.csv", text.encode()) for name, text in texts.items()]


def zipped(names, *, password=False):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in names.items():
            archive.writestr(name, text)
    return SimpleUploadedFile("salon.zip", stream.getvalue())


def test_upload_is_looked_through_then_taken_in(client, owner, media):
    answer = client.post(PAGE, {"files": files()})
    run = ImportRun.objects.get()
    page = reverse("office:import_run", args=[run.pk])
    assert (answer.status_code, answer.url) == (302, page)
    assert "Looking through the files" in client.get(page).content.decode()

    run_imports(now=NOW)

    shown = client.get(page).content.decode()
    assert "Nothing is written yet." in shown
    assert "“code” is empty." in shown
    assert "shoe" in shown
    assert not Client.objects.exists()

    assert client.post(reverse("office:import_confirm", args=[run.pk])).url == page
    assert "Taking the files in" in client.get(page).content.decode()
    run_imports(now=NOW)

    assert list(Client.objects.values_list("code", flat=True)) == ["ANA"]
    assert "Taken in." in client.get(page).content.decode()
    run.refresh_from_db()
    assert (run.state, run.outcome["files"]["clients.csv"]["rejected"], run.folder) == ("done", 1, "")
    assert list(media.iterdir()) == []


def test_preview_may_be_discarded(client, owner, media):
    client.post(PAGE, {"files": files()})
    run_imports(now=NOW)
    run = ImportRun.objects.get()

    answer = client.post(reverse("office:import_discard", args=[run.pk]), follow=True)

    assert "nothing was written" in answer.content.decode()
    assert not Branch.objects.exists()
    assert list(media.iterdir()) == []


def test_who_has_several_branches_is_asked_to_choose_one_in_words_of_the_page(client, owner):
    for name in ("Harbour", "Hill"):
        make_branch(name)
    assert '<details class="quiet">' in client.get(PAGE).content.decode()

    client.post(PAGE, {"files": [SimpleUploadedFile("clients.csv", CLIENTS.encode())]})
    run_imports(now=NOW)

    refusal = client.get(reverse("office:import_run", args=[ImportRun.objects.get().pk])).content.decode()
    assert "There are several branches: choose one." in refusal
    assert "--branch" not in refusal
    assert '<details class="quiet" open>' in client.get(PAGE).content.decode()


def test_zip_is_unpacked_without_its_folders(client, owner):
    names = {
        "old/salon/branch.csv": BRANCH,
        "old/salon/clients.csv": CLIENTS,
        "__MACOSX/._clients.csv": "x",
        "a.txt": "x",
    }

    client.post(PAGE, {"files": [zipped(names)]})
    run_imports(now=NOW)

    assert set(ImportRun.objects.get().outcome["files"]) == {"branch.csv", "clients.csv"}


def test_name_in_a_zip_cannot_leave_the_folder(client, owner, media):
    client.post(PAGE, {"files": [zipped({"../../../branch.csv": BRANCH, "..\\..\\clients.csv": CLIENTS})]})

    folder = media / ImportRun.objects.get().folder
    assert sorted(path.name for path in folder.iterdir()) == ["branch.csv", "clients.csv"]
    assert [path.name for path in media.iterdir()] == [folder.name]


@pytest.mark.parametrize(
    ("uploaded", "words"),
    [
        ([SimpleUploadedFile("photo.jpg", b"x")], "There is no CSV file among these."),
        ([SimpleUploadedFile("clients.csv", b"x"), SimpleUploadedFile("clients.csv", b"x")], "There are two files"),
        ([zipped({f"{number}.csv": "x" for number in range(51)})], "too many files"),
        ([], "Choose the files first."),
    ],
    ids=["no csv", "twice", "too many", "none"],
)
def test_files_that_cannot_be_kept_are_refused_with_words(client, owner, media, uploaded, words):
    for file in uploaded:
        file.seek(0)

    answer = client.post(PAGE, {"files": uploaded})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ImportRun.objects.exists()
    assert not media.exists() or list(media.iterdir()) == []


def test_small_zip_of_a_huge_file_is_refused(client, owner, monkeypatch):
    monkeypatch.setattr(storing, "MOST_BYTES", 1_000)

    answer = client.post(PAGE, {"files": [zipped({"clients.csv": "x" * 2_000})]})

    assert "too large" in answer.content.decode()


def test_damaged_zip_is_refused(client, owner):
    whole = zipped({"clients.csv": CLIENTS * 50}).read()
    broken = whole[:60] + b"\x00\x01\x02\x03" + whole[64:]

    answer = client.post(PAGE, {"files": [SimpleUploadedFile("salon.zip", broken)]})

    assert "cannot be unpacked" in answer.content.decode()


def test_files_that_cannot_be_taken_say_why_in_her_language(client, owner):
    client.post(PAGE, {"files": files(clients="code\nANA\n")})

    run_imports(now=NOW)

    run = ImportRun.objects.get()
    assert (run.state, run.refusal) == ("refused", "clients.csv lacks the column name.")
    shown = client.get(reverse("office:import_run", args=[run.pk])).content.decode()
    assert "Nothing was written." in shown
    assert "clients.csv lacks the column name." in shown


def test_what_nobody_foresaw_is_no_endless_wait(client, owner, monkeypatch):
    client.post(PAGE, {"files": files()})

    def breaks(**_options):
        raise ZeroDivisionError

    monkeypatch.setattr(services, "import_folder", breaks)
    run_imports(now=NOW)

    assert ImportRun.objects.get().state == "refused"


def test_run_of_a_worker_that_died_is_taken_up_again(owner, media):
    run = begin_import(folder=storing.store(files()), user=owner, branch_name="", time_zone="", currency="", now=NOW)
    ImportRun.objects.filter(pk=run.pk).update(state="checking", claimed_at=NOW)

    assert run_imports(now=NOW + timedelta(hours=2)) == 0
    assert run_imports(now=NOW + timedelta(hours=2, seconds=1)) == 1

    run.refresh_from_db()
    assert run.state == "checked"


def test_steps_come_once_and_in_order(owner):
    run = begin_import(folder=storing.store(files()), user=owner, branch_name="", time_zone="", currency="", now=NOW)

    with pytest.raises(WrongMoment):
        confirm_import(run=run)
    run_imports(now=NOW)
    confirm_import(run=run)
    with pytest.raises(WrongMoment):
        confirm_import(run=run)
    with pytest.raises(WrongMoment):
        discard_import(run=run, now=NOW)


@pytest.mark.parametrize("role", [User.Role.MASTER, User.Role.RECEPTIONIST])
def test_only_the_owner_gets_in(client, owner, role):
    run = begin_import(folder=storing.store(files()), user=owner, branch_name="", time_zone="", currency="", now=NOW)
    client.force_login(make_user(role))

    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"files": files()}).status_code == 403
    assert client.get(reverse("office:import_run", args=[run.pk])).status_code == 403
    for name in ("import_confirm", "import_discard"):
        assert client.post(reverse(f"office:{name}", args=[run.pk])).status_code == 403
    assert client.post("/office/export/").status_code == 403


def test_stranger_is_asked_to_log_in(client):
    assert client.get(PAGE).status_code == 302
    assert client.get(PAGE).url.startswith("/accounts/login/")


def test_htmx_gets_the_fragment_only(client, owner):
    client.post(PAGE, {"files": files()})
    page = reverse("office:import_run", args=[ImportRun.objects.get().pk])

    fragment = client.get(page, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in fragment
    assert 'hx-trigger="every 2s"' in fragment


def test_everything_can_be_taken_out_as_one_zip(client, owner):
    client.post(PAGE, {"files": files(notes="client,kind,text\nANA,health,resin\n")})
    run_imports(now=NOW)
    confirm_import(run=ImportRun.objects.get())
    run_imports(now=NOW)

    assert "Take everything out" in client.get("/office/export/").content.decode()
    answer = client.post("/office/export/")

    with zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        assert "clients.csv" in archive.namelist()
        assert "ANA,Ana," in archive.read("clients.csv").decode()
        assert "resin" in archive.read("notes.csv").decode()
    # who has seen what is about health is written down
    assert list(HealthNoteReading.objects.values_list("client__code", "user", "where")) == [("ANA", owner.pk, "export")]


def test_empty_salon_says_that_there_is_nothing_to_take_out(client, owner):
    assert "nothing to write" in client.post("/office/export/", follow=True).content.decode()


def test_progress_tells_the_rows_of_a_long_file(monkeypatch, tmp_path):
    monkeypatch.setattr(reading, "CHUNK", 2)
    clients = "code,name\n" + "".join(f"C{number},Client\n" for number in range(5))
    heard = []

    take_in(salon(tmp_path, clients=clients), progress=lambda file, rows: heard.append((file, rows)))

    assert [rows for file, rows in heard if file == "clients.csv"] == [0, 2, 4]
    assert heard[-1] == ("", 0)


@pytest.mark.parametrize(
    ("file", "rows", "shown"),
    [
        ("clients.csv", 0, "clients.csv"),
        ("clients.csv", 45_000, "clients.csv: 45000 rows"),
        ("", 0, "visits and rhythms"),
    ],
)
def test_page_shows_how_far_it_is(client, owner, file, rows, shown):
    client.post(PAGE, {"files": files()})
    run = ImportRun.objects.get()

    storing.note_progress(run.folder, file, rows)

    page = client.get(reverse("office:import_run", args=[run.pk]), headers={"HX-Request": "true"}).content.decode()
    assert shown in page.replace(",", "").replace("\xa0", "")
    # branch.csv comes before clients.csv
    assert f'value="{1 if file else 2}" max="2"' in page
