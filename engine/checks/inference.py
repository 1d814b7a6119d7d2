"""What a FEEL expression reads and gives, found from its tree alone: unknown names, unknown members, the result's shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.checks.shapes import ANY, NOTHING, Shape, joined
from engine.feel import syntax
from engine.feel.builtins import BUILT_IN
from engine.feel.testing import QUESTION

See = Callable[[str], Shape | None]
"""The shape of a name as the expression's scope has it; None for a name it cannot have."""

KEEPING = frozenset(
    {"distinct values", "flatten", "sublist", "reverse", "append", "concatenate", "union", "sort", "remove"}
)
"""Functions whose result is made of the items of their first arguments."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A name nobody supplies, or (with `path`) a member that its context never has."""

    name: str
    path: str = ""
    known: frozenset[str] = frozenset()


def infer(node: syntax.Node, see: See) -> tuple[Shape, list[Miss]]:
    """The shape of the result, and what is read in vain, each once."""
    walk = _Walk(see)
    try:
        shape = walk.shape(node, _Layer(None))
    except RecursionError:  # the evaluator refuses such a tree, too
        return ANY, []
    return shape, list(dict.fromkeys(walk.misses))


@dataclass(frozen=True, slots=True)
class _Layer:
    """Names inside an expression: those it binds, and the entries of an item that is filtered."""

    around: _Layer | None
    bound: Mapping[str, Shape] = field(default_factory=dict)
    item: Shape | None = None


class _Walk:
    def __init__(self, see: See) -> None:
        self.see = see
        self.misses: list[Miss] = []

    def shape(self, node: Any, layer: _Layer) -> Shape:
        return _OF[type(node)](self, node, layer)

    def each(self, node: Any, layer: _Layer) -> Shape:
        """Any node whose result has no members of its own: walk what is inside."""
        for inner in syntax.children(node):
            self.shape(inner, layer)
        return ANY

    def literal(self, node: Any, layer: _Layer) -> Shape:
        return NOTHING if node.value is None else ANY

    def name(self, node: syntax.Name, layer: _Layer) -> Shape:
        uncertain = False
        here: _Layer | None = layer
        while here is not None:
            if node.name in here.bound:
                return here.bound[node.name]
            if here.item is not None:
                inside = here.item.members.get(node.name)
                if inside is not None:
                    return inside
                uncertain = uncertain or here.item.open
            here = here.around
        found = self.see(node.name)
        if found is None and node.name != QUESTION and not uncertain:
            self.misses.append(Miss(node.name))
        return found or ANY

    def path(self, node: syntax.Path, layer: _Layer) -> Shape:
        source = self.shape(node.source, layer)
        found = source.member(node.member)
        if found is None:
            written = _written(node)
            self.misses.append(Miss(node.member, written, frozenset(source.members)))
        return found or ANY

    def filter(self, node: syntax.Filter, layer: _Layer) -> Shape:
        source = self.shape(node.source, layer)
        self.shape(node.condition, _Layer(layer, {"item": source}, source))
        return source

    def call(self, node: syntax.Call, layer: _Layer) -> Shape:
        arguments = [
            self.shape(argument, layer) for argument in node.arguments if not self.is_function(argument)
        ]
        function = node.function
        if not isinstance(function, syntax.Name):
            self.shape(function, layer)
            return ANY
        return joined(arguments) if function.name in KEEPING else ANY

    def is_function(self, node: syntax.Node) -> bool:
        """A built-in function handed to another one by its name."""
        return isinstance(node, syntax.Name) and node.name in BUILT_IN and self.see(node.name) is None

    def either(self, node: syntax.If, layer: _Layer) -> Shape:
        self.shape(node.condition, layer)
        return self.shape(node.yes, layer) | self.shape(node.no, layer)

    def items(self, node: syntax.ListLiteral, layer: _Layer) -> Shape:
        return joined(self.shape(item, layer) for item in node.items)

    def context(self, node: syntax.ContextLiteral, layer: _Layer) -> Shape:
        entries: dict[str, Shape] = {}
        inner = _Layer(layer, entries)
        for key, value in node.entries:
            if isinstance(value, syntax.FunctionDefinition):
                entries[key] = ANY  # it may call itself
            entries[key] = self.shape(value, inner)
        return Shape(entries)

    def loop(self, node: syntax.For, layer: _Layer) -> Shape:
        inner = _Layer(self.iterated(node.iterations, layer), {"partial": ANY})
        return self.shape(node.body, inner)

    def quantified(self, node: syntax.Quantified, layer: _Layer) -> Shape:
        self.shape(node.condition, self.iterated(node.iterations, layer))
        return ANY

    def iterated(self, iterations: tuple[syntax.Iteration, ...], layer: _Layer) -> _Layer:
        for iteration in iterations:
            domain = self.shape(iteration.domain, layer)
            if iteration.end is not None:
                self.shape(iteration.end, layer)
            layer = _Layer(layer, {iteration.name: domain, "partial": ANY})
        return layer

    def function(self, node: syntax.FunctionDefinition, layer: _Layer) -> Shape:
        self.shape(node.body, _Layer(layer, {parameter.name: ANY for parameter in node.parameters}))
        return ANY


def _written(node: syntax.Node) -> str:
    """A path as its author would say it, without what stands in brackets."""
    if isinstance(node, syntax.Name):
        return node.name
    if isinstance(node, syntax.Path):
        return f"{_written(node.source)}.{node.member}"
    if isinstance(node, syntax.Filter):
        return f"{_written(node.source)}[…]"
    return "(…)"


_OF: Mapping[type, Callable[[_Walk, Any, _Layer], Shape]] = {
    syntax.Literal: _Walk.literal,
    syntax.AtLiteral: _Walk.literal,
    syntax.Name: _Walk.name,
    syntax.Path: _Walk.path,
    syntax.Filter: _Walk.filter,
    syntax.Call: _Walk.call,
    syntax.Negation: _Walk.each,
    syntax.Arithmetic: _Walk.each,
    syntax.Comparison: _Walk.each,
    syntax.Between: _Walk.each,
    syntax.In: _Walk.each,
    syntax.InstanceOf: _Walk.each,
    syntax.And: _Walk.each,
    syntax.Or: _Walk.each,
    syntax.If: _Walk.either,
    syntax.For: _Walk.loop,
    syntax.Quantified: _Walk.quantified,
    syntax.FunctionDefinition: _Walk.function,
    syntax.ListLiteral: _Walk.items,
    syntax.ContextLiteral: _Walk.context,
    syntax.Interval: _Walk.each,
    syntax.UnaryRange: _Walk.each,
    syntax.Tests: _Walk.each,
    syntax.Parameter: _Walk.each,
    syntax.Iteration: _Walk.each,
}
