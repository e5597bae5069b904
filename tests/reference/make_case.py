"""Small nasty salons in the interchange format, from a seed: the same seed, the same salon.

    python -m tests.reference.make_case SEED FOLDER

writes the folder and its ``window.txt`` (from, to). Every date is aimed: last visits lie so that
something becomes due, is no longer allowed, or changes state on a day near the window's bounds;
windows lie about the days the clocks change. Only a master's open appointments hold time, so each
open one has a master of its own.
"""

import csv
import io
import random
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

FEATURES = frozenset({"messages", "complaints", "points", "referrals", "calls"})

BRANCH_ZONES = (
    *("Europe/Sarajevo", "Europe/Moscow", "America/New_York", "America/Santiago"),
    *("Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Riyadh", "Asia/Beirut"),
)
CLIENT_ZONES = (
    *("", "", "", "Europe/Berlin", "Asia/Kathmandu", "America/Los_Angeles"),
    *("Pacific/Auckland", "Pacific/Kiritimati", "Mars/Olympus_Mons"),
)
# about the clock changes of those zones, the ends of Februaries and a year's end
ANCHORS = (
    date(2026, 2, 21),
    date(2026, 3, 8),
    date(2026, 3, 29),
    date(2026, 4, 5),
    date(2026, 6, 12),
    date(2026, 9, 6),
    date(2026, 10, 4),
    date(2026, 10, 25),
    date(2026, 11, 1),
    date(2026, 12, 28),
    date(2028, 2, 22),
)
WORDS_OF_STATUS = ("booked", "confirmed", "arrived", "in_progress", "cancelled", "no_show")
CARE = ("", "", "", "none", "sms", "email", "email;sms")
MARKETING = ("", "email", "sms", "email;sms", "email;sms")

TOLD = ("reassurance", "lashes", "due_soon", "birthday", "thanks")
TOLD_OFTEN = ("feedback", "win_back", "second_win_back")  # the most is counted from these

COLUMNS = {
    "branch.csv": "name time_zone currency",
    "services.csv": "code name minutes price usual_return_days ask_after_days one_off",
    "products.csv": "code name price lasts_days",
    "masters.csv": "code name",
    "clients.csv": "code name phone email birthday language time_zone preferred_channel care marketing status"
    " referred_by",
    "appointments.csv": "code client master services starts_at status booked_at",
    "sales.csv": "code client master date item quantity amount time",
    "messages.csv": "client kind occasion sent_at channel",
    "complaints.csv": "client opened text resolved outcome",
    "points.csv": "client points kind date expires",
}


def exists(naive, zone):
    """Whether that local time is on the clock once; typed times in a gap or fold are kept out."""
    early, late = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return early.utcoffset() == late.utcoffset()


