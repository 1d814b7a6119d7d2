"""Item definitions as FEEL types, allowed values included (DMN 1.5 §7.3.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.dmn import model
from engine.dmn.errors import DmnError
from engine.feel.errors import FeelError
from engine.feel.expression import UnaryTests, build_unary_tests
from engine.feel.runtime import DEFAULT
from engine.feel.types import ANY, ANYTHING, BASIC, Type, matches
from engine.feel.values import LIST, kind

DEEPEST = 50


class TypeBook:
    """The named types of one file, and those of its imports under ``name.type``."""

    def __init__(self, definitions: model.Definitions, imported: Mapping[str, TypeBook]) -> None:
        self._file = definitions.file
        self._items = {item.name: item for item in definitions.types}
        self._imported = imported
        self._made: dict[str, Type] = {}
        self._making: dict[str, int] = {}  # how many components deep each unfinished type was begun
        self._inside = 0
        self._names = component_names(definitions.types)
        for name in self._items:
            self.named(name)

    @property
    def member_names(self) -> set[str]:
        """The names of all components, which expressions may mention after a dot."""
        names = set(self._names)
        for book in self._imported.values():
            names |= book.member_names
        return names

    @property
    def types(self) -> Mapping[str, Type]:
        """All named types by the name they are written with."""
        found = dict(self._made)
        for prefix, book in self._imported.items():
            for name, type_ in book.types.items():
                found[f"{prefix}.{name}" if prefix else name] = type_
        return found

    def find(self, type_ref: str) -> Type | None:
        """The type a reference means; None when there is no reference or no such type."""
        if not type_ref:
            return None
        found = self.types.get(type_ref) or BASIC.get(type_ref)
        if found is None and "<" in type_ref:
            return None
        return found

    def named(self, name: str, depth: int = 0) -> Type:
        """The type of an item definition of this file, of an imported one, or a basic one."""
        if name in self._made:
            return self._made[name]
        if depth > DEEPEST:
            raise DmnError("dmn.type", f"the type {name!r} is defined by itself", file=self._file)
        item = self._items.get(name)
        if item is None:
            prefix, _, rest = name.partition(".")
            if prefix in self._imported and rest:
                return self._imported[prefix].named(rest)
            return BASIC.get(name) or Type(name, known=False)
        if name in self._making:
            return self._itself(name)
        self._making[name] = self._inside
        made = self._make(item, depth + 1)
        del self._making[name]
        self._made[name] = made
        return made

    def _itself(self, name: str) -> Type:
        """A type inside of its own components, looked up when a value is there to be checked."""
        if self._inside == self._making[name]:
            raise DmnError("dmn.type", f"the type {name!r} is defined by itself", file=self._file)
        return Type(ANY, label=name, allowed=lambda value: value is None or matches(value, self._made[name]))

    def _make(self, item: model.ItemDefinition, depth: int) -> Type:
        base = self._base(item, depth)
        allowed = self._allowed(item.allowed, item)
        constraint = self._allowed(item.constraint, item)
        if item.collection:
            element = _restricted(base, allowed, "") if allowed else base
            return Type(LIST, element=element, label=item.name, allowed=constraint)
        return _restricted(base, _both(allowed, constraint), item.name)

    def _base(self, item: model.ItemDefinition, depth: int) -> Type:
        if item.components:
            self._inside += 1
            fields = tuple((part.name, self._make(part, depth)) for part in item.components)
            self._inside -= 1
            return Type("context", fields=fields)
        if item.function is not None:
            parameters, result = item.function
            types = tuple(
                self.named(parameter.type_ref, depth) if parameter.type_ref else ANYTHING
                for parameter in parameters
            )
            return Type(
                "function", parameters=types, result=self.named(result, depth) if result else ANYTHING
            )
        return self.named(item.type_ref, depth) if item.type_ref else ANYTHING

    def _allowed(self, text: str, item: model.ItemDefinition) -> Callable[[Any], bool] | None:
        if not text:
            return None
        try:
            tests = build_unary_tests(text, (), {})
        except FeelError as error:
            raise DmnError(
                "dmn.allowed_values", error.message, file=self._file, line=item.line, element=item.name
            ) from error
        return _passes(tests)


def _passes(tests: UnaryTests) -> Callable[[Any], bool]:
    def passes(value: Any) -> bool:
        return value is None or tests.evaluate(value, {}, DEFAULT) is True

    return passes


def _both(
    one: Callable[[Any], bool] | None, two: Callable[[Any], bool] | None
) -> Callable[[Any], bool] | None:
    if one is None or two is None:
        return one or two
    return lambda value: one(value) and two(value)


def _restricted(base: Type, allowed: Callable[[Any], bool] | None, label: str) -> Type:
    return Type(
        base.name,
        element=base.element,
        fields=base.fields,
        parameters=base.parameters,
        result=base.result,
        label=label or base.label,
        allowed=_both(base.allowed, allowed),
        known=base.known,
    )


def component_names(items: Iterable[model.ItemDefinition]) -> set[str]:
    """The names of all components, however deep."""
    names: set[str] = set()
    for item in items:
        for part in item.components:
            names.add(part.name)
        names |= component_names(item.components)
    return names


def type_name(value: Any) -> str:
    """The FEEL name of a value's type."""
    return kind(value)
