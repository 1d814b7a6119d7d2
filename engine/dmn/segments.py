"""A column of a table cut into segments within which its cells cannot tell values apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.feel import UnaryTests, compile_expression, syntax
from engine.feel.formatting import format_literal
from engine.feel.numbers import number_or_none
from engine.feel.printer import print_expression
from engine.feel.values import BOOLEAN, DATE, NUMBER, STRING, kind

_CONSTANT_CALLS = frozenset({"date", "time", "date and time", "duration"})
OTHER = "(any other)"


@dataclass(frozen=True, slots=True)
class Segment:
    """Some values of a column: one of them, and how to speak of all."""

    sample: Any
    label: str


def constants(tests: UnaryTests) -> list[Any] | None:
    """The constants a cell compares with; None when it asks for more than constants."""
    found: list[Any] = []
    return found if all(_constant_test(item, found) for item in tests.tree.items) else None


def _constant_test(node: syntax.Node, found: list[Any]) -> bool:
    if isinstance(node, syntax.UnaryRange):
        return _constant(node.operand, found)
    if isinstance(node, syntax.Interval):
        return _constant(node.start, found) and _constant(node.end, found)
    return _constant(node, found)


def _constant(node: syntax.Node, found: list[Any]) -> bool:
    if isinstance(node, syntax.Negation) and isinstance(node.operand, syntax.Literal):
        value = node.operand.value
        if kind(value) is not NUMBER:
            return False
        found.append(-value)
        return True
    if isinstance(node, syntax.Literal | syntax.AtLiteral):
        found.append(node.value)
        return True
    if isinstance(node, syntax.Call) and isinstance(node.function, syntax.Name):
        if node.function.name not in _CONSTANT_CALLS or node.names or len(node.arguments) != 1:
            return False
        argument = node.arguments[0]
        if not isinstance(argument, syntax.Literal) or not isinstance(argument.value, str):
            return False
        value = compile_expression(print_expression(node)).evaluate({})
        found.append(value)
        return value is not None
    return False


def segments(values: Sequence[Any], listed: Sequence[Any] = ()) -> list[Segment] | None:
    """The segments of a column whose cells compare with these constants; None when they have no order.

    ``listed`` are the only values the column allows, when it says so.
    """
    known = [value for value in values if value is not None]
    kinds = {kind(value) for value in (*known, *listed)}
    if len(kinds) > 1:
        return None
    if listed:
        return [Segment(value, format_literal(value)) for value in listed]
    nothing = [Segment(None, "null")] if len(known) < len(values) else []
    if not kinds:
        return [*nothing, Segment("\x00", OTHER)]
    cut = _cut(known, kinds.pop())
    return None if cut is None else [*cut, *nothing]


def _cut(known: list[Any], only: str) -> list[Segment] | None:
    if only is BOOLEAN:
        return [Segment(True, "true"), Segment(False, "false")]
    if only is STRING:
        texts = sorted(set(known))
        return [Segment(text, format_literal(text)) for text in texts] + [Segment("\x00", OTHER)]
    if only is NUMBER:
        return _between(sorted({number for value in known if (number := number_or_none(value)) is not None}))
    if only is DATE and all(type(value) is date for value in known):
        return _days(sorted(set(known)))
    return None


def _between(points: list[Any]) -> list[Segment]:
    made = [Segment(points[0] - 1, f"less than {format_literal(points[0])}")]
    for place, point in enumerate(points):
        made.append(Segment(point, format_literal(point)))
        if place + 1 < len(points):
            following = points[place + 1]
            label = f"between {format_literal(point)} and {format_literal(following)}"
            made.append(Segment((Decimal(point) + Decimal(following)) / 2, label))
    made.append(Segment(points[-1] + 1, f"more than {format_literal(points[-1])}"))
    return made


def _days(points: list[date]) -> list[Segment]:
    day = timedelta(days=1)
    made = []
    if points[0] > date.min:
        made.append(Segment(points[0] - day, f"before {points[0]}"))
    for place, point in enumerate(points):
        made.append(Segment(point, str(point)))
        if place + 1 < len(points) and points[place + 1] - point > day:
            made.append(Segment(point + day, f"between {point} and {points[place + 1]}"))
    if points[-1] < date.max:
        made.append(Segment(points[-1] + day, f"after {points[-1]}"))
    return made
