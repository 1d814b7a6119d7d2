"""Checks a set of files: reads each, finds out what they offer one another, and asks every rule."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath

from lxml import etree

from engine.bpmn.parser import FLOW_NODES, HOLDERS
from engine.bpmn.rules import elements, plain_values, structure, texts
from engine.bpmn.rules.problems import Diagram, Known, Place, Problem
from engine.bpmn.specs.collaborating import BUILT_IN
from engine.bpmn.xml import BPMN, local, read_xml
from engine.dmn import DmnError, read_decisions
from engine.domain.errors import DefinitionRefused

_DECISION = re.compile(rb'<(?:[\w.-]+:)?decision\s[^>]*?\bid\s*=\s*["\']([^"\']*)["\']')
"""The decisions of a file that cannot be read: that they are wrong is told there, and not that they are missing."""


def check_files(
    files: Mapping[str, bytes],
    *,
    operations: Collection[str] | None = None,
    forms: Collection[str] | None = None,
    roles: Collection[str] | None = None,
    context: Mapping[str, bytes] | None = None,
) -> list[Problem]:
    """Every problem of these files, by file and line.

    `context` are files that are not checked but may be referred to. What is None is not known and not checked.
    """
    problems: list[Problem] = []
    diagrams: list[Diagram] = []
    processes: set[str] = set()
    decisions: set[str] = set()
    everything = {**(context or {}), **files}
    for file, content in sorted(everything.items()):
        found: list[Problem] = []
        if file.endswith(".bpmn"):
            _read_diagram(file, content, diagrams, processes, found)
        elif file.endswith(".dmn"):
            _read_decisions(file, content, everything, decisions, found)
        if file in files:
            problems += found
    known = Known(
        frozenset(processes),
        frozenset(decisions),
        None if operations is None else frozenset(operations) | frozenset(BUILT_IN),
        None if forms is None else frozenset(forms),
        None if roles is None else frozenset(roles),
    )
    for diagram in diagrams:
        if diagram.file in files:
            problems += _check(diagram, known)
    return sorted(set(problems), key=lambda p: (p.file, p.line or 0, p.element, p.rule, p.message))


def _read_diagram(
    file: str, content: bytes, diagrams: list[Diagram], processes: set[str], problems: list[Problem]
) -> None:
    diagram, refusals = read_diagram(file, content)
    problems += refusals
    if diagram is None:
        return
    diagrams.append(diagram)
    for process in diagram.processes():
        id = process.get("id") or ""
        if id in processes:
            problems.append(
                diagram.problem(process, "duplicate", f"the process {id!r} is in another file, too")
            )
        processes.add(id)


def read_diagram(file: str, content: bytes) -> tuple[Diagram | None, list[Problem]]:
    """One file read; None and why not, if it is no plain, bounded XML of a diagram."""
    try:
        root = read_xml(content, file)
    except DefinitionRefused as refusal:
        reason = str(refusal.details.get("reason", refusal.message))
        line, element = refusal.details.get("line"), str(refusal.details.get("element", ""))
        return None, [Problem(file, line, element, "xml", reason)]
    roots = {child.get("id") or "": child for child in root if child.get("id")}
    lanes = {
        (reference.text or "").strip(): lane
        for lane in root.iter(f"{BPMN}lane")
        for reference in lane.findall(f"{BPMN}flowNodeRef")
    }
    return Diagram(file, root, roots, lanes), []


def _read_decisions(
    file: str, content: bytes, files: Mapping[str, bytes], decisions: set[str], problems: list[Problem]
) -> None:
    folder = PurePosixPath(file).parent
    try:
        model = read_decisions(content, file, imports=lambda location: files[str(folder / location)])
    except DmnError as error:
        problems.append(Problem(file, error.line, error.element, error.code, error.message))
        decisions.update(id.decode("utf-8", "replace") for id in _DECISION.findall(content))
    except KeyError as missing:
        problems.append(Problem(file, None, "", "dmn.import", f"the imported file {missing} is not here"))
    else:
        decisions.update(model.decisions)


def _check(diagram: Diagram, known: Known) -> Iterator[Problem]:
    yield from structure.check_file(diagram)
    yield from plain_values.check_file(diagram)
    for process in diagram.processes():
        for place in places(diagram, process):
            yield from structure.check(place)
            for node in place.nodes.values():
                yield from elements.check(place, node, known)
    yield from texts.check(diagram)


def places(diagram: Diagram, holder: etree._Element) -> Iterator[Place]:
    """A process and all subprocesses in it."""
    todo = [holder]
    while todo:
        here = todo.pop()
        nodes = {
            node.get("id") or f"#{index}": node
            for index, node in enumerate(here)
            if local(node) in FLOW_NODES and str(node.tag).startswith(BPMN)
        }
        yield Place(diagram, here, nodes, here.findall(f"{BPMN}sequenceFlow"))
        todo += [node for node in nodes.values() if local(node) in HOLDERS]
