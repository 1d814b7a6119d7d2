"""Incidents: steps that could not go on are tried again, by a person who says why, or when their time has come."""

from dataclasses import replace

from engine.domain.actor import SYSTEM, Actor
from engine.domain.errors import NotFound, OutOfOrder, ProcessStuck
from engine.domain.events import HistoryEvent
from engine.domain.permissions import Action
from engine.domain.running import Incident
from engine.domain.steering import Why, reach, reason_of, require_reach
from engine.ports import Ports, ProcessEngine, UnitOfWork


def retry(ports: Ports, actor: Actor, incident_id: int, reason: str) -> None:
    """Try the element of an incident again; an administrator or designer who reaches the case does that, and says why."""
    reach(actor, Action.RETRY_INCIDENT)
    why = Why(reason_of(reason))
    with ports.unit_of_work(actor) as work:
        found = work.processes.incidents(id=incident_id)
        if not found:
            raise NotFound
        about = found[0].complaint_id
        complaint = None if about is None else work.complaints.get(about)
        require_reach(actor, Action.RETRY_INCIDENT, complaint)
    if found[0].resolved_at is not None:
        raise OutOfOrder("This incident is resolved.")
    retry_one(ports, actor, found[0], why)


def retry_one(ports: Ports, actor: Actor, incident: Incident, why: Why | None = None) -> bool:
    """Try one incident again in its own transaction; False if there was nothing left to try.

    `why` is what a person says who does it; without one it is its own time that has come.
    """
    try:
        with ports.unit_of_work(actor) as work:
            if incident.complaint_id is not None:
                work.complaints.lock(incident.complaint_id)
            current = work.processes.incidents(id=incident.id)
            if not current or current[0].resolved_at is not None:
                return False
            return try_again(ports.engine, work, current[0], why)
    except ProcessStuck as stuck:
        write_stuck(ports, incident.instance_id, incident.token, stuck)
        return False


def try_again(engine: ProcessEngine, work: UnitOfWork, incident: Incident, why: Why | None = None) -> bool:
    """Try an unresolved incident again; False, and it is over, if its token is gone."""
    if why is not None:
        _record(work, incident, why)
    try:
        engine.retry(work, incident)
    except NotFound:
        work.processes.save_incident(
            replace(incident, resolved_at=work.now, resolved_by=work.actor.name, retry_at=None)
        )
        return False
    return True


def _record(work: UnitOfWork, incident: Incident, why: Why) -> None:
    work.record(
        HistoryEvent(
            at=work.now,
            kind="incident.retried",
            actor=work.actor.name,
            complaint_id=incident.complaint_id,
            instance_id=incident.instance_id,
            element=incident.element,
            person_id=work.actor.person_id,
            detail={"token": incident.token, "code": incident.code, **why.detail},
        )
    )


def write_stuck(ports: Ports, instance_id: int, token: int, stuck: ProcessStuck) -> None:
    """The incident of a command that was stopped and rolled back, in a transaction of its own."""
    with ports.unit_of_work(SYSTEM) as work:
        instance = work.processes.lock(instance_id)
        open_already = [
            incident
            for incident in work.processes.incidents(instance_id=instance_id, token=token)
            if incident.resolved_at is None
        ]
        if open_already:
            work.processes.save_incident(
                replace(open_already[0], at=work.now, message=stuck.message, retries_left=0, retry_at=None)
            )
            return
        work.processes.add_incident(
            Incident(
                instance_id=instance_id,
                token=token,
                element=str(stuck.details.get("element", "")),
                at=work.now,
                code=stuck.code,
                message=stuck.message,
                retries_left=0,
                complaint_id=instance.complaint_id,
            )
        )
