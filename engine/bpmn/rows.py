"""From what a command changed in a run to rows: tasks, timers, subscriptions, incidents, scopes, the instance itself."""

from __future__ import annotations

from datetime import datetime

from engine.bpmn.bound_clocks import due_of
from engine.bpmn.command import Command
from engine.bpmn.failures import retry_at
from engine.bpmn.run import Left, Run
from engine.bpmn.snapshot import dump, rows_of
from engine.bpmn.tokens import INCIDENT_ROW, SUBSCRIPTION_ROW, TASK_ROW, TIMER_ROW, Token
from engine.domain.evolving import evolve
from engine.domain.running import Incident, Instance, InstanceState, Scope, Subscription, Timer
from engine.domain.task import Task, TaskState


def write(run: Run, command: Command) -> Instance:
    """Write everything the command changed, the instance last; returns the instance as saved."""
    for left in run.left:
        _take_away(left, command)
    run.left.clear()
    for token in list(run.changed.values()):
        _write_token(token, run, command)
    run.changed.clear()
    run.failures.clear()
    if command.grade_changed:
        _rank_open_tasks(command)
    _write_scopes(run, command)
    return _write_instance(run, command)


def _take_away(left: Left, command: Command) -> None:
    work, instance = command.work, command.instance
    if left.rows & TASK_ROW and left.cancelled:
        task = work.tasks.get(instance.id, left.token)
        if not task.is_closed:
            # what somebody typed stays theirs: the page of the task still shows it
            work.tasks.save(evolve(task, state=TaskState.CANCELLED, closed_at=command.now))
            command.record("task.cancelled", left.element)
    if left.rows & TIMER_ROW:
        work.processes.drop_timer(instance.id, left.token)
    if left.rows & SUBSCRIPTION_ROW:
        work.processes.drop_subscription(instance.id, left.token)
    if left.rows & INCIDENT_ROW:
        resolve(command, left.token, left.element)


def _write_token(token: Token, run: Run, command: Command) -> None:
    failed = run.failures.get(token.id)
    if failed is not None:
        token.memo["failed"] = token.memo.get("failed", 0) + 1
        _write_incident(token, run, command)
        token.rows |= INCIDENT_ROW
        return
    wanted = rows_of(token)
    if wanted & TASK_ROW and token.id in command.tasks:
        _write_task(command.ranked(command.tasks.pop(token.id)), command)
    if wanted & TIMER_ROW:
        _write_timer(token, command)
    elif wanted & SUBSCRIPTION_ROW:
        _write_subscription(token, command)
    token.rows = wanted


def _write_task(task: Task, command: Command) -> None:
    command.work.tasks.add(task)
    command.record("task.opened", task.element, {"token": task.token, "name": task.name, "role": task.role})


def _write_timer(token: Token, command: Command) -> None:
    memo, instance = token.memo, command.instance
    clock = memo.get("clock")
    due = (
        datetime.fromisoformat(memo["due"])
        if clock is None
        else due_of(command.work, instance.complaint_id, clock)
    )
    command.work.processes.put_timer(
        Timer(instance.id, token.id, token.task_spec.bpmn_id, due, instance.complaint_id, clock)
    )


def _write_subscription(token: Token, command: Command) -> None:
    memo = token.memo
    command.work.processes.put_subscription(
        Subscription(
            command.instance.id,
            token.id,
            token.task_spec.bpmn_id,
            memo["message"],
            memo["key"],
            token.workflow.process,
        )
    )


def open_incident(command: Command, token: int) -> Incident | None:
    """The incident of a token that is not resolved yet."""
    found = command.work.processes.incidents(instance_id=command.instance.id, token=token)
    return next((incident for incident in found if incident.resolved_at is None), None)


def _write_incident(token: Token, run: Run, command: Command) -> None:
    failed, element = run.failures[token.id], token.task_spec.bpmn_id
    before = open_incident(command, token.id)
    tried = int(token.memo["failed"])
    if before is None:
        left = failed.retries
        command.work.processes.add_incident(
            Incident(
                command.instance.id,
                token.id,
                element,
                command.now,
                failed.code,
                failed.message,
                left,
                retry_at(command.now, left, tried, failed.wait),
                command.instance.complaint_id,
            )
        )
    else:
        left = max(0, before.retries_left - 1)
        command.work.processes.save_incident(
            evolve(
                before,
                at=command.now,
                code=failed.code,
                message=failed.message,
                retries_left=left,
                retry_at=retry_at(command.now, left, tried, failed.wait),
            )
        )
    detail = {"code": failed.code, "message": failed.message, "retries_left": left}
    command.record("incident.raised" if before is None else "operation.failed", element, detail)


def resolve(command: Command, token: int, element: str) -> None:
    """The incident of a token is over."""
    incident = open_incident(command, token)
    if incident is not None:
        name = command.work.actor.name
        command.work.processes.save_incident(
            evolve(incident, resolved_at=command.now, resolved_by=name, retry_at=None)
        )
        command.record("incident.resolved", element, {"code": incident.code})


def _rank_open_tasks(command: Command) -> None:
    states = (TaskState.OPEN, TaskState.CLAIMED)
    for task in command.work.tasks.find(complaint_id=command.instance.complaint_id, state=states):
        ranked = command.ranked(task)
        if ranked is not task:
            command.work.tasks.save(ranked)


def _write_scopes(run: Run, command: Command) -> None:
    scopes, processes, instance = run.scopes, command.work.processes, command.instance
    if run.ended:
        scopes.dirty.clear()
        scopes.dropped |= scopes.stored
    for number in scopes.dropped:
        processes.drop_scope(instance.id, number)
    for number in scopes.dirty:
        found = scopes[number]
        processes.put_scope(Scope(instance.id, number, found.parent, dict(found.values)))
        scopes.stored.add(number)
    scopes.stored -= scopes.dropped
    scopes.dropped.clear()
    scopes.dirty.clear()


def _write_instance(run: Run, command: Command) -> Instance:
    instance = command.instance
    if run.ended:
        state = InstanceState.CANCELLED if run.cancelled else InstanceState.ENDED
        if not run.cancelled:
            command.record("process.ended")
        changed = evolve(instance, tokens=b"", state=state, ended_at=command.now)
    else:
        changed = evolve(instance, tokens=dump(run))
    return command.work.processes.save(changed)
