"""Rules `deadlock` and `never`: tokens that wait for ever, and nodes no run comes to."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.rules.problems import Problem
from engine.checks.levels import Flow, Level, Node
from engine.checks.token_game import Budget, Deadlock, Game
from engine.checks.ways import Ways, is_join

LONGEST = 12


def check(level: Level, ways: Ways, budget: Budget) -> Iterator[Problem]:
    """What the token game proves of one level."""
    if any(not _has_flows(node) for node in level.nodes.values()):
        return
    met = _met(level, ways)
    if not any(is_join(node) for node in level.nodes.values()):
        yield from _never(level, met, set())
        return
    played = Game(level, ways, budget).play()
    for deadlock in played.deadlocks:
        yield _told(level, deadlock)
    visited = played.visited if played.whole else met
    yield from _never(level, visited, {deadlock.join for deadlock in played.deadlocks})


def _has_flows(node: Node) -> bool:
    """Whether the drawing is whole here: what is not is told by other rules, and no game is played over it."""
    begins = node.kind in ("startEvent", "boundaryEvent") or node.is_event_subprocess or node.is_handler
    return begins or bool(node.incoming) or node.level.is_ad_hoc


def _told(level: Level, deadlock: Deadlock) -> Problem:
    missing = ", ".join(flow.id or flow.source.id for flow in deadlock.missing)
    message = (
        f"a token can wait here for ever: nothing comes over {missing} any more after {_path(deadlock.run)}; "
        "join what was split by a gateway of the same kind"
    )
    return level.diagram.warning(deadlock.join.element, "deadlock", message)


def _path(run: tuple[Node, ...]) -> str:
    ids = [node.id for node in run]
    if len(ids) > LONGEST:
        ids = [*ids[:3], "…", *ids[-(LONGEST - 3) :]]
    return " → ".join(ids)


def _met(level: Level, ways: Ways) -> set[Node]:
    """The nodes that can be reached when every join is lucky: no other can be reached at all."""
    met: set[Node] = set()
    flows: set[Flow] = set()
    missing = {node: len(node.incoming) for node in level.nodes.values() if node.kind == "parallelGateway"}
    todo = [*level.entrances(), *level.event_subprocesses]
    while todo:
        node = todo.pop()
        if node in met or missing.get(node, 0) > 0:
            continue
        met.add(node)
        todo += node.attached
        for flow in dict.fromkeys(flow for way in ways[node] for flow in way):
            if flow not in flows:
                flows.add(flow)
                if flow.target in missing:
                    missing[flow.target] -= 1
                todo.append(flow.target)
    return met


def _never(level: Level, met: set[Node], waiting: set[Node]) -> Iterator[Problem]:
    """The first nodes of every part no run comes to; what is behind a join that waits for ever is told there."""
    for node in level.nodes.values():
        if node in met or node.is_event_subprocess or node.is_handler:
            continue
        before = [flow.source for flow in node.incoming] + ([node.host] if node.host else [])
        reached = [source for source in before if source in met]
        if reached and any(source not in waiting for source in reached):
            message = (
                "no run ever comes here, whatever is answered: look at the conditions and joins before it"
            )
            yield level.diagram.warning(node.element, "never", message)
