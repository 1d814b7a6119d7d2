"""Numeric functions (DMN 1.5 §10.3.4.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import moments
from engine.feel.builtins.registry import as_number, as_place, built_in, single
from engine.feel.numbers import DECIMAL128, as_decimal, round_to, settle
from engine.feel.runtime import Run
from engine.feel.values import DAYS, MONTHS, YearsMonthsDuration, kind

SLOW_STEPS = 40


def _rounding(mode: str) -> Callable[..., Any]:
    def function(run: Run, n: Any, *scale: Any) -> Any:
        number = as_number(n)
        places = as_place(scale[0]) if scale else 0
        run.spend(abs(places or 0) // 50)
        return None if number is None or places is None else round_to(number, places, mode)

    return function


built_in("decimal", "n", "scale")(_rounding("half even"))
built_in("floor", "n", "scale", optional=1)(_rounding("floor"))
built_in("ceiling", "n", "scale", optional=1)(_rounding("ceiling"))
built_in("round up", "n", "scale")(_rounding("up"))
built_in("round down", "n", "scale")(_rounding("down"))
built_in("round half up", "n", "scale")(_rounding("half up"))
built_in("round half down", "n", "scale")(_rounding("half down"))


@built_in("abs", "n")
def absolute(run: Run, n: Any) -> Any:
    """The size of a number or a duration."""
    value = single(n)
    name = kind(value)
    if name is DAYS:
        return moments.make_duration(abs(moments.nanoseconds(value)))
    if name is MONTHS:
        return YearsMonthsDuration(abs(value.months))
    number = as_number(value)
    return None if number is None else abs(number)


@built_in("modulo", "dividend", "divisor")
def modulo(run: Run, dividend: Any, divisor: Any) -> Any:
    """The remainder, with the sign of the divisor: dividend - divisor*floor(dividend/divisor)."""
    left, right = as_number(dividend), as_number(divisor)
    if left is None or right is None or right == 0:
        return None
    if type(left) is int and type(right) is int:
        return left % right
    one, two = as_decimal(left), as_decimal(right)
    rest = DECIMAL128.remainder(one, two)
    if not rest.is_finite():
        return None
    return settle(DECIMAL128.add(rest, two) if rest and (rest < 0) != (two < 0) else rest)


@built_in("sqrt", "number")
def sqrt(run: Run, number: Any) -> Any:
    """The square root; of a negative number null."""
    value = as_number(number)
    run.spend(SLOW_STEPS)
    return None if value is None or value < 0 else settle(DECIMAL128.sqrt(as_decimal(value)))


@built_in("log", "number")
def log(run: Run, number: Any) -> Any:
    """The natural logarithm; null unless the number is positive."""
    value = as_number(number)
    run.spend(SLOW_STEPS)
    return None if value is None or value <= 0 else settle(DECIMAL128.ln(as_decimal(value)))


@built_in("exp", "number")
def exp(run: Run, number: Any) -> Any:
    """e to the power of the number."""
    value = as_number(number)
    run.spend(SLOW_STEPS)
    return None if value is None else settle(DECIMAL128.exp(as_decimal(value)))


@built_in("odd", "number")
def odd(run: Run, number: Any) -> bool | None:
    """Whether a whole number is odd; null of any other."""
    rest = _rest_of_two(number)
    return None if rest is None else rest == 1


@built_in("even", "number")
def even(run: Run, number: Any) -> bool | None:
    """Whether a whole number is even; null of any other."""
    rest = _rest_of_two(number)
    return None if rest is None else rest == 0


def _rest_of_two(value: Any) -> int | None:
    """0 for an even whole number, 1 for an odd one."""
    number = as_number(value)
    if number is None or type(number) is int:
        return None if number is None else number % 2
    decimal = as_decimal(number)
    if decimal != decimal.to_integral_value():
        return None
    return 0 if decimal.adjusted() > DECIMAL128.prec else int(decimal) % 2
