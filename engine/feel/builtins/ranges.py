"""Relations between points and ranges, after Allen (DMN 1.5 §10.3.4.9), and ``range`` (§10.3.4.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.feel import comparing
from engine.feel.builtins.range_text import parse_range
from engine.feel.builtins.registry import as_text, built_in, single
from engine.feel.runtime import Run
from engine.feel.values import RANGE, Range, kind

Order = int | None


def _is_range(value: Any) -> bool:
    return kind(value) is RANGE


_NAMED: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("range", "range1", "range2"), lambda value: _is_range(single(value))),
    **dict.fromkeys(("point", "point1", "point2"), lambda value: not _is_range(single(value))),
}


def _relation(
    name: str, *alternatives: tuple[str, ...]
) -> Callable[[Callable[[Any, Any], bool | None]], Callable[[Any, Any], bool | None]]:
    """Declare a relation of two points or ranges; whatever has no order gives null."""

    def declare(body: Callable[[Any, Any], bool | None]) -> Callable[[Any, Any], bool | None]:
        def function(run: Run, one: Any, two: Any) -> bool | None:
            left, right = single(one), single(two)
            if left is None or right is None:
                return None
            try:
                return body(left, right)
            except _Unordered:
                return None

        built_in(name, *alternatives[0], alternatives=alternatives[1:], named=_NAMED)(function)
        return body

    return declare


class _Unordered(Exception):
    """Two values have no order."""


def _order(one: Any, two: Any) -> int:
    order = comparing.compare(one, two)
    if order is None:
        raise _Unordered
    return order


_NO_START = ("<", "<=")
_NO_END = (">", ">=")
_POINTS = ("point1", "point2")
_POINT_RANGE = ("point", "range")
_RANGE_POINT = ("range", "point")
_RANGES = ("range1", "range2")


def _ends_before(one: Any, two: Any) -> bool:
    """Whether everything in one comes before everything in two; either may be a point."""
    if (_is_range(one) and one.operator in _NO_END) or (_is_range(two) and two.operator in _NO_START):
        return False
    end, end_closed = (one.end, one.end_included) if _is_range(one) else (one, True)
    start, start_closed = (two.start, two.start_included) if _is_range(two) else (two, True)
    order = _order(end, start)
    return order < 0 or (order == 0 and not (end_closed and start_closed))


@_relation("before", _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)
def before(one: Any, two: Any) -> bool | None:
    """One lies wholly before two."""
    return _ends_before(one, two)


@_relation("after", _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)
def after(one: Any, two: Any) -> bool | None:
    """One lies wholly after two."""
    return _ends_before(two, one)


def _both_ranges(one: Any, two: Any) -> tuple[Range, Range]:
    if not (_is_range(one) and _is_range(two)):
        raise _Unordered
    return one, two


@_relation("meets", _RANGES)
def meets(one: Any, two: Any) -> bool | None:
    """The first ends exactly where the second begins, both ends closed."""
    first, second = _both_ranges(one, two)
    return first.end_included and second.start_included and _order(first.end, second.start) == 0


@_relation("met by", _RANGES)
def met_by(one: Any, two: Any) -> bool | None:
    """The converse of meets."""
    return meets(two, one)


@_relation("overlaps", _RANGES)
def overlaps(one: Any, two: Any) -> bool | None:
    """The two have a point in common."""
    first, second = _both_ranges(one, two)
    return not _ends_before(first, second) and not _ends_before(second, first)


def _start(one: Range, two: Range) -> int:
    """Order of the starts; a closed start comes before an open one at the same point."""
    absent = (two.operator in _NO_START) - (one.operator in _NO_START)
    if absent or one.operator in _NO_START:
        return absent
    return _order(one.start, two.start) or (two.start_included - one.start_included)


def _end(one: Range, two: Range) -> int:
    """Order of the ends; an open end comes before a closed one at the same point."""
    absent = (one.operator in _NO_END) - (two.operator in _NO_END)
    if absent or one.operator in _NO_END:
        return absent
    return _order(one.end, two.end) or (one.end_included - two.end_included)


@_relation("overlaps before", _RANGES)
def overlaps_before(one: Any, two: Any) -> bool | None:
    """The first begins before the second, and ends inside it."""
    first, second = _both_ranges(one, two)
    return _start(first, second) < 0 and _end(first, second) <= 0 and not _ends_before(first, second)


@_relation("overlaps after", _RANGES)
def overlaps_after(one: Any, two: Any) -> bool | None:
    """The converse of overlaps before."""
    return overlaps_before(two, one)


@_relation("finishes", _POINT_RANGE, _RANGES)
def finishes(one: Any, two: Any) -> bool | None:
    """One ends where the range ends."""
    if not _is_range(two):
        raise _Unordered
    if _is_range(one):
        return _end(one, two) == 0 and _start(two, one) <= 0
    return two.end_included and _order(one, two.end) == 0


@_relation("finished by", _RANGE_POINT, _RANGES)
def finished_by(one: Any, two: Any) -> bool | None:
    """The converse of finishes."""
    return finishes(two, one)


@_relation("includes", _RANGE_POINT, _RANGES)
def includes(one: Any, two: Any) -> bool | None:
    """The range holds the point, or the whole other range."""
    if not _is_range(one):
        raise _Unordered
    if _is_range(two):
        return _start(one, two) <= 0 and _end(two, one) <= 0
    return comparing.inside(two, one)


@_relation("during", _POINT_RANGE, _RANGES)
def during(one: Any, two: Any) -> bool | None:
    """The converse of includes."""
    return includes(two, one)


@_relation("starts", _POINT_RANGE, _RANGES)
def starts(one: Any, two: Any) -> bool | None:
    """One begins where the range begins."""
    if not _is_range(two):
        raise _Unordered
    if _is_range(one):
        return _start(one, two) == 0 and _end(one, two) <= 0
    return two.start_included and _order(one, two.start) == 0


@_relation("started by", _RANGE_POINT, _RANGES)
def started_by(one: Any, two: Any) -> bool | None:
    """The converse of starts."""
    return starts(two, one)


@_relation("coincides", _POINTS, _RANGES)
def coincides(one: Any, two: Any) -> bool | None:
    """Both are the same."""
    if _is_range(one) != _is_range(two):
        raise _Unordered
    if _is_range(one):
        return _start(one, two) == 0 and _end(one, two) == 0
    return _order(one, two) == 0


@built_in("range", "from")
def range_(run: Run, value: Any) -> Range | None:
    """A range read from text such as ``"[1..5)"``, its ends literals."""
    text = as_text(value)
    return None if text is None else parse_range(text, run)
