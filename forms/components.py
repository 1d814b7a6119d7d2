"""What a form is made of, as frozen values: groups, texts, fields, their options and conditions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from engine.feel import Expression

TEXTS = frozenset({"textfield", "textarea"})
CHOICES = frozenset({"select", "radio"})
LISTS = frozenset({"checklist", "taglist"})
SHOWN_ONLY = frozenset({"group", "separator", "text"})


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: what is kept, and what is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A FEEL expression of a form; `reads` are the form's own fields it looks at, by key."""

    expression: Expression
    reads: frozenset[str]


@dataclass(frozen=True, slots=True)
class Component:
    """One piece of a form. `key` is the name a field writes; what is only shown has none."""

    type: str
    id: str
    line: int
    key: str = ""
    label: str = ""
    text: str = ""
    text_from: Condition | None = None
    description: str = ""
    why: str = ""
    required: bool = False
    required_if: Condition | None = None
    required_message: str = ""
    pattern_message: str = ""
    readonly: bool = False
    hide: Condition | None = None
    row: str = ""
    columns: int | None = None
    default: str | bool | tuple[str, ...] | None = None
    initial: Condition | None = None
    options: tuple[Option, ...] = ()
    options_from: Condition | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""
    kind: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimal_digits: int | None = None
    min_date: Condition | None = None
    max_date: Condition | None = None
    prefix: str = ""
    suffix: str = ""
    accept: str = ""
    autocomplete: str = ""
    multiple: bool = False
    components: tuple["Component", ...] = ()

    @property
    def is_field(self) -> bool:
        """Whether it asks for an answer: files go their own way, beside the answers."""
        return self.type not in SHOWN_ONLY and self.type != "filepicker"

    def words(self) -> Iterator[str]:
        """Every text of it that a person reads."""
        yield from filter(
            None,
            (
                self.label,
                self.text,
                self.description,
                self.why,
                self.required_message,
                self.pattern_message,
                self.prefix,
                self.suffix,
            ),
        )
        yield from (option.label for option in self.options)
        for inner in self.components:
            yield from inner.words()

    def conditions(self) -> Iterator[Condition]:
        """Every expression of it."""
        yield from filter(
            None,
            (
                self.text_from,
                self.required_if,
                self.hide,
                self.initial,
                self.options_from,
                self.min_date,
                self.max_date,
            ),
        )
        for inner in self.components:
            yield from inner.conditions()


@dataclass(frozen=True, slots=True)
class Field:
    """A component that asks, with the conditions of the groups around it."""

    component: Component
    hides: tuple[Condition, ...]


@dataclass(frozen=True, eq=False)
class FormDefinition:
    """A form that can be shown and checked. `hash` is of the file's bytes and travels with the answers."""

    id: str
    file: str
    hash: str
    components: tuple[Component, ...]
    asked: tuple[Field, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "asked", tuple(_asked(self.components, ())))

    def fields(self) -> tuple[Component, ...]:
        """What it asks, in order, whatever groups it stands in."""
        return tuple(asked.component for asked in self.asked)

    @property
    def keys(self) -> tuple[str, ...]:
        """The names its answers have, in the order they are asked."""
        return tuple(asked.component.key for asked in self.asked)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names its expressions read from the context and from its own answers."""
        return frozenset(
            name
            for component in self.components
            for condition in component.conditions()
            for name in condition.expression.names
        )

    def words(self) -> tuple[str, ...]:
        """Every text a person reads on it, once, in order: the msgids of its translation."""
        return tuple(dict.fromkeys(word for component in self.components for word in component.words()))


def _asked(components: tuple[Component, ...], around: tuple[Condition, ...]) -> Iterator[Field]:
    for component in components:
        hides = around if component.hide is None else (*around, component.hide)
        if component.is_field:
            yield Field(component, hides)
        yield from _asked(component.components, hides)