class Case:
    def __init__(self, seed, features):
        self.dice = random.Random(seed)
        # drawn apart: the salon of a seed stays as it was before its products lasted
        lasting = random.Random(f"lasting {seed}")
        self.features = features
        self.rows = {name: [] for name in COLUMNS}
        dice = self.dice
        self.zone = ZoneInfo(dice.choice(BRANCH_ZONES))
        self.today = dice.choice(ANCHORS) - timedelta(days=dice.randint(0, 6))
        while True:
            hour = dice.choice((0, 0, 7, 8, 9, 10, 11, 12, 19, 20, 21, 23))
            minute = dice.choice((0, 0, 30, 59))
            start = datetime(self.today.year, self.today.month, self.today.day, hour, minute)
            end = start + timedelta(days=dice.choice((3, 14, 40, 60)))
            if exists(start, self.zone) and exists(end, self.zone):
                break
        self.start = start.replace(tzinfo=self.zone)
        self.end = end.replace(tzinfo=self.zone)
        self.add("branch.csv", name="Case", time_zone=self.zone.key, currency=dice.choice(("EUR", "BAM")))
        self.services()
        for code, name, price in (("P0", "Balm", 20), ("P1", "Brush", 9)):
            lasts = lasting.choice(("", 1, 2, 5, 7, 14, 30, 45, 90))
            self.add("products.csv", code=code, name=name, price=price, lasts_days=lasts)
        for number in range(3):
            self.add("masters.csv", code=f"M{number}", name=f"Master {number}")
        for number in range(24):
            self.client(f"C{number:03}", number)
        if dice.random() < 0.5:
            self.crowd()

    def add(self, name, /, **row):
        self.rows[name].append({column: row.get(column, "") for column in COLUMNS[name].split()})

    def chance(self, probability):
        return self.dice.random() < probability

    def services(self):
        for number in range(4):
            self.add(
                "services.csv",
                code=f"S{number}",
                name=f"Service {number}",
                minutes=self.dice.choice((30, 60, 90)),
                price=self.dice.choice((40, 55, 120)),
                usual_return_days=self.dice.choice(("", 3, 14, 21, 28, 42, 200)),
                ask_after_days=self.dice.choice(("", 0, 1, 2, 5, 10)),
            )
        self.add(
            "services.csv",
            code="S4",
            name="Bridal",
            minutes=90,
            price=150,
            usual_return_days=self.dice.choice(("", 10)),
            ask_after_days=3,
            one_off="yes",
        )

    # ---- one client -----------------------------------------------------------------------

    def client(self, code, number):
        dice = self.dice
        self.person(code, number)
        rhythm = dice.choice((7, 8, 14, 21, 28, 30, 31, 42, 90, 180))
        late = max(5 * rhythm // 2, rhythm + 30)
        lost = max(365, late + 180)
        ago = dice.choice(
            (
                *(0, 1, 1, 2, 2, 3, 4, 5, 6, 9),
                *(rhythm - 6, rhythm - 5, rhythm - 4, rhythm + 5, rhythm + 6, rhythm),
                *(late - 10, late - 1, late, late + 1, late + 2, late + 30, late + 31, late + 32),
                *(late + 45, late + 60, lost - 3, lost, lost + 1, lost + 5),
            )
        )
        if self.chance(0.25):
            ago = dice.choice((0, 1, 1, 1, 2))  # fresh enough to be reassured
        last = self.today - timedelta(days=max(0, ago))
        visits = []
        if self.chance(0.92):
            day = last
            for _ in range(dice.choice((1, 1, 2, 3, 4, 5, 7, 9, 10, 11))):
                visits.append(day)
                day -= timedelta(days=max(1, rhythm + dice.choice((0, 0, 0, -1, 1, 2, 9))))
            visits.reverse()
        diet = dice.choice(("services", "services", "services", "mixed", "products", "one-off"))
        for day in visits:
            self.visit(code, day, diet)
        if visits and self.chance(0.15):  # newer, but of a kind that may not count
            newer = last + timedelta(days=dice.randint(1, 4))
            if newer <= self.today:
                self.visit(code, newer, dice.choice(("products", "one-off")))
        if self.chance(0.05):  # dated after the window's start, so of no weight
            self.visit(code, self.today + timedelta(days=dice.randint(1, 3)), diet)
        self.future(code, number)
        self.standing(code, visits[-1] if visits else None, rhythm)
        if visits and "messages" in self.features and self.chance(0.4):
            self.told(code, visits[-1], late)
        if "complaints" in self.features and self.chance(0.2):
            self.complaint(code)
        if "points" in self.features and self.chance(0.2):
            self.points(code)

    def person(self, code, number):
        dice = self.dice
        phone = f"+38761100{number:03}" if self.chance(0.6) else ""
        email = f"c{number}@example.test" if self.chance(0.7) else ""
        born = self.today + timedelta(days=dice.choice((-1, 0, 1, 6, 7, 8, 13, 20, 40, 200)))
        birthday = dice.choice(("", f"--{born:%m-%d}", f"1990-{born:%m-%d}".replace("02-29", "03-01"), "--02-29"))
        preferred = ["", "email", "sms"] + (["call"] if "calls" in self.features else [])
        referred_by = ""
        if "referrals" in self.features and number and self.chance(0.25):
            referred_by = f"C{dice.randrange(24):03}"  # now and then herself, or a ring
        self.add(
            "clients.csv",
            code=code,
            name=f"Client {number}",
            phone=phone,
            email=email,
            birthday=birthday,
            language=dice.choice(("", "en", "ru", "bs", "ar")),
            time_zone=dice.choice(CLIENT_ZONES),
            preferred_channel=dice.choice(preferred),
            care=dice.choice(CARE),
            marketing=dice.choice(MARKETING),
            status="active",
            referred_by=referred_by,
        )

    def visit(self, code, day, diet):
        """A visit day: an appointment, a sale, or both; with its own small traps."""
        dice = self.dice
        service = dice.choice(("S0", "S0", "S0", "S1", "S2", "S3"))
        if diet == "one-off" or (diet == "mixed" and self.chance(0.3)):
            service = dice.choice(("S4", "S4", f"S4;{service}" if diet == "mixed" else "S4"))
        master = dice.choice(("M0", "M0", "M0", "M1", "M2"))
        by = "sale" if diet == "products" else dice.choice(("sale", "appointment", "both"))
        if by != "sale":
            self.appointment(code, master, service, day, dice.randint(9, 18), "done", "")
        if by != "appointment":
            item = dice.choice(("P0", "P1")) if diet == "products" else service.split(";")[0]
            self.sale(code, master, day, item)
        if self.chance(0.15):  # brought back on a day without a visit, or on the very day
            back = day + timedelta(days=dice.choice((0, 1)))
            self.add(
                "sales.csv",
                code=f"B{len(self.rows['sales.csv'])}",
                client=code,
                master=master,
                date=back,
                item="P0",
                quantity=-1,
                amount=-20,
            )

    def sale(self, code, master, day, item):
        dice = self.dice
        receipt = f"R{len(self.rows['sales.csv'])}"
        hours = (17, 18, 18, 19, 20, 21, *range(8, 22))  # many about the evening's quiet hours
        hour = f"{dice.choice(hours):02}:{dice.choice(('00', '00', '30', '59'))}"
        if self.chance(0.25):
            hour = ""
        for line in range(dice.choice((1, 1, 2))):
            self.add(
                "sales.csv",
                code=receipt,
                client=code,
                master=master,
                date=day,
                item=item if line == 0 else dice.choice(("P0", "P1", "S1")),
                quantity=1,
                amount=dice.choice((0, 30, 40, 55, 120, 165, 5200)),
                time=hour,
            )

    def appointment(self, code, master, services, day, hour, status, booked_at):
        starts_at = datetime(day.year, day.month, day.day, hour)
        if exists(starts_at, self.zone):
            self.add(
                "appointments.csv",
                code=f"A{len(self.rows['appointments.csv'])}",
                client=code,
                master=master,
                services=services,
                starts_at=f"{starts_at:%Y-%m-%dT%H:%M}",
                status=status,
                booked_at=booked_at,
            )

    def future(self, code, number):
        """Appointments about the window: for reminders, and to stand in the way of marketing."""
        dice = self.dice
        if not self.chance(0.45):
            return
        master = f"MX{number}"
        self.add("masters.csv", code=master, name=f"Master of {number}")
        day = self.today + timedelta(days=dice.choice((-9, -8, -7, -6, -1, 0, 1, 1, 2, 3, 10, 20)))
        first = dice.choice((0, 1, 2, 5, 7, 8, 9, 12, 16))
        for hour in [first, first + 3, first + 6][: dice.choice((1, 1, 2, 3))]:
            starts_at = datetime(day.year, day.month, day.day, hour)
            booked_at = ""
            if self.chance(0.5):
                lead = timedelta(hours=dice.choice((1, 2, 3, 12, 24, 27, 48, 120)))
                if exists(starts_at - lead, self.zone):
                    booked_at = f"{starts_at - lead:%Y-%m-%dT%H:%M}"
            status = dice.choice(("booked", "booked", "booked", *WORDS_OF_STATUS))
            self.appointment(code, master, "S0", day, hour, status, booked_at)

    def standing(self, code, last, rhythm):
        """Her status: mostly active, often on a break that ends near something."""
        dice = self.dice
        row = self.rows["clients.csv"][-1]
        row["status"] = dice.choice(
            ("active", "active", "active", "active", "", "break", "break", "break:", "moved", "blocked", "deceased")
        )
        if row["status"] == "break:":
            row["status"] = "break"  # nobody knows until when
        elif row["status"] == "break":
            near = dice.choice((self.today, last or self.today))
            away = dice.choice((-30, -10, -1, 0, 1, 2, 3, 8, 9, 20, rhythm, 2 * rhythm + 31))
            row["status"] = f"break:{near + timedelta(days=away)}"

    def told(self, code, last, late):
        """Something she was already sent; now and then for another occasion, or only later."""
        dice = self.dice
        kind = dice.choice(TOLD_OFTEN if self.chance(0.5) else TOLD)
        ago = {
            "win_back": (1, 6, 7, 8, 44, 45, 46, 60, 75, 76),
            "feedback": (1, 57, 58, 59, 60, 61),
        }.get(kind, (0, 1, 5, 6, 7, 8))
        sent_on = self.today - timedelta(days=dice.choice(ago))
        if self.chance(0.1):
            sent_on = self.today + timedelta(days=2)  # of no weight at the window's start
        occasion = last
        if kind == "birthday":
            occasion = self.today + timedelta(days=dice.choice((0, 6, 7)))
        elif self.chance(0.2):
            occasion = last - timedelta(days=late)
        sent_at = datetime(sent_on.year, sent_on.month, sent_on.day, dice.choice((10, 11, 12, 23)))
        if exists(sent_at, self.zone):
            self.add(
                "messages.csv",
                client=code,
                kind=kind,
                occasion=occasion,
                sent_at=f"{sent_at:%Y-%m-%dT%H:%M}",
                channel=dice.choice(("email", "sms")),
            )

    def complaint(self, code):
        dice = self.dice
        opened = self.today - timedelta(days=dice.choice((-2, 0, 1, 5, 20, 60)))
        resolved = opened + timedelta(days=dice.choice((0, 1, 3, 6, 7, 8, 40)))
        solved = self.chance(0.75)
        self.add(
            "complaints.csv",
            client=code,
            opened=opened,
            text="The colour is off",
            resolved=resolved if solved else "",
            outcome="solved" if solved else "",
        )

    def points(self, code):
        dice = self.dice
        for _ in range(dice.choice((1, 2))):
            granted = self.today - timedelta(days=dice.choice((320, 345, 350, 351, 352, 364)))
            self.add(
                "points.csv",
                client=code,
                points=dice.choice((20, 30, 49, 50, 120)),
                kind="gesture",
                date=granted,
                expires=dice.choice(("", granted + timedelta(days=365))),
            )

    def crowd(self):
        """Enough client-days for a median, the newest of them at the edge of the 365 days."""
        dice = self.dice
        self.add("clients.csv", code="C900", name="Client 900", status="moved")
        for number in range(dice.choice((20, 29, 30, 31, 40))):
            day = self.today - timedelta(days=dice.choice((364, 365, 366, 10 + 7 * number)))
            self.sale("C900", "M0", day, "S0")

    def files(self):
        texts = {}
        for name, rows in self.rows.items():
            if rows:
                out = io.StringIO(newline="")
                writer = csv.DictWriter(out, COLUMNS[name].split(), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
                texts[name] = out.getvalue()
        return texts


def make_case(seed, *, features=FEATURES):
    """``(files, start, end)``: CSV texts by name, and the window as aware instants.

    ``features`` leaves out what a caller does not want in the salon.
    """
    case = Case(seed, features)
    return case.files(), case.start, case.end


def write_case(seed, folder, *, features=FEATURES):
    """Write the salon of that seed into the folder; returns its window."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    files, start, end = make_case(seed, features=features)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    window = f"{start.isoformat()}\n{end.isoformat()}\n"
    (folder / "window.txt").write_text(window, encoding="utf-8")
    return start, end


def main(arguments):
    if len(arguments) != 2:
        print("usage: python -m tests.reference.make_case SEED FOLDER", file=sys.stderr)
        return 2
    write_case(int(arguments[0]), arguments[1])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
