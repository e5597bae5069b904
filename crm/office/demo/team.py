"""The demo's two branches, who works there, and who logs in."""

from dataclasses import dataclass
from datetime import time

from django.contrib.auth.hashers import make_password

from crm.catalogue.models import Service, Skill
from crm.team.models import Branch, Master, User, WorkingHours
from crm.team.services import settle_rights

# for the made-up salon only: `demo_salon` runs nowhere else
PASSWORD = "regulars-demo"  # noqa: S105
OPENS, CLOSES = time(9), time(20)


@dataclass(frozen=True)
class Worker:
    """`days`: weekdays on which she works, Monday is 0; `kinds`: first letters of the codes of her services."""

    username: str
    name: str
    kinds: str
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)


# the first three are there every day, so that there is something to see on any
WORKERS = [
    Worker("master", "Amina Demić", "LB"),
    Worker("lejla", "Lejla Probić", "LN"),
    Worker("dina", "Dina Uzorković", "H"),
    Worker("sanja", "Sanja Primjerić", "NBM", (0, 1, 2, 3, 4)),
    Worker("mia", "Mia Sample", "H", (1, 2, 3, 4, 5)),
    Worker("vera", "Вера Примерова", "NL", (0, 2, 3, 5, 6)),
]


@dataclass(frozen=True)
class Team:
    owner: User
    receptionist: User
    masters: list[Master]


def make_branch(name: str, *, time_zone: str, address: str, phone: str) -> Branch:
    return Branch.objects.create(name=name, time_zone=time_zone, currency="EUR", address=address, phone=phone)


def make_team(branch: Branch, services: list[Service], language: str) -> Team:
    """The owner, the receptionist and six masters, each with a login of the same password."""
    # hashing well takes a third of a second: once for all of them
    hashed = make_password(PASSWORD)
    owner = _login("owner", "Olga", "Demo", User.Role.OWNER, branch, language, hashed)
    receptionist = _login("receptionist", "Rina", "Demo", User.Role.RECEPTIONIST, branch, language, hashed)
    masters = []
    for worker in WORKERS:
        first, last = worker.name.split()
        user = _login(worker.username, first, last, User.Role.MASTER, branch, language, hashed)
        masters.append(
            make_master(
                branch,
                worker.name,
                user,
                worker.username,
                worker.days,
                [s for s in services if s.code[0] in worker.kinds],
            )
        )
    return Team(owner, receptionist, masters)


def make_outsider(branch: Branch, services: list[Service], language: str) -> Master:
    """A master of another branch, who must see nothing of the first."""
    user = _login("outsider", "Nina", "Otherplace", User.Role.MASTER, branch, language, make_password(PASSWORD))
    return make_master(branch, str(user), user, "outsider", (0, 1, 2, 3, 4, 5), services)


def make_master(
    branch: Branch, name: str, user: User, code: str, days: tuple[int, ...], services: list[Service]
) -> Master:
    master = Master.objects.create(branch=branch, name=name, code=code, user=user)
    WorkingHours.objects.bulk_create(
        WorkingHours(master=master, weekday=day, starts=starts, ends=ends)
        for day in days
        for starts, ends in ((OPENS, time(13, 30)), (time(14), CLOSES))
    )
    Skill.objects.bulk_create(Skill(master=master, service=service) for service in services)
    return master


def _login(username: str, first: str, last: str, role: str, branch: Branch, language: str, hashed: str) -> User:
    user = User(
        username=username,
        first_name=first,
        last_name=last,
        email=f"{username}@example.test",
        role=role,
        branch=branch,
        language=language,
        password=hashed,
    )
    settle_rights(user)
    user.save()
    return user
