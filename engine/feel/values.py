"""The values of FEEL that Python lacks, and which kind a value is (DMN 1.5 §10.3.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import total_ordering
from typing import Any


@total_ordering
@dataclass(frozen=True, slots=True)
class YearsMonthsDuration:
    """A duration counted in months, such as P1Y6M (§10.3.2.3.8)."""

    months: int

    def __lt__(self, other: YearsMonthsDuration) -> bool:
        return self.months < other.months


@dataclass(frozen=True, slots=True)
class Range:
    """An interval (§10.3.2.7); one written with an operator, ``(< 10)``, may lack an end: None."""

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True
    operator: str = ""

    def __hash__(self) -> int:
        return hash((repr(self.start), repr(self.end), self.start_included, self.end_included))


@dataclass(frozen=True, slots=True)
class WideDate:
    """A date outside the years 1 to 9999 that ``datetime.date`` can hold."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class WideTime:
    """A time of day finer than a microsecond."""

    hour: int
    minute: int
    second: int
    nanosecond: int
    tzinfo: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class WideDateTime:
    """A date and time that ``datetime.datetime`` cannot hold: far years or nanoseconds."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    nanosecond: int
    tzinfo: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class WideDuration:
    """A days and time duration that ``datetime.timedelta`` cannot hold."""

    nanoseconds: int


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A FEEL function value: built in, written in the expression, or supplied by a model (§10.3.2.13)."""

    name: str
    parameters: tuple[str, ...]
    call: Callable[[Any, Sequence[Any]], Any]  # (run, positional arguments)
    variadic: bool = False
    required: int = 0
    types: tuple[Any, ...] = ()
    result: Any = None
    builtin: bool = False
    strict: bool = False  # an argument of a wrong type makes the whole call null
    alternatives: tuple[tuple[str, ...], ...] = ()
    named: Mapping[str, Callable[[Any], bool]] = field(default_factory=dict)  # what a named argument must be

    def takes(self, count: int) -> bool:
        """Whether it can be called with that many arguments."""
        return self.variadic or self.required <= count <= len(self.parameters)


NUMBER = "number"
STRING = "string"
BOOLEAN = "boolean"
DATE = "date"
TIME = "time"
DATE_TIME = "date and time"
DAYS = "days and time duration"
MONTHS = "years and months duration"
LIST = "list"
CONTEXT = "context"
RANGE = "range"
FUNCTION = "function"
NULL = "Null"
UNKNOWN = "unknown"

KINDS: dict[type, str] = {
    type(None): NULL,
    bool: BOOLEAN,
    int: NUMBER,
    Decimal: NUMBER,
    float: NUMBER,
    str: STRING,
    date: DATE,
    WideDate: DATE,
    time: TIME,
    WideTime: TIME,
    datetime: DATE_TIME,
    WideDateTime: DATE_TIME,
    timedelta: DAYS,
    WideDuration: DAYS,
    YearsMonthsDuration: MONTHS,
    list: LIST,
    tuple: LIST,
    dict: CONTEXT,
    Range: RANGE,
    Function: FUNCTION,
}

_ABSTRACT: tuple[tuple[type, str], ...] = (
    (bool, BOOLEAN),
    (int, NUMBER),
    (Decimal, NUMBER),
    (float, NUMBER),
    (str, STRING),
    (datetime, DATE_TIME),
    (date, DATE),
    (time, TIME),
    (timedelta, DAYS),
    (Mapping, CONTEXT),
    (list, LIST),
    (tuple, LIST),
)


def kind(value: Any) -> str:
    """The FEEL type name of a value; what FEEL does not know is ``unknown`` and behaves as null."""
    known = KINDS.get(type(value))
    if known is not None:
        return known
    for abstract, name in _ABSTRACT:
        if isinstance(value, abstract):
            return name
    return UNKNOWN


def plain(value: Any) -> Any:
    """What an expression sees of a value handed in: floats become decimals, unknown objects null."""
    if type(value) is float:
        number = Decimal(repr(value))
        return number if number.is_finite() else None
    if type(value) in KINDS:
        return value
    return value if kind(value) is not UNKNOWN else None
