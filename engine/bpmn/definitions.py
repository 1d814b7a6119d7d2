"""The definitions of one release: its processes as specs and its decisions, read once and shared by all threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.bpmn.bindings import Tagged, form_of, tags_in_decisions, tags_in_xml
from engine.bpmn.parser import DiagramParser
from engine.bpmn.specs.base import FlowNode
from engine.bpmn.specs.events import StartEvent
from engine.bpmn.specs.happenings import signal_name
from engine.bpmn.specs.multi_instance import MultiInstance
from engine.bpmn.specs.process import ProcessSpec
from engine.bpmn.specs.subprocesses import Subprocess
from engine.bpmn.xml import read_xml, refused
from engine.dmn import DecisionModel, DmnError, read_decisions
from engine.feel import FeelError
from engine.ports import Element


class FlowOf(NamedTuple):
    """A sequence flow by its id, and the elements it leads from and to."""

    id: str
    source: str
    target: str


class Definitions:
    """Everything an instance of this release may need."""

    def __init__(self, release_id: int, files: Mapping[str, bytes]) -> None:
        self.release_id = release_id
        self.processes: dict[str, ProcessSpec] = {}
        self.decisions: dict[str, DecisionModel] = {}
        self.forms: set[str] = set()
        self.tags: list[Tagged] = []
        self._starts: dict[str, list[tuple[str, StartEvent]]] | None = None
        self._names: dict[str, frozenset[str]] = {}
        for file, content in sorted(files.items()):
            if file.endswith(".bpmn"):
                self._add_diagram(file, content)
            elif file.endswith(".dmn"):
                self._add_decisions(file, content, files)
            elif file.endswith(".form"):
                self._add_form(file, content)

    def _add_diagram(self, file: str, content: bytes) -> None:
        root = read_xml(content, file)
        try:
            found = DiagramParser(root, file).processes()
        except ValidationException as error:
            raise refused(str(error), file, element=str(getattr(error, "id", "") or "")) from error
        except FeelError as error:
            raise refused(str(error), file, rule="feel") from error
        self.tags += tags_in_xml(root)
        for process, spec in found.items():
            if process in self.processes:
                raise refused(
                    "another file has a process with this id", file, element=process, rule="duplicate"
                )
            self.processes[process] = spec

    def _add_decisions(self, file: str, content: bytes, files: Mapping[str, bytes]) -> None:
        folder = PurePosixPath(file).parent
        try:
            model = read_decisions(content, file, imports=lambda location: files[str(folder / location)])
        except DmnError as error:
            raise refused(
                error.message, file, line=error.line, element=error.element, rule="decision"
            ) from error
        self.tags += tags_in_decisions(content)
        for decision in model.decisions:
            self.decisions[decision] = model

    def _add_form(self, file: str, content: bytes) -> None:
        form, tag = form_of(file, content)
        self.forms.add(form)
        if tag is not None:
            self.tags.append(Tagged("form", form, tag))

    def has(self, kind: str, name: str) -> bool:
        """Whether a process, decision or form is here; forms are not asked for where a release has none."""
        if kind == "form":
            return not self.forms or name in self.forms
        return name in (self.processes if kind == "process" else self.decisions)

    def decision_names(self, decision: str) -> frozenset[str]:
        """The names a decision reads."""
        found = self._names.get(decision)
        if found is None:
            found = self._names[decision] = self.decisions[decision].names(decision)
        return found

    def starts_by(self, message: str) -> Sequence[tuple[str, StartEvent]]:
        """The start events that wait for this message or signal, with their processes."""
        if self._starts is None:
            self._starts = {}
            for process, spec in self.processes.items():
                for start in spec.starts:
                    name = signal_name(start.signal) if start.signal is not None else start.message
                    if name is not None:
                        self._starts.setdefault(name, []).append((process, start))
        return self._starts.get(message, ())

    def outline(self, process: str) -> Sequence[Element]:
        """The flow nodes of a process, those of subprocesses after the subprocess they stand in."""
        found: list[Element] = []
        spec = self.processes.get(process)
        if spec is not None:
            _outline(spec, process, found)
        return tuple(found)

    def flows(self, process: str) -> Sequence[FlowOf]:
        """The sequence flows of a process, those of its subprocesses too."""
        spec = self.processes.get(process)
        todo = [] if spec is None else [spec]
        found: list[FlowOf] = []
        while todo:
            for node in todo.pop().task_specs.values():
                found += [FlowOf(flow.id, node.bpmn_id, flow.target.bpmn_id) for flow in node.flows]
                if isinstance(node, Subprocess):
                    todo.append(node.inner)
        return tuple(found)


def _outline(spec: ProcessSpec, process: str, found: list[Element]) -> None:
    for node in spec.task_specs.values():
        if _is_shown(node):
            about = node.about
            found.append(Element(about.element, about.kind, about.name, about.lane, process))
        if isinstance(node, Subprocess):
            _outline(node.inner, process, found)


def _is_shown(node: FlowNode) -> bool:
    return node.shown and not (isinstance(node, MultiInstance))
