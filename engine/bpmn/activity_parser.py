"""Activities of a diagram as specs: tasks by what they do, subprocesses, calls, and multi-instances around them."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.compensating import make_undoable
from engine.bpmn.event_parser import message_of, publishing
from engine.bpmn.expressions import Value, condition
from engine.bpmn.extensions import read_extensions
from engine.bpmn.node_parser import NodeParser
from engine.bpmn.specs.activities import Activity, DecisionTask, PlainTask, ScriptTask, ServiceTask, UserTask
from engine.bpmn.specs.ad_hoc import AdHoc, AdHocFlow
from engine.bpmn.specs.base import About, FlowNode
from engine.bpmn.specs.collaborating import BUILT_IN
from engine.bpmn.specs.events import (
    ReceiveTask,
)
from engine.bpmn.specs.multi_instance import MultiInstance
from engine.bpmn.specs.process import ProcessSpec
from engine.bpmn.specs.subprocesses import CallActivity, EventSubprocess, Subprocess, Trigger
from engine.bpmn.xml import BPMN


class ActivityParser(NodeParser):
    """Tasks of all kinds; the zeebe extension says what a task does, the element only how it is drawn."""

    def create_task(self) -> FlowNode:
        about = self.about()
        loop = self.node.find(f"{BPMN}multiInstanceLoopCharacteristics")
        if self.node.find(f"{BPMN}standardLoopCharacteristics") is not None:
            raise self.refuse("standard loops cannot run; draw the loop or use a multi-instance")
        if loop is None:
            return self.activity(self.bpmn_id, about)
        inner = self.activity(f"{self.bpmn_id}.item", about)
        return self._around(inner, about, loop)

    def _around(self, inner: Activity, about: About, loop: etree._Element) -> MultiInstance:
        extensions = read_extensions(loop)
        collection = extensions.get("loopCharacteristics", "inputCollection")
        if collection is None:
            raise self.refuse("zeebe:loopCharacteristics with an inputCollection is missing")
        completion = loop.find(f"{BPMN}completionCondition")
        return MultiInstance(
            self.spec,
            self.bpmn_id,
            About(about.element, about.name, about.kind, about.lane, extensions),
            inner,
            sequential=loop.get("isSequential") == "true",
            collection=Value(collection),
            completion=None if completion is None or not completion.text else condition(completion.text),
        )

    def activity(self, name: str, about: About) -> Activity:
        """The activity itself, without the multi-instance around it."""
        if (
            "publishMessage" in about.extensions.elements
            and "taskDefinition" not in about.extensions.elements
        ):
            return publishing(self, name, about, self.node)
        return self._class(about)(self.spec, name, about)

    def _class(self, about: About) -> type[Activity]:
        elements = about.extensions.elements
        if about.kind == "userTask":
            return UserTask
        built_in = BUILT_IN.get(about.extensions.get("taskDefinition", "type") or "")
        if built_in is not None:
            return built_in
        if "taskDefinition" in elements:
            return ServiceTask
        if "script" in elements:
            return ScriptTask
        if "calledDecision" in elements:
            return DecisionTask
        if about.kind in ("task", "manualTask"):
            return PlainTask
        raise self.refuse(f"a {about.kind} needs a zeebe definition of what it does")


class SubprocessParser(ActivityParser):
    """Embedded subprocesses, transactions and event subprocesses."""

    def activity(self, name: str, about: About) -> Activity:
        starts = self.node.findall(f"{BPMN}startEvent")
        if len(starts) != 1:
            raise self.refuse("a subprocess needs exactly one start event")
        event = self.node.get("triggeredByEvent") == "true"
        inner = self.process_parser.nested(self.node, self.lane)
        made: Activity
        if event:
            made = EventSubprocess(self.spec, name, about)
            made.inner = inner
            made.trigger = Trigger(
                self.spec, About(about.element, about.name, "trigger", about.lane, about.extensions), made
            )
            self.spec.event_subprocesses.append(made)
        else:
            made = Subprocess(self.spec, name, about)
            made.inner = inner
        return made


class AdHocParser(ActivityParser):
    """Ad-hoc subprocesses."""

    def activity(self, name: str, about: About) -> Activity:
        inside = self.process_parser.nested(self.node, self.lane)
        made = AdHoc(self.spec, name, about)
        made.inner = ProcessSpec(f"{name}.flows", inside.description, inside.file)
        for subprocess in inside.event_subprocesses:
            for spec in (subprocess, subprocess.trigger, subprocess.undo):
                if spec is not None:
                    made.inner.task_specs[spec.name] = spec
                    inside.task_specs.pop(spec.name)
        made.inner.event_subprocesses, inside.event_subprocesses = inside.event_subprocesses, []
        handlers = {child.get("id") or "" for child in self.node if child.get("isForCompensation") == "true"}
        flow = AdHocFlow(made.inner, made, inside, handlers)
        flow.ready()
        make_undoable(made.inner)
        completion = self.node.findtext(f"{BPMN}completionCondition")
        made.completion = condition(completion) if completion and completion.strip() else None
        made.cancels_remaining = self.node.get("cancelRemainingInstances", "true") == "true"
        return made


class CallParser(ActivityParser):
    """Call activities."""

    def activity(self, name: str, about: About) -> Activity:
        if about.extensions.get("calledElement", "processId") is None:
            raise self.refuse("a call activity needs zeebe:calledElement with a processId")
        return CallActivity(self.spec, name, about)


class ReceiveParser(ActivityParser):
    """Receive tasks."""

    def activity(self, name: str, about: About) -> Activity:
        return ReceiveTask(self.spec, name, about, message_of(self, self.node))
