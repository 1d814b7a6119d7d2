"""Events: what a token waits for, what begins a process, what is thrown, and how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.bpmn.failures import Failed
from engine.bpmn.specs.activities import Activity, ServiceTask
from engine.bpmn.specs.base import About, FlowNode
from engine.bpmn.specs.gateways import EventGateway
from engine.bpmn.throwing import throw

if TYPE_CHECKING:
    from engine.bpmn.specs.happenings import Happening
    from engine.bpmn.specs.process import ProcessSpec
    from engine.bpmn.tokens import Token


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
    """An intermediate event: waits until it happens."""

    def _run(self, token: Token) -> bool | None:
        if "got" in token.memo:
            return super()._run(token)
        self.open_locals(token)
        token.memo.update(self.happening.remembered(token.workflow.run, token.scope))
        return None

    def happened(self, token: Token, got: Any, again: dict[str, Any] | None) -> None:
        _caught(token, got)


class ReceiveTask(Activity):
    """Waits for a message; an activity, so that events may be attached to it."""

    def __init__(self, wf_spec: ProcessSpec, name: str, about: About, happening: Happening) -> None:
        super().__init__(wf_spec, name, about)
        self.happening = happening

    def work(self, token: Token) -> bool | None:
        token.memo.update(self.happening.remembered(token.workflow.run, token.scope))
        return None

    def happened(self, token: Token, got: Any, again: dict[str, Any] | None) -> None:
        _caught(token, got)


def _caught(token: Token, got: Any) -> None:
    run, host = token.workflow.run, token.host
    token.memo = {"got": got}
    run.disarm(token)
    if host is not None and isinstance(host.task_spec, EventGateway):
        token.detach()
        run.remove(host)
    token.resume()


class BoundaryEvent(Event):
    """On the edge of an activity; its token is armed while the activity waits and goes on when it happens."""

    interrupting = True

    def happened(self, token: Token, got: Any, again: dict[str, Any] | None) -> None:
        run, host = token.workflow.run, token.host
        if not self.interrupting:
            run.new_token(token.workflow, self, memo={"got": got})
            run.rearm(token, again)
            return
        token.memo = {"got": got}
        run.disarm(token)
        token.detach()
        token.resume()
        run.cancel(host)


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
            throw(run, token, "escalation", happening.code, {"code": happening.code})
        elif happening.kind == "signal" and happening.text is not None:
            run.command.signal(str(run.evaluate(happening.text, token.scope)), token.id)


class EndEvent(ThrowEvent):
    """Ends its path: plainly, with an error or escalation, or everything around it."""

    def throw(self, token: Token) -> None:
        run, happening = token.workflow.run, self.happening
        if happening.kind == "terminate":
            run.clear(token.workflow, but=token)
        elif happening.kind == "error":
            if not throw(run, token, "error", happening.code, {"code": happening.code}):
                raise Failed("error.uncaught", f"Error {happening.code} is not caught.")
        else:
            super().throw(token)


class MessageThrow(ServiceTask):
    """A message throw or end event: the operation behind it does the sending."""
