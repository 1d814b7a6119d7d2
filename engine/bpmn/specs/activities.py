"""Activities: what waits for a person, what Redress does by itself, and what is computed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from engine.bpmn.bindings import binding
from engine.bpmn.expressions import Value, value
from engine.bpmn.failures import Escalated, Failed, Thrown
from engine.bpmn.limits import kept
from engine.bpmn.specs.base import About, FlowNode
from engine.bpmn.throwing import throw

if TYPE_CHECKING:
    from engine.bpmn.specs.events import BoundaryEvent
    from engine.bpmn.specs.multi_instance import MultiInstance
    from engine.bpmn.specs.process import ProcessSpec
    from engine.bpmn.tokens import Token

Payload = Mapping[str, Any]
NOTHING: Payload = {}


class Activity(FlowNode):
    """Enters (locals, boundary events), does its work, and concludes (outputs, the way on).

    What it got from outside is kept in `memo["got"]` until it concluded, so that a failed conclusion can be retried.
    """

    def __init__(self, wf_spec: ProcessSpec, name: str, about: About) -> None:
        super().__init__(wf_spec, name, about)
        self.attached: list[BoundaryEvent] = []
        self.around: MultiInstance | None = None

    def ready(self) -> None:
        super().ready()
        self.armed = [event for event in self.attached if event.happening.is_waited_for]
        self.undoable = self.compensated_by is not None or self.is_undoable_inside

    @property
    def is_undoable_inside(self) -> bool:
        """Whether something inside can be compensated after this activity is completed."""
        return False

    def _run(self, token: Token) -> bool | None:
        memo = token.memo
        if "got" in memo:
            return self.conclude_safely(token, memo["got"])
        self.open_locals(token)
        if "entered" not in memo:
            self._arm(token)
            memo["entered"] = 1
        return self.work(token)

    def _arm(self, token: Token) -> None:
        run = token.workflow.run
        for left_over in token.hosted:
            run.cancel(left_over)
        for event in self.armed:
            run.arm(event, token)

    def work(self, token: Token) -> bool | None:
        """Do what this activity is for."""
        return self.conclude_safely(token, None)

    def conclude_safely(self, token: Token, payload: Payload | None) -> Literal[True]:
        """Conclude; writes to the complaint's row are undone if it fails."""
        if not self.writes_complaint:
            return self.conclude(token, payload)
        with token.workflow.run.command.savepoint():
            return self.conclude(token, payload)

    def conclude(self, token: Token, payload: Payload | None) -> Literal[True]:
        """Hand out the results and choose the way on."""
        if payload or self.outputs_map:
            self.give(token, payload)
        if self.around is not None:
            self.around.collect(token)
            token.going = []
        else:
            token.going = self.choose(token)
        return True

    def outwards(self, token: Token) -> int:
        return token.id if self.around is not None else token.workflow.number


class PlainTask(Activity):
    """An undefined or manual task: passed at once."""


class UserTask(Activity):
    """Waits for a person; who, which form and by when is asked when it opens."""

    def __init__(self, wf_spec: ProcessSpec, name: str, about: About) -> None:
        super().__init__(wf_spec, name, about)
        extensions = about.extensions
        self.role = value(extensions.get("assignmentDefinition", "candidateGroups"))
        self.candidates = value(extensions.get("assignmentDefinition", "candidateUsers"))
        self.assignee = value(extensions.get("assignmentDefinition", "assignee"))
        self.form = value(extensions.get("formDefinition", "formId"))
        self.form_binding = binding(extensions, "formDefinition")
        self.due = value(extensions.get("taskSchedule", "dueDate"))
        self.follow_up = value(extensions.get("taskSchedule", "followUpDate"))
        self.priority = value(extensions.get("priorityDefinition", "priority"))
        self.unit = value(extensions.properties.get("unit"))
        self.not_by = value(extensions.properties.get("not_by"))

    def work(self, token: Token) -> bool | None:
        token.workflow.run.command.open_task(token, self)
        return None


class ServiceTask(Activity):
    """Calls an operation by name; also a send task, and a message throw or end event that is done by an operation."""

    def __init__(self, wf_spec: ProcessSpec, name: str, about: About) -> None:
        super().__init__(wf_spec, name, about)
        self.type = Value(about.extensions.get("taskDefinition", "type") or "")
        self.retries = Value(about.extensions.get("taskDefinition", "retries") or "3")
        self.backoff = value(about.extensions.headers.get("retryBackoff"))
        self.result = about.extensions.headers.get("resultVariable")

    def work(self, token: Token) -> bool | None:
        run = token.workflow.run
        type_ = str(run.evaluate(self.type, token.scope))
        if run.command.happens_outside(type_):
            run.command.send_job(token, type_, self)
            return None
        try:
            with run.command.savepoint():
                result = run.command.operate(token, type_, self)
                if isinstance(result, Escalated):
                    throw(run, token, "escalation", result.code, result.payload)
                    if token.id not in run.tokens:
                        return None
                    result = result.outputs
                return self.conclude(token, self.named(result))
        except Thrown as thrown:
            self.throw_error(token, type_, thrown.code, thrown.message)
            return None

    def named(self, result: Payload | None) -> Payload | None:
        """The outputs as variables: each by its name, or all in the result variable."""
        return {self.result: result} if self.result else result

    def throw_error(self, token: Token, type_: str, code: str, message: str) -> None:
        """An operation threw a BPMN error on purpose; raises Failed if nothing catches it."""
        run = token.workflow.run
        run.command.record(
            "operation.failed", self.bpmn_id, {"type": type_, "code": code, "message": message}
        )
        if not throw(run, token, "error", code, {"code": code, "message": message}):
            raise Failed("error.uncaught", f"Error {code} is not caught: {message}")


class ScriptTask(Activity):
    """A FEEL expression whose value becomes a variable."""

    def __init__(self, wf_spec: ProcessSpec, name: str, about: About) -> None:
        super().__init__(wf_spec, name, about)
        self.script = Value(about.extensions.get("script", "expression") or "=null")
        self.result = about.extensions.get("script", "resultVariable") or "result"

    def work(self, token: Token) -> bool | None:
        found = kept(self.result, token.workflow.run.evaluate(self.script, token.scope))
        return self.conclude_safely(token, {self.result: found})


class DecisionTask(Activity):
    """A business rule task: asks a decision and keeps its answer in a variable."""

    def __init__(self, wf_spec: ProcessSpec, name: str, about: About) -> None:
        super().__init__(wf_spec, name, about)
        self.decision = Value(about.extensions.get("calledDecision", "decisionId") or "")
        self.binding = binding(about.extensions, "calledDecision")
        self.result = about.extensions.get("calledDecision", "resultVariable") or "result"

    def work(self, token: Token) -> bool | None:
        run = token.workflow.run
        decision = str(run.evaluate(self.decision, token.scope))
        definitions = run.command.bound(self.binding, "decision", decision, token.workflow.definitions)
        found = run.command.decide(definitions, decision, run.visible(token.scope), self.bpmn_id)
        return self.conclude_safely(token, {self.result: kept(self.result, found)})
