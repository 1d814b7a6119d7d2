"""Numbers of FEEL: whole ones as ``int``, others as ``Decimal`` with 34 digits (DMN 1.5 §10.3.2.3.1)."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from typing import Any

Number = int | Decimal

DECIMAL128 = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])
_WIDE = Context(prec=6200, rounding=ROUND_HALF_EVEN, Emin=-99999, Emax=99999, traps=[])
LARGEST_INT = 10**34
ROUNDINGS = {
    "up": ROUND_UP,
    "down": ROUND_DOWN,
    "half up": ROUND_HALF_UP,
    "half down": ROUND_HALF_DOWN,
    "half even": ROUND_HALF_EVEN,
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
}


def is_number(value: Any) -> bool:
    """True for int, Decimal and finite float, never for a boolean."""
    kind = type(value)
    return kind is int or kind is Decimal or kind is float


def number_or_none(value: Any) -> Number | None:
    """The value as a FEEL number, or None when it is none."""
    kind = type(value)
    if kind is int:
        return value if -LARGEST_INT < value < LARGEST_INT else settle(Decimal(value))
    if kind is Decimal:
        return value if value.is_finite() else None
    if kind is float:
        number = Decimal(repr(value))
        return number if number.is_finite() else None
    return None


def settle(value: Decimal) -> Number | None:
    """A result rounded to 34 digits; an infinity or not-a-number is null; small whole numbers are ints."""
    value = DECIMAL128.plus(value)
    if not value.is_finite():
        return None
    if value.adjusted() < 34 and value == value.to_integral_value():
        return int(value)
    return value


def as_decimal(value: Number | float) -> Decimal:
    """The value as a decimal, exactly."""
    return Decimal(repr(value)) if type(value) is float else Decimal(value)


def whole(value: Any) -> int | None:
    """The value as an int when it is a whole number, else None."""
    number = number_or_none(value)
    if number is None:
        return None
    if type(number) is int:
        return number
    decimal = as_decimal(number)
    integral = int(decimal) if abs(decimal.adjusted()) < 40 else 0
    return integral if integral == decimal else None


def round_to(value: Number, scale: int, mode: str) -> Number | None:
    """Rounded to a number of decimals in one of the standard's modes."""
    if not -6111 <= scale <= 6176:
        return None
    decimal = as_decimal(value)
    if decimal.is_zero():
        return 0
    exponent = decimal.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -scale:
        return settle(decimal)
    rounded = decimal.quantize(Decimal((0, (1,), -scale)), rounding=ROUNDINGS[mode], context=_WIDE)
    return settle(rounded)


def format_number(value: Number | float) -> str:
    """Plain digits, never an exponent, no trailing zeros after the point."""
    if type(value) is int:
        return str(value)
    text = format(as_decimal(value), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
