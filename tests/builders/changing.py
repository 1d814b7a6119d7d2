"""Structured processes that change: drawn, played as a token game, and turned into a next version of themselves.

Parts are known by their tag, which stays when a part is called otherwise, so that a state of one version is a state of
the next, as far as what it speaks of is still there.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from tests.builders.diagrams import (
    boundary,
    diagram,
    end,
    flow,
    flows,
    message,
    named_message,
    node,
    process,
    start,
    subprocess,
    user,
)

State = Any
Happening = tuple[str, str]
Place = tuple[int, str]
"""A node that is drawn: the tag of its part, and what it is there."""


@dataclass(frozen=True)
class Part:
    """A task, a catch event, or a seq, and, sub or loop of parts.

    `edge` says whether a message on the border of a task leads to another task, around it.
    """

    kind: str
    tag: int
    name: str
    parts: tuple[Part, ...] = ()
    edge: bool = False

    def id(self, role: str = "") -> str:
        """What one of its nodes is called."""
        return f"{self.name}_{role}" if role else self.name


class Changing:
    """Draws parts by chance, and changes them."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.count = 0

    def part(self, depth: int) -> Part:
        """A random part, a leaf at the deepest level."""
        kinds = ("task", "task", "catch", "seq", "seq", "and", "sub", "loop") if depth else ("task", "catch")
        kind = self.chance.choice(kinds)
        parts: tuple[Part, ...] = ()
        if kind in ("seq", "and"):
            parts = tuple(self.part(depth - 1) for _ in range(self.chance.randint(2, 3)))
        elif kind in ("sub", "loop"):
            parts = (self.part(depth - 1),)
        return self.made(kind, parts, edge=kind == "task" and self.chance.random() < 0.4)

    def made(self, kind: str, parts: tuple[Part, ...] = (), *, edge: bool = False) -> Part:
        """A part nobody has."""
        self.count += 1
        return Part(kind, self.count, f"{kind[0]}{self.count}", parts, edge)

    def changed(self, part: Part) -> Part:
        """The next version: some parts called otherwise, some inserted, some removed, some edges more or fewer."""
        parts = tuple(self.changed(each) for each in part.parts)
        if part.kind == "seq":
            parts = tuple(self._resequenced(parts))
        name = f"{part.name}x" if self.chance.random() < 0.3 else part.name
        edge = part.kind == "task" and (part.edge != (self.chance.random() < 0.2))
        return replace(part, name=name, parts=parts, edge=edge)

    def _resequenced(self, parts: tuple[Part, ...]) -> list[Part]:
        found = [part for part in parts if self.chance.random() > 0.15] or [parts[0]]
        if self.chance.random() < 0.4:
            found.insert(self.chance.randint(0, len(found)), self.made("task"))
        return found


# drawing


def drawn(whole: Part) -> bytes:
    """The process as a diagram."""
    first, last, nodes, wires = _drawn(whole)
    written = _written(nodes, [("start", first, None), *wires, (last, "end", None)])
    heard = [named_message(f"M_{id}", id, '="k"') for id in sorted(_messages(whole))]
    return diagram(process("p", start(), end(), written), *heard)


def _drawn(part: Part) -> tuple[str, str, list[str], list[tuple[str, str, str | None]]]:
    """Its first and last node, its nodes, its wires."""
    if part.kind == "task":
        return _task(part)
    if part.kind == "catch":
        caught = node("intermediateCatchEvent", part.id(), body=message(f"M_{part.id()}"))
        return part.id(), part.id(), [caught], []
    inner = [_drawn(each) for each in part.parts]
    nodes = [each for _, _, found, _ in inner for each in found]
    wires = [each for *_, found in inner for each in found]
    if part.kind == "seq":
        wires += [(a[1], b[0], None) for a, b in pairwise(inner)]
        return inner[0][0], inner[-1][1], nodes, wires
    if part.kind == "and":
        split, join = part.id("split"), part.id("join")
        nodes += [node("parallelGateway", split), node("parallelGateway", join)]
        wires += [wire for a, b, *_ in inner for wire in ((split, a, None), (b, join, None))]
        return split, join, nodes, wires
    ((first, last, *_),) = inner
    if part.kind == "sub":
        begin, over = part.id("s"), part.id("e")
        inside = (
            start(begin) + end(over) + _written(nodes, [(begin, first, None), *wires, (last, over, None)])
        )
        return part.id(), part.id(), [subprocess(part.id(), inside)], []
    before, task, after, out = (part.id(role) for role in ("in", "again", "g", "out"))
    nodes += [
        *(node("exclusiveGateway", before), user(task), node("exclusiveGateway", out)),
        node("exclusiveGateway", after, default=f"{after}_{out}"),
    ]
    wires += [(before, first, None), (last, task, None), (task, after, None), (after, out, None)]
    wires.append((after, before, f"=again{part.tag} = true"))
    return before, out, nodes, wires


