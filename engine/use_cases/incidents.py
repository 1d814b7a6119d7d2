"""Incidents: steps that could not go on are tried again, by a person or when their time has come."""

from dataclasses import replace

from engine.domain.actor import SYSTEM, Actor
from engine.domain.errors import NotFound, OutOfOrder, ProcessStuck
from engine.domain.permissions import Action, require
from engine.domain.running import Incident
from engine.ports import Ports, ProcessEngine, UnitOfWork


def retry(ports: Ports, actor: Actor, incident_id: int) -> None:
    """Try the element of an incident again; only an administrator or designer does that."""
    require(actor, Action.RETRY_INCIDENT)
    with ports.unit_of_work(actor) as work:
        found = work.processes.incidents(id=incident_id)
    if not found:
        raise NotFound
    if found[0].resolved_at is not None:
        raise OutOfOrder("This incident is resolved.")
    retry_one(ports, actor, found[0])


def retry_one(ports: Ports, actor: Actor, incident: Incident) -> bool:
    """Try one incident again in its own transaction; False if there was nothing left to try."""
    try:
        with ports.unit_of_work(actor) as work:
            if incident.complaint_id is not None:
                work.complaints.lock(incident.complaint_id)
            current = work.processes.incidents(id=incident.id)
            if not current or current[0].resolved_at is not None:
                return False
            return try_again(ports.engine, work, current[0])
    except ProcessStuck as stuck:
        write_stuck(ports, incident.instance_id, incident.token, stuck)
        return False


def try_again(engine: ProcessEngine, work: UnitOfWork, incident: Incident) -> bool:
    """Try an unresolved incident again; False, and it is over, if its token is gone."""
    try:
        engine.retry(work, incident)
    except NotFound:
        work.processes.save_incident(
            replace(incident, resolved_at=work.now, resolved_by=work.actor.name, retry_at=None)
        )
        return False
    return True


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
