"""Errors and escalations: thrown at a token, caught by the nearest event outwards that wants them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.bpmn.run import Run
    from engine.bpmn.tokens import Token


def throw(run: Run, token: Token, kind: str, code: str | None, payload: Mapping[str, Any]) -> bool:
    """Throw from a token; False if nobody caught it.

    At each level outwards the events on the activity come first, then the event subprocesses around it; one that
    wants exactly this code comes before one that catches all.
    """
    here: Token | None = token
    while here is not None:
        if _caught_on(run, here, kind, code, payload) or _caught_around(run, here, kind, code, payload):
            return True
        here = here.workflow.owner
    return False


def _caught_on(run: Run, token: Token, kind: str, code: str | None, payload: Mapping[str, Any]) -> bool:
    host = token.host
    activity = host if host is not None and token.task_spec.around is host.task_spec else token
    event = _wanting(activity.task_spec.attached, kind, code)
    if event is None:
        return False
    run.new_token(activity.workflow, event, memo={"got": dict(payload)})
    if event.interrupting:
        run.cancel(activity)
    return True


def _caught_around(run: Run, token: Token, kind: str, code: str | None, payload: Mapping[str, Any]) -> bool:
    level = token.workflow
    if level.owner is not None and not level.owner.task_spec.hears_inside:
        return False
    triggers = [subprocess.trigger for subprocess in level.spec.event_subprocesses]
    trigger = _wanting(triggers, kind, code)
    if trigger is None or token.task_spec is trigger.subprocess:
        return False
    trigger.begin(level, payload)
    return True


def _wanting(candidates: Iterable[Any], kind: str, code: str | None) -> Any:
    found = [node for node in candidates if node.happening.kind == kind]
    exactly = [node for node in found if node.happening.code == code]
    everything = [node for node in found if node.happening.code is None]
    return next(iter(exactly or everything), None)
