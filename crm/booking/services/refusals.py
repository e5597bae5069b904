"""Why a booking verb says no, in words fit for the desk."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from crm.booking.services.slots import Slot


class BookingRefused(Exception):
    """A verb could not be done; `words` say why and what to do."""

    words: "_StrOrPromise" = _("This cannot be done now.")

    def __str__(self) -> str:
        return str(self.words)

    @property
    def desk_words(self) -> str:
        """The same for the desk, which may know more."""
        return str(self)


class SlotTaken(BookingRefused):
    """The time is not free. `nearest` are free slots around it, the nearest first.

    Given as a function they are looked for when somebody asks: by then the locks are let go, and they are free.
    """

    words: "_StrOrPromise" = _("This time is taken. Choose one of the free times nearby.")

    def __init__(self, nearest: "Sequence[Slot] | Callable[[], Sequence[Slot]]" = ()) -> None:
        super().__init__()
        self._nearest = nearest

    @cached_property
    def nearest(self) -> "list[Slot]":
        return list(self._nearest() if callable(self._nearest) else self._nearest)


class NobodyThere(SlotTaken):
    """Who was asked for does not work then, or nobody who does one of the services."""

    def __init__(self, words: str, nearest: "Sequence[Slot] | Callable[[], Sequence[Slot]]" = ()) -> None:
        super().__init__(nearest)
        self.words = words


class KeptTime(SlotTaken):
    """Kept for somebody on the waiting list; for whom and until when is for the desk alone."""

    def __init__(self, desk_words: str, nearest: "Sequence[Slot] | Callable[[], Sequence[Slot]]" = ()) -> None:
        super().__init__(nearest)
        self._desk_words = desk_words

    @property
    def desk_words(self) -> str:
        return self._desk_words


class OutsideHours(SlotTaken):
    """The master does not work then: outside working hours, in a break or time off."""

    words = _("The master does not work then. Choose one of the free times, or say that it is agreed.")


class RoomTaken(SlotTaken):
    """The master would be free, but no room or chair of the service is."""

    words = _("No room is free at this time. Choose one of the free times nearby.")


class ClientBusy(SlotTaken):
    """She has another visit at that hour; the desk may agree with her that she has both."""

    def __init__(self, words: str, nearest: "Sequence[Slot] | Callable[[], Sequence[Slot]]" = ()) -> None:
        super().__init__(nearest)
        self.words = words


class OffGrid(SlotTaken):
    """Visits do not begin at such a minute; the desk may agree with her that this one does."""

    def __init__(self, words: str, nearest: "Sequence[Slot] | Callable[[], Sequence[Slot]]" = ()) -> None:
        super().__init__(nearest)
        self.words = words


class InThePast(BookingRefused):
    words = _("This time is over. Choose a later one.")


class CannotDoService(BookingRefused):
    """A master who does not do it; `words` name who does, where somebody does."""

    words: "_StrOrPromise" = _("This master does not do this service. Choose another master.")

    def __init__(self, words: str = "") -> None:
        super().__init__()
        if words:
            self.words = words


class WrongMoment(BookingRefused):
    """The appointment has moved on: somebody else was quicker, or the day is not right."""

    words = _("The appointment has changed meanwhile. Look at it again.")


class NotToday(BookingRefused):
    words = _("The appointment is on another day.")


class TooEarly(BookingRefused):
    words = _("The appointment has not begun yet. Wait until its hour, or cancel it.")


class UndoIsOver(BookingRefused):
    words = _("It is too late to undo this.")
