"""A running instance in memory: its tokens, levels and scopes, and the loop that moves tokens to the next wait state.

Nothing is scanned and nothing is predicted: a token that becomes READY is in the queue, and only inclusive joins
are looked at again when the queue is empty. What a command changed is noted here and written by `rows`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.bpmn.failures import Failed
from engine.bpmn.scopes import ROOT, Scopes, Visible
from engine.bpmn.specs.compensation import remember_done
from engine.bpmn.specs.multi_instance import MultiInstance
from engine.bpmn.specs.subprocesses import EventSubprocess, Trigger
from engine.bpmn.timers import next_round
from engine.bpmn.tokens import GONE, READY, WAITING, Level, Token
from engine.domain.errors import (
    LimitExceeded,
    NotAllowed,
    NotFound,
    OperationFailed,
    OutOfOrder,
    ProcessStuck,
    ValueRefused,
)
from engine.feel import FeelError

if TYPE_CHECKING:
    from engine.bpmn.command import Command
    from engine.bpmn.definitions import Definitions
    from engine.bpmn.expressions import Value
    from engine.bpmn.specs.base import Flow, FlowNode
    from engine.bpmn.specs.events import StartEvent
    from engine.bpmn.specs.process import ProcessSpec
    from engine.bpmn.visits import Visits

REFUSALS = (ValueRefused, OutOfOrder, LimitExceeded, NotFound, NotAllowed, OperationFailed)
FAILURES = (Failed, FeelError, *REFUSALS)


class Left(NamedTuple):
    """A token that is gone and had rows: which, and whether it was cancelled or done."""

    token: int
    element: str
    rows: int
    cancelled: bool


class Run:
    """One instance of a process, hydrated. `command` is the command that is moving it now."""

    command: Command
    visits: Visits | None = None

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
        self.cancelled = False
        self.changed: dict[int, Token] = {}
        self.left: list[Left] = []
        self.failures: dict[int, Failed] = {}

    # opening

    def begin(self, spec: ProcessSpec, start: StartEvent, variables: dict[str, Any]) -> None:
        """Open the top level and put a token on its start event."""
        self.scopes.open(ROOT, None, variables)
        self._open(Level(self, spec, None, ROOT, self.process), start, ROOT)

    def open_level(
        self,
        spec: ProcessSpec,
        owner: Token,
        number: int,
        process: str,
        definitions: Definitions | None = None,
        begin: Sequence[str] = (),
    ) -> None:
        """Open a subprocess or called process inside the activity of a token, at its plain start event.

        With `begin` at that element instead; what follows it are the elements where levels inside begin.
        """
        event = isinstance(owner.task_spec, EventSubprocess)
        start: FlowNode | None = spec.starts[0] if event else spec.plain_start
        if begin:
            start = spec.task_specs[begin[0]]
        if start is None:
            raise Failed("call.no_start", f"The process {spec.name!r} has no plain start event.")
        memo = {"begin": list(begin[1:])} if begin[1:] else None
        self._open(Level(self, spec, owner, number, process, definitions), start, owner.id, memo)

    def open_empty_level(self, spec: ProcessSpec, owner: Token, number: int, *, arm: bool = False) -> Level:
        """Open a level without a start event; its event subprocesses listen only if they are armed."""
        level = Level(self, spec, owner, number, owner.workflow.process)
        if arm:
            self._arm_triggers(level, owner.id)
        self.levels[owner.id] = level
        return level

    def _open(self, level: Level, start: FlowNode, owner: int, memo: dict[str, Any] | None = None) -> None:
        self._arm_triggers(level, owner)
        self.new_token(level, start, memo=memo)

    def _arm_triggers(self, level: Level, owner: int) -> None:
        triggers = [subprocess.trigger for subprocess in level.spec.event_subprocesses]
        armed = [
            (trigger, trigger.happening.remembered(self, level.number))
            for trigger in triggers
            if trigger.happening.is_waited_for
        ]
        self.levels[owner] = level
        for trigger, memo in armed:
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
        ready, tokens = self.ready, self.tokens
        while True:
            while ready:
                token = ready.popleft()
                if token._state != READY or token.id not in tokens:
                    continue
                limit -= 1
                if limit < 0:
                    raise self._stuck(token)
                self._step(token)
            if not self.joins or not self._joins_moved():
                self.scopes.journal.clear()
                return

    def hold(self) -> None:
        """Let what is ready wait until the instance resumes."""
        while self.ready:
            token = self.ready.popleft()
            if token._state == READY and token.id in self.tokens:
                token._state = WAITING
                token.memo["held"] = 1
                self.changed[token.id] = token

    def release_held(self) -> None:
        """Put what was held back into the queue."""
        for token in list(self.tokens.values()):
            if token.memo.pop("held", None):
                token.resume()

    def _step(self, token: Token) -> None:
        scopes = self.scopes
        scopes.journal.clear()
        try:
            token.run()
        except FAILURES as error:
            scopes.undo()
            self.fail(token, error)
        else:
            if token._state == WAITING and token.id in self.tokens:
                self.changed[token.id] = token

    def _joins_moved(self) -> bool:
        """Inclusive joins look again, now that nothing else moves."""
        waiting = list(self.joins.values())
        self.joins.clear()
        for token in waiting:
            if token.is_waiting and token.id in self.tokens:
                self._step(token)
        return bool(self.ready)

    def fail(self, token: Token, error: Exception) -> None:
        """A step failed: the token stays, and an incident is written with the command."""
        if not isinstance(error, Failed):
            error = Failed(str(getattr(error, "code", "failed")), str(error))
        self.command.forget_facts()
        token._state = WAITING
        self.failures[token.id] = error
        self.changed[token.id] = token

    def _stuck(self, token: Token) -> ProcessStuck:
        element = token.task_spec.bpmn_id
        return ProcessStuck(
            f"The process {self.process} went round without waiting for anyone, at {element}.",
            instance_id=self.command.instance.id,
            element=element,
        )

    # moving

    def go(self, token: Token) -> None:
        """A token is done: new ones on the flows it takes, and it is gone."""
        if self.visits is not None:
            self.passed(token.workflow, token.task_spec, token.going or ())
        if token.id not in self.tokens:
            return
        level, spec = token.workflow, token.task_spec
        if spec.undoable:
            remember_done(token)
        for flow in token.going or ():
            Token(level, flow.target, flow=flow.id)
        host = None if token._parent is None else token.host
        if host is not None and isinstance(host.task_spec, MultiInstance):
            host.task_spec.item_done(host, token)
        self.remove(token)

    def passed(self, level: Level, spec: FlowNode, going: Iterable[Flow] = ()) -> None:
        """Tell who wants to know the way: something that is drawn is passed."""
        if self.visits is not None and spec.shown:
            self.visits.passed(level.process, spec.bpmn_id, [flow.id for flow in going])

    def remove(self, token: Token, *, cancelled: bool = False) -> None:
        """Take a token away with all that hangs from it."""
        id, level = token.id, token.workflow
        if self.tokens.pop(id, None) is None:
            return
        level.drop(token)
        token._state = GONE
        if token._children:
            for hosted in token.hosted:
                self.remove(hosted, cancelled=True)
        if token._parent is not None:
            token.detach()
        if id in self.levels:
            self._drop(self.levels.pop(id))
        if id in self.scopes:
            self.scopes.close(id)
            self.scopes.close(-id)
        self.changed.pop(id, None)
        self.failures.pop(id, None)
        self.command.tasks.pop(id, None)
        if token.rows:
            self.left.append(Left(id, token.task_spec.bpmn_id, token.rows, cancelled))
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
        owner = level.owner
        if owner is not None and not owner.task_spec.may_close(owner):
            return
        self.clear(level)
        if owner is None:
            self.ended = True
            if self.visits is not None:
                self.visits.ended(self.process, dict(self.scopes[ROOT].values))
        elif owner.id in self.tokens:
            self.levels.pop(owner.id, None)
            if level.done and owner.task_spec.undoable:
                owner.memo["inside"] = level.done
            owner.task_spec.finish(owner)

    # waiting and happening

    def arm(self, spec: FlowNode, host: Token) -> None:
        """A boundary event, or an event behind a gateway, begins to wait beside its host."""
        memo = spec.happening.remembered(self, host.scope)
        token = Token(host.workflow, spec, host, memo=memo, ready=False)
        self.changed[token.id] = token

    def rearm(self, token: Token, again: dict[str, Any] | None) -> None:
        """Something happened that may happen again: wait for the next time, or no longer."""
        if again is not None:
            token.memo = again
            self.changed[token.id] = token
        elif "message" not in token.memo:
            self.remove(token)

    def disarm(self, token: Token) -> None:
        """It waits no longer, but goes on."""
        if token.rows:
            self.left.append(Left(token.id, token.task_spec.bpmn_id, token.rows, False))
            token.rows = 0

    def happen(self, token: Token, payload: Mapping[str, Any] | None) -> None:
        """What a token waited for has happened."""
        self._happen(token, payload, None)

    def fire(self, token: Token, payload: Mapping[str, Any] | None = None, *, repeats: bool = False) -> None:
        """A timer is due; `repeats` says that it is bound to a clock that has more to say."""
        again = dict(token.memo) if repeats else None
        if "left" in token.memo:
            again = next_round(token.memo, self.command.now)
        self._happen(token, payload, again)

    def _happen(self, token: Token, payload: Mapping[str, Any] | None, again: dict[str, Any] | None) -> None:
        token.task_spec.happened(token, dict(payload) if payload else None, again)

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
                Visible(self.scopes, number, command, extra), command.environment(expression)
            )
        except FeelError as error:
            raise Failed(error.code, f"{value.text}: {error}") from error
