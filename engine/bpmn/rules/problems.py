"""A problem in a file, and what the rules know about the world outside the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from lxml import etree

from engine.bpmn.xml import BPMN, line_of, local
from engine.domain.errors import DefinitionRefused

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong ("error": it will not run) or doubtful ("warning"); row and column of a table's cell."""

    file: str
    line: int | None
    element: str
    rule: str
    message: str
    severity: Severity = "error"
    row: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """`file:line: element: rule: message` in one line that can be printed; a warning says so in its message."""
        doubt = "warning: " if self.severity == "warning" else ""
        told = f"{self.file}:{self.line or 1}: {self.element or '-'}: {self.rule}: {doubt}{self.message}"
        return "".join(sign if sign.isprintable() else "·" for sign in " ".join(told.split()))


@dataclass(frozen=True, slots=True)
class Known:
    """What diagrams may refer to; None means it is not known here, and not checked."""

    processes: frozenset[str]
    decisions: frozenset[str]
    operations: frozenset[str] | None = None
    forms: frozenset[str] | None = None
    roles: frozenset[str] | None = None


@dataclass(slots=True)
class Diagram:
    """One file, read; `roots` are the messages, errors and so on that stand beside the processes."""

    file: str
    root: etree._Element
    roots: Mapping[str, etree._Element] = field(default_factory=dict)
    lanes: Mapping[str, etree._Element] = field(default_factory=dict)
    _ids: dict[str, etree._Element] | None = None

    @property
    def ids(self) -> Mapping[str, etree._Element]:
        """Every element of the file by its id."""
        if self._ids is None:
            self._ids = {id: node for node in self.root.iter() if (id := node.get("id"))}
        return self._ids

    def problem(self, node: etree._Element, rule: str, message: str, severity: Severity = "error") -> Problem:
        """A problem at a node, or at the nearest element around it that has an id."""
        named: etree._Element | None = node
        while named is not None and not named.get("id"):
            named = named.getparent()
        element = "" if named is None else named.get("id") or ""
        return Problem(self.file, line_of(node), element, rule, message, severity)

    def warning(self, node: etree._Element, rule: str, message: str) -> Problem:
        """Something doubtful."""
        return self.problem(node, rule, message, "warning")

    def processes(self) -> Iterator[etree._Element]:
        """The processes that are meant to run."""
        for process in self.root.iter(f"{BPMN}process"):
            if process.get("isExecutable", "true") == "true":
                yield process


Caught = Mapping[tuple[str | None, str, str | None], int]
"""How many events on the border of an activity wait for the same: by the activity, what it is, and its code."""


@dataclass
class Place:
    """The flow nodes and flows of one process or subprocess, without those of subprocesses in it."""

    diagram: Diagram
    holder: etree._Element
    nodes: dict[str, etree._Element]
    flows: list[etree._Element]
    _outgoing: dict[str | None, list[etree._Element]] = field(init=False, default_factory=dict)
    _led_to: set[str | None] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        for flow in self.flows:
            self._outgoing.setdefault(flow.get("sourceRef"), []).append(flow)
            self._led_to.add(flow.get("targetRef"))

    @property
    def kind(self) -> str:
        """process, subProcess or transaction."""
        return local(self.holder)

    @property
    def is_event_subprocess(self) -> bool:
        """Whether an event begins it."""
        return self.holder.get("triggeredByEvent") == "true"

    def of_kind(self, *kinds: str) -> list[etree._Element]:
        """The nodes with one of these tags."""
        return [node for node in self.nodes.values() if local(node) in kinds]

    @cached_property
    def caught(self) -> Caught:
        """What the boundary events here wait for."""
        return _caught(self.diagram, self.of_kind("boundaryEvent"))

    @cached_property
    def caught_around(self) -> Caught:
        """What the boundary events beside this subprocess wait for."""
        around = self.holder.getparent()
        return _caught(self.diagram, [] if around is None else around.findall(f"{BPMN}boundaryEvent"))

    @cached_property
    def associations(self) -> Mapping[str | None, Sequence[str | None]]:
        """Where the associations here lead, by where they come from."""
        found: dict[str | None, list[str | None]] = {}
        for each in self.holder.iterfind(f"{BPMN}association"):
            found.setdefault(each.get("sourceRef"), []).append(each.get("targetRef"))
        return found

    @cached_property
    def associated(self) -> frozenset[str | None]:
        """What associations here lead to."""
        return frozenset(target for targets in self.associations.values() for target in targets)

    @cached_property
    def links(self) -> Mapping[tuple[str, str], Sequence[etree._Element]]:
        """The link events here, by kind and name."""
        found: dict[tuple[str, str], list[etree._Element]] = {}
        for node in self.of_kind("intermediateCatchEvent", "intermediateThrowEvent"):
            if definition_kind(node) == "link":
                found.setdefault((local(node), link_name(node)), []).append(node)
        return found

    def outgoing(self, id: str | None) -> list[etree._Element]:
        """The flows out of a node."""
        return self._outgoing.get(id, [])

    def is_led_to(self, id: str | None) -> bool:
        """Whether some flow leads into a node."""
        return id in self._led_to


def definitions(node: etree._Element) -> list[etree._Element]:
    """The event definitions of an event."""
    return [child for child in node if local(child).endswith("EventDefinition")]


def link_name(node: etree._Element) -> str:
    """The name of a link event's link."""
    return " ".join((definitions(node)[0].get("name") or "").split())


def _caught(diagram: Diagram, events: Iterable[etree._Element]) -> Caught:
    found: Counter[tuple[str | None, str, str | None]] = Counter()
    for event in events:
        kind = definition_kind(event)
        reference = definitions(event)[0].get(f"{kind}Ref") if kind != "none" else None
        root = diagram.roots.get(reference or "")
        code = None if root is None else root.get(f"{kind}Code")
        found[event.get("attachedToRef"), kind, code] += 1
    return found


def definition_kind(node: etree._Element) -> str:
    """none, timer, message, …; of the first definition."""
    found = definitions(node)
    return local(found[0]).removesuffix("EventDefinition") if found else "none"


def refuse_errors(problems: Sequence[Problem]) -> None:
    """Raise DefinitionRefused for the first error, with all of them in its details."""
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        first = errors[0]
        raise DefinitionRefused(
            "\n".join(str(problem) for problem in errors),
            file=first.file,
            line=first.line,
            element=first.element,
            rule=first.rule,
            reason=first.message,
            problems=errors,
        )
