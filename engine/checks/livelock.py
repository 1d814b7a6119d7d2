"""Rule `livelock`: a token that can only go round, through steps Redress does by itself, never comes to rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.bpmn.rules.problems import Problem
from engine.checks.levels import Level, Node
from engine.checks.ways import Ways, is_join, may_wait

Targets = Mapping[Node, Sequence[frozenset[Node]]]
"""For every node, what follows by each way out of it."""


def check(level: Level, ways: Ways) -> Iterator[Problem]:
    """One warning for each ring."""
    targets = {node: [frozenset(flow.target for flow in way) for way in out] for node, out in ways.items()}
    resting = _resting(targets)
    told: set[Node] = set()
    for node in targets:
        if node in resting or node in told:
            continue
        ring = _ring(node, targets, resting, told)
        if ring:
            names = " → ".join(each.id for each in (*ring, ring[0]))
            message = f"round and round it goes, and never waits or ends: {names}; draw a way out"
            yield level.diagram.warning(ring[0].element, "livelock", message)


def _resting(ways: Targets) -> set[Node]:
    """The nodes from which some run comes to rest: waits, waits at a join, ends, or cannot go on."""
    resting: set[Node] = set()
    led_to: dict[Node, list[tuple[Node, int]]] = {}
    open_ends: dict[tuple[Node, int], int] = {}
    for node, out in ways.items():
        for number, targets in enumerate(out):
            open_ends[node, number] = len(targets)
            for target in targets:
                led_to.setdefault(target, []).append((node, number))
    todo = [
        node
        for node, out in ways.items()
        if is_join(node) or may_wait(node) or not out or any(not targets for targets in out)
    ]
    while todo:
        node = todo.pop()
        if node in resting:
            continue
        resting.add(node)
        for way in led_to.get(node, ()):
            open_ends[way] -= 1
            if not open_ends[way]:
                todo.append(way[0])
    return resting


def _ring(node: Node, ways: Targets, resting: set[Node], told: set[Node]) -> list[Node]:
    """The ring that is reached from here, if none told it before; behind a restless node stands a restless one."""
    path: list[Node] = []
    while node not in told:
        told.add(node)
        path.append(node)
        node = next(
            target for targets in ways[node] for target in _in_order(targets) if target not in resting
        )
    return path[path.index(node) :] if node in path else []


def _in_order(targets: frozenset[Node]) -> list[Node]:
    return sorted(targets, key=lambda node: node.id)
