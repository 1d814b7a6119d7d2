"""Addition to exponentiation over numbers, strings, dates, times and durations (DMN 1.5 §10.3.2.15)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel import moments
from engine.feel.numbers import DECIMAL128, LARGEST_INT, Number, as_decimal, number_or_none, settle
from engine.feel.values import DATE, DATE_TIME, DAYS, MONTHS, NUMBER, STRING, TIME, YearsMonthsDuration, kind

MOST_MONTHS = 10**18
_ZONELESS_DAY = (DATE, DATE_TIME)


def add(left: Any, right: Any) -> Any:
    """``left + right``, or null when the two cannot be added."""
    if type(left) is int and type(right) is int:
        total = left + right
        return total if -LARGEST_INT < total < LARGEST_INT else settle(Decimal(total))
    one, two = kind(left), kind(right)
    if one is NUMBER and two is NUMBER:
        return _numeric(DECIMAL128.add, left, right)
    if one is STRING and two is STRING:
        return left + right
    if two is DAYS or two is MONTHS:
        return _add_duration(left, one, right, two)
    if one is DAYS or one is MONTHS:
        return _add_duration(right, two, left, one)
    return None


def subtract(left: Any, right: Any) -> Any:
    """``left - right``, or null when they cannot be subtracted."""
    if type(left) is int and type(right) is int:
        total = left - right
        return total if -LARGEST_INT < total < LARGEST_INT else settle(Decimal(total))
    one, two = kind(left), kind(right)
    if one is NUMBER and two is NUMBER:
        return _numeric(DECIMAL128.subtract, left, right)
    if two is DAYS or two is MONTHS:
        return _add_duration(left, one, negate(right), two)
    if one is TIME and two is TIME:
        return _time_between(left, right)
    if one in _ZONELESS_DAY and two in _ZONELESS_DAY:
        return _moment_between(left, one, right, two)
    return None


def multiply(left: Any, right: Any) -> Any:
    """``left * right``: two numbers, or a duration and a number."""
    if type(left) is int and type(right) is int and abs(left) < LARGEST_INT and abs(right) < LARGEST_INT:
        product = left * right
        return product if -LARGEST_INT < product < LARGEST_INT else settle(Decimal(product))
    one, two = kind(left), kind(right)
    if one is NUMBER and two is NUMBER:
        return _numeric(DECIMAL128.multiply, left, right)
    if one is NUMBER:
        left, right, one, two = right, left, two, one
    if two is NUMBER and (one is DAYS or one is MONTHS):
        return _scaled(left, one, number_or_none(right))
    return None


def divide(left: Any, right: Any) -> Any:
    """``left / right``; division by zero is null."""
    one, two = kind(left), kind(right)
    if one is NUMBER and two is NUMBER:
        return _numeric(DECIMAL128.divide, left, right)
    if two is NUMBER and (one is DAYS or one is MONTHS):
        number = number_or_none(right)
        return _scaled(left, one, number, division=True) if number else None
    if one is two and (one is DAYS or one is MONTHS):
        return _numeric(DECIMAL128.divide, _length(left, one), _length(right, one))
    return None


def power(left: Any, right: Any) -> Any:
    """``left ** right``."""
    if kind(left) is not NUMBER or kind(right) is not NUMBER:
        return None
    if right == 0:
        return None if number_or_none(left) is None else 1
    return _numeric(DECIMAL128.power, left, right)


def negate(value: Any) -> Any:
    """``-value``."""
    name = kind(value)
    if name is NUMBER:
        number = number_or_none(value)
        return None if number is None else (-number if number else 0)
    if name is DAYS:
        return moments.make_duration(-moments.nanoseconds(value))
    if name is MONTHS:
        return YearsMonthsDuration(-value.months)
    return None


def _numeric(operation: Any, left: Any, right: Any) -> Number | None:
    one, two = number_or_none(left), number_or_none(right)
    if one is None or two is None:
        return None
    return settle(operation(as_decimal(one), as_decimal(two)))


def _length(value: Any, name: str) -> int:
    return value.months if name is MONTHS else moments.nanoseconds(value)


def _scaled(value: Any, name: str, factor: Number | None, *, division: bool = False) -> Any:
    if factor is None:
        return None
    length, by = as_decimal(_length(value, name)), as_decimal(factor)
    exact = DECIMAL128.divide(length, by) if division else DECIMAL128.multiply(length, by)
    if not exact.is_finite() or exact.adjusted() > 30:
        return None
    whole = int(exact.to_integral_value() if division and name is DAYS else exact)
    return _months(whole) if name is MONTHS else moments.make_duration(whole)


def _months(count: int) -> YearsMonthsDuration | None:
    return YearsMonthsDuration(count) if abs(count) < MOST_MONTHS else None


def _add_duration(value: Any, name: str, duration: Any, duration_kind: str) -> Any:
    if duration_kind is MONTHS:
        if name is MONTHS:
            return _months(value.months + duration.months)
        return _add_months(value, name, duration.months)
    span = moments.nanoseconds(duration)
    if name is DAYS:
        return moments.make_duration(moments.nanoseconds(value) + span)
    if name is TIME:
        return moments.time_at(moments.nano_of_day(value) + span, value.tzinfo)
    if name is DATE_TIME:
        return moments.moment_at(moments.instant(value) + span, value.tzinfo)
    if name is DATE:
        start = moments.day_number(value.year, value.month, value.day) * moments.DAY
        return moments.date_of((start + span) // moments.DAY)
    return None


def _add_months(value: Any, name: str, months: int) -> Any:
    if name is not DATE and name is not DATE_TIME:
        return None
    day = moments.add_months(moments.date_part(value), months)
    if day is None or name is DATE:
        return day
    return moments.make_moment(day, moments.time_part(value))


def _time_between(left: Any, right: Any) -> Any:
    one, two = moments.offset_seconds(left), moments.offset_seconds(right)
    if (one is None) != (two is None):
        return None
    shift = ((one or 0) - (two or 0)) * moments.SECOND
    return moments.make_duration(moments.nano_of_day(left) - moments.nano_of_day(right) - shift)


def _moment_between(left: Any, one: str, right: Any, two: str) -> Any:
    """Either both have a zone or neither; a date beside a date and time is its midnight in UTC (§10.3.2.15)."""
    left_zoned = one is DATE or left.tzinfo is not None
    right_zoned = two is DATE or right.tzinfo is not None
    if left_zoned != right_zoned:
        return None
    return moments.make_duration(_at(left, one) - _at(right, two))


def _at(value: Any, name: str) -> int:
    if name is DATE:
        return moments.day_number(value.year, value.month, value.day) * moments.DAY
    return moments.instant(value)
