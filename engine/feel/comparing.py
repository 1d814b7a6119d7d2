"""Equality, order and membership with three-valued logic (DMN 1.5 §10.3.2.13, tables 49 to 55)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from engine.feel import moments
from engine.feel.numbers import number_or_none
from engine.feel.runtime import DEFAULT, Run
from engine.feel.values import (
    BOOLEAN,
    CONTEXT,
    DATE,
    DATE_TIME,
    DAYS,
    LIST,
    MONTHS,
    NULL,
    NUMBER,
    RANGE,
    STRING,
    TIME,
    UNKNOWN,
    Range,
    kind,
)

_SAME = frozenset({int, str, Decimal, bool, date})
_ORDERED = frozenset({int, str, Decimal, date})


def equal(left: Any, right: Any, run: Run | None = None) -> bool | None:
    """``left = right``: null beside a value is false, values of different kinds give null.

    The items of lists and contexts are counted against the run's budget.
    """
    if type(left) is type(right) and type(left) in _SAME:
        return bool(left == right)
    left_kind, right_kind = _known(left), _known(right)
    if left_kind is NULL or right_kind is NULL:
        return left_kind is right_kind
    if left_kind is not right_kind:
        return None
    if left_kind is NUMBER:
        return number_or_none(left) == number_or_none(right)
    if left_kind is LIST or left_kind is CONTEXT:
        return len(left) == len(right) and _same_inside(left, right, left_kind, run or Run(DEFAULT))
    if left_kind is RANGE:
        return _same_range(left, right)
    return _same_scalar(left, right, left_kind)


def equals(left: Any, right: Any, run: Run | None = None) -> bool | None:
    """The operator ``=``: equality, where a list of one item beside another value is its item (§10.3.2.9.4)."""
    same = equal(left, right, run)
    if same is not None:
        return same
    left_listed, right_listed = kind(left) is LIST, kind(right) is LIST
    if left_listed is right_listed:
        return None
    items, other = (left, right) if left_listed else (right, left)
    return equal(items[0], other, run) if len(items) == 1 and items[0] is not None else None


def _same_inside(left: Any, right: Any, name: str, run: Run) -> bool:
    run.spend(len(left) + 1)
    if name is LIST:
        return all(equal(a, b, run) for a, b in zip(left, right, strict=True))
    return all(key in right and equal(left[key], right[key], run) for key in left)


def _known(value: Any) -> str:
    name = kind(value)
    return NULL if name is UNKNOWN else name


def _same_range(left: Range, right: Range) -> bool:
    return (
        left.operator == right.operator
        and left.start_included == right.start_included
        and left.end_included == right.end_included
        and bool(equal(left.start, right.start))
        and bool(equal(left.end, right.end))
    )


def _same_scalar(left: Any, right: Any, name: str) -> bool:
    """Times are equal by hour, minute, whole second and offset (table 53 compares their properties)."""
    if name is TIME:
        one, two = moments.nano_of_day(left) // moments.SECOND, moments.nano_of_day(right) // moments.SECOND
        return one == two and moments.offset_seconds(left) == moments.offset_seconds(right)
    if name is DATE_TIME:
        (left_zoned, left_at), (right_zoned, right_at) = order_key(left, name), order_key(right, name)
        return left_zoned == right_zoned and left_at // moments.SECOND == right_at // moments.SECOND
    if name is DAYS:
        return moments.nanoseconds(left) == moments.nanoseconds(right)
    if name is DATE:
        return (left.year, left.month, left.day) == (right.year, right.month, right.day)
    return bool(left == right)


def order_key(value: Any, name: str) -> tuple[bool, int]:
    """Whether a time has an offset, and its nanoseconds; only times alike in the first can be ordered."""
    if name is DATE_TIME:
        return value.tzinfo is not None, moments.instant(value)
    shift = moments.offset_seconds(value)
    return shift is not None, moments.nano_of_day(value) - (shift or 0) * moments.SECOND


def compare(left: Any, right: Any) -> int | None:
    """Negative, zero or positive as left is before, at or after right; None when they have no order."""
    if type(left) is type(right) and type(left) in _ORDERED:
        return _order(left, right)
    name = kind(left)
    if name is not kind(right):
        return None
    if name is NUMBER:
        a, b = number_or_none(left), number_or_none(right)
        return None if a is None or b is None else _order(a, b)
    if name is STRING:
        return _order(left, right)
    if name is DATE:
        return _order((left.year, left.month, left.day), (right.year, right.month, right.day))
    if name is DATE_TIME or name is TIME:
        return _compare_moments(left, right, name)
    if name is DAYS:
        return _sign(moments.nanoseconds(left) - moments.nanoseconds(right))
    if name is MONTHS:
        return _sign(left.months - right.months)
    return None


def _compare_moments(left: datetime | time, right: datetime | time, name: str) -> int | None:
    left_zoned, left_at = order_key(left, name)
    right_zoned, right_at = order_key(right, name)
    return _sign(left_at - right_at) if left_zoned == right_zoned else None


def _order(one: Any, two: Any) -> int:
    return int(one > two) - int(one < two)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def less(left: Any, right: Any) -> bool | None:
    """``left < right``."""
    order = compare(left, right)
    return None if order is None else order < 0


def less_or_equal(left: Any, right: Any) -> bool | None:
    """``left <= right``: less or equal, so equal values without an order will do (§10.3.2.13)."""
    order = compare(left, right)
    return order <= 0 if order is not None else equals(left, right) or None


def greater(left: Any, right: Any) -> bool | None:
    """``left > right``."""
    order = compare(left, right)
    return None if order is None else order > 0


def greater_or_equal(left: Any, right: Any) -> bool | None:
    """``left >= right``: greater or equal, so equal values without an order will do (§10.3.2.13)."""
    order = compare(left, right)
    return order >= 0 if order is not None else equals(left, right) or None


def not_equal(left: Any, right: Any, run: Run | None = None) -> bool | None:
    """``left != right``."""
    same = equals(left, right, run)
    return None if same is None else not same


BY_OPERATOR: Mapping[str, Callable[[Any, Any], bool | None]] = {
    "=": equals,
    "!=": not_equal,
    "<": less,
    "<=": less_or_equal,
    ">": greater,
    ">=": greater_or_equal,
}


def inside(value: Any, interval: Range) -> bool | None:
    """Whether a value lies in a range; null when it cannot be compared with an end."""
    if interval.operator:
        return BY_OPERATOR[interval.operator](value, interval.start if interval.end is None else interval.end)
    above = (greater_or_equal if interval.start_included else greater)(value, interval.start)
    below = (less_or_equal if interval.end_included else less)(value, interval.end)
    if above is False or below is False:
        return False
    return None if above is None or below is None else True


def is_in(value: Any, test: Any, run: Run | None = None) -> bool | None:
    """``value in test``: equal to it, in its range, or in one of the items of its list."""
    name = kind(test)
    if name is RANGE:
        return True if kind(value) is RANGE and equal(value, test) else inside(value, test)
    if name is LIST:
        if kind(value) is LIST and equal(value, test, run):
            return True
        return in_items(value, test, run or Run(DEFAULT))
    return equals(value, test, run)


def in_items(value: Any, items: Any, run: Run) -> bool | None:
    """True when an item equals the value or holds it, as a range or a list."""
    run.spend(len(items))
    for item in items:
        item_kind = kind(item)
        if item_kind is RANGE:
            if inside(value, item) or (kind(value) is RANGE and equal(value, item)):
                return True
        elif equals(value, item, run):
            return True
    return False


def truth(value: Any) -> bool | None:
    """The value as a truth value: anything but a boolean is null."""
    return value if kind(value) is BOOLEAN else None
