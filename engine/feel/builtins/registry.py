"""How a built-in function is declared, and how its arguments are read (DMN 1.5 §10.3.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.feel.numbers import Number, number_or_none, whole
from engine.feel.runtime import Run
from engine.feel.values import CONTEXT, LIST, STRING, Function, kind

BUILT_IN: dict[str, Function] = {}
Body = Callable[..., Any]


def built_in(
    name: str,
    *parameters: str,
    optional: int = 0,
    alternatives: tuple[tuple[str, ...], ...] = (),
    named: Mapping[str, Callable[[Any], bool]] | None = None,
) -> Callable[[Body], Body]:
    """Declare a function ``body(run, *arguments)`` with a fixed list of parameters.

    ``alternatives`` are other names of the parameters; ``named`` says what an argument given by name must
    be, where overloads differ by their names only.
    """

    def declare(body: Body) -> Body:
        def call(run: Run, arguments: Any) -> Any:
            return body(run, *arguments)

        names: tuple[str, ...] = max((parameters, *alternatives), key=len)
        required: int = min([len(parameters) - optional, *map(len, alternatives)])
        others = tuple(other for other in (parameters, *alternatives) if other is not names)
        BUILT_IN[name] = Function(
            name,
            names,
            call,
            required=required,
            builtin=True,
            alternatives=others,
            named=named or {},
        )
        return body

    return declare


def built_in_over_lists(name: str, parameter: str = "list") -> Callable[[Body], Body]:
    """Declare a function of one list, which may also be given as separate arguments."""

    def declare(body: Body) -> Body:
        def call(run: Run, arguments: Any) -> Any:
            items = as_items(arguments[0]) if len(arguments) == 1 else list(arguments) or None
            if items is None:
                return None
            run.spend(len(items))
            return body(run, items)

        BUILT_IN[name] = Function(name, (parameter,), call, variadic=True, builtin=True)
        return body

    return declare


def built_in_variadic(name: str, *parameters: str) -> Callable[[Body], Body]:
    """Declare a function of any number of arguments after the named ones."""

    def declare(body: Body) -> Body:
        def call(run: Run, arguments: Any) -> Any:
            if len(arguments) < len(parameters) - 1:
                return None
            return body(run, *arguments)

        BUILT_IN[name] = Function(name, parameters, call, variadic=True, builtin=True)
        return body

    return declare


def single(value: Any) -> Any:
    """A list of one item stands for the item (§10.3.2.9.4)."""
    return value[0] if kind(value) is LIST and len(value) == 1 else value


def as_text(value: Any) -> str | None:
    """A string argument."""
    value = single(value)
    return value if kind(value) is STRING else None


def as_number(value: Any) -> Number | None:
    """A number argument."""
    return number_or_none(single(value))


def as_whole(value: Any) -> int | None:
    """A whole number argument."""
    return whole(single(value))


def as_place(value: Any) -> int | None:
    """A position, length, scale or part of a date: what stands after the point is cut off."""
    number = number_or_none(single(value))
    return None if number is None or not -(10**9) <= number <= 10**9 else int(number)


def as_items(value: Any) -> list[Any] | None:
    """A list argument: another value stands for a list of itself, null for nothing."""
    if value is None:
        return None
    return value if kind(value) is LIST else [value]


def as_context(value: Any) -> Any:
    """A context argument."""
    value = single(value)
    return value if kind(value) is CONTEXT else None
