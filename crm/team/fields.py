"""Fields for money and for what must not lie open in the database."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable
from django.forms import DecimalField as DecimalFormField
from django.utils.translation import gettext_lazy as _

# currencies whose smallest unit is not a hundredth (ISO 4217)
DIGITS = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "VND": 0, "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3}
SCALE = Decimal(1000)


def digits(currency: str) -> int:
    """Decimal places of the currency's smallest unit."""
    return DIGITS.get(currency, 2)


def smallest_unit(currency: str) -> Decimal:
    """The currency's smallest unit, `Decimal("0.01")` for most."""
    return Decimal(1).scaleb(-digits(currency))


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Half up (away from zero) to the currency's smallest unit (rules.md, Money at the checkout)."""
    return amount.quantize(smallest_unit(currency), rounding=ROUND_HALF_UP)


class MoneyField(models.BigIntegerField):
    """Exact money: thousandths as a whole number in the database, Decimal in Python.

    SQLite adds decimals as floats; whole numbers it adds exactly. A thousandth
    holds every currency in circulation. Sums come back as Decimal too.
    """

    description = _("Money")
    # for the type checker only: what may be put in, what comes out, what it is looked up by
    _pyi_private_set_type: Decimal | int | str | Combinable
    _pyi_private_get_type: Decimal
    _pyi_lookup_exact_type: Decimal | int | str

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else (Decimal(int(value)) / SCALE).quantize(Decimal("0.001"))

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value))
        except InvalidOperation as error:
            raise ValidationError(_("“%(value)s” is not an amount of money."), params={"value": value}) from error

    def get_prep_value(self, value: Any) -> int | None:
        if value is None:
            return None
        scaled = self.to_python(value) * SCALE
        whole = scaled.to_integral_value()
        if whole != scaled:
            raise ValidationError(_("“%(value)s” has more than three decimal places."), params={"value": value})
        return int(whole)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> int | None:
        return value if prepared else self.get_prep_value(value)

    @property
    def validators(self) -> list:
        # the whole-number bounds of the column are those of thousandths, not of the amount
        return list(self._validators)

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(
            self, **{"form_class": DecimalFormField, "max_digits": 15, "decimal_places": 3, **kwargs}
        )

    def value_to_string(self, obj: Any) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


class EncryptedTextField(models.TextField):
    """Text encrypted at rest with FIELD_KEYS; the first key writes, all of them read (trust.md, Privacy)."""

    description = _("Encrypted text")

    def get_prep_value(self, value: Any) -> str | None:
        value = super().get_prep_value(value)
        if value is None:
            return None
        return _cipher(tuple(settings.FIELD_KEYS)).encrypt(value.encode()).decode()

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        if value is None:
            return None
        try:
            return _cipher(tuple(settings.FIELD_KEYS)).decrypt(value.encode()).decode()
        except InvalidToken as error:
            raise ValueError("A health note cannot be read: its key is missing from FIELD_KEYS.") from error
