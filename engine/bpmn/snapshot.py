"""The bookmark of an instance: which tokens stand where, as compact JSON. Variables are not in it.

Each snapshot carries a stamp nobody else writes, so that a hydrated copy can be trusted exactly when its bytes are
the ones in the row: a rolled back command leaves other bytes there.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import orjson

from engine.bpmn.definitions import Definitions
from engine.bpmn.run import Run
from engine.bpmn.specs.activities import UserTask
from engine.bpmn.specs.ad_hoc import AdHocFlow
from engine.bpmn.specs.events import BoundaryEvent, CatchEvent, ReceiveTask
from engine.bpmn.specs.gateways import InclusiveGateway
from engine.bpmn.specs.subprocesses import Trigger
from engine.bpmn.tokens import INCIDENT_ROW, SUBSCRIPTION_ROW, TASK_ROW, TIMER_ROW, Level, Token
from engine.domain.running import Scope


def dump(run: Run) -> bytes:
    """The snapshot of a run at rest. Levels where nothing changed since the last one are not written anew."""
    levels = b",".join([level.pack() for level in run.levels.values()])
    return b'["%b",%d,[%b]]' % (os.urandom(8).hex().encode(), run.counter, levels)


def load(
    definitions: Definitions,
    process: str,
    snapshot: bytes,
    scopes: list[Scope],
    released: Callable[[int], Definitions] | None = None,
) -> Run:
    """A run as it was when it was dumped; `released` gives the definitions of processes called from other releases."""
    run = Run(definitions, process)
    _, run.counter, levels = orjson.loads(snapshot)
    for scope in scopes:
        run.scopes.restore(scope.number, scope.parent, dict(scope.values))
    for owner, level_process, rows, *done in levels:
        level = _level(run, owner, level_process, released)
        run.levels[owner] = level
        if done:
            level.done = done[0]
        for row in rows:
            _token(run, level, row)
    return run


def _level(
    run: Run, owner_id: int, named: str | list[Any], released: Callable[[int], Definitions] | None
) -> Level:
    definitions = run.definitions
    if isinstance(named, str):
        process = named
    else:
        assert released is not None, "a process of another release needs that release"
        process, definitions = named[0], released(named[1])
    if not owner_id:
        return Level(run, definitions.processes[process], None, 0, process)
    owner = run.tokens[owner_id]
    inner, number = owner.task_spec.level_of(owner, process, definitions)
    return Level(run, inner, owner, number, process, definitions)


def _token(run: Run, level: Level, row: list[Any]) -> None:
    id, host, name, flow, memo = row
    spec = level.spec.task_specs[name]
    token = Token(
        level, spec, level.tasks[host] if host else None, flow or None, memo or {}, ready=False, id=id
    )
    token.rows = rows_of(token)
    if isinstance(spec, Trigger):
        level.triggers += 1
    elif isinstance(spec, AdHocFlow):
        run.scopes.walls.add(id)
    elif isinstance(spec, InclusiveGateway) and not token.rows & INCIDENT_ROW:
        run.joins[id] = token


def rows_of(token: Token) -> int:
    """Which rows a waiting token has."""
    memo, spec = token.memo, token.task_spec
    rows = INCIDENT_ROW if "failed" in memo else 0
    if isinstance(spec, UserTask) and "entered" in memo and "got" not in memo and not rows:
        rows |= TASK_ROW
    elif isinstance(spec, (CatchEvent, ReceiveTask, BoundaryEvent, Trigger)):
        if "due" in memo or "clock" in memo:
            rows |= TIMER_ROW
        elif "message" in memo:
            rows |= SUBSCRIPTION_ROW
    return rows
