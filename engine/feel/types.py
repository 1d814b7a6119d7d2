"""Types: ``instance of``, and the implicit conversions on the way into a typed place (DMN 1.5 §10.3.2.9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.feel import moments
from engine.feel.runtime import DEFAULT, Run
from engine.feel.values import (
    BOOLEAN,
    CONTEXT,
    DATE,
    DATE_TIME,
    DAYS,
    FUNCTION,
    LIST,
    MONTHS,
    NULL,
    NUMBER,
    RANGE,
    STRING,
    TIME,
    UNKNOWN,
    Function,
    kind,
)

ANY = "Any"


@dataclass(frozen=True, slots=True)
class Type:
    """A type: a basic one by its name, or a list, range, context or function of types.

    ``label`` is the name a model gave it, ``allowed`` its allowed-values test.
    """

    name: str
    element: Type | None = None
    fields: tuple[tuple[str, Type], ...] = ()
    parameters: tuple[Type, ...] = ()
    result: Type | None = None
    label: str = ""
    allowed: Callable[[Any], bool] | None = None
    known: bool = True

    def __str__(self) -> str:
        if self.label:
            return self.label
        if self.name == FUNCTION and self.result is not None:
            return f"function<{', '.join(map(str, self.parameters))}> -> {self.result}"
        if self.name == CONTEXT and self.fields:
            return "context<" + ", ".join(f"{name}: {type_}" for name, type_ in self.fields) + ">"
        return f"{self.name}<{self.element}>" if self.element is not None else self.name


BASIC: Mapping[str, Type] = {
    name: Type(name)
    for name in (
        ANY,
        NULL,
        NUMBER,
        STRING,
        BOOLEAN,
        DATE,
        TIME,
        DATE_TIME,
        DAYS,
        MONTHS,
        LIST,
        CONTEXT,
        RANGE,
    )
} | {
    FUNCTION: Type(FUNCTION),
    "dateTime": Type(DATE_TIME),
    "dayTimeDuration": Type(DAYS),
    "yearMonthDuration": Type(MONTHS),
}
ANYTHING = BASIC[ANY]
DURATIONS = (DAYS, MONTHS)


def matches(value: Any, type_: Type, *, allowed: bool = True, run: Run | None = None) -> bool:
    """Whether a value is an instance of a type; null is one of Null only.

    ``allowed`` asks for the allowed values of named types too, which ``instance of`` does not.
    """
    name = kind(value)
    if name is UNKNOWN or name is NULL:
        return type_.name == NULL
    if type_.name == ANY:
        return not allowed or type_.allowed is None or type_.allowed(value)
    if name != type_.name:
        return False
    if not _structure(value, name, type_, allowed, run or Run(DEFAULT)):
        return False
    return not allowed or type_.allowed is None or type_.allowed(value)


def _structure(value: Any, name: str, type_: Type, allowed: bool, run: Run) -> bool:
    if name is LIST and type_.element is not None:
        run.spend(len(value))
        return all(fits(item, type_.element, allowed, run) for item in value)
    if name is RANGE and type_.element is not None:
        return fits(value.start, type_.element, allowed, run) and fits(value.end, type_.element, allowed, run)
    if name is CONTEXT and type_.fields:
        run.spend(len(type_.fields))
        return all(
            field in value and fits(value[field], wanted, allowed, run) for field, wanted in type_.fields
        )
    if name is FUNCTION:
        return _function_fits(value, type_)
    return True


def fits(value: Any, type_: Type, allowed: bool, run: Run) -> bool:
    """An instance, or null, which every place accepts."""
    return value is None or matches(value, type_, allowed=allowed, run=run)


def _function_fits(value: Function, type_: Type) -> bool:
    """Parameters that take what is asked for, and a result that, where it is declared, conforms (§10.3.2.9.2)."""
    if type_.result is None:
        return True
    if len(value.parameters) != len(type_.parameters):
        return False
    given = value.types or (ANYTHING,) * len(value.parameters)
    sides = zip(type_.parameters, given, strict=False)
    known = value.result is None or conforms(value.result, type_.result)
    return known and all(conforms(a, b or ANYTHING) for a, b in sides)


def conforms(one: Type, other: Type) -> bool:
    """Whether every value of the first type may stand where the second is wanted (§10.3.2.9.2)."""
    if other.name == ANY or one.name == NULL:
        return True
    if one.name != other.name:
        return False
    if other.element is not None:
        return one.element is not None and conforms(one.element, other.element)
    if other.name == CONTEXT and other.fields:
        mine = dict(one.fields)
        return all(field in mine and conforms(mine[field], wanted) for field, wanted in other.fields)
    if other.result is not None:
        return (
            one.result is not None
            and len(one.parameters) == len(other.parameters)
            and conforms(one.result, other.result)
            and all(conforms(b, a) for a, b in zip(one.parameters, other.parameters, strict=True))
        )
    return True


def coerce(value: Any, type_: Type | None, run: Run | None = None) -> Any:
    """The value as it enters a typed place: itself, converted by §10.3.2.9.4, or null."""
    if type_ is None or value is None or matches(value, type_, run=run):
        return value
    if kind(value) is LIST and len(value) == 1 and type_.name != LIST:
        return None if kind(value[0]) is LIST else coerce(value[0], type_, run)
    if type_.name == LIST and kind(value) is not LIST:
        alone = [coerce(value, type_.element, run)]
        return alone if alone[0] is not None and matches(alone, type_, run=run) else None
    if type_.name == DATE_TIME and kind(value) is DATE:
        return moments.make_moment(value, moments.time_at(0, moments.fixed_zone(0)))
    return None
