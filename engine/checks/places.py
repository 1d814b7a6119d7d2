"""The scopes of a node before anything happened: those it opens, and the names it makes its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.checks.levels import Node
from engine.checks.scopes import Scope
from engine.checks.shapes import ANY, NOTHING

HOLDING = frozenset({"subProcess", "transaction", "adHocSubProcess", "callActivity"})
PASSING_BY = frozenset({"startEvent", "boundaryEvent"})
"""Events whose input mappings, if somebody drew any, are not worked out."""


@dataclass(eq=False, slots=True)
class Place:
    """The scopes of one node: `around` is its level's; `inside` the one its own texts look into first.

    They differ where it has variables of its own. `items` is the scope of a multi-instance around its items.
    """

    around: Scope
    inside: Scope
    items: Scope | None = None


def place_of(node: Node, around: Scope) -> Place:
    """The scopes of a node in its level."""
    inputs = [line.target.split(".")[0] for line in node.extensions.inputs]
    if node.loop is not None:
        items = Scope(around)
        inside = Scope(items, {name: NOTHING for name in (*inputs, *item_names(node))})
        inside.have("loopCounter", ANY)
        collection = node.loop.get("loopCharacteristics", "outputCollection")
        if collection is not None:
            items.have(collection)
        return Place(around, inside, items)
    if node.kind in HOLDING or (inputs and node.kind not in PASSING_BY):
        return Place(around, Scope(around, {name: NOTHING for name in inputs}))
    return Place(around, around)


def of_a_flow(owner: Node, around: Scope) -> Scope:
    """The scope of a flow inside an ad-hoc subprocess: what is new in it stays in it."""
    names = _plain_name(owner.extensions.get("adHoc", "outputElement"))
    return Scope(around, {name: NOTHING for name in names}, wall=True)


def item_names(node: Node) -> Iterator[str]:
    """The names each item of a multi-instance has for itself, besides its input mappings."""
    assert node.loop is not None
    item = node.loop.get("loopCharacteristics", "inputElement")
    if item is not None:
        yield item
    yield from _plain_name(node.loop.get("loopCharacteristics", "outputElement"))


def _plain_name(text: str | None) -> Iterator[str]:
    """The variable an expression is, if it is nothing else."""
    name = (text or "").strip().removeprefix("=").strip()
    if (text or "").strip().startswith("=") and name.isidentifier():
        yield name
