"""How a case worked by hand is written down: a few rows, a window, and what must go in it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

# CUT and LASH come back, BROW soon; NAIL says nothing; DAY and GEL are asked about after 1 and 10
# days, LASH after 5; BRIDE is one-off, and neither its question nor its return is ever used
SERVICES = """\
code,name,minutes,price,usual_return_days,ask_after_days,one_off
CUT,Cut,60,50,30,,
LASH,Lashes,60,50,21,5,
BROW,Brows,30,50,14,,
NAIL,Nails,30,50,,0,
DAY,Day cream,30,50,30,1,
GEL,Gel,30,50,30,10,
BRIDE,Bridal make-up,90,50,10,3,yes
"""
# an OIL lasts 60 days and a SOAP 30; of the others nobody says
PRODUCTS = """\
code,name,price,lasts_days
BALM,Balm,20,
SERUM,Serum,90,
OIL,Oil,20,60
SOAP,Soap,9,30
"""
HEADERS = {
    "clients.csv": "code,name,phone,email,birthday,language,time_zone,preferred_channel,care,marketing,status,referred_by"
    ",postal_address",
    "appointments.csv": "code,client,master,services,starts_at,status,booked_at",
    "sales.csv": "code,client,master,date,item,quantity,amount,time",
    "messages.csv": "client,kind,occasion,sent_at,channel",
    "complaints.csv": "client,opened,text,resolved,outcome",
    "points.csv": "client,points,kind,date,expires",
}


@dataclass(frozen=True)
class Case:
    name: str
    rule: str  # the sentence of rules.md it holds
    files: dict  # name of the file: its text
    start: datetime
    end: datetime
    expected: tuple  # (client, kind, purpose, channel, language, send_at), send_at as an instant
    reading: bool = False  # rules.md leaves room here, and this is how it was read
    narrowed: tuple = ()  # the owner's windows: weekday,first,last,rest or only,from,until

    def write(self, folder):
        """Write its files into the folder."""
        for name, text in self.files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8", newline="")


def client(code="A", **given):
    """A client's row: e-mail, phone, consent to both, and nothing else unless given."""
    row = {
        "name": f"Client {code}",
        "phone": f"+387611000{ord(code) - 55:02}",
        "email": f"{code.lower()}@example.test",
        "marketing": "email;sms",
        "status": "active",
        **given,
    }
    columns = HEADERS["clients.csv"].split(",")[1:]
    return ",".join([code, *(row.get(column, "") for column in columns)])


def visit(day, item="CUT", *, who="A", master="M1", time="", amount="50"):
    """A receipt of one line; without an hour it reassures nobody. The receipt's code is its rank."""
    return f"{who},{master},{day},{item},1,{amount},{time}"


def returned(day, item="BALM", *, who="A"):
    return f"{who},M1,{day},{item},-1,-20,"


def appointment(starts_at, status="booked", *, who="A", services="CUT", booked_at="", master="M1"):
    return f"{who},{master},{services},{starts_at},{status},{booked_at}"


def told(kind, occasion, sent_at, *, who="A"):
    return f"{who},{kind},{occasion},{sent_at},email"


def complained(opened, resolved="", *, who="A"):
    return f"{who},{opened},Too short,{resolved},{'solved' if resolved else ''}"


def points(number, granted, expires="", *, who="A", kind="gesture"):
    return f"{who},{number},{kind},{granted},{expires}"


def case(
    name,
    rule,
    window,
    expected="",
    *,
    zone="Europe/Sarajevo",
    clients=(),
    visits=(),
    appointments=(),
    messages=(),
    complaints=(),
    lots=(),
    narrowed=(),
    reading=False,
):
    """A salon of a few rows. ``window`` is two local times of the branch; each line of ``expected``

    is client, kind, purpose, channel, language and instant.
    """
    start, end = (datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)) for text in window.split())
    files = {
        "branch.csv": f"name,time_zone,currency\nCase,{zone},EUR\n",
        "services.csv": SERVICES,
        "products.csv": PRODUCTS,
        "masters.csv": "code,name\nM1,Mira\nM2,Nela\n",
    }
    rows = {
        "clients.csv": clients or (client(),),
        "appointments.csv": [f"A{number},{row}" for number, row in enumerate(appointments)],
        "sales.csv": [f"R{number},{row}" for number, row in enumerate(visits)],
        "messages.csv": messages,
        "complaints.csv": complaints,
        "points.csv": lots,
    }
    for file, lines in rows.items():
        if lines:
            files[file] = "\n".join([HEADERS[file], *lines]) + "\n"
    lines = (line.split() for line in expected.splitlines() if line.strip())
    going = tuple((*line[:-1], datetime.fromisoformat(line[-1])) for line in lines)
    return Case(name, rule, files, start, end, going, reading, narrowed)
