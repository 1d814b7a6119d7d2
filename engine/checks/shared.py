"""Rule `shared`: items that run at the same time write a variable of the process and read it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.bpmn.expressions import RESERVED
from engine.bpmn.rules.problems import Problem
from engine.bpmn.xml import BPMN
from engine.checks.levels import Node, Process
from engine.checks.places import Place
from engine.checks.reads import Read
from engine.checks.scopes import Scope
from engine.checks.variables import Variables


def check(process: Process, variables: Variables, reads: Sequence[Read]) -> Iterator[Problem]:
    """Parallel multi-instance subprocesses whose items see what the others have written."""
    several = [node for node in process.nodes() if node.inner is not None and _is_parallel(node)]
    for node in several:
        inside, place = set(_inside(node)), variables.places[node]
        written = {name for each in inside for name in _written(each, place, variables)}
        read = {name for each in reads for name in _read(each, node, inside, place)}
        for name in sorted(written & read):
            message = (
                f"its items run at the same time, and all write and read the same {name!r}, so one may see what "
                f"another wrote; an input mapping from =null to {name} gives each its own"
            )
            yield node.level.diagram.warning(node.element, "shared", message)


def _is_parallel(node: Node) -> bool:
    loop = node.element.find(f"{BPMN}multiInstanceLoopCharacteristics")
    return loop is not None and loop.get("isSequential") != "true"


def _inside(node: Node) -> Iterator[Node]:
    todo = [node]
    while todo:
        here = todo.pop()
        if here.inner is not None:
            yield from here.inner.nodes.values()
            todo += here.inner.nodes.values()


def _written(node: Node, place: Place, variables: Variables) -> Iterator[str]:
    """The names a node inside writes to a scope around all items."""
    own = variables.places[node]
    if node.extensions.outputs:
        names = {line.target.split(".")[0] for line in node.extensions.outputs} - RESERVED
        yield from (name for name in names if _is_around(own.around, name, place))
    else:
        yield from (name for name in variables.result(node).shapes if _is_around(own.inside, name, place))


def _read(read: Read, node: Node, inside: set[Node], place: Place) -> Iterator[str]:
    """The names of a scope around all items that something inside reads, or the node at the end of each."""
    if read.node in inside or (read.node is node and read.what == "output element"):
        for name in read.expression.names - read.extra.shapes.keys():
            if name not in RESERVED and _is_around(read.scope, name, place):
                yield name


def _is_around(scope: Scope, name: str, place: Place) -> bool:
    """Whether a name seen from inside an item is held by a scope around all of them."""
    here: Scope | None = scope
    while here is not None and here is not place.around:
        if name in here.names:
            return False
        here = here.parent
    return True
