"""A running instance in memory: its tokens, levels and scopes, and the loop that moves tokens to the next wait state.

Nothing is scanned and nothing is predicted: a token that becomes READY is in the queue, and only inclusive joins
are looked at again when the queue is empty. What a command changed is noted here and written by `rows`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.bpmn.command import Command
from engine.bpmn.failures import Failed
from engine.bpmn.scopes import ROOT, Scopes, Visible
from engine.bpmn.specs.activities import Activity
from engine.bpmn.specs.events import CatchEvent, Happening, StartEvent
from engine.bpmn.specs.gateways import EventGateway
from engine.bpmn.specs.multi_instance import MultiInstance
from engine.bpmn.specs.subprocesses import CallActivity, EventSubprocess, Subprocess, Trigger
from engine.bpmn.timers import armed, next_round
from engine.bpmn.tokens import GONE, INCIDENT_ROW, TASK_ROW, Level, Token
from engine.domain.errors import OutOfOrder, ProcessStuck, ValueRefused
from engine.feel import FeelError

if TYPE_CHECKING:
    from engine.bpmn.definitions import Definitions
    from engine.bpmn.expressions import Value
    from engine.bpmn.specs.base import FlowNode
    from engine.bpmn.specs.process import ProcessSpec


class Left(NamedTuple):
    """A token that is gone and had rows: which, and whether it was cancelled or done."""

    token: int
    element: str
    rows: int
    cancelled: bool


class Run:
    """One instance of a process, hydrated. `command` is the command that is moving it now."""

    command: Command

    def __init__(self, definitions: Definitions, process: str) -> None:
        self.definitions = definitions
        self.process = process
        self.counter = 0
        self.tokens: dict[int, Token] = {}
        self.levels: dict[int, Level] = {}
        self.scopes = Scopes()
        self.ready: deque[Token] = deque()
        self.joins: dict[int, Token] = {}
        self.ended = False
        self.changed: dict[int, Token] = {}
        self.left: list[Left] = []
        self.failures: dict[int, Failed] = {}

    # opening

    def begin(self, spec: ProcessSpec, start: StartEvent, variables: dict[str, Any]) -> None:
        """Open the top level and put a token on its start event."""
        self.scopes.open(ROOT, None, variables)
        level = Level(self, spec, None, ROOT, self.process)
        self.levels[ROOT] = level
        self._arm_triggers(level)
        self.new_token(level, start, memo={"got": None})

    def open_level(
        self, spec: ProcessSpec, owner: Token, number: int, process: str, begin: StartEvent | None = None
    ) -> None:
        """Open a subprocess or called process inside the activity of a token."""
        start = begin or spec.start_for(None)
        if start is None:
            raise Failed("call.no_start", f"The process {spec.name!r} has no plain start event.")
        level = Level(self, spec, owner, number, process)
        self.levels[owner.id] = level
        self._arm_triggers(level)
        self.new_token(level, start)

    def _arm_triggers(self, level: Level) -> None:
        for subprocess in level.spec.event_subprocesses:
            trigger = subprocess.trigger
            if trigger.happening.kind in ("timer", "message", "signal"):
                memo = self._remember(trigger.happening, level.number)
                token = Token(level, trigger, memo=memo, ready=False)
                level.triggers += 1
                self.changed[token.id] = token

    def new_token(
        self, level: Level, spec: FlowNode, *, host: Token | None = None, memo: dict[str, Any] | None = None
    ) -> Token:
        """A token that is ready to run."""
        return Token(level, spec, host, memo=memo)

    # the loop

    def to_rest(self, limit: int) -> None:
        """Run until every token waits for something outside; raises ProcessStuck after `limit` steps."""
        ready, scopes = self.ready, self.scopes
        while True:
            while ready:
                token = ready.popleft()
                if token._state != 16 or token.id not in self.tokens:
                    continue
                limit -= 1
                if limit < 0:
                    raise ProcessStuck(
                        f"The process {self.process} went round without waiting at {token.task_spec.bpmn_id}.",
                        instance_id=self.command.instance.id,
                        element=token.task_spec.bpmn_id,
                    )
                scopes.begin()
                try:
                    token.run()
                except Failed as failed:
                    self._fail(token, failed)
                except FeelError as error:
                    self._fail(token, Failed(error.code, str(error)))
                except (ValueRefused, OutOfOrder) as error:
                    self._fail(token, Failed(error.code, error.message))
                else:
                    scopes.keep()
                    if token._state == 32 and token.id in self.tokens:
                        self.changed[token.id] = token
            waiting = [token for token in self.joins.values() if token.is_waiting and token.id in self.tokens]
            self.joins.clear()
            if not waiting:
                return
            before = self.counter, len(self.tokens)
            for token in waiting:
                if token.id in self.tokens:
                    token.resume()
                    self._recheck(token)
            if not ready and (self.counter, len(self.tokens)) == before:
                return

    def _recheck(self, token: Token) -> None:
        """An inclusive join looks again, now that nothing else moves."""
        self.ready.remove(token)
        try:
            token.run()
        except (Failed, FeelError) as error:
            self._fail(token, error if isinstance(error, Failed) else Failed(error.code, str(error)))

    def _fail(self, token: Token, failed: Failed) -> None:
        self.scopes.undo()
        self.command.forget_facts()
        token._state = 32
        self.failures[token.id] = failed
        self.changed[token.id] = token

    # moving

    def go(self, token: Token) -> None:
        """A token is done: new ones on the flows it takes, and it is gone."""
        if token.id not in self.tokens:
            return
        level, host = token.workflow, token.host
        for flow in token.going or ():
            Token(level, flow.target, flow=flow.id)
        if host is not None and isinstance(host.task_spec, MultiInstance):
            host.task_spec.item_done(host, token)
        self.remove(token)

    def remove(self, token: Token, *, cancelled: bool = False) -> None:
        """Take a token away with all that hangs from it."""
        if token.id not in self.tokens:
            return
        level = token.workflow
        del self.tokens[token.id]
        del level.tasks[token.id]
        token._state = GONE
        for hosted in token.hosted if token._children else ():
            self.remove(hosted, cancelled=True)
        token.detach()
        inner = self.levels.pop(token.id, None)
        if inner is not None:
            self._drop(inner)
        if token.id in self.scopes:
            self.scopes.close(token.id)
        if -token.id in self.scopes:
            self.scopes.close(-token.id)
        self.changed.pop(token.id, None)
        self.failures.pop(token.id, None)
        self.command.drop_task(token.id)
        if token.rows:
            self.left.append(Left(token.id, token.task_spec.bpmn_id, token.rows, cancelled))
        if isinstance(token.task_spec, Trigger):
            level.triggers -= 1
        if len(level.tasks) == level.triggers and not level.closing:
            self._close(level)

    def cancel(self, token: Token) -> None:
        """Take away a token that was not done."""
        self.remove(token, cancelled=True)

    def clear(self, level: Level, *, but: Token | None = None) -> None:
        """Cancel everything in a level."""
        level.closing = True
        for token in list(level.tasks.values()):
            if token is not but:
                self.cancel(token)
        level.closing = False

    def _drop(self, level: Level) -> None:
        level.closing = True
        for token in list(level.tasks.values()):
            self.cancel(token)

    def _close(self, level: Level) -> None:
        """Nothing is open in a level any more: its activity is done, or the instance is."""
        self.clear(level)
        owner = level.owner
        if owner is None:
            self.ended = True
        elif owner.id in self.tokens:
            self.levels.pop(owner.id, None)
            spec = owner.task_spec
            assert isinstance(spec, (Subprocess, CallActivity))
            spec.finish(owner)

    # waiting and happening

    def arm(self, spec: FlowNode, host: Token) -> Token:
        """A boundary event, or an event behind a gateway, begins to wait beside its host."""
        memo = self._remember(spec.happening, host.scope)
        token = Token(host.workflow, spec, host, memo=memo, ready=False)
        self.changed[token.id] = token
        return token

    def arm_here(self, token: Token, happening: Happening) -> None:
        """An event in the flow begins to wait."""
        token.memo.update(self._remember(happening, token.scope))

    def _remember(self, happening: Happening, number: int) -> dict[str, Any]:
        if happening.kind == "timer":
            if happening.clock is not None:
                return {"clock": str(self.evaluate(happening.clock, number))}
            assert happening.text is not None
            assert happening.shape is not None
            found = self.evaluate(happening.text, number)
            return armed(happening.shape, found, self.command.now)
        assert happening.text is not None
        name = str(self.evaluate(happening.text, number))
        if happening.kind == "signal":
            return {"message": signal_name(name), "key": ""}
        if happening.key is None:
            return {"message": name, "key": ""}
        key = self.evaluate(happening.key, number)
        if key is None or isinstance(key, (dict, list)):
            raise Failed(
                "message.no_key", f"The correlation key {happening.key.text} gives no text or number."
            )
        return {"message": name, "key": str(key)}

    def happen(
        self, token: Token, payload: Mapping[str, Any] | None, *, again: dict[str, Any] | None = None
    ) -> None:
        """What a token waited for has happened. `again` is what a repeating timer remembers next."""
        spec, level = token.task_spec, token.workflow
        got = dict(payload) if payload else None
        if isinstance(spec, Trigger):
            self._trigger(token, spec, got, again)
        elif isinstance(spec, CatchEvent):
            host = token.host
            token.memo = {"got": got}
            self._disarm(token)
            if host is not None and isinstance(host.task_spec, EventGateway):
                token.detach()
                self.remove(host)
            token.resume()
        elif spec.interrupting:
            host = token.host
            assert host is not None
            token.memo = {"got": got}
            self._disarm(token)
            token.detach()
            token.resume()
            self._cancel_activity(host)
        else:
            self.new_token(level, spec, memo={"got": got})
            self._keep_or_remove(token, again)

    def _cancel_activity(self, host: Token) -> None:
        outer = host.host
        if outer is not None and isinstance(outer.task_spec, MultiInstance):
            raise AssertionError("boundary events hang from the multi-instance, not from its items")
        self.cancel(host)

    def _trigger(self, token: Token, spec: Trigger, got: Any, again: dict[str, Any] | None) -> None:
        level = token.workflow
        made = self.new_token(level, spec.subprocess)
        self.scopes.open(made.id, level.number, got or {})
        if spec.interrupting:
            self.clear(level, but=made)
        else:
            self._keep_or_remove(token, again)

    def _keep_or_remove(self, token: Token, again: dict[str, Any] | None) -> None:
        if again is not None:
            token.memo = again
            self.changed[token.id] = token
        elif "message" not in token.memo and "clock" not in token.memo:
            self.remove(token)

    def _disarm(self, token: Token) -> None:
        if token.rows:
            self.left.append(Left(token.id, token.task_spec.bpmn_id, token.rows, False))
            token.rows = 0

    def fire(self, token: Token, payload: Mapping[str, Any] | None = None) -> None:
        """A timer is due."""
        spec = token.task_spec
        again = None
        if "left" in token.memo and not spec.interrupting:
            again = next_round(token.memo, self.command.now)
        self.happen(token, payload, again=again)

    def throw(self, token: Token, kind: str, code: str | None, payload: Mapping[str, Any]) -> bool:
        """Throw an error or escalation from a token: the nearest boundary event or event subprocess outwards gets it."""
        here: Token | None = token
        while here is not None:
            caught = self._catch_at(here, kind, code, payload)
            if caught:
                return True
            here = here.workflow.owner
        return False

    def _catch_at(self, token: Token, kind: str, code: str | None, payload: Mapping[str, Any]) -> bool:
        host = token.host
        activity = host if host is not None and isinstance(host.task_spec, MultiInstance) else token
        spec, level = activity.task_spec, activity.workflow
        if isinstance(spec, Activity):
            event = _matching([(e.happening, e) for e in spec.attached], kind, code)
            if event is not None:
                self.new_token(level, event, memo={"got": dict(payload)})
                if event.interrupting:
                    self.cancel(activity)
                return True
        subprocesses = [
            s for s in level.spec.event_subprocesses if level.owner is None or level.owner.id in self.levels
        ]
        subprocess = _matching([(s.trigger.happening, s) for s in subprocesses], kind, code)
        if subprocess is None or token.task_spec is subprocess:
            return False
        made = self.new_token(level, subprocess)
        self.scopes.open(made.id, level.number, dict(payload))
        if subprocess.trigger.interrupting:
            self.clear(level, but=made)
        return True

    def add_item(self, token: Token) -> None:
        """`multi_instance.add`: one more item for a multi-instance that runs in this instance."""
        element = self.scopes.find(token.scope, "element")
        item = self.scopes.find(token.scope, "item")
        for other in self.tokens.values():
            spec = other.task_spec
            if (
                isinstance(spec, MultiInstance)
                and spec.bpmn_id == element
                and "n" in other.memo
                and other.is_waiting
            ):
                spec.add(other, item)
                self.changed[other.id] = other
                return
        raise Failed("multi_instance.not_running", f"The multi-instance {element!r} does not run here.")

    # expressions

    def visible(self, number: int, extra: Mapping[str, Any] | None = None) -> Visible:
        """What an expression sees from a scope."""
        return Visible(self.scopes, number, self.command, extra)

    def evaluate(self, value: Value, number: int, extra: Mapping[str, Any] | None = None) -> Any:
        """The value of a text of the diagram, seen from a scope."""
        expression = value.expression
        if expression is None:
            return value.text
        command = self.command
        try:
            return expression.evaluate(
                Visible(self.scopes, number, command, extra),
                command.environment(expression),
            )
        except FeelError as error:
            raise Failed(error.code, f"{value.text}: {error}") from error


def _matching(candidates: list[tuple[Happening, Any]], kind: str, code: str | None) -> Any:
    """The one that catches exactly this code, else the one that catches all."""
    exact = [found for happening, found in candidates if happening.kind == kind and happening.code == code]
    every = [found for happening, found in candidates if happening.kind == kind and happening.code is None]
    return (exact or every or [None])[0]


def signal_name(name: str) -> str:
    """How a signal is named among the messages: signals are messages without a key that reach everyone."""
    return f"signal: {name}"


__all__ = ["INCIDENT_ROW", "TASK_ROW", "EventSubprocess", "Left", "Run", "signal_name"]
