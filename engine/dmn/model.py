"""What a DMN file says, as frozen values: elements and boxed expressions (DMN 1.5 §7, §8, §10.2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Boxed:
    """Any boxed expression; ``type_ref`` is the declared type of its result."""

    id: str
    line: int = field(compare=False)
    type_ref: str


@dataclass(frozen=True, slots=True)
class Literal(Boxed):
    """A text in a box; ``language`` is another one than FEEL, which is refused."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """A column of a decision table that is asked."""

    id: str
    line: int = field(compare=False)
    label: str
    text: str
    type_ref: str
    values: str


@dataclass(frozen=True, slots=True)
class Output:
    """A column of a decision table that answers."""

    id: str
    line: int = field(compare=False)
    name: str
    label: str
    type_ref: str
    values: str
    default: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a rule."""

    id: str
    line: int = field(compare=False)
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, with its annotations as people wrote them."""

    id: str
    line: int = field(compare=False)
    inputs: tuple[Cell, ...]
    outputs: tuple[Cell, ...]
    description: str
    annotations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table(Boxed):
    """A decision table."""

    hit_policy: str
    aggregation: str
    orientation: str
    output_label: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    annotations: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a boxed context; without a name it is the result."""

    name: str
    type_ref: str
    value: Any
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Context(Boxed):
    """A boxed context."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Items(Boxed):
    """A boxed list."""

    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Relation(Boxed):
    """A relation: rows of named columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A formal parameter."""

    name: str
    type_ref: str


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Boxed):
    """A boxed function; ``kind`` is FEEL, Java or PMML."""

    kind: str
    parameters: tuple[Parameter, ...]
    body: Any


@dataclass(frozen=True, slots=True)
class Invocation(Boxed):
    """A boxed invocation: a function and its arguments by name."""

    function: Any
    bindings: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Conditional(Boxed):
    """Boxed if, then, else."""

    condition: Any
    yes: Any
    no: Any


@dataclass(frozen=True, slots=True)
class Iterator(Boxed):
    """Boxed for, some or every; ``kind`` says which."""

    kind: str
    variable: str
    domain: Any
    body: Any


@dataclass(frozen=True, slots=True)
class Filter(Boxed):
    """A boxed filter."""

    source: Any
    match: Any


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A named type."""

    name: str
    type_ref: str
    collection: bool
    allowed: str
    constraint: str
    components: tuple[ItemDefinition, ...]
    function: tuple[tuple[Parameter, ...], str] | None
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class InputData:
    """An input of the requirement graph; ``name`` is its variable's, ``label`` the one it is drawn with."""

    id: str
    name: str
    label: str
    type_ref: str
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision and the references to what it requires."""

    id: str
    name: str
    label: str
    type_ref: str
    question: str
    description: str
    expression: Any
    requires: tuple[str, ...]
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: a function with a name."""

    id: str
    name: str
    label: str
    type_ref: str
    function: FunctionDefinition | None
    requires: tuple[str, ...]
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: some decisions, asked together with inputs in a fixed order."""

    id: str
    name: str
    label: str
    type_ref: str
    output_decisions: tuple[str, ...]
    encapsulated: tuple[str, ...]
    input_decisions: tuple[str, ...]
    input_data: tuple[str, ...]
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Import:
    """Another model, seen under a name."""

    name: str
    namespace: str
    location: str
    kind: str
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Definitions:
    """One file."""

    id: str
    name: str
    namespace: str
    file: str
    imports: tuple[Import, ...]
    types: tuple[ItemDefinition, ...]
    inputs: tuple[InputData, ...]
    decisions: tuple[Decision, ...]
    knowledge: tuple[Knowledge, ...]
    services: tuple[Service, ...]

    @property
    def nodes(self) -> tuple[InputData | Decision | Knowledge | Service, ...]:
        """All elements that can be required."""
        return (*self.inputs, *self.decisions, *self.knowledge, *self.services)
