"""The tree of a FEEL expression; each node knows the offset in the text where it begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """Anything an expression is made of."""

    at: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, string, boolean or null."""

    value: Any


@dataclass(frozen=True, slots=True)
class AtLiteral(Node):
    """``@"2026-01-31"``."""

    text: str
    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, by its whole name."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """``source.member``."""

    source: Node
    member: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """``source[condition]``."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """``function(arguments)``; ``names`` is empty when the arguments are positional."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """``-operand``."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """Operators of one precedence, applied from the left: ``first (op operand)*``."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """``left operator right`` for = != < <= > >=."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """``value between low and high``."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """``value in tests``."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """``value instance of type``."""

    value: Node
    type: Any


@dataclass(frozen=True, slots=True)
class And(Node):
    """A conjunction of two or more."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """A disjunction of two or more."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    """``if condition then yes else no``."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Iteration(Node):
    """``name in domain`` or ``name in start..end``."""

    name: str
    domain: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """``for iterations return body``."""

    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """``some`` or ``every``."""

    every: bool
    iterations: tuple[Iteration, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """A formal parameter of a function."""

    name: str
    type: Any


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Node):
    """``function(parameters) body``."""

    parameters: tuple[Parameter, ...]
    result: Any
    body: Node


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """``[a, b]``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """``{a: 1, b: a + 1}``."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Interval(Node):
    """``[start..end]`` with open or closed ends."""

    start: Node
    end: Node
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class UnaryRange(Node):
    """``< end``, ``>= end`` and the like: a test, or a range without one end."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests: any of ``items``, none of them when ``negated``; no items means ``-``, anything."""

    items: tuple[Node, ...]
    negated: bool


def children(node: Any) -> list[Node]:
    """The nodes directly inside a node."""
    found: list[Node] = []
    for part in node.__dataclass_fields__:
        _collect(getattr(node, part), found)
    return found


def _collect(value: Any, found: list[Node]) -> None:
    if isinstance(value, Node):
        found.append(value)
    elif isinstance(value, tuple):
        for item in value:
            _collect(item, found)


def size(node: Node) -> int:
    """How many nodes a tree has."""
    return 1 + sum(map(size, children(node)))


def mentions(node: Node, name: str) -> bool:
    """Whether a name stands anywhere in a tree."""
    return (isinstance(node, Name) and node.name == name) or any(
        mentions(child, name) for child in children(node)
    )
