"""Rule `name`: what an expression reads must be there; rule `member`: and have what is read of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from engine.bpmn.rules.problems import Problem
from engine.checks.inference import Miss, infer
from engine.checks.levels import Node, Process
from engine.checks.reads import Read
from engine.checks.variables import Variables
from engine.domain.suggesting import meant


def check(process: Process, variables: Variables, reads: Iterable[Read]) -> Iterator[Problem]:
    """What the expressions of a process read in vain, and what they write where nothing can be written."""
    for read in reads:
        _, misses = infer(read.expression.tree, variables.see(read.scope, read.extra))
        for miss in misses:
            yield told(read, miss)
    for node in process.nodes():
        yield from _written(node, variables)


def told(read: Read, miss: Miss) -> Problem:
    """A miss in the words of a designer."""
    diagram = read.node.level.diagram
    if miss.path:
        return diagram.problem(read.element, "member", f"{read.what}: {unknown_member(miss)}")
    known = {*read.scope.visible().shapes, *read.extra.shapes, "complaint", "now"}
    message = (
        f"{read.what}: nothing that can be seen here is called {miss.name!r}{meant(miss.name, known)}; "
        "a form field, an input mapping, a result or a message must supply it"
    )
    return diagram.problem(read.element, "name", message)


def unknown_member(miss: Miss) -> str:
    """That something has no such member, and which it may have."""
    whole, _, _ = miss.path.rpartition(".")
    suggestion = meant(miss.name, miss.known)
    if not suggestion:
        some = sorted(miss.known)[:8]
        more = ", …" if len(miss.known) > len(some) else ""
        suggestion = f": it has {', '.join(some)}{more}" if some else ": it has no members"
    return f"{whole} has no {miss.name!r}{suggestion}"


def _written(node: Node, variables: Variables) -> Iterator[Problem]:
    """Output mappings to attributes the complaint does not have, or does not let anybody write."""
    for line in node.mapping("output"):
        target = line.get("target", "")
        if target.startswith("complaint."):
            yield from _attribute(node, line, target.removeprefix("complaint."), variables)


def _attribute(node: Node, line: etree._Element, name: str, variables: Variables) -> Iterator[Problem]:
    message = unwritable(name, variables)
    if message:
        yield node.level.diagram.problem(line, "member", f"output: {message}")


def unwritable(name: str, variables: Variables) -> str:
    """Why `complaint.<name>` cannot be written; "" if it can."""
    house = variables.house
    if name in house.writable:
        return ""
    if name in house.complaint.members:
        return f"complaint.{name} can be read, but not written by a process"
    return f"the complaint has no {name!r}{meant(name, house.writable)}"
