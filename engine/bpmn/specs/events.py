"""Events: what a token waits for, what begins a process, what is thrown, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.bpmn.expressions import Value
from engine.bpmn.failures import Failed
from engine.bpmn.specs.activities import ServiceTask
from engine.bpmn.specs.base import About, FlowNode

if TYPE_CHECKING:
    from engine.bpmn.specs.process import ProcessSpec
    from engine.bpmn.tokens import Token


@dataclass(frozen=True, slots=True)
class Happening:
    """An event definition: `kind` is none, timer, message, signal, error, escalation or terminate.

    For a timer `shape` is date, duration or cycle and `text` its time, or `clock` names the complaint's clock it is
    bound to ("any": the warning points of all). For a message or signal `text` is its name and `key` the
    correlation key. For errors and escalations `code` is the one it catches or throws; None catches all.
    """

    kind: str = "none"
    text: Value | None = None
    shape: str | None = None
    clock: Value | None = None
    key: Value | None = None
    code: str | None = None


NOTHING_HAPPENS = Happening()
ARMED = frozenset({"timer", "message", "signal"})


class Event(FlowNode):
    """A node with an event definition."""

    def __init__(self, wf_spec: ProcessSpec, name: str, about: About, happening: Happening) -> None:
        super().__init__(wf_spec, name, about)
        self.happening = happening

    def _run(self, token: Token) -> bool | None:
        """It happened: hand out what came with it and go on."""
        payload = token.memo.get("got")
        if self.writes_complaint:
            with token.workflow.run.command.savepoint():
                return self._conclude(token, payload)
        return self._conclude(token, payload)

    def _conclude(self, token: Token, payload: Any) -> bool:
        if payload or self.outputs_map:
            self.give(token, payload)
        token.going = self.choose(token)
        return True


class StartEvent(Event):
    """Where a process begins; `interrupting` matters in event subprocesses."""

    interrupting = True

    @property
    def message(self) -> str | None:
        """The name of the message it waits for, if it does."""
        if self.happening.kind != "message" or self.happening.text is None:
            return None
        return self.happening.text.text


class CatchEvent(Event):
    """An intermediate event or receive task: waits until it happens."""

    def _run(self, token: Token) -> bool | None:
        if "got" in token.memo:
            return super()._run(token)
        self.open_locals(token)
        token.workflow.run.arm_here(token, self.happening)
        return None


class BoundaryEvent(Event):
    """On the edge of an activity; its token is armed while the activity waits and goes on when it happens."""

    interrupting = True

    @property
    def needs_arming(self) -> bool:
        """Whether it waits for something by itself; errors and escalations are looked up when they are thrown."""
        return self.happening.kind in ARMED


class ThrowEvent(Event):
    """Throws an escalation or a signal and goes on."""

    def _run(self, token: Token) -> bool | None:
        done = super()._run(token)
        self.throw(token)
        return done

    def throw(self, token: Token) -> None:
        """Make it happen elsewhere."""
        run, happening = token.workflow.run, self.happening
        if happening.kind == "escalation":
            run.throw(token, "escalation", happening.code, {"code": happening.code})
        elif happening.kind == "signal" and happening.text is not None:
            run.command.signal(str(run.evaluate(happening.text, token.scope)), self.bpmn_id)


class EndEvent(ThrowEvent):
    """Ends its path: plainly, with an error or escalation, or everything around it."""

    def throw(self, token: Token) -> None:
        run, happening = token.workflow.run, self.happening
        if happening.kind == "terminate":
            run.clear(token.workflow, but=token)
        elif happening.kind == "error":
            if not run.throw(token, "error", happening.code, {"code": happening.code}):
                raise Failed("error.uncaught", f"Error {happening.code} is not caught.")
        else:
            super().throw(token)


class MessageThrow(ServiceTask):
    """A message throw or end event: the operation behind it does the sending."""
