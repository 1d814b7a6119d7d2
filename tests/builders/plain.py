"""The plain library, driven as its own documentation does, to show what it does with a diagram."""

from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.util.task import TaskState


class Plain:
    """A process of the plain library; conditions in its diagrams are Python."""

    def __init__(self, content: bytes, process: str = "p") -> None:
        self.parser = BpmnParser()
        self.parser.add_bpmn_xml(etree.fromstring(content), "plain.bpmn")
        self.specs = self.parser.get_spec(process), self.parser.get_subprocess_specs(process)
        self.workflow = BpmnWorkflow(*self.specs)
        self.workflow.do_engine_steps()

    def again(self) -> None:
        """Another instance of the same, cached specs."""
        self.workflow = BpmnWorkflow(*self.specs)
        self.workflow.do_engine_steps()

    @property
    def open(self) -> list[str]:
        """The user tasks that are ready, sorted."""
        return sorted(task.task_spec.bpmn_id for task in self._ready())

    def _ready(self) -> list[Any]:
        return list(self.workflow.get_tasks(state=TaskState.READY, manual=True))

    def do(self, element: str, **data: Any) -> None:
        """Complete a user task."""
        task = next(task for task in self._ready() if task.task_spec.bpmn_id == element)
        task.data.update(data)
        task.run()
        self.workflow.do_engine_steps()

    def set(self, **data: Any) -> None:
        """Put data on every ready user task."""
        for task in self._ready():
            task.data.update(data)

    def tell(self, message: str, **payload: Any) -> None:
        """Send a message into the process."""
        self.workflow.send_event(BpmnEvent(MessageEventDefinition(message), payload=payload))
        self.workflow.do_engine_steps()

    def look_at_timers(self) -> None:
        """Let timers see the wall clock."""
        self.workflow.refresh_timers()
        self.workflow.do_engine_steps()
