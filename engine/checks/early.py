"""Rule `early`: a name that is read on some way before anything wrote it is null there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.bpmn.rules.problems import Problem
from engine.checks.levels import Level, Node, Process
from engine.checks.reads import Read, reads_of
from engine.checks.scopes import Scope
from engine.checks.variables import Variables
from engine.checks.ways import is_understood
from engine.feel import syntax

Written = frozenset[str]


def check(process: Process, variables: Variables) -> Iterator[Problem]:
    """Reads at the top of a process; what is written in a subprocess counts for the subprocess as a whole."""
    level, root = process.top, variables.roots[process.id]
    if root.open or not is_understood(level):
        return
    own = {node: _writes(node, root, variables) for node in level.nodes.values()}
    at_any_time = frozenset[str]().union(*(own[node] for node in level.event_subprocesses))
    known = at_any_time | variables.given[root]
    before = _surely_written(level, own)
    for read in reads_of(process, variables):
        if read.node.level is not level or read.node not in before:
            continue
        for name in sorted(read.expression.names - known - read.extra.shapes.keys()):
            if _is_of(read.scope, name, root) and name not in before[read.node] and _matters(read, name):
                message = f"{read.what}: on some way here nothing has written {name!r} yet, and it is null"
                yield level.diagram.warning(read.element, "early", message)


def _writes(node: Node, root: Scope, variables: Variables) -> Written:
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
    return frozenset(found & root.names.keys())


def _surely_written(level: Level, own: Mapping[Node, Written]) -> dict[Node, Written]:
    """For every node that is reached: what has been written on each way to it, other branches left aside.

    A parallel join has waited for all of its branches, any other node for one.
    """
    everything = frozenset[str]().union(*own.values())
    before: dict[Node, Written] = {node: frozenset() for node in level.of_kind("startEvent")}
    todo = list(before)
    while todo:
        node = todo.pop()
        after = before[node] | own[node]
        following = [(flow.target, after) for flow in node.outgoing]
        following += [(event, before[node]) for event in node.attached]
        for target, written in following:
            if target.kind == "parallelGateway":
                ways = [before[f.source] | own[f.source] for f in target.incoming if f.source in before]
                met = everything if not ways else frozenset[str]().union(*ways)
            else:
                met = before.get(target, everything) & written
            if before.get(target) != met:
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
