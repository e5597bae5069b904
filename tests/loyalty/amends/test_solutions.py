"""Solutions of a complaint: a choice of two, a limit, given once and in the same act (practices.md, P31)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm.booking.models import Appointment, AppointmentEvent
from crm.care.models import Complaint, ComplaintOption, Redo
from crm.care.services import (
    ComplaintRefused,
    NotYourVisit,
    RedoRefused,
    agree_redo,
    book_redo,
    open_complaint,
    reopen_complaint,
    report_redo,
    resolve_complaint,
)
from crm.reports.selectors.standing import On
from crm.sales.models import Sale
from crm.team.models import CrmSettings
from loyalty.amends.models import Compensation
from loyalty.amends.selectors import complaints_with_costs
from loyalty.amends.services import (
    AlreadyChosen,
    DecidedBefore,
    NotOffered,
    NotYourDecision,
    OfferTwo,
    OwnCase,
    Solution,
    agree_to_option,
    choose_solution,
    hand_money_back,
    offer_solutions,
    refuse_option,
)
from loyalty.gifts.models import Gift, PotEntry
from loyalty.gifts.services import take_back_gift
from loyalty.points.models import LedgerEntry
from loyalty.points.selectors import balance_of, given_by_hand_on
from loyalty.vouchers.models import Voucher
from tests.factories import NOW, TODAY, local, make_appointment, make_complaint
from tests.loyalty.till import give_back, pay

pytestmark = pytest.mark.django_db

Kind, State = ComplaintOption.Kind, ComplaintOption.State
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def visit(cast) -> Appointment:
    """Vera's lashes of yesterday by Anna, 60.00 paid."""
    done = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=local(YESTERDAY, 10), services=[cast.lashes], status="done"
    )
    pay(cast.vera, 60, service=cast.lashes, appointment=done, now=local(YESTERDAY, 12))
    Sale.objects.get().lines.update(master=cast.anna)
    return done


@pytest.fixture
def case(cast, visit) -> Complaint:
    return open_complaint(
        client=cast.vera,
        branch=cast.branch,
        text="The corners fall out",
        now=NOW,
        user=cast.user_of(cast.anna),
        appointment=visit,
    )


def redo(cast, key="redo") -> Solution:
    return Solution(kind=Kind.REDO, key=key, services=[cast.lashes])


def off(percent, key="off") -> Solution:
    return Solution(kind=Kind.DISCOUNT, key=key, percent=percent)


def offer(case, user, *solutions) -> list[ComplaintOption]:
    return offer_solutions(complaint=case, solutions=solutions, user=user, now=NOW)


def test_one_solution_is_no_choice(cast, case):
    with pytest.raises(OfferTwo):
        offer(case, cast.receptionist, redo(cast))
    assert not ComplaintOption.objects.exists()

    first = offer(case, cast.receptionist, redo(cast), off(20))
    # sent twice, offered once; a third beside two is welcome
    assert offer(case, cast.receptionist, redo(cast), off(20)) == first
    third = offer(case, cast.receptionist, off(10, key="third"))
    # a redo costs its price, 20 % and 10 % of the 60 she paid
    assert [(each.kind, each.state, each.cost) for each in first + third] == [
        ("redo", "offered", 60),
        ("discount", "offered", 12),
        ("discount", "offered", 6),
    ]


@pytest.mark.parametrize(
    ("who", "percent", "state"),
    [
        # 30 for a master, 100 for the reception, of 60 paid: 50 % is 30.00, 51 % is 30.60
        ("anna", 50, State.OFFERED),
        ("anna", 51, State.WAITING),
        ("receptionist", 100, State.OFFERED),
        ("owner", 100, State.OFFERED),
    ],
)
def test_above_her_limit_a_second_person_is_asked(cast, case, who, percent, state):
    user = cast.user_of(cast.anna) if who == "anna" else getattr(cast, who)
    _redo, discount = offer(case, user, redo(cast), off(percent))
    assert discount.state == state


def test_what_was_given_before_counts_into_the_limit(cast, case):
    anna = cast.user_of(cast.anna)
    _redo, discount = offer(case, anna, redo(cast), off(30))
    # 18.00 of 30.00
    choose_solution(option=discount, user=anna, now=NOW)
    again = offer(case, anna, off(20, key="12.00 fits"), off(21, key="12.60 does not"))
    assert [each.state for each in again] == [State.OFFERED, State.WAITING]


