"""Values of the test cases, read from their XML, and their comparison with what an evaluation gave."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.dmn.xml import Element
from engine.feel import comparing, literals
from engine.feel.values import CONTEXT, LIST, NUMBER, STRING, kind

NEARLY = Decimal("1e-8")
_ZONE_OF_DATE = re.compile(r"(Z|[+-][0-9]{2}:[0-9]{2})$")  # XML Schema lets a date have one, FEEL does not
_READERS: Mapping[str, Callable[[str], Any]] = {
    "string": str,
    "boolean": lambda text: is_true(text),
    **dict.fromkeys(
        ("decimal", "double", "float", "integer", "int", "long", "short", "byte", "nonNegativeInteger"),
        lambda text: Decimal(text.strip()),
    ),
    "date": lambda text: literals.parse_date(_ZONE_OF_DATE.sub("", text.strip())),
    "time": lambda text: literals.parse_time(text.strip()),
    "dateTime": lambda text: literals.parse_date_time(text.strip()),
    "duration": lambda text: literals.parse_duration(text.strip()),
    "dayTimeDuration": lambda text: literals.parse_days(text.strip()),
    "yearMonthDuration": lambda text: literals.parse_months(text.strip()),
}


def is_true(text: str) -> bool:
    """What XML Schema takes for true."""
    return text.strip() in ("true", "1")


def read_value(element: Element) -> Any:
    """What an element of the test case schema says: a value, a list or components."""
    components = element.all("component")
    if components:
        return {component.get("name"): read_value(component) for component in components}
    items = element.child("list")
    if items is not None:
        return None if is_true(items.get("nil")) else [read_value(item) for item in items.all("item")]
    value = element.child("value")
    if value is None or is_true(value.get("nil")):
        return None
    declared = value.get("type").rpartition(":")[2]
    found = _READERS.get(declared, _guess)(value.text)
    if found is None:
        raise ValueError(f"{value.text!r} is no {declared}")
    return found


def _guess(text: str) -> Any:
    """A value without a declared type: a number when it looks like one."""
    try:
        return Decimal(text.strip())
    except ArithmeticError:
        return {"true": True, "false": False}.get(text.strip(), text)


def same(expected: Any, actual: Any) -> bool:
    """Whether a result is what was expected; numbers to eight digits after the point."""
    if expected is None or actual is None:
        return expected is actual
    name = kind(expected)
    if name is not kind(actual):
        return False
    if name is NUMBER:
        expected, actual = Decimal(expected), Decimal(actual)
        return bool(abs(expected - actual) <= NEARLY * max(1, abs(expected)))
    if name is LIST:
        return len(expected) == len(actual) and all(map(same, expected, actual))
    if name is CONTEXT:
        return set(expected) == set(actual) and all(same(expected[key], actual[key]) for key in expected)
    if name is STRING:
        return bool(expected == actual)
    return comparing.equal(expected, actual) is True
