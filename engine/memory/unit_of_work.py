"""One open transaction over the tables in memory; `ports.UnitOfWork` says what each member does."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from engine import ports
from engine.domain.actor import Actor
from engine.domain.archive import Volume
from engine.domain.clocks import Clock
from engine.domain.complaint import Attachment, Information
from engine.domain.department_requests import DepartmentRequest
from engine.domain.errors import ChangedMeanwhile, NotFound
from engine.domain.events import HistoryEvent
from engine.domain.notices import Notice
from engine.domain.organisation import Person, RoleGrant, Unit
from engine.domain.redress import Answer, Plan
from engine.domain.running import CommandDone, OutboxMessage, OutboxState
from engine.domain.working_time import Calendar
from engine.memory.json_values import as_json
from engine.memory.processes import MemoryProcesses
from engine.memory.publications import MemoryPublications
from engine.memory.releases import MemoryReleases
from engine.memory.rows import MemoryComplaints, MemoryRows
from engine.memory.steering import MemorySteering
from engine.memory.tables import Tables
from engine.memory.tasks import MemoryTasks


class MemoryUnitOfWork:
    """One transaction, opened by `Store.unit_of_work`."""

    def __init__(self, tables: Tables, now: datetime, actor: Actor) -> None:
        self.tables = tables
        self.now = now
        self.actor = actor
        self.complaints: ports.Complaints = MemoryComplaints(tables, "complaints")
        self.information: ports.Rows[Information] = MemoryRows(tables, "information")
        self.attachments: ports.Rows[Attachment] = MemoryRows(tables, "attachments")
        self.requests: ports.Rows[DepartmentRequest] = MemoryRows(tables, "requests")
        self.clocks: ports.Rows[Clock] = MemoryRows(tables, "clocks")
        self.plans: ports.Rows[Plan] = MemoryRows(tables, "plans")
        self.answers: ports.Rows[Answer] = MemoryRows(tables, "answers")
        self.notices: ports.Rows[Notice] = MemoryRows(tables, "notices")
        self.volumes: ports.Rows[Volume] = MemoryRows(tables, "volumes")
        self.people: ports.Rows[Person] = MemoryRows(tables, "people")
        self.grants: ports.Rows[RoleGrant] = MemoryRows(tables, "grants")
        self.units: ports.Rows[Unit] = MemoryRows(tables, "units")
        self.tasks: ports.Tasks = MemoryTasks(tables)
        self.processes: ports.Processes = MemoryProcesses(tables)
        self.publications: ports.Publications = MemoryPublications(tables)
        self.steering: ports.Steering = MemorySteering(tables)
        self.releases: ports.Releases = MemoryReleases(tables, now)

    def newest_release(self) -> int:
        """The id of the newest release; raises NotFound before the first one."""
        return self.releases.current().id

    def record(self, event: HistoryEvent) -> None:
        """Append a fact to the history."""
        events = self.tables.events
        events.add(replace(event, id=len(events) + 1, detail=as_json(event.detail)))

    def events(self, complaint_id: int) -> list[HistoryEvent]:
        """The history of a complaint, oldest first."""
        return [event for event in self.tables.events if event.complaint_id == complaint_id]

    def send(self, message: OutboxMessage) -> None:
        """Put something to be done outside into the outbox; a key already there is quietly kept once."""
        if any(known.key == message.key for known in self.tables.outbox.values()):
            return
        id = self.tables.counters.next("outbox")
        self.tables.outbox.put(id, replace(message, id=id, payload=as_json(message.payload)))

    def outbox(self, *, due_by: datetime, limit: int) -> list[OutboxMessage]:
        """Waiting messages that are due, oldest first."""
        waiting = [
            message
            for message in self.tables.outbox.values()
            if message.state is OutboxState.WAITING and message.due_at <= due_by
        ]
        return sorted(waiting, key=lambda message: (message.due_at, message.id))[:limit]

    def outbox_message(self, key: str) -> OutboxMessage | None:
        """The message with this key, waiting or over."""
        return next((message for message in self.tables.outbox.values() if message.key == key), None)

    def save_outbox(self, message: OutboxMessage) -> None:
        """Write what became of a message; raises NotFound."""
        if message.id is None or message.id not in self.tables.outbox:
            raise NotFound()
        self.tables.outbox.put(message.id, message)

    def calendar(self, code: str) -> Calendar:
        """A working calendar; raises NotFound."""
        found = self.tables.calendars.get(code)
        if found is None:
            raise NotFound(f"There is no calendar {code}.")
        return found

    def put_calendar(self, calendar: Calendar) -> None:
        """Insert or overwrite a calendar with its special days."""
        self.tables.calendars.put(calendar.code, calendar)

    def done(self, key: str) -> CommandDone | None:
        """The answer an earlier command with this idempotency key gave."""
        return self.tables.commands.get(key)

    def remember(self, key: str, answer: Mapping[str, object]) -> None:
        """Keep the answer of this command under its key; raises ChangedMeanwhile if one is kept already."""
        if key in self.tables.commands:
            raise ChangedMeanwhile(reason=f"command {key}")
        self.tables.commands.put(key, CommandDone(key, self.now, as_json(answer)))

    def savepoint(self) -> AbstractContextManager[None]:
        """Undo everything written inside if the block raises; the exception goes on."""
        return self.tables.journal.undone_by_an_exception()

    def last_link(self) -> str:
        """The newest link of the register's hash chain ("" before the first)."""
        volumes = self.tables.rows["volumes"]
        newest: Volume | None = volumes[max(volumes)] if volumes else None
        return "" if newest is None else newest.link

    def put_setting(self, name: str, value: str) -> None:
        """A fact about this store."""
        self.tables.settings.put(name, value)

    def setting(self, name: str) -> str | None:
        """The fact kept under this name."""
        return self.tables.settings.get(name)
