"""Rule `early`: a name that is read on some way before anything wrote it is null there."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from operator import or_

from engine.bpmn.rules.problems import Problem
from engine.checks.levels import Level, Node, Process
from engine.checks.reads import Read
from engine.checks.scopes import Scope
from engine.checks.variables import Variables
from engine.checks.ways import is_understood
from engine.feel import syntax

Written = int
"""A set of variables, one bit each."""

AFTERWARDS = ("output element", "completion condition")
"""What a multi-instance works out when one of its items is done."""

MOST_STEPS = 200_000


def check(process: Process, variables: Variables, reads: Iterable[Read]) -> Iterator[Problem]:
    """Reads at the top of a process; what is written in a subprocess counts for the subprocess as a whole."""
    level, root = process.top, variables.roots[process.id]
    if root.open or not is_understood(level):
        return
    bits = {name: 1 << number for number, name in enumerate(root.names)}
    own = {node: _writes(node, bits, variables) for node in level.nodes.values()}
    known = _together(own[node] for node in level.event_subprocesses)  # that may be written at any time
    known |= _together(bits[name] for name in variables.given[root] if name in bits)
    before = _surely_written(level, own)
    inside = {node: _writes_inside(node, bits, variables) for node in level.nodes.values()}
    given = _together(bits[name] for name in variables.given[root] if name in bits)
    for read in reads:
        if _is_armed_at_the_start(read, level):
            written = given
        elif read.node.level is not level or read.node not in before:
            continue
        elif read.what in AFTERWARDS:
            written = known | before[read.node] | own[read.node]
        else:
            written = known | before[read.node] | (inside[read.node] if read.what.startswith("output") else 0)
        for name in sorted(read.expression.names & bits.keys()):
            if name in read.extra.shapes or bits[name] & written or not _is_of(read.scope, name, root):
                continue
            if _matters(read, name):
                yield level.diagram.warning(read.element, "early", _told(read, level, name))


def _is_armed_at_the_start(read: Read, level: Level) -> bool:
    """Whether it is what an event subprocess of the process waits for, and worked out before anything else is done."""
    owner = read.node.level.owner
    if owner is None or owner.level is not level or not owner.is_event_subprocess:
        return False
    return read.node.kind == "startEvent" and not read.what.startswith(("input", "output"))


def _told(read: Read, level: Level, name: str) -> str:
    if read.node.level is level:
        return f"{read.what}: on some way here nothing has written {name!r} yet, and it is null"
    return f"{read.what}: it is worked out when the process starts, and nothing has written {name!r} by then"


def _together(sets: Iterable[Written]) -> Written:
    return reduce(or_, sets, 0)


def _writes(node: Node, bits: Mapping[str, Written], variables: Variables) -> Written:
    """The variables of the process that a node, or what is inside it, may write."""
    found: set[str] = set()
    todo = [node]
    while todo:
        here = todo.pop()
        if here.inner is not None:
            todo += here.inner.nodes.values()
        if here.extensions.outputs:
            found.update(line.target.split(".")[0] for line in here.extensions.outputs)
        else:
            found.update(variables.result(here).shapes)
        if here.loop is not None:
            found.add(here.loop.get("loopCharacteristics", "outputCollection") or "")
    return _together(bits.get(name, 0) for name in found)


def _writes_inside(node: Node, bits: Mapping[str, Written], variables: Variables) -> Written:
    """The variables of the process that are written inside a node before its own output mappings are worked out."""
    if node.inner is None:
        return 0
    return _together(_writes(each, bits, variables) for each in node.inner.nodes.values())


def _surely_written(level: Level, own: Mapping[Node, Written]) -> dict[Node, Written]:
    """For every node that is reached: what has been written on each way to it, other branches left aside.

    A parallel join has waited for all of its branches, any other node for one. Empty where it takes too long.
    """
    everything = _together(own.values())
    before: dict[Node, Written] = {node: 0 for node in level.of_kind("startEvent")}
    todo = deque(before)
    steps = 0
    while todo:
        node = todo.popleft()
        if node.kind == "parallelGateway":
            ways = [before[flow.source] | own[flow.source] for flow in node.incoming if flow.source in before]
            before[node] = _together(ways)
        steps += 1 + len(node.incoming)
        if steps > MOST_STEPS:
            return {}
        after = before[node] | own[node]
        following = [(flow.target, after) for flow in node.outgoing]
        following += [(event, before[node]) for event in node.attached]
        for target, written in following:
            met = before.get(target, everything) & written
            if target not in before or (before[target] != met and target.kind != "parallelGateway"):
                before[target] = met
                todo.append(target)
    return before


def _is_of(scope: Scope, name: str, root: Scope) -> bool:
    """Whether the name is a variable of the process itself, seen from here."""
    here: Scope | None = scope
    while here is not None and name not in here.names:
        here = here.parent
    return here is root


def _matters(read: Read, name: str) -> bool:
    """Whether null makes a difference: not where it is only handed on, compared, or read on one side of an `if`."""
    tree = read.expression.tree
    if read.what.startswith(("input", "output")) and isinstance(tree, syntax.Name):
        return False
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, syntax.Name) and node.name == name:
            return True
        if isinstance(node, syntax.Comparison) and _asks_for_a_value(node):
            continue
        todo += [node.condition] if isinstance(node, syntax.If) else syntax.children(node)
    return False


def _asks_for_a_value(node: syntax.Comparison) -> bool:
    """`x = "yes"` and `x != null` have an answer for null, too."""
    sides = (node.left, node.right)
    return node.operator in ("=", "!=") and any(isinstance(side, syntax.Literal) for side in sides)
