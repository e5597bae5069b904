"""Everything goes out and comes back: vouchers, cards, hours, payments, pending points, rules (practices.md, P51)."""

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import transaction

from crm.care.models import FeltAt, HelpGiven, StandardStep, Touchpoint, TouchpointAudit
from crm.catalogue.models import Service
from crm.office.demo.salon import prepare
from crm.office.exporting import export_salon
from crm.office.importing import import_folder
from crm.office.importing.files import MIRRORS
from crm.people.models import Client
from crm.sales.models import Sale
from crm.team.models import CrmSettings
from crm.team.selectors import salon_settings
from loyalty.cards.models import Card
from loyalty.gifts.selectors import pot_of
from loyalty.points.selectors import balance_of, loyalty_settings, points_summary
from loyalty.points.services import rebuild_points
from loyalty.vouchers.models import Voucher
from reminders.campaigns.models import Campaign as Mailing
from reminders.inbox.models import Letter
from reminders.journeys.models import Journey
from reminders.journeys.services.releasing import messages_of
from tests.crm.office.folders import salon, take_in
from tests.loyalty.till import give_back

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NOW = datetime(2026, 11, 18, 11, 20, tzinfo=ZoneInfo("UTC"))


def cells(folder: Path) -> dict[str, list[list[str]]]:
    """The rows of every file by branch and name, in an order of their own."""
    found = {}
    for path in sorted(folder.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        found[path.relative_to(folder).as_posix()] = [header, *sorted(rows)]
    return found


def stopped(rows: list[list[str]]) -> list[list[str]]:
    """What was released there goes from there: taken in here it was stopped at that moment."""
    header, *others = rows
    state, ended = header.index("state"), header.index("ended")
    for row in others:
        if row[state] == "released":
            row[state], row[ended] = "stopped", "2026-11-18T12:20"
    return [header, *sorted(others)]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo salon as files; the database is empty again."""
    out = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), transaction.atomic():
        prepare(now=NOW)
        export_salon(folder=out)
        transaction.set_rollback(True)
    return out


def test_the_demo_salon_goes_out_and_comes_back_row_for_row(demo, tmp_path):
    for branch in sorted(demo.iterdir()):
        outcome = import_folder(folder=branch, now=NOW)
        assert outcome.rejected == []

    again = tmp_path / "again"
    export_salon(folder=again)

    before, after = cells(demo), cells(again)
    # numbers of branches are the database's own
    assert [Path(name).name for name in after] == [Path(name).name for name in before]
    for (name, rows), others in zip(before.items(), after.values(), strict=True):
        assert others == (stopped(rows) if name.endswith("mailings.csv") else rows), name
    assert rebuild_points() == []


BY_HAND = {
    "clients": (
        "code,name,phone,service,email_dead,phone_dead\n"
        "ANA,Ana,+38761100001,sms;call,2026-01-02T10:00,\nMIA,Mia,,none,,2026-01-03T10:00\n"
    ),
    "services": "code,name,minutes,price,online,otherwise\nLASH,Lashes,90,80,,\nFILL,Fill,60,50,no,LASH\n",
    "settings": "section,name,value\nsalon,rhythm_default,40\nloyalty,points_per_100,7.5\nloyalty,birthday_services,FILL\n"
    "journey win_back,control_percent,10\njourney win_back,control_seed,kept\n",
    "rooms": "name,active\nChair,\nCabin,no\n",
    "service_rooms": "service,room\nFILL,Chair\n",
    "service_follows": "service,after,within_days\nFILL,LASH,28\n",
    "quotes": "service,language,text,said_by,shown\nLASH,en,I wake up ready.,Amra,no\n",
    "review_places": "name,url,position,shown\nMaps,https://maps.example.test/salon,,no\n",
    "hours": "master,weekday,starts,ends\nAMRA,0,09:00,13:00\nAMRA,0,14:00,18:00\n",
    "hours_on_dates": "master,date,starts,ends\nAMRA,2026-05-01,,\nLEJLA,2026-05-02,10:00,12:00\n",
    "time_off": "master,starts,ends,reason\nAMRA,2026-06-01T09:00,2026-06-05T18:00,sea\n",
    "closed_days": "first,last,name\n2026-05-01,2026-05-02,First of May\n",
    "agreements": "client,service,minutes,price,note\nANA,LASH,120,,thick hair\n",
    "texts": 'kind,language,subject,body,button,sms\nbirthday,en,Yours,"Dear {name},\n\na present.",Take it,Hello {name}\n',
    "sales": (
        "code,client,master,date,item,quantity,amount,time,due,full_price,discount,discount_name\n"
        "R000007,ANA,AMRA,2026-03-02,LASH,1,32,11:30,72,80,card,Gold card\n"
    ),
    "payments": "receipt,method,amount,points\nR000007,cash,32,\nR000007,points,40,40\n",
    "declined": "receipt,reason,until,when\nR000007,schedule,2026-04-01,2026-03-02T11:30\n",
    "points": (
        "client,points,kind,date,reason,expires,receipt\n"
        "ANA,60,gesture,2026-01-05,rain,,\nANA,-40,paid,2026-03-02,,,R000007\nANA,2,spending,2026-03-02,,,R000007\n"
    ),
    "points_owed": "client,points,date\nMIA,15,2026-03-02\n",
    "campaigns": (
        "name,benefit,valid_from,valid_until,percent,minimum,weekdays,from,to,first_visit,except\n"
        "Quiet mornings,percent,2026-03-01,2026-05-01,20,40,0;1;2,09:00,12:00,yes,FILL\n"
    ),
    "vouchers": (
        "code,kind,benefit,valid_from,valid_until,issued,percent,client,services,redeemed_in,redeemed\n"
        "1KD5MHT7TJ,offer,percent,2026-03-01,2026-05-01,2026-03-01T10:00,20,ANA,LASH;FILL,,\n"
        "A2TEEZ7SDE,amends,free_service,2026-03-01,2026-05-01,2026-03-01T10:00,,,,R000007,2026-03-02T11:30\n"
    ),
    "card_levels": "code,percent,from_paid\nsimple,5,0\ngold,10,1000\n",
    "cards": "number,client,level,issued,review,bearer\n0000000017,ANA,gold,2026-01-02T10:00,2027-01-02,\n",
    "promises": (
        "client,text,given,on,state,before,ended,ended_on,was_due,answer\n"
        "ANA,Ask for the oil,2026-03-02T11:30,2026-03-02,kept,,2026-03-05T10:00,2026-03-05,,two vendors have it\n"
        "MIA,Find the photograph,2026-03-02T11:40,2026-03-02,accepted,2026-03-21T00:00,,,,\n"
    ),
    "causes": "name,position,offered\nToo late,1,\nThe colour,2,no\n",
    "cause_words": "cause,language,name\nToo late,ru,Опоздали\n",
    "step_words": "step,language,text\n1,en,I am sorry.\n",
    "redos": (
        "client,went_wrong,master,figure,reported,note,appointment,agreed,on\n"
        "ANA,,AMRA,80,2026-03-03T09:00,corners,,2026-03-03T09:00,2026-03-03\n"
    ),
    "standards": "service,lesson_en\n,A name costs nothing\nLASH,Two minutes\n",
    "standard_steps": "key,service,text_en,required\ngreet,,Greet by name,\nclean,LASH,Clean the lashes,no\n",
    "handbook": "kind,text_en,answer_en\nobjection,Too dear,It lasts three weeks.\n",
    "small_helps": "position,text_bs\n1,Kišobran\n",
    "moments_of_care": "what,when,client,words\nKišobran,2026-03-02T11:30,ANA,red\nKišobran,2026-03-02T11:40,,\n",
    "touchpoints": "position,text_en,wanted,passing\n1,The greeting,9,260\n2,Waiting,8,\n",
    "touchpoint_audits": (
        "touchpoint,date,score,visitor,words,written,left_out\n"
        "The greeting,2026-03-02,7,Mysteria,late,2026-03-03T10:00,\nThe greeting,2026-03-02,1,,,2026-03-03T10:00,2026-03-03T10:05\n"
    ),
    "feedback": "client,visit,score\nANA,2026-03-02,6\n",
    "touchpoint_feedback": "client,visit,touchpoint,said\nANA,2026-03-02,The greeting,2026-03-03T10:00\n",
    "result_cards": "client,visit,formula,written,advice\nANA,2026-03-02,C 0.10 11-13,2026-03-02T12:00,No steam today\n",
    "gifts": "name,kind,cost,stock,given\nHand cream,gift,3,5,\nBrow tint,extra,8,,no\n",
    "gifts_given": (
        "gift,kind,client,cost,given,date,receipt,appointment,taken_back\n"
        "Hand cream,gift,ANA,3,2026-03-02T11:30,2026-03-02,R000007,,\n"
    ),
    "gift_pot": (
        "kind,amount,at,date,receipt\nfed,0.16,2026-03-02T11:30,2026-03-02,R000007\n"
        "given,-3,2026-03-02T11:30,2026-03-02,R000007\n"
    ),
    "referral_codes": "client,code,made\nMIA,7K3M9QPXTC,2026-03-01T10:00\n",
    "referrals": (
        "friend,brought_by,state,via,claimed,receipt,settled,bringer_points,friend_points\n"
        "ANA,MIA,paid,desk,2026-03-01T10:00,R000007,2026-03-02T11:30,200,100\n"
    ),
    "partners": "name,slug,percent_here,from,gives_there,services\nPetal,petal,10,2026-01-01,10 % off,LASH;FILL\n",
    "partner_batches": "partner,count,valid_until,made\npetal,1,2026-05-01,2026-02-01T10:00\n",
    "partner_codes": (
        "partner,side,code,made,valid_until,batch,client,used\n"
        "petal,here,A2TEEZ7SDE,2026-02-01T10:00,2026-05-01,2026-02-01T10:00,,2026-03-02T11:30\n"
        "petal,there,1KD5MHT7TJ,2026-03-02T10:00,2026-03-15,,ANA,\n"
    ),
    "partner_events": (
        "code,kind,when,date,saved,receipt\n"
        "A2TEEZ7SDE,used,2026-03-02T11:30,2026-03-02,8,R000007\n1KD5MHT7TJ,taken,2026-03-02T10:00,2026-03-02,0,\n"
    ),
    "partner_months": (
        "partner,month,taken,confirmed,used,saved,settled,closed\npetal,2026-03-01,1,0,1,8,2026-04-01,2026-04-01T10:00\n"
    ),
    "clubs": "name,rule,stage,percent,services\nCircle,revenue,advocate,10,LASH\n",
    "club_members": "club,client,since\nCircle,ANA,2026-03-02\n",
    "club_choices": "club,client,in\nCircle,MIA,no\n",
    "card_uses": "card,receipt,saved,date,client\n0000000017,R000007,8,2026-03-02,ANA\n",
    "cashback_counts": "client,rate,since,paid,points\nANA,7.5,2026-03-02T11:30:00.000001,32,2\n",
    "products": "code,name,price,stock,minimum,lasts_days,category\nOIL,Oil,14,3,2,60,Shelf 1\n",
    "recommended": "service,product,position\nLASH,OIL,1\n",
    "places": "name,address,suggested\nPetal,Example Street 2,\nOld shop,,no\n",
    "orders": (
        "client,product,quantity,price,stage,promised,first_promised,accepted,date,prepaid,ended,ended_on,receipt\n"
        "ANA,OIL,2,13.5,ordered,2026-03-20,2026-03-12,2026-03-02T11:30,2026-03-02,5,,,\n"
        "ANA,OIL,1,14,handed_over,2026-03-01,2026-03-01,2026-02-20T10:00,2026-02-20,0,2026-03-02T11:30,2026-03-02,R000007\n"
    ),
    "stock_helps": "client,product,when,date,word\nMIA,OIL,2026-03-02T12:00,2026-03-02,yes\n",
    "tags": "name\nBride\n",
    "client_tags": "client,tag\nANA,Bride\n",
    "holiday_days": "name,date,holiday\nEid al-Fitr,2026-03-21,eid_al_fitr\n",
    "mailings": (
        "number,kind,title,hour,fixed_costs,state,begun,released,goes_on,who\n"
        '71,event,Tea,11:00,0,released,2026-03-01T10:00,2026-03-01T11:00,2026-03-02,"{""services"": [""LASH""]}"\n'
    ),
    "mailing_texts": "mailing,language,subject,body,button,sms\n71,en,Tea,Come,,Tea\n",
    "mailing_clients": "mailing,client,day\n71,ANA,0\n",
    "events": "mailing,starts,ends,seats\n71,2026-12-01T18:00,2026-12-01T20:00,12\n",
    "guests": "mailing,client,state,seats,answered\n71,ANA,coming,2,2026-03-03T10:00\n",
    "conversations": (
        "from,channel,client,of_branch,waiting_since,last,done\n"
        "+38761100001,sms,ANA,yes,2026-03-03T10:00,2026-03-03T10:00,2026-03-03T11:00\n"
    ),
    "letters": (
        "from,channel,came,client,subject,text,provider,number,asks_for\n"
        "+38761100001,sms,2026-03-03T10:00,ANA,,I come with a friend,demo,9,\n"
    ),
    "paper": (
        "client,form,kind,language,text,written,until\nMIA,card,thanks,en,Thank you,2026-03-03T10:00,2026-03-10T10:00\n"
    ),
    "messages": "client,kind,occasion,sent_at,channel,mailing\nANA,event,2026-03-02,2026-03-02T11:00,sms,71\n",
    "cashback": "receipt,client,since,paid,points,forgiven\nR000007,ANA,2026-03-02T11:30:00.000001,32,2,0\n",
}


def test_each_file_says_what_it_is_and_comes_back(tmp_path):
    outcome = take_in(salon(tmp_path / "in", **BY_HAND))

    assert [(remark.file, remark.line, remark.reason) for remark in (*outcome.rejected, *outcome.left_out)] == []
    ana = Client.objects.get(code="ANA")
    sale = Sale.objects.get(code="R000007")
    assert (sale.total, sale.paid) == (Decimal(72), Decimal(32))
    assert list(sale.lines.values_list("full_amount", "discount_amount", "amount", "discount_label")) == [
        (Decimal(80), Decimal(8), Decimal(72), "Gold card")
    ]
    assert list(sale.payments.order_by("method").values_list("method", "amount", "points")) == [
        ("cash", Decimal(32), None),
        ("points", Decimal(40), 40),
    ]
    # 60 - 40 + 2
    assert (balance_of(ana), points_summary(Client.objects.get(code="MIA"), loyalty_settings()).owed) == (22, 15)
    offer = Voucher.objects.get(code="1KD5MHT7TJ")
    assert (offer.client, offer.percent, offer.issued_on) == (ana, 20, date(2026, 3, 1))
    assert sorted(offer.services.values_list("code", flat=True)) == ["FILL", "LASH"]
    assert Voucher.objects.get(code="A2TEEZ7SDE").redeemed_sale == sale
    assert Card.objects.get(client=ana).level.code == "gold"
    assert (salon_settings().rhythm_default, loyalty_settings().points_per_100) == (40, Decimal("7.5"))
    assert list(loyalty_settings().birthday_services.values_list("code", flat=True)) == ["FILL"]
    assert Service.objects.get(code="FILL").otherwise.code == "LASH"
    assert rebuild_points() == []
    clean = StandardStep.objects.get(key="clean")
    assert (clean.standard.service.code, clean.is_required, clean.version) == ("LASH", False, None)
    assert StandardStep.objects.get(key="greet").standard.service is None
    helped = HelpGiven.objects.order_by("at").values_list("kind__text_bs", "client__code", "words", "on")
    assert list(helped) == [
        ("Kišobran", "ANA", "red", date(2026, 3, 2)),
        ("Kišobran", None, "", date(2026, 3, 2)),
    ]
    win_back = Journey.objects.get(kind="win_back")
    assert (win_back.control_percent, win_back.control_seed, win_back.is_on) == (10, "kept", False)
    # what was released elsewhere goes to nobody twice
    tea = Mailing.objects.get()
    assert (tea.state, tea.rules) == ("stopped", {"services": [Service.objects.get(code="LASH").pk]})
    assert list(messages_of(tea).values_list("client", "state")) == [(ana.pk, "sent")]
    assert list(tea.event.guests.values_list("client", "seats")) == [(ana.pk, 2)]
    assert [letter.text for letter in Letter.objects.filter(conversation__client=ana)] == ["I come with a friend"]
    audits = TouchpointAudit.objects.order_by("score").values_list("touchpoint__text_en", "score", "words", "on")
    assert list(audits) == [
        ("The greeting", 1, "", date(2026, 3, 2)),
        ("The greeting", 7, "late", date(2026, 3, 2)),
    ]
    assert [audit.score for audit in TouchpointAudit.objects.filter(left_out_at=None)] == [7]
    assert Touchpoint.objects.get(text_en="Waiting").passing is None
    assert FeltAt.objects.get().feedback.score == 6
    # 0.16 of the receipt, 3 for what was given
    assert pot_of(ana.branch) == Decimal("-2.84")

    export_salon(folder=tmp_path / "one")
    again = take_in(tmp_path / "one")

    assert {name: count.imported for name, count in again.files.items() if count.imported} == {}
    assert again.rejected == []


def test_sale_that_came_back_is_returned_with_its_points(tmp_path):
    take_in(salon(tmp_path, **BY_HAND))
    ana, sale = Client.objects.get(code="ANA"), Sale.objects.get(code="R000007")

    give_back(sale, now=NOW)

    # the 40 that paid come back, the 2 that it earned go: 22 + 40 - 2
    assert balance_of(ana) == 60
    assert rebuild_points() == []


def test_what_the_owner_has_changed_here_stays(tmp_path):
    CrmSettings.objects.create(pk=1, rhythm_default=21)

    outcome = take_in(salon(tmp_path, settings=BY_HAND["settings"]))

    assert CrmSettings.objects.get().rhythm_default == 21
    count = outcome.files["settings.csv"]
    assert (count.read, count.imported, count.unchanged, count.rejected) == (5, 3, 2, 0)
    # the service that is free at a birthday is not in this salon
    assert [(remark.file, remark.line) for remark in outcome.left_out] == [("settings.csv", 4)]


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("hours", "AMRA,7,09:00,10:00"),
        ("hours", "AMRA,0,10:00,09:00"),
        ("hours", "NOBODY,0,09:00,10:00"),
        ("hours", "AMRA,0,25:00,26:00"),
        ("hours", "AMRA,,09:00,10:00"),
        ("vouchers", "1KD5MHT7TX,offer,percent,2026-03-01,2026-02-01,2026-03-01T10:00,20,ANA,,,"),
        ("vouchers", "1KD5MHT7TX,offer,percent,2026-03-01,2026-05-01,2026-03-01T10:00,,ANA,,,"),
        ("vouchers", "1KD5MHT7TX,offer,percent,2026-03-01,2026-05-01,soon,20,ANA,,,"),
        ("payments", "R000007,shells,32,"),
        ("payments", "R9,cash,32,"),
        ("settings", "salon,rhythm_default,0"),
        ("settings", "salon,rhythm_default,often"),
        ("settings", "salon,password,x"),
        ("card_levels", "vip,31,3000"),
        ("texts", "poem,en,Yours,Dear,,Hello"),
        ("points_owed", "ANA,-5,"),
    ],
)
def test_row_that_cannot_be_is_rejected_and_the_others_go_in(tmp_path, name, row):
    files = BY_HAND | {name: BY_HAND[name] + row + "\n"}

    outcome = take_in(salon(tmp_path, **files))

    assert [remark.file for remark in outcome.rejected] == [f"{name}.csv"]
    assert outcome.rejected[0].line == files[name].count("\n")
    assert outcome.files[f"{name}.csv"].imported == len(list(csv.reader(BY_HAND[name].splitlines(keepends=True)))) - 1


# what has no file, and why
AT_HOME = {
    "User": "logins and passwords stay",
    "ImportRun": "the import itself",
    "HealthNoteReading": "who read what belongs to this installation",
    "ClientChange": "work to be taken up",
    "Watch": "work to be taken up",
    "Pace": "the count of one minute",
    "MailboxLetter": "the demo's mailbox",
    "SmsMonth": "what was paid is in the provider's bill",
    "CalendarFeed": "addresses of this installation",
    "ClientMerge": "the files hold one card; which rows moved to it goes with a backup",
    "ContactCode": "good for some minutes",
    "Knock": "who knocked too often belongs to this installation",
    "ComplaintReport": "links that were given here; her words stand in the complaint",
    "ComplaintAnswer": "links that were given here; the answers go with the messages",
    **dict.fromkeys(["ComplaintPicture", "WorkPhotograph"], "files go with a backup"),
    "WrongCode": "who typed what in vain belongs to this installation",
    **dict.fromkeys(
        ["Visit", "VisitItem", "Pulse", "NameToken", "ClientToken", "Stretch", "RoomHold", "PointsBalance", "GiftPot"],
        "worked out anew",
    ),
    **dict.fromkeys(["ForecastRun", "ForecastEntry"], "worked out anew"),
    **dict.fromkeys(
        [
            *("AppointmentEvent", "ComplaintEvent", "ComplaintStep", "ComplaintAlert", "MessageEvent", "PromiseEvent"),
            "OrderEvent",
        ],
        "who did what when, step by step",
    ),
    **dict.fromkeys(["StockMove", "StockTake", "StockTakeLine"], "what is there now goes with the product"),
    **dict.fromkeys(["SupplierOrder", "SupplierOrderLine"], "booked in where it was ordered"),
    "OtherPlace": "what she was told goes with the messages",
    **dict.fromkeys(["LotAllocation", "LedgerNote"], "the ledger says it again"),
    **dict.fromkeys(
        ["ComplaintOption", "Compensation"], "what was given in the end stands in vouchers, points, receipts, redos"
    ),
    "GestureRequest": "asked of this salon's owner, and decided by her",
    "PeriodClose": "the former books are closed there",
    "RefusedBenefit": "what was seen in this installation",
    **dict.fromkeys(["BadDay", "Alternative", "FreedTime", "WaitingOffer", "KeptRoom"], "of today, and settled today"),
    **dict.fromkeys(
        ["HandbookUse", "LessonRead", "VisitStep", "TeamScore"], "who did and said what belongs to this team"
    ),
    "StandardVersion": "published anew by whoever takes the files in",
    **dict.fromkeys(["Series", "WaitingEntry", "WaitingService"], "not yet"),
}
# what the files of the contract and the settings hold
IN_FILES = {
    *("Branch", "Service", "ServiceStretch", "Product", "Master", "Skill", "Client", "ContactPermission"),
    *("Appointment", "AppointmentService", "Sale", "SaleLine", "ReceiptCounter", "Note", "HealthNote", "Complaint"),
    *("Feedback", "PointsAccount", "LedgerEntry", "PointsLot", "OwedEntry", "Message"),
    *("CrmSettings", "LoyaltySettings", "MessageSettings", "Journey"),
}


def test_every_table_is_exported_or_stays_for_a_reason():
    tables = {
        model.__name__
        for app in ("crm", "loyalty", "reminders")
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.startswith("Historical")
    }

    assert tables - {mirror.model.__name__ for mirror in MIRRORS} - IN_FILES == set(AT_HOME)
