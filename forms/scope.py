"""What the expressions of a form see: the context, with the answers given so far laid over it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from engine.feel import Environment, FeelError
from forms.components import Component, Condition, FormDefinition, Option
from forms.definitions import MOST_OPTIONS
from forms.errors import FormDefinitionError


class Overlay(Mapping[str, Any]):
    """A mapping with answers laid over it, entry by entry; the mapping beneath stays lazy and untouched."""

    def __init__(self, beneath: Mapping[str, Any], above: dict[str, Any]) -> None:
        self._beneath = beneath
        self._above = above

    def __getitem__(self, name: str) -> Any:
        if name not in self._above:
            return self._beneath[name]
        value = self._above[name]
        beneath = self._beneath.get(name) if isinstance(value, dict) else None
        return Overlay(beneath, value) if isinstance(beneath, Mapping) else value

    def __contains__(self, name: object) -> bool:
        return name in self._above or name in self._beneath

    def __iter__(self) -> Iterator[str]:
        yield from self._above
        yield from (name for name in self._beneath if name not in self._above)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Scope:
    """Evaluates the conditions of one form over a context and the answers so far."""

    def __init__(
        self, form: FormDefinition, context: Mapping[str, Any], environment: Environment, language: str
    ) -> None:
        self._form = form
        self._environment = environment
        self._context = context
        self._answers: dict[str, Any] = {"language": language}
        self._names = Overlay(context, self._answers)

    def put(self, key: str, value: Any) -> None:
        """Lay an answer over the context under its dotted key."""
        if "." not in key:
            self._answers[key] = value
            return
        *parts, last = key.split(".")
        inner = self._answers
        for part in parts:
            inner = inner.setdefault(part, {})
        inner[last] = value

    def fact(self, key: str) -> Any:
        """What the context holds under a dotted key, whatever was answered; None where it holds nothing."""
        return _under(self._context, key)

    def answer(self, key: str) -> Any:
        """What was answered under a dotted key, else what the context holds."""
        return _under(self._names, key)

    def value(self, component: Component, condition: Condition) -> Any:
        """The value of an expression; one that fails is the form's fault and names its place."""
        try:
            return condition.expression.evaluate(self._names, self._environment)
        except FeelError as error:
            raise FormDefinitionError(
                f"={condition.expression.text}: {error}",
                file=self._form.file,
                line=component.line,
                component=component.key or component.id,
            ) from error

    def holds(self, component: Component, condition: Condition | None) -> bool:
        """Whether a condition is there and true."""
        return condition is not None and self.value(component, condition) is True

    def day(self, component: Component, condition: Condition | None) -> date | None:
        """The date an expression gives, from a date, a date and time, or ISO text; None where it gives none."""
        value = None if condition is None else self.value(component, condition)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value[:10]) if isinstance(value, str) else None
        except ValueError:
            return None

    def options(self, component: Component) -> tuple[Option, ...]:
        """The options of a field: its own, or those the context gives as texts or {value, label}.

        A fact of the complaint that is none of them may stay: it came from elsewhere, and nobody has to change it.
        """
        options = component.options if component.options_from is None else self._given(component)
        fact = self.fact(component.key) if component.key.startswith("complaint.") else None
        if isinstance(fact, str) and fact and all(option.value != fact for option in options):
            return (*options, Option(fact, fact))
        return options

    def _given(self, component: Component) -> tuple[Option, ...]:
        assert component.options_from is not None
        listed = self.value(component, component.options_from)
        found = map(_option, listed[:MOST_OPTIONS] if isinstance(listed, list | tuple) else ())
        return tuple({option.value: option for option in found if option is not None}.values())


def _under(names: Mapping[str, Any], key: str) -> Any:
    value: Any = names
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _option(item: Any) -> Option | None:
    if isinstance(item, str):
        return Option(item, item) if item else None
    if isinstance(item, Mapping) and isinstance(item.get("value"), str) and item["value"]:
        return Option(item["value"], str(item.get("label") or item["value"]))
    return None
