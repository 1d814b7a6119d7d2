"""Timers that fire when they are due: at their own moment, or when the complaint's clocks say so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.bpmn import bound_clocks
from engine.bpmn.run import Run
from engine.bpmn.tokens import Token


def moment_of(run: Run, token: Token) -> datetime | None:
    """When a waiting timer is due; None while the clock it is bound to gives no moment."""
    clock = token.memo.get("clock")
    if clock is not None:
        return bound_clocks.due_of(run.command.work, run.command.instance.complaint_id, clock)
    return datetime.fromisoformat(token.memo["due"])


def fire_if_due(run: Run, token: Token) -> bool:
    """Let a timer fire that is due; False if it is not. One that has something to say may have more to say later."""
    fires, payload = _is_due(run, token)
    if fires:
        run.command.record("timer.fired", token.task_spec.bpmn_id, payload)
        run.fire(token, payload, repeats=payload is not None)
    return fires


def _is_due(run: Run, token: Token) -> tuple[bool, dict[str, Any] | None]:
    """Whether a timer fires now, and what comes with it; a warning it gives is marked as given."""
    work, complaint_id = run.command.work, run.command.instance.complaint_id
    clock, due = token.memo.get("clock"), moment_of(run, token)
    if due is None or due > work.now:
        if clock is not None:
            bound_clocks.recompute(work, complaint_id or 0)
        return False, None
    if clock != bound_clocks.ANY or complaint_id is None:
        return True, None
    warning = bound_clocks.give_warning(work, complaint_id)
    run.command.forget_facts()
    return warning is not None, None if warning is None else {"warning": warning}
