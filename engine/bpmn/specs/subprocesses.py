"""Activities that hold a process: embedded subprocesses, called processes, event subprocesses and their triggers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.bpmn.bindings import binding
from engine.bpmn.expressions import Value
from engine.bpmn.specs.activities import Activity
from engine.bpmn.specs.base import About, FlowNode

if TYPE_CHECKING:
    from engine.bpmn.specs.happenings import Happening
    from engine.bpmn.specs.process import ProcessSpec
    from engine.bpmn.tokens import Level, Token


class Subprocess(Activity):
    """An embedded subprocess or transaction: a scope of its own, done when nothing inside is open."""

    inner: ProcessSpec

    @property
    def is_undoable_inside(self) -> bool:
        return self.inner.undoable

    def open_locals(self, token: Token) -> None:
        token.workflow.run.scopes.open(token.id, token.workflow.number)
        super().open_locals(token)

    def work(self, token: Token) -> bool | None:
        level, begin = token.workflow, token.memo.get("begin", ())
        level.run.open_level(self.inner, token, token.id, level.process, begin=begin)
        token.memo.pop("begin", None)
        return None

    def level_of(self, token: Token, process: str, definitions: Any) -> tuple[ProcessSpec, int]:
        return self.inner, token.id

    def finish(self, token: Token) -> None:
        """Nothing inside is open any more."""
        token.memo["got"] = None
        token.resume()


class EventSubprocess(Subprocess):
    """Runs when its start event happens; `trigger` is the node whose token is armed while the level is open."""

    trigger: Trigger

    @property
    def is_undoable_inside(self) -> bool:
        """Compensation does not reach into one that is over."""
        return False


class Trigger(FlowNode):
    """The armed start event of an event subprocess."""

    shown = False

    def __init__(self, wf_spec: ProcessSpec, about: About, subprocess: EventSubprocess) -> None:
        super().__init__(wf_spec, f"{subprocess.name}.start", about)
        self.subprocess = subprocess
        start = subprocess.inner.starts[0]
        self.happening: Happening = start.happening
        self.interrupting = start.interrupting

    def happened(self, token: Token, got: Any, again: dict[str, Any] | None) -> None:
        self.begin(token.workflow, got)
        if token.id in token.workflow.tasks:
            token.workflow.run.rearm(token, again)

    def begin(self, level: Level, got: Mapping[str, Any] | None) -> None:
        """Start the subprocess with what came along; if it interrupts, everything else in the level ends."""
        run = level.run
        made = run.new_token(level, self.subprocess)
        run.scopes.open(made.id, level.number, dict(got or {}))
        if self.interrupting:
            run.clear(level, but=made)
            if level.owner is not None:
                level.owner.memo["interrupted"] = 1


class CallActivity(Activity):
    """Runs another process inside the same instance, with variables of its own; its binding says of which release."""

    def __init__(self, wf_spec: ProcessSpec, name: str, about: About) -> None:
        super().__init__(wf_spec, name, about)
        called = about.extensions
        self.called = Value(called.get("calledElement", "processId") or "")
        self.binding = binding(called, "calledElement")
        self.gives_all = called.get("calledElement", "propagateAllParentVariables") != "false"
        self.takes_all = called.get("calledElement", "propagateAllChildVariables") != "false"

    def open_locals(self, token: Token) -> None:
        token.workflow.run.scopes.open(token.id, token.workflow.number)
        super().open_locals(token)

    def work(self, token: Token) -> bool | None:
        run = token.workflow.run
        process = str(run.evaluate(self.called, token.id))
        definitions = run.command.bound(self.binding, "process", process, token.workflow.definitions)
        spec = definitions.processes[process]
        scopes = run.scopes
        variables = scopes.visible(token.id) if self.gives_all else dict(scopes[token.id].values)
        scopes.open(-token.id, None, variables)
        run.command.record(
            "element.entered", self.bpmn_id, {"process": process, "release": definitions.release_id}
        )
        run.open_level(spec, token, -token.id, process, definitions)
        return None

    def level_of(self, token: Token, process: str, definitions: Any) -> tuple[ProcessSpec, int]:
        return definitions.processes[process], -token.id

    def finish(self, token: Token) -> None:
        """The called process ended: its variables come back by the output mappings, all, or not at all."""
        run = token.workflow.run
        variables = dict(run.scopes[-token.id].values)
        run.scopes.close(-token.id)
        if self.around is not None and self.around.result_name:
            # The list that is being filled was visible to the called process; its copy must not come back over it.
            variables.pop(self.around.result_name, None)
        token.memo["got"] = variables if self.outputs_map or self.takes_all else None
        token.resume()
