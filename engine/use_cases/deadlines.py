"""What time does: due timers fire and start processes, incidents are tried again, kept messages expire."""

from engine.domain.actor import SYSTEM
from engine.domain.errors import ProcessStuck
from engine.domain.running import Incident
from engine.ports import Ports
from engine.use_cases import incidents


def due(ports: Ports, limit: int) -> list[tuple[int, int]]:
    """The timers that are due now, earliest first, as (instance, token)."""
    with ports.unit_of_work(SYSTEM) as work:
        timers = work.processes.due_timers(by=work.now, limit=limit)
        return [(timer.instance_id, timer.token) for timer in timers]


def fire_timer(ports: Ports, instance_id: int, token: int) -> bool:
    """Let one due timer fire; False for one that is gone, was moved, or is not due: a quiet no."""
    try:
        with ports.unit_of_work(SYSTEM) as work:
            timers = work.processes.timers(instance_id=instance_id, token=token)
            if not timers:
                return False
            if timers[0].complaint_id is not None:
                work.complaints.lock(timers[0].complaint_id)
            return ports.engine.fire(work, instance_id, token)
    except ProcessStuck as stuck:
        incidents.write_stuck(ports, instance_id, token, stuck)
        return False


def due_starts(ports: Ports, limit: int) -> list[tuple[str, str]]:
    """The timer start events that are due now, earliest first, as (process, element)."""
    with ports.unit_of_work(SYSTEM) as work:
        timers = work.publications.due_start_timers(by=work.now, limit=limit)
        return [(timer.process, timer.element) for timer in timers]


def fire_start(ports: Ports, process: str, element: str) -> bool:
    """Start the process of one due timer; False for one that is gone or not due: a quiet no."""
    with ports.unit_of_work(SYSTEM) as work:
        return ports.engine.fire_start(work, process, element)


def forget_messages(ports: Ports) -> int:
    """Forget kept messages whose time to live is over; how many."""
    with ports.unit_of_work(SYSTEM) as work:
        return work.publications.drop_messages(expired_by=work.now)


def due_incidents(ports: Ports, limit: int) -> list[Incident]:
    """The incidents whose next try is due."""
    with ports.unit_of_work(SYSTEM) as work:
        return work.processes.due_incidents(by=work.now, limit=limit)


def retry_incidents(ports: Ports, limit: int = 50) -> int:
    """Try what failed again where its time has come; how many were tried. One failing does not keep the others."""
    tried = 0
    for incident in due_incidents(ports, limit):
        tried += incidents.retry_one(ports, SYSTEM, incident)
    return tried
