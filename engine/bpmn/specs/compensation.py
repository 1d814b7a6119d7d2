"""Compensation: what was completed is remembered where it was done, and undone by its handlers when that is thrown.

A level remembers each completed activity that can be undone as `[name, variables, inside]`: its spec, the variables of
its own scope, and what was remembered inside it. Throwing takes these entries out; an activity is undone once for each
time it was completed. All handlers run at once, in a level of the throwing event, whose token waits for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from engine.bpmn.extensions import NONE
from engine.bpmn.specs.base import About, FlowNode
from engine.bpmn.specs.events import Event
from engine.bpmn.specs.multi_instance import MultiInstance
from engine.bpmn.specs.subprocesses import EventSubprocess
from engine.bpmn.throwing import throw

if TYPE_CHECKING:
    from engine.bpmn.specs.process import ProcessSpec
    from engine.bpmn.tokens import Level, Token

Done = list[Any]


class Undo(FlowNode):
    """Stands for a completed subprocess whose inner activities are undone; it has no drawing of its own."""

    shown = False
    hears_inside = False

    def __init__(self, wf_spec: ProcessSpec, of: FlowNode, inner: ProcessSpec) -> None:
        about = of.about
        super().__init__(
            wf_spec, f"{of.name}.undo", About(about.element, about.name, "undo", about.lane, NONE)
        )
        self.inner = inner

    def _run(self, token: Token) -> bool | None:
        if "got" in token.memo:
            token.going = []
            return True
        run = token.workflow.run
        run.scopes.open(token.id, token.workflow.number, token.memo.pop("variables") or {})
        undo(run.open_empty_level(self.inner, token, token.id), token.memo.pop("inside"))
        return None

    def level_of(self, token: Token, process: str, definitions: Any) -> tuple[ProcessSpec, int]:
        return self.inner, token.id

    def finish(self, token: Token) -> None:
        token.memo["got"] = None
        token.resume()


class CompensationThrow(Event):
    """Throws compensation, in the middle or at the end: waits until every handler is done."""

    hears_inside = False

    def _run(self, token: Token) -> bool | None:
        if "got" not in token.memo and self._begins(token):
            return None
        return super()._run(token)

    def _begins(self, token: Token) -> bool:
        """Start the handlers; False if there is nothing to undo."""
        level = level_undone(token)
        entries = self._taken(level)
        own, owner = token.workflow, token.workflow.owner
        if own is not level and owner is not None:
            inside = self._taken(own)
            if inside:
                variables = dict(own.run.scopes[own.number].values)
                entries.append([owner.task_spec.name, variables, inside])
        if not entries:
            return False
        undo(own.run.open_empty_level(level.spec, token, level.number), entries)
        return True

    def _taken(self, level: Level) -> list[Done]:
        wanted = self.happening.activity
        taken = [entry for entry in level.done if wanted is None or entry[0] == wanted]
        level.done = [entry for entry in level.done if entry not in taken]
        return taken

    def level_of(self, token: Token, process: str, definitions: Any) -> tuple[ProcessSpec, int]:
        level = level_undone(token)
        return level.spec, level.number

    def finish(self, token: Token) -> None:
        token.memo["got"] = None
        token.resume()


class CancelEnd(CompensationThrow):
    """Cancels the transaction it stands in: all that is open ends, all that was done is undone, then it is left."""

    def _run(self, token: Token) -> bool | None:
        done = super()._run(token)
        if done:
            throw(token.workflow.run, token, "cancel", None, {})
        return done

    def _begins(self, token: Token) -> bool:
        token.workflow.run.clear(token.workflow, but=token)
        return super()._begins(token)


def level_undone(token: Token) -> Level:
    """The level whose activities a thrown compensation undoes: its own, or the one around an event subprocess."""
    level = token.workflow
    if level.owner is not None and isinstance(level.owner.task_spec, EventSubprocess):
        return level.owner.workflow
    return level


def undo(level: Level, entries: Iterable[Done]) -> None:
    """Put a token on the handler of each entry, and on what stands for a subprocess with more inside."""
    run = level.run
    for name, variables, inside in entries:
        spec = level.spec.task_specs[name]
        event = spec.compensated_by
        if event is not None and event.handler is not None:
            run.passed(level, event)
            run.new_token(level, event.handler)
        if isinstance(spec, MultiInstance):
            undo(level, inside)
        elif inside and spec.undo is not None:
            run.new_token(level, spec.undo, memo={"variables": variables, "inside": inside})


def remember_done(token: Token) -> None:
    """An activity that can be undone is completed: note it where compensation will look for it."""
    spec, level, memo = token.task_spec, token.workflow, token.memo
    inside = memo.get("inside") or []
    if spec.compensated_by is None and not inside:
        return
    scopes = level.run.scopes
    variables = dict(scopes[token.id].values) if inside and token.id in scopes else None
    entry = [spec.name, variables, inside]
    host = token.host
    if host is not None and spec.around is host.task_spec:
        host.memo["inside"] = [*host.memo.get("inside", ()), entry]
    else:
        level.done.append(entry)
