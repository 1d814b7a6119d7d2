"""Random block-structured processes for both dialects, from a seed: the same shape, the same choices."""

import random
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tests.builders.diagrams import (
    boundary,
    diagram,
    end,
    event_subprocess,
    flow,
    flows,
    message,
    named_message,
    node,
    process,
    start,
    subprocess,
    timer,
    user,
)

Kind = str
Wire = tuple[str, str, str | None]
Shape = tuple[Any, ...]
GATEWAYS = {"and": "parallelGateway", "xor": "exclusiveGateway", "inc": "inclusiveGateway"}


@dataclass
class Block:
    """A part of a process with one way in and one way out."""

    first: str
    last: str
    nodes: list[str] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    shape: Shape = ()


class RandomProcess:
    """One random process; conditions are @T@, @F@ or @V<task>@ until a dialect is chosen.

    `source` is a seed, or what makes the choices. Kinds are those of tasks and gateways, and of events: "catch",
    "bound" (an event on a task or a subprocess), "esp" (an event subprocess beside what is inside) and "undo" (a
    subprocess that compensates what it did).
    """

    def __init__(self, source: int | random.Random, kinds: tuple[Kind, ...], depth: int = 3) -> None:
        self.random = random.Random(source) if isinstance(source, int) else source
        self.messages: list[str] = []
        self.kinds = kinds
        self.count = 0
        self.loops: set[str] = set()
        block = self.block(depth)
        self.shape = block.shape
        wires = [*block.wires, ("start", block.first, None), (block.last, "end", None)]
        heard = [named_message(f"M_{id}", id, '="k"') for id in self.messages]
        written = process("p", start(), end(), self.written(block.nodes, wires))
        self.drawn = diagram(written, *heard).decode()

    def name(self, prefix: str) -> str:
        """An id nobody has."""
        self.count += 1
        return f"{prefix}{self.count}"

    def block(self, depth: int) -> Block:
        """A random block, a user task at the deepest level."""
        kind = self.random.choice(self.kinds) if depth else "user"
        if kind == "user":
            id = self.name("u")
            return Block(id, id, [user(id)], shape=("user", id))
        if kind == "seq":
            return self.sequence([self.block(depth - 1) for _ in range(self.random.randint(2, 3))])
        if kind == "loop":
            return self.loop(self.block(depth - 1))
        if kind == "sub":
            return self.inner(self.block(depth - 1))
        if kind == "catch":
            return self.catch()
        if kind == "bound":
            return self.bound(self.block(depth - 1))
        if kind == "esp":
            return self.beside(self.block(depth - 1))
        if kind == "undo":
            return self.undoing(self.block(depth - 1))
        return self.split(kind, [self.block(depth - 1) for _ in range(self.random.randint(2, 3))])

    def sequence(self, blocks: list[Block]) -> Block:
        """One after the other."""
        made = self.joined(blocks)
        made.shape = ("seq", [block.shape for block in blocks])
        made.wires += [(a.last, b.first, None) for a, b in pairwise(blocks)]
        return made

    def joined(self, blocks: list[Block]) -> Block:
        """All nodes and wires of some blocks."""
        made = Block(blocks[0].first, blocks[-1].last)
        for block in blocks:
            made.nodes += block.nodes
            made.wires += block.wires
        return made

    def split(self, kind: str, blocks: list[Block]) -> Block:
        """Beside one another, between two gateways."""
        opening, closing, made = self.name("g"), self.name("g"), self.joined(blocks)
        chosen = [self.random.random() < 0.5 for _ in blocks]
        default = None if kind == "and" else f"{opening}_{blocks[0].first}"
        made.nodes += [node(GATEWAYS[kind], opening, default=default), node(GATEWAYS[kind], closing)]
        for number, block in enumerate(blocks):
            condition = None if kind == "and" or not number else "T" if chosen[number] else "F"
            made.wires += [(opening, block.first, condition), (block.last, closing, None)]
        taken = [bool(number) and chosen[number] for number in range(len(blocks))]
        shape = ("split", kind, [block.shape for block in blocks], taken)
        return Block(opening, closing, made.nodes, made.wires, shape)

    def loop(self, inside: Block) -> Block:
        """Again until a task says that it is enough."""
        before, after, task, out = self.name("g"), self.name("g"), self.name("L"), self.name("g")
        self.loops.add(task)
        inside.nodes += [
            node("exclusiveGateway", before),
            node("exclusiveGateway", after, default=f"{after}_{out}"),
            node("exclusiveGateway", out),
            user(task),
        ]
        inside.wires += [
            (before, inside.first, None),
            (inside.last, task, None),
            (task, after, None),
            (after, before, f"V{task}"),
            (after, out, None),
        ]
        return Block(before, out, inside.nodes, inside.wires, ("loop", inside.shape, task))

    def inner(self, inside: Block) -> Block:
        """In a subprocess."""
        id, first, last = self.name("S"), self.name("s"), self.name("e")
        wires = [*inside.wires, (first, inside.first, None), (inside.last, last, None)]
        drawn = subprocess(id, start(first) + end(last) + self.written(inside.nodes, wires))
        return Block(id, id, [drawn], shape=("level", inside.shape, None))

    def event(self) -> tuple[str, str, str]:
        """A timer or a message: its kind, its id and its definition."""
        if self.random.random() < 0.5:
            return "timer", self.name("t"), timer("Duration", "PT1H")
        id = self.name("m")
        self.messages.append(id)
        return "message", id, message(f"M_{id}")

    def catch(self) -> Block:
        """An intermediate event."""
        kind, id, definition = self.event()
        drawn = node("intermediateCatchEvent", id, body=definition)
        return Block(id, id, [drawn], shape=("catch", kind, id))

    def bound(self, inside: Block) -> Block:
        """A subprocess with an event on its border: interrupting leads around it, else to a task of its own."""
        made = self.inner(inside)
        kind, id, definition = self.event()
        interrupting, task, out = self.random.random() < 0.5, self.name("u"), self.name("g")
        made.nodes += [
            boundary(id, made.first, definition, interrupting=interrupting),
            user(task),
            node("exclusiveGateway", out),
        ]
        made.wires += [(made.last, out, None), (id, task, None)]
        if interrupting:
            made.wires.append((task, out, None))
        shape = ("bound", made.shape, (kind, id, interrupting, task))
        return Block(made.first, out, made.nodes, made.wires, shape)

    def beside(self, inside: Block) -> Block:
        """A subprocess with an event subprocess in it."""
        kind, event, definition = self.event()
        interrupting, task = self.random.random() < 0.5, self.name("u")
        id, first, last = self.name("S"), self.name("s"), self.name("e")
        wires = [*inside.wires, (first, inside.first, None), (inside.last, last, None)]
        # the start event of the event subprocess is what waits, so it has the event's name
        road = user(task) + end(f"{event}_end") + flows(f"{event}_esp_start", task, f"{event}_end")
        listening = event_subprocess(f"{event}_esp", definition, road, interrupting=interrupting)
        drawn = subprocess(id, start(first) + end(last) + self.written(inside.nodes, wires) + listening)
        shape = ("level", inside.shape, (kind, f"{event}_esp", interrupting, task))
        return Block(id, id, [drawn], shape=shape)

    def undoing(self, inside: Block) -> Block:
        """A subprocess: a task, something, another task, and then both tasks are undone beside one another."""
        id, first, last, throw = self.name("S"), self.name("s"), self.name("e"), self.name("x")
        tasks = [self.name("u"), self.name("u")]
        handlers = [self.name("h"), self.name("h")]
        drawn = "".join(_undone(*pair) for pair in zip(tasks, handlers, strict=True))
        wires = [
            *inside.wires,
            *pairwise_of(first, tasks[0], inside.first),
            *pairwise_of(inside.last, tasks[1], throw, last),
        ]
        nodes = [
            *inside.nodes,
            node("intermediateThrowEvent", throw, body="<bpmn:compensateEventDefinition/>"),
        ]
        drawn = subprocess(id, start(first) + end(last) + drawn + self.written(nodes, wires))
        both: Shape = ("split", "and", [("user", handler) for handler in handlers], [])
        way = [("user", tasks[0]), inside.shape, ("user", tasks[1]), both]
        return Block(id, id, [drawn], shape=("level", ("seq", way), None))

    def written(self, nodes: list[str], wires: list[Wire]) -> str:
        """Nodes and flows."""
        drawn = "".join(flow(a, b, f"@{when}@") if when else flows(a, b) for a, b, when in wires)
        return "".join(nodes) + drawn

    def dialect(self, feel: bool) -> bytes:
        """The diagram with its conditions in FEEL or in Python."""

        def condition(found: re.Match[str]) -> str:
            text = found[1]
            if text in "TF":
                value = text == "T"
                return f"={str(value).lower()}" if feel else str(value)
            return f"=v{text[1:]} = 1" if feel else f"v{text[1:]} == 1"

        return re.sub("@(.*?)@", condition, self.drawn).encode()


def pairwise_of(*ids: str) -> list[Wire]:
    """Plain wires from each to the next."""
    return [(a, b, None) for a, b in pairwise(ids)]


def _undone(task: str, handler: str) -> str:
    """A user task, its compensation event and its handler."""
    event = f"{task}_undone"
    drawn = user(handler).replace(f'id="{handler}"', f'id="{handler}" isForCompensation="true"', 1)
    return (
        user(task)
        + node("boundaryEvent", event, body="<bpmn:compensateEventDefinition/>", attachedToRef=task)
        + drawn
        + f'<bpmn:association id="{event}_by" sourceRef="{event}" targetRef="{handler}"/>\n'
    )
