"""How the house is doing, in seven numbers."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, literal_column, select

from engine.reads.reading import Reading
from engine.store.tables import complaint, incident, instance, outbox, task, timer


@dataclass(frozen=True, slots=True)
class Status:
    """What is there and what waits."""

    complaints: int
    open_tasks: int
    running: int
    on_hold: int
    due_timers: int
    incidents: int
    outbox: int


def status(reading: Reading) -> Status:
    """The numbers of this moment."""
    open_states: list[ColumnElement[str]] = [literal_column("'open'"), literal_column("'claimed'")]
    return Status(
        complaints=reading.value(select(func.count()).select_from(complaint)),
        open_tasks=sum(
            reading.value(select(func.count()).select_from(task).where(task.c.state == state))
            for state in open_states
        ),
        running=reading.value(
            select(func.count()).select_from(instance).where(instance.c.state == "running")
        ),
        on_hold=reading.value(
            select(func.count()).select_from(instance).where(instance.c.state == "suspended")
        ),
        due_timers=reading.value(
            select(func.count())
            .select_from(timer.join(instance, instance.c.id == timer.c.instance_id))
            .where(timer.c.due_at <= reading.now, instance.c.state == "running")
        ),
        incidents=reading.value(
            select(func.count()).select_from(incident).where(incident.c.resolved_at.is_(None))
        ),
        outbox=reading.value(
            select(func.count()).select_from(outbox).where(outbox.c.state == literal_column("'waiting'"))
        ),
    )
