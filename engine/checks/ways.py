"""Which flows a token may take out of a node, as far as the drawing alone says: conditions are open, constants are not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from engine.bpmn.expressions import condition
from engine.checks.levels import Flow, Level, Node
from engine.feel import Expression, FeelError, syntax

Way = tuple[Flow, ...]
"""The flows taken at once."""

WAITING = frozenset(
    {
        *("userTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway", "callActivity"),
        "adHocSubProcess",
    }
)
UNDERSTOOD = frozenset(
    {
        *WAITING,
        *("task", "manualTask", "serviceTask", "sendTask", "scriptTask", "businessRuleTask"),
        *("subProcess", "transaction", "startEvent", "endEvent", "intermediateThrowEvent", "boundaryEvent"),
        *("exclusiveGateway", "inclusiveGateway", "parallelGateway"),
    }
)
HAPPENINGS = frozenset(
    {
        *("none", "timer", "message", "signal", "error", "escalation", "terminate"),
        *("link", "compensate", "cancel"),
    }
)
MOST_OPTIONAL = 6
"""Of the optional flows of an inclusive gateway every combination is tried up to this many; else one, or all."""

_MAY_BE_CONSTANT = re.compile(r'(?:\b(?:true|false|null|and|or|not)\b|"[^"]*"|[\d\s.<>=!()+*/-])*')
"""What no name stands in; every other condition is open, and need not be read to know it."""

Ways = Mapping[Node, list[Way]]


def is_understood(level: Level) -> bool:
    """Whether the game can be played here: all its elements are ones whose tokens are known to move so."""
    return all(node.kind in UNDERSTOOD and node.happening in HAPPENINGS for node in level.nodes.values())


def is_join(node: Node) -> bool:
    """Whether tokens wait here for one another."""
    return node.kind in ("parallelGateway", "inclusiveGateway") and len(node.incoming) > 1


def may_wait(node: Node) -> bool:
    """Whether a token may come to rest here until something outside happens."""
    todo = [node]
    while todo:
        here = todo.pop()
        if here.kind in WAITING and here.happening != "link":
            return True
        if here.inner is not None:
            todo += here.inner.nodes.values()
    return False


def ends_all(node: Node) -> bool:
    """Whether its level is over when a token comes here."""
    return node.kind == "endEvent" and node.happening in ("terminate", "error", "cancel")


def ways_of(level: Level) -> Ways:
    """For every node of a level: the ways a token may leave it, by itself and with each of the events on its edge."""
    return {node: list(_ways_out(node)) for node in level.nodes.values()}


def _ways_out(node: Node) -> Iterator[Way]:
    plain = list(_plain_ways(node))
    yield from plain
    for event in node.attached:
        if event.happening == "compensate":
            continue  # no token comes out of it: its handler is begun by whoever compensates
        for beside in _plain_ways(event):
            if event.is_interrupting:
                yield beside
            elif plain:
                yield (*plain[0], *beside)


def _plain_ways(node: Node) -> Iterator[Way]:
    if node.kind == "exclusiveGateway" and len(node.outgoing) > 1:
        yield from ((flow,) for flow in _possible(node))
    elif node.kind == "eventBasedGateway":
        yield from ((flow,) for flow in node.outgoing)
    elif node.kind == "parallelGateway" or not any(flow.condition for flow in node.outgoing):
        yield tuple(node.outgoing)
    else:
        yield from _combinations(node)


def _possible(node: Node) -> Iterator[Flow]:
    """The flows of an exclusive gateway: the first that holds, else the default."""
    default = node.element.get("default")
    for flow in node.outgoing:
        if flow.id == default:
            continue
        known = _constant(flow)
        if known is not False:
            yield flow
        if known is True:
            return
    yield from (flow for flow in node.outgoing if flow.id == default)


def _combinations(node: Node) -> Iterator[Way]:
    """All flows whose condition holds, else the default."""
    default = node.element.get("default")
    others = [flow for flow in node.outgoing if flow.id != default]
    held = [flow for flow in others if _constant(flow) is True]
    optional = [flow for flow in others if _constant(flow) is None]
    sizes: Iterable[int] = range(len(optional) + 1)
    if len(optional) > MOST_OPTIONAL:
        sizes = (0, 1, len(optional)) if len(held) <= MOST_OPTIONAL else (0, len(optional))
    for size in sizes:
        for chosen in combinations(optional, size):
            if held or chosen:
                yield (*held, *chosen)
    if not held:
        yield from ((flow,) for flow in node.outgoing if flow.id == default)


def _constant(flow: Flow) -> bool | None:
    """Whether its condition always holds, or never; None where it depends on something."""
    text = flow.condition
    if not text:  # behind a question that is a condition somebody forgot, and told of
        asked = flow.source.kind in ("exclusiveGateway", "inclusiveGateway") and len(flow.source.outgoing) > 1
        return None if asked else True
    if not _MAY_BE_CONSTANT.fullmatch(text):
        return None
    try:
        expression = condition(text).expression
        if expression is None or not _is_constant(expression):
            return None
        return expression.evaluate({}) is True
    except FeelError:
        return None


def _is_constant(expression: Expression) -> bool:
    if expression.names or expression.item_names or expression.functions:
        return False
    todo: list[syntax.Node] = [expression.tree]
    while todo:
        node = todo.pop()
        if isinstance(node, syntax.Name | syntax.Call):
            return False
        todo += syntax.children(node)
    return True
