"""A planned migration carried out: the run over the new version, and its rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from engine.bpmn.definitions import Definitions
from engine.bpmn.run import Left, Run
from engine.bpmn.snapshot import load
from engine.bpmn.specs.subprocesses import Trigger
from engine.bpmn.steering.open_tasks import open_tasks
from engine.bpmn.steering.planned import Planned
from engine.bpmn.tokens import Level, Token
from engine.domain.evolving import evolve


def carried(planned: Planned, released: Callable[[int], Definitions]) -> Run:
    """The run as it stands in the new version, with what the command has to write."""
    old = planned.run
    snapshot = orjson.dumps(["", old.counter, [_level(planned, *each) for each in old.levels.items()]])
    run = load(planned.new, old.process, snapshot, [], released)
    run.scopes, run.visits, run.command = old.scopes, old.visits, old.command
    run.command.instance = evolve(run.command.instance, release_id=planned.new.release_id)
    for id in planned.gone:
        token = old.tokens[id]
        run.left.append(Left(id, token.task_spec.bpmn_id, token.rows, True))
    _change_rows(planned, run)
    for armed in planned.armed:
        level = run.levels[armed.owner]
        host = None if armed.host is None else run.tokens[armed.host]
        token = Token(level, armed.spec, host, memo=dict(armed.memo), ready=False)
        level.triggers += isinstance(armed.spec, Trigger)
        run.changed[token.id] = token
    return run


def _level(planned: Planned, owner: int, level: Level) -> list[Any]:
    """A level as the snapshot has it, under the names of the new version."""
    moves = owner in planned.specs
    tokens = [_token(planned, token) for token in level.tasks.values() if token.id not in planned.gone]
    release = level.definitions.release_id
    named = level.process if moves else [level.process, release]
    done = planned.done.get(owner, level.done)
    return [owner, named, tokens, *([done] if done else ())]


def _token(planned: Planned, token: Token) -> list[Any]:
    node = planned.nodes.get(token.id, token.task_spec)
    flow = planned.flows.get(token.id, token.flow)
    memo = planned.memos.get(token.id, token.memo)
    return [token.id, token._parent or 0, node.name, flow or 0, memo or 0]


def _change_rows(planned: Planned, run: Run) -> None:
    """Tasks as they are offered now; timers, subscriptions and incidents under the names of their elements."""
    command = run.command
    work, id = command.work, command.instance.id
    for task in open_tasks(work, id):
        offer = planned.offers.get(task.token)
        if offer is not None:
            version = task.version + 1
            work.tasks.put(evolve(task, **offer._asdict(), version=version, oldest_version=version))
    renamed = {
        token: node.bpmn_id
        for token, node in planned.nodes.items()
        if node.bpmn_id != planned.run.tokens[token].task_spec.bpmn_id
    }
    if not renamed:
        return
    for incident in work.processes.incidents(instance_id=id, resolved_at=None):
        if incident.token in renamed:
            work.processes.save_incident(evolve(incident, element=renamed[incident.token]))
    for timer in work.processes.timers(instance_id=id):
        if timer.token in renamed:
            work.processes.put_timer(evolve(timer, element=renamed[timer.token]))
    for subscription in work.processes.subscriptions_of(id):
        if subscription.token in renamed:
            work.processes.put_subscription(evolve(subscription, element=renamed[subscription.token]))
