"""Timers bound to clocks of the complaint: dormant until the clock runs, due when it says, moved when it moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.domain.clocks import Clock, Warning
from engine.ports import UnitOfWork

ANY = "any"


def due_of(work: UnitOfWork, complaint_id: int | None, name: str) -> datetime | None:
    """When a timer bound to this clock fires; None while there is nothing to wait for."""
    if complaint_id is None:
        return None
    return _due(work.clocks.find(complaint_id=complaint_id), name)


def _due(clocks: Iterable[Clock], name: str) -> datetime | None:
    if name == ANY:
        return min((warning.at for _, warning in _warnings(clocks)), default=None)
    moments = [clock.due_at for clock in clocks if clock.name == name and clock.is_running]
    return min((moment for moment in moments if moment is not None), default=None)


def _warnings(clocks: Iterable[Clock]) -> list[tuple[Clock, Warning]]:
    found = [(clock, clock.next_warning()) for clock in clocks]
    return [(clock, warning) for clock, warning in found if warning is not None]


def give_warning(work: UnitOfWork, complaint_id: int) -> dict[str, Any] | None:
    """Mark the earliest due warning as given, and say what it is; None if none is due."""
    waiting = [
        (clock, warning)
        for clock, warning in _warnings(work.clocks.find(complaint_id=complaint_id))
        if warning.at <= work.now
    ]
    if not waiting:
        return None
    clock, warning = min(waiting, key=lambda pair: (pair[1].at, pair[0].id))
    given = tuple(replace(w, given=True) if w is warning else w for w in clock.warnings)
    work.clocks.save(replace(clock, warnings=given))
    return {
        "clock": clock.name,
        "kind": str(clock.kind),
        "percent": warning.percent,
        "rung": warning.rung,
        "due_at": None if clock.due_at is None else clock.due_at.isoformat(),
        "request": clock.request_id,
    }


def recompute(work: UnitOfWork, complaint_id: int) -> None:
    """Write anew the due moments of all timers bound to clocks of a complaint."""
    bound = [timer for timer in work.processes.timers(complaint_id=complaint_id) if timer.clock is not None]
    if not bound:
        return
    clocks = work.clocks.find(complaint_id=complaint_id)
    for timer in bound:
        due = _due(clocks, timer.clock or "")
        if due != timer.due_at:
            work.processes.put_timer(replace(timer, due_at=due))
