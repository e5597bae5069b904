"""V3: three pages, each beside a view that runs the same SQL by a raw cursor and returns the same bytes."""

from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import include, path, reverse

from crm.office.benching.figures import Figure, Times, in_turn
from crm.office.benching.salon import Salon

ROUNDS = 25
# read for every page by the middleware, for the floor's too
OF_EVERY_PAGE = ('"django_session"', '"crm_user"')
# what the floor answers with: the SQL and the bytes of one page
recorded: dict[str, tuple[list[str], bytes]] = {}


def ready_made(request: HttpRequest, name: str) -> HttpResponse:
    """The same rows and the same bytes, without what makes a page of them."""
    statements, body = recorded[name]
    request.user.is_authenticated  # noqa: B018 who asks is read here as in the page
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()
    return HttpResponse(body)


urlpatterns = [path("bench-floor/<str:name>/", ready_made, name="floor"), path("", include("config.urls"))]


def addresses(salon: Salon) -> dict[str, str]:
    return {
        "today": reverse("desk:today"),
        "card": reverse("desk:client", args=[salon.often.pk]),
        "calendar": reverse("desk:calendar"),
    }


def measure(salon: Salon) -> list[Figure]:
    """Median and p95 of each page over the floor's."""
    figures = []
    with override_settings(ROOT_URLCONF="crm.office.benching.pages"):
        browser = _logged_in(salon)
        for name, address in addresses(salon).items():
            queries = record(browser, name, address)
            own, floor = in_turn(_visit(browser, address), _visit(browser, f"/bench-floor/{name}/"), rounds=ROUNDS)
            figures += [
                Figure(
                    f"V3 {name}", "median", own, floor, own.median / floor.median, at_most=5,
                    note=f"{queries} queries beside session and user",
                ),
                Figure(f"V3 {name} p95", "95th percentile", own, floor, own.at(0.95) / floor.at(0.95), at_most=8),
            ]  # fmt: skip
    return figures


def page_times(salon: Salon) -> dict[str, Times]:
    """The pages alone, for the comparison with another size."""
    with override_settings(ROOT_URLCONF="crm.office.benching.pages"):
        browser = _logged_in(salon)
        return {
            name: in_turn(_visit(browser, address), lambda: None, rounds=ROUNDS)[0]
            for name, address in addresses(salon).items()
        }


def record(browser: Browser, name: str, address: str) -> int:
    """Keeps what this page asks the database and answers; gives the number of its queries."""
    _visit(browser, address)()
    with CaptureQueriesContext(connection) as seen:
        body = browser.get(address).content
    statements = [
        query["sql"] for query in seen.captured_queries if not any(table in query["sql"] for table in OF_EVERY_PAGE)
    ]
    recorded[name] = ([one for one in statements if one.lstrip().startswith(("SELECT", "WITH"))], body)
    return len(statements)


def _logged_in(salon: Salon) -> Browser:
    browser = Browser(SERVER_NAME="127.0.0.1")
    browser.force_login(salon.receptionist, backend="crm.desk.backends.NameBackend")
    return browser


def _visit(browser: Browser, address: str) -> Callable[[], None]:
    def visit() -> None:
        answer = browser.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")

    return visit
