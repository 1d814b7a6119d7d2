"""A process or subprocess as parsed: its flow nodes, where it starts, and its event subprocesses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

if TYPE_CHECKING:
    from engine.bpmn.specs.base import FlowNode
    from engine.bpmn.specs.events import StartEvent
    from engine.bpmn.specs.subprocesses import EventSubprocess


class ProcessSpec(BpmnProcessSpec):
    """Immutable once parsed; shared by all instances and threads."""

    task_specs: dict[str, FlowNode]

    def __init__(self, name: str, description: str, filename: str) -> None:
        super().__init__(name=name, description=description, filename=filename)
        self.task_specs.clear()
        self.start = self.end = None
        self.starts: list[StartEvent] = []
        self.event_subprocesses: list[EventSubprocess] = []
        self.undoable = False
        """Whether anything inside can be compensated."""

    @property
    def plain_start(self) -> StartEvent | None:
        """The start event that waits for nothing: where a call or a subprocess begins."""
        return next((start for start in self.starts if start.happening.kind == "none"), None)

    def start_for(self, message: str | None) -> StartEvent | None:
        """The start event that waits for this message; without one, the plain start event, or else the only one."""
        for start in self.starts:
            if start.message == message:
                return start
        return self.starts[0] if message is None and len(self.starts) == 1 else None
