"""The definitions of one release: its processes as specs and its decisions, read once and shared by all threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.bpmn.parser import DiagramParser
from engine.bpmn.specs.base import FlowNode
from engine.bpmn.specs.multi_instance import MultiInstance
from engine.bpmn.specs.process import ProcessSpec
from engine.bpmn.specs.subprocesses import Subprocess
from engine.bpmn.xml import read_xml, refused
from engine.dmn import DecisionModel, DmnError, read_decisions
from engine.feel import FeelError
from engine.ports import Element


class Definitions:
    """Everything an instance of this release may need."""

    def __init__(self, release_id: int, files: Mapping[str, bytes]) -> None:
        self.release_id = release_id
        self.processes: dict[str, ProcessSpec] = {}
        self.decisions: dict[str, DecisionModel] = {}
        self._names: dict[str, frozenset[str]] = {}
        for file, content in sorted(files.items()):
            if file.endswith(".bpmn"):
                self._add_diagram(file, content)
            elif file.endswith(".dmn"):
                self._add_decisions(file, content, files)

    def _add_diagram(self, file: str, content: bytes) -> None:
        root = read_xml(content, file)
        try:
            found = DiagramParser(root, file).processes()
        except ValidationException as error:
            raise refused(str(error), file, element=str(getattr(error, "id", "") or "")) from error
        except FeelError as error:
            raise refused(str(error), file, rule="feel") from error
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
        for decision in model.decisions:
            self.decisions[decision] = model

    def decision_names(self, decision: str) -> frozenset[str]:
        """The names a decision reads."""
        found = self._names.get(decision)
        if found is None:
            found = self._names[decision] = self.decisions[decision].names(decision)
        return found

    def outline(self, process: str) -> Sequence[Element]:
        """The flow nodes of a process, those of subprocesses after the subprocess they stand in."""
        found: list[Element] = []
        spec = self.processes.get(process)
        if spec is not None:
            _outline(spec, process, found)
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