def _task(part: Part) -> tuple[str, str, list[str], list[tuple[str, str, str | None]]]:
    if not part.edge:
        return part.id(), part.id(), [user(part.id())], []
    event, aside, out = part.id("told"), part.id("aside"), part.id("met")
    nodes = [
        *(user(part.id()), boundary(event, part.id(), message(f"M_{event}"))),
        *(user(aside), node("exclusiveGateway", out)),
    ]
    return part.id(), out, nodes, [(part.id(), out, None), (event, aside, None), (aside, out, None)]


def _written(nodes: list[str], wires: list[tuple[str, str, str | None]]) -> str:
    return "".join(nodes) + "".join(flow(a, b, when) if when else flows(a, b) for a, b, when in wires)


def _messages(part: Part) -> Iterator[str]:
    if part.kind == "catch":
        yield part.id()
    elif part.edge:
        yield part.id("told")
    for each in part.parts:
        yield from _messages(each)


ROLES = {
    "task": ("",),
    "catch": ("",),
    "seq": (),
    "and": ("split", "join"),
    "loop": ("in", "again", "g", "out"),
    "sub": ("", "s", "e"),
}
ON_EDGE = ("told", "aside", "met")


def places(part: Part) -> Iterator[tuple[Place, str]]:
    """Every node that is drawn, and what it is called."""
    for role in (*ROLES[part.kind], *(ON_EDGE if part.edge else ())):
        yield (part.tag, role), part.id(role)
    for each in part.parts:
        yield from places(each)


def mapping(old: Part, new: Part) -> dict[str, str]:
    """What is called otherwise in the new version."""
    after = dict(places(new))
    return {name: after[place] for place, name in places(old) if place in after and after[place] != name}


# the token game


def begin(part: Part) -> State:
    """The state of a part that was just entered."""
    if part.kind in ("task", "catch"):
        return (part.kind, part.tag)
    if part.kind == "seq":
        return ("seq", part.tag, part.parts[0].tag, begin(part.parts[0]))
    if part.kind == "and":
        return ("and", part.tag, {each.tag: begin(each) for each in part.parts})
    return (part.kind, part.tag, "inside", begin(part.parts[0]))


def happenings(part: Part, state: State) -> list[Happening]:
    """What can happen: ("task", id), ("message", id), or ("again", id) for the task that decides on another round."""
    if part.kind == "catch":
        return [("message", part.id())]
    if part.kind == "task":
        if state[0] == "aside":
            return [("task", part.id("aside"))]
        return [("task", part.id()), *([("message", part.id("told"))] if part.edge else [])]
    if part.kind == "loop" and state[2] == "again":
        return [("again", part.id("again"))]
    return [each for inner, of in _inside(part, state) for each in happenings(inner, of)]


def _inside(part: Part, state: State) -> list[tuple[Part, State]]:
    by_tag = {each.tag: each for each in part.parts}
    if part.kind == "seq":
        return [(by_tag[state[2]], state[3])]
    if part.kind == "and":
        return [(by_tag[tag], of) for tag, of in state[2].items() if of is not None]
    return [(part.parts[0], state[3])]


def after(part: Part, state: State, what: Happening, again: bool = False) -> State:
    """The state when it has happened; None when the part is done."""
    if part.kind == "catch":
        return None
    if part.kind == "task":
        return ("aside", part.tag) if what == ("message", part.id("told")) else None
    if part.kind == "loop" and state[2] == "again":
        return begin(part) if again else None
    (inner, of), *_ = [each for each in _inside(part, state) if what in happenings(*each)]
    following = after(inner, of, what, again)
    if part.kind == "seq":
        return _next_in_line(part, inner, following)
    if part.kind == "and":
        branches = {**state[2], inner.tag: following}
        return None if all(each is None for each in branches.values()) else ("and", part.tag, branches)
    if following is not None:
        return (part.kind, part.tag, "inside", following)
    return ("loop", part.tag, "again", None) if part.kind == "loop" else None


def _next_in_line(part: Part, inner: Part, following: State) -> State:
    if following is not None:
        return ("seq", part.tag, inner.tag, following)
    place = [each.tag for each in part.parts].index(inner.tag) + 1
    if place == len(part.parts):
        return None
    return ("seq", part.tag, part.parts[place].tag, begin(part.parts[place]))


def can_go(old: Part, new: Part, state: State) -> bool:
    """Whether a state of the old version is one of the new: what it speaks of is there, and joins lose no token."""
    if state[0] == "aside":
        return new.edge
    if old.kind in ("task", "catch"):
        return True
    there = {each.tag: each for each in new.parts}
    inside = _inside(old, state) if not (old.kind == "loop" and state[2] == "again") else []
    if any(inner.tag not in there or not can_go(inner, there[inner.tag], of) for inner, of in inside):
        return False
    done = [tag for tag, of in state[2].items() if of is None] if old.kind == "and" else []
    before = {each.tag: each for each in old.parts}
    return all(_last(before[tag]) == _last(there[tag]) for tag in done)


def _last(part: Part) -> Place:
    """The node from which a part is left."""
    if part.kind == "seq":
        return _last(part.parts[-1])
    role = {"and": "join", "loop": "out", "task": "met" if part.edge else ""}.get(part.kind, "")
    return part.tag, role
