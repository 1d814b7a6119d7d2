"""Events: what a token waits for, what begins a process, what is thrown, and how it ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from engine.bpmn.expressions import Value, value
from engine.bpmn.failures import Failed
from engine.bpmn.specs.activities import Activity, ServiceTask
from engine.bpmn.specs.base import About, FlowNode
from engine.bpmn.specs.gateways import EventGateway
from engine.bpmn.throwing import throw
from engine.bpmn.timers import later

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

    @property
    def signal(self) -> str | None:
        """The name of the signal it waits for, if it does."""
        if self.happening.kind != "signal" or self.happening.text is None:
            return None
        return self.happening.text.text


class LinkCatch(Event):
    """Where a link arrives: passed at once."""


class LinkThrow(Event):
    """Where a link leaves: its only way leads to the catching event of the same name."""


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
        run.passed(
            token.workflow,
            host.task_spec,
            (flow for flow in host.task_spec.flows if flow.target is token.task_spec),
        )
        run.remove(host)
    token.resume()


class BoundaryEvent(Event):
    """On the edge of an activity; its token is armed while the activity waits and goes on when it happens."""

    interrupting = True
    handler: Activity | None = None
    """What undoes the activity, of a compensation event."""

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
        self.open_locals(token)
        done = super()._run(token)
        self.throw(token)
        return done

    def throw(self, token: Token) -> None:
        """Make it happen elsewhere."""
        run = token.workflow.run
        if self.happening.kind == "escalation":
            code = self.thrown_code(token)
            throw(run, token, "escalation", code, {"code": code})
        elif self.happening.kind == "signal":
            own = run.scopes[token.id].values if token.id in run.scopes else {}
            run.command.signal(self._evaluated(token), token.id, own)

    def thrown_code(self, token: Token) -> str | None:
        """The code of the error or escalation it throws."""
        return None if self.happening.text is None else self._evaluated(token)

    def _evaluated(self, token: Token) -> str:
        text = self.happening.text
        assert text is not None
        found = token.workflow.run.evaluate(text, token.scope)
        if not isinstance(found, str) or not found:
            raise Failed("event.no_name", f"{text.text} gives no text for this {self.happening.kind}.")
        return found


class EndEvent(ThrowEvent):
    """Ends its path: plainly, with an error or escalation, or everything around it."""

    def throw(self, token: Token) -> None:
        run, happening = token.workflow.run, self.happening
        if happening.kind == "terminate":
            run.clear(token.workflow, but=token)
        elif happening.kind == "error":
            code = self.thrown_code(token)
            if not throw(run, token, "error", code, {"code": code}):
                raise Failed("error.uncaught", f"Error {code} is not caught.")
        else:
            super().throw(token)


class MessageThrow(ServiceTask):
    """A message throw or end event: the operation behind it does the sending."""


class MessagePublish(Activity):
    """Publishes a message to other instances: a send task, or a message throw or end event, with zeebe:publishMessage."""

    def __init__(self, wf_spec: ProcessSpec, name: str, about: About, message: Value) -> None:
        super().__init__(wf_spec, name, about)
        self.message = message
        self.key = value(about.extensions.get("publishMessage", "correlationKey"))
        self.message_id = value(about.extensions.get("publishMessage", "messageId"))
        self.ttl = value(about.extensions.get("publishMessage", "timeToLive"))

    def work(self, token: Token) -> bool | None:
        run, number = token.workflow.run, token.scope
        key = "" if self.key is None else run.evaluate(self.key, number)
        if key is None or isinstance(key, dict | list):
            raise Failed("message.no_key", "The correlation key gives no text or number.")
        once = None if self.message_id is None else str(run.evaluate(self.message_id, number))
        ttl = timedelta(0)
        if self.ttl is not None:
            ttl = self._ttl(run.evaluate(self.ttl, number), run.command.now)
        name = str(run.evaluate(self.message, number))
        own = dict(run.scopes[token.id].values) if token.id in run.scopes else {}
        with run.command.savepoint():
            run.command.publish_later(name, str(key), own, token.id, message_id=once, ttl=ttl)
            return self.conclude(token, None)

    def _ttl(self, found: Any, now: datetime) -> timedelta:
        until = later(now, found)
        if until is None or until < now:
            raise Failed("message.ttl", f"The time to live cannot be read: {found!r}.")
        return until - now
