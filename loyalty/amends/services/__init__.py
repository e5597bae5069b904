"""The verbs of making up: for a day the salon could not keep, and for a complaint."""

from loyalty.amends.services.bad_days import make_up_for
from loyalty.amends.services.choosing import AlreadyChosen, NotOffered, choose_solution, hand_money_back
from loyalty.amends.services.offering import (
    AmendsRefused,
    DecidedBefore,
    NotYourDecision,
    OfferTwo,
    OwnCase,
    Solution,
    agree_to_option,
    offer_solutions,
    refuse_option,
    withdraw_option,
)

__all__ = [
    "AlreadyChosen",
    "AmendsRefused",
    "DecidedBefore",
    "NotOffered",
    "NotYourDecision",
    "OfferTwo",
    "OwnCase",
    "Solution",
    "agree_to_option",
    "choose_solution",
    "hand_money_back",
    "make_up_for",
    "offer_solutions",
    "refuse_option",
    "withdraw_option",
]
