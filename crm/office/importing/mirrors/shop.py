"""Orders, recommendations, places that have it, and who waits for a word, as files (practices.md, P34 to P36 and P51)."""

from crm.catalogue.models import Product, Recommendation
from crm.office.importing.mirrors.belonging import in_branch, of
from crm.office.importing.mirrors.columns import (
    CLIENT,
    RECEIPT,
    SERVICE,
    Reference,
    day,
    moment,
    money,
    one,
    text,
    whole,
    yes,
)
from crm.office.importing.mirrors.mirror import Mirror
from crm.orders.models import Order, Place, StockHelp

PRODUCT = Reference(Product)


def _ended(order: Order) -> bool:
    return (order.stage in Order.OPEN) == (order.ended_at is None) == (order.ended_on is None)


SHOP = (
    Mirror(
        "recommended.csv", Recommendation,
        (
            one("service", "service", SERVICE, needed=True), one("product", "product", PRODUCT, needed=True),
            whole("position", empty=0),
        ),
        here=of("service__branch"), same=("service_id", "product_id"),
    ),
    Mirror(
        "places.csv", Place,
        (text("name", needed=True), text("address"), text("phone"), yes("suggested", "is_active", empty=True)),
        here=of("branch"), same=("name", "branch_id"), follows=in_branch,
    ),
    Mirror(
        "orders.csv", Order,
        (
            one("client", "client", CLIENT, needed=True), one("product", "product", PRODUCT, needed=True),
            whole("quantity", needed=True), money("price", needed=True), text("stage", needed=True),
            day("promised", "promised_on", needed=True), day("first_promised", "first_promised_on", needed=True),
            moment("accepted", "accepted_at", needed=True), day("date", "accepted_on", needed=True), text("note"),
            moment("ended", "ended_at"), day("ended_on", "ended_on"), money("prepaid", needed=True),
            text("prepaid_code"), one("receipt", "sale", RECEIPT),
        ),
        here=of("branch"), same=("accepted_at", "client_id", "product_id"), follows=in_branch, holds=_ended,
    ),
    Mirror(
        "stock_helps.csv", StockHelp,
        (
            one("client", "client", CLIENT, needed=True), one("product", "product", PRODUCT, needed=True),
            moment("when", "at", needed=True), day("date", "on", needed=True), yes("word", "wants_word"),
            moment("given_up", "given_up_at"),
        ),
        here=of("branch"), same=("at", "client_id", "product_id"), follows=in_branch,
    ),
)  # fmt: skip