def test_money_goes_back_by_the_word_of_the_reception_and_never_of_who_asked(cast, case):
    anna = cast.user_of(cast.anna)
    money = Solution(kind=Kind.REFUND, key="money", sale=Sale.objects.get())
    refund, _redo = offer(case, anna, money, redo(cast))
    assert (refund.state, refund.cost) == (State.WAITING, 60)
    with pytest.raises(NotOffered):
        choose_solution(option=refund, user=anna, now=NOW)
    for nobody in (anna, cast.user_of(cast.boris)):
        with pytest.raises(NotYourDecision):
            agree_to_option(option=refund, user=nobody, now=NOW)

    assert agree_to_option(option=refund, user=cast.receptionist, now=NOW).state == State.OFFERED
    with pytest.raises(DecidedBefore):
        refuse_option(option=refund, user=cast.owner, now=NOW)
    kinds = list(case.events.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["opened", "asked", "offered", "agreed"]


def test_the_reception_agrees_up_to_its_own_limit(cast, case):
    CrmSettings.objects.create(pk=1, amends_reception_limit=50)
    words = Solution(kind=Kind.OTHER, key="flowers", text="Flowers by courier", cost=Decimal("50.01"))
    flowers, _redo = offer(case, cast.user_of(cast.anna), words, redo(cast))
    with pytest.raises(NotYourDecision):
        agree_to_option(option=flowers, user=cast.receptionist, now=NOW)
    refuse_option(option=flowers, user=cast.owner, now=NOW, why="A card will do")
    flowers.refresh_from_db()
    assert flowers.state == State.REFUSED
    assert case.events.get(kind="refused").text == "Flowers by courier: A card will do"


def test_a_discount_is_hers_in_the_same_act_and_once(cast, case):
    shown_redo, discount = offer(case, cast.receptionist, redo(cast), off(20))

    given = choose_solution(option=discount, user=cast.receptionist, now=NOW)
    again = choose_solution(option=discount, user=cast.receptionist, now=NOW)

    assert given is not None
    assert given == again == Compensation.objects.get()
    voucher = Voucher.objects.get()
    assert (given.cost, given.voucher, voucher.client, voucher.percent, voucher.kind) == (
        12, voucher, cast.vera, 20, Voucher.Kind.AMENDS,
    )  # fmt: skip
    # 90 days from the 10th of June, the first one counted
    assert (voucher.valid_from, voucher.valid_until) == (TODAY, date(2026, 9, 7))
    shown_redo.refresh_from_db()
    assert shown_redo.state == State.DECLINED
    with pytest.raises(AlreadyChosen):
        choose_solution(option=shown_redo, user=cast.receptionist, now=NOW)
    assert case.steps.get(step=4).done_at == NOW


def test_a_voucher_costs_what_it_took_off_and_nothing_once_its_days_are_over(cast, case):
    _redo, discount = offer(case, cast.receptionist, redo(cast), off(20))
    choose_solution(option=discount, user=cast.receptionist, now=NOW)

    def cost(today: date) -> str:
        on = On(today, local(today, 23), live=False)
        [row] = complaints_with_costs(on, TODAY, TODAY + timedelta(days=1))["solutions"]
        return row["cost"]

    # reckoned with 20 % of the 60 of that visit; never used, 90 days later, it has cost nothing
    assert (cost(TODAY), cost(date(2026, 9, 7)), cost(date(2026, 9, 8))) == ("12.00", "12.00", "0.00")
    in_a_week = TODAY + timedelta(days=7)
    sale = pay(cast.vera, 40, 30, now=local(in_a_week, 12))
    # 20 % of the 70 that she then paid for; the day before nobody knew
    assert (cost(in_a_week - timedelta(days=1)), cost(in_a_week), cost(date(2026, 9, 8))) == ("12.00", "14.00", "14.00")
    # the one for 30 is returned two days later, and the 6.00 that were off it
    give_back(sale, now=local(in_a_week + timedelta(days=2), 12), lines=[1])
    assert (cost(in_a_week), cost(in_a_week + timedelta(days=2))) == ("14.00", "8.00")


def test_a_second_choice_in_one_case_is_refused_until_it_is_opened_again(cast, case):
    _redo, discount = offer(case, cast.receptionist, redo(cast), off(20))
    choose_solution(option=discount, now=NOW)
    later = offer(case, cast.receptionist, off(5, key="a"), off(6, key="b"))
    with pytest.raises(AlreadyChosen):
        choose_solution(option=later[0], now=NOW)

    resolve_complaint(complaint=case, outcome="solved", resolution="20 % off", now=NOW, user=cast.owner)
    with pytest.raises(ComplaintRefused):
        choose_solution(option=later[0], now=NOW)
    reopen_complaint(complaint=case, now=NOW + timedelta(days=2), user=cast.owner)
    assert choose_solution(option=later[0], now=NOW + timedelta(days=2)) is not None


def test_points_are_given_beside_the_day_s_limit_by_hand(cast, case):
    points, _redo = offer(case, cast.user_of(cast.anna), Solution(kind=Kind.POINTS, key="p", points=25), redo(cast))
    before = balance_of(cast.vera)
    choose_solution(option=points, user=cast.user_of(cast.anna), now=NOW)
    assert balance_of(cast.vera) == before + 25
    assert LedgerEntry.objects.get(source=f"amends {points.pk}").points == 25
    assert given_by_hand_on(cast.user_of(cast.anna), TODAY) == 0


def test_a_gift_goes_off_the_shelf_and_not_out_of_the_pot(cast, case):
    cream = Gift.objects.create(branch=cast.branch, name="Hand cream", cost=Decimal(3), stock=1)
    gift, _redo = offer(case, cast.receptionist, Solution(kind=Kind.GIFT, key="g", gift=cream), redo(cast))
    given = choose_solution(option=gift, user=cast.receptionist, now=NOW)
    cream.refresh_from_db()
    assert given is not None
    assert (cream.stock, given.cost, PotEntry.objects.filter(kind="given").count()) == (0, 3, 0)
    take_back_gift(given=given.gift, now=NOW)
    cream.refresh_from_db()
    assert (cream.stock, PotEntry.objects.filter(kind="returned").count()) == (1, 0)


def test_money_she_chose_by_herself_waits_for_a_person_at_the_till(cast, case):
    sale = Sale.objects.get()
    refund, _redo = offer(case, cast.owner, Solution(kind=Kind.REFUND, key="m", sale=sale), redo(cast))
    assert choose_solution(option=refund, now=NOW) is None
    refund.refresh_from_db()
    assert (refund.state, Sale.objects.count()) == (State.CHOSEN, 1)
    given = hand_money_back(option=refund, user=cast.receptionist, now=NOW, method="cash")
    assert hand_money_back(option=refund, user=cast.receptionist, now=NOW) == given
    assert (given.refund.refund_of, given.refund.total, given.cost) == (sale, -60, 60)


def test_nobody_makes_up_to_herself(cast, case):
    anna = cast.user_of(cast.anna)
    anna.email = cast.vera.email
    anna.save(update_fields=["email"])
    with pytest.raises(OwnCase):
        offer(case, anna, redo(cast), off(10))


def book(found: Redo, cast, hour=12):
    return book_redo(
        redo=found,
        services=[cast.lashes],
        master=cast.anna,
        starts_at=local(TODAY + timedelta(days=1), hour),
        now=NOW,
        by=Appointment.By.CLIENT,
        via=AppointmentEvent.Via.DESK,
        user=cast.receptionist,
    )


def test_what_is_done_again_is_free_one_off_and_takes_the_first_figure_once(cast, case, visit):
    again, _off = offer(case, cast.receptionist, redo(cast), off(20))
    choose_solution(option=again, user=cast.receptionist, now=NOW)
    found = Redo.objects.get()
    assert (found.went_wrong, found.master, found.figure, found.reverses) == (visit, cast.anna, 60, True)
    # agreed once more, by whatever way, it is the same one
    assert agree_redo(complaint=case, services=[cast.lashes], now=NOW, user=None) == found

    appointment = book(found, cast)
    service = appointment.lines.get().service
    assert (service.redo_of, service.is_one_off, service.price, appointment.price) == (cast.lashes, True, 0, 0)
    assert (service.minutes, service.is_bookable_online) == (90, False)
    with pytest.raises(RedoRefused):
        book(found, cast, hour=15)
    found.refresh_from_db()
    assert found.appointment == appointment


def test_who_says_so_before_the_client_complains_keeps_her_figure(cast, visit):
    anna = cast.user_of(cast.anna)
    with pytest.raises(NotYourVisit):
        report_redo(appointment=visit, note="", now=NOW, user=cast.user_of(cast.boris))
    found = report_redo(appointment=visit, note="Corners", now=NOW, user=anna)
    assert report_redo(appointment=visit, note="Corners", now=NOW, user=anna) == found
    later = make_complaint(cast.vera, appointment=visit, opened_at=NOW + timedelta(hours=1))
    joined = agree_redo(complaint=later, services=[cast.lashes], now=NOW + timedelta(hours=1), user=cast.owner)
    assert (joined, joined.complaint, joined.reverses) == (found, later, False)


def test_who_says_so_after_she_complained_does_not(cast, case, visit):
    found = report_redo(appointment=visit, note="Corners", now=NOW + timedelta(minutes=1), user=cast.user_of(cast.anna))
    joined = agree_redo(complaint=case, services=[cast.lashes], now=NOW + timedelta(minutes=2), user=None)
    assert (joined, joined.reverses) == (found, True)
