"""Operations on the clocks of a complaint: set, stop, pause, resume, extend."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from engine.domain import clocks as rules
from engine.domain.clocks import Clock, Extension, Limit
from engine.domain.errors import OperationFailed
from engine.domain.working_time import Calendar
from engine.operations.registry import Inputs, complaint_of, operation, record, says
from engine.ports import UnitOfWork


class SetInput(Inputs):
    limits = fields.List(
        fields.Dict(keys=fields.String()),
        required=True,
        metadata=says("Rows of the decision time_limits: one clock each."),
    )


class ClocksOutput(Inputs):
    clocks = fields.List(fields.String())


@operation("clocks.set", input=SetInput, output=ClocksOutput)
def set_clocks(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Start the clocks of these limits, or give running ones their new length; time used is kept."""
    complaint = complaint_of(work, complaint_id)
    calendar = work.calendar(work.units.get(complaint.receiving_unit_id).calendar)
    existing = {clock.name: clock for clock in work.clocks.find(complaint_id=complaint.id)}
    names = []
    for row in inputs["limits"]:
        limit = Limit.from_row(row)
        names.append(limit.name)
        clock = existing.get(limit.name)
        if clock is None:
            began = complaint.received_at if limit.starts_at_receipt else work.now
            added = work.clocks.add(rules.start(limit, calendar, began, complaint.id))
            existing[limit.name] = added
            _record(work, added, "clock.started")
        elif clock.stopped_at is None:
            changed = rules.relengthened(clock, limit, calendar_of(work, clock))
            if changed != clock:
                existing[limit.name] = work.clocks.save(changed)
                _record(work, changed, "clock.changed")
    return {"clocks": names}


class WhichInput(Inputs):
    name = fields.String(load_default=None, allow_none=True, metadata=says("The name of one clock."))
    kind = fields.String(
        load_default=None,
        allow_none=True,
        metadata=says("All clocks of this kind: regulatory, triage, stage, request, appeal."),
    )


@operation("clocks.stop", input=WhichInput, output=ClocksOutput)
def stop(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Stop the clocks of this name or kind: what they limit is done."""
    stopped = []
    for clock in _chosen(work, complaint_id, inputs):
        if clock.stopped_at is None:
            work.clocks.save(rules.stop(clock, work.now))
            late = clock.due_at is not None and work.now > clock.due_at
            record(work, complaint_id, "clock.stopped", clock=clock.name, late=late)
            stopped.append(clock.name)
    return {"clocks": stopped}


@operation("clocks.pause", input=WhichInput, output=ClocksOutput)
def pause(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Hold the clocks of this name or kind, where their rule allows it."""
    paused = []
    for clock in _chosen(work, complaint_id, inputs):
        if clock.pausable and clock.is_running:
            work.clocks.save(rules.pause(clock, work.now))
            record(work, complaint_id, "clock.paused", clock=clock.name)
            paused.append(clock.name)
    return {"clocks": paused}


@operation("clocks.resume", input=WhichInput, output=ClocksOutput)
def resume(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Let held clocks go on; the pause is given back by the calendar they count by."""
    resumed = []
    for clock in _chosen(work, complaint_id, inputs):
        if clock.paused_at is not None and clock.stopped_at is None:
            going = work.clocks.save(rules.resume(clock, calendar_of(work, clock), work.now))
            _record(work, going, "clock.resumed")
            resumed.append(clock.name)
    return {"clocks": resumed}


class ExtendInput(Inputs):
    name = fields.String(required=True, metadata=says("The name of the clock."))
    length = fields.Integer(required=True, metadata=says("How many days more, counted as the clock counts."))
    reason = fields.String(required=True, metadata=says("The approved reason."))


@operation("clocks.extend", input=ExtendInput, output=ClocksOutput)
def extend(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Add time to a clock with an approved reason, before the old limit has passed."""
    chosen = _chosen(work, complaint_id, {"name": inputs["name"], "kind": None})
    if not chosen:
        raise OperationFailed(f"There is no clock named {inputs['name']} to extend.")
    for clock in chosen:
        extension = Extension(inputs["length"], inputs["reason"], work.now, work.actor.name)
        extended = work.clocks.save(rules.extend(clock, calendar_of(work, clock), extension))
        _record(work, extended, "clock.extended")
    return {"clocks": [clock.name for clock in chosen]}


def calendar_of(work: UnitOfWork, clock: Clock) -> Calendar:
    """The calendar a clock counts by."""
    return work.calendar(clock.calendar)


def _chosen(work: UnitOfWork, complaint_id: int | None, inputs: Mapping[str, Any]) -> list[Clock]:
    name, kind = inputs["name"], inputs["kind"]
    if name is None and kind is None:
        raise OperationFailed("Say which clocks: by their name or by their kind.")
    complaint = complaint_of(work, complaint_id)
    return [
        clock
        for clock in work.clocks.find(complaint_id=complaint.id)
        if (name is None or clock.name == name) and (kind is None or clock.kind == kind)
    ]


def _record(work: UnitOfWork, clock: Clock, kind: str) -> None:
    due = None if clock.due_at is None else clock.due_at.isoformat()
    record(work, clock.complaint_id, kind, clock=clock.name, due_at=due, provisional=clock.provisional)


OPERATIONS = (set_clocks, stop, pause, resume, extend)
