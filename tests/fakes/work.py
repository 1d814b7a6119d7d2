"""A unit of work in memory, for the tests of every room: all of `engine.ports.UnitOfWork` in dicts, with savepoints.

`Store` is the database; `store.unit_of_work(actor)` opens a transaction that is kept when its block ends well and
forgotten when it raises. `store.now` is the clock, moved by hand: `store.now += timedelta(days=1)`.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from engine.domain.actor import SYSTEM, Actor
from engine.domain.complaint import Complaint
from engine.domain.errors import ChangedMeanwhile, NotFound
from engine.domain.events import HistoryEvent
from engine.domain.running import (
    BufferedMessage,
    CommandDone,
    HeldMessage,
    Incident,
    Instance,
    InstanceState,
    Migration,
    OutboxMessage,
    OutboxState,
    Release,
    Scope,
    StartTimer,
    Subscription,
    Timer,
    VersionTag,
)
from engine.domain.task import Draft, Task
from engine.domain.working_time import Calendar

T = TypeVar("T")
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TABLES = (
    "complaints",
    "information",
    "attachments",
    "requests",
    "clocks",
    "plans",
    "answers",
    "notices",
    "volumes",
    "people",
    "grants",
    "units",
)


def matches(row: Any, equals: Mapping[str, Any]) -> bool:
    """Whether the columns of a row equal these values; a tuple or list means any of them."""
    for name, wanted in equals.items():
        found = getattr(row, name)
        if found not in wanted if isinstance(wanted, (tuple, list)) else found != wanted:
            return False
    return True


@dataclass
class Tables:
    """Everything that is stored; plain dicts of frozen rows, so that a shallow copy of each is a savepoint."""

    rows: dict[str, dict[int, Any]] = field(default_factory=lambda: {name: {} for name in TABLES})
    tasks: dict[tuple[int, int], Task] = field(default_factory=dict)
    drafts: dict[tuple[int, int, int], Draft] = field(default_factory=dict)
    instances: dict[int, Instance] = field(default_factory=dict)
    scopes: dict[tuple[int, int], Scope] = field(default_factory=dict)
    timers: dict[tuple[int, int], Timer] = field(default_factory=dict)
    subscriptions: dict[tuple[int, int], Subscription] = field(default_factory=dict)
    incidents: dict[int, Incident] = field(default_factory=dict)
    messages: dict[int, BufferedMessage] = field(default_factory=dict)
    held: dict[int, HeldMessage] = field(default_factory=dict)
    migrations: dict[int, Migration] = field(default_factory=dict)
    start_timers: dict[tuple[str, str], StartTimer] = field(default_factory=dict)
    tags: dict[tuple[str, str, str], VersionTag] = field(default_factory=dict)
    releases: dict[int, Release] = field(default_factory=dict)
    events: list[HistoryEvent] = field(default_factory=list)
    outbox: dict[int, OutboxMessage] = field(default_factory=dict)
    calendars: dict[str, Calendar] = field(default_factory=dict)
    commands: dict[str, CommandDone] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    next_id: int = 1

    def take_id(self) -> int:
        """An id no row has yet."""
        self.next_id += 1
        return self.next_id - 1

    def snapshot(self) -> dict[str, Any]:
        """Everything as it is now."""
        kept = {f.name: copy.copy(getattr(self, f.name)) for f in fields(self)}
        kept["rows"] = {name: dict(rows) for name, rows in self.rows.items()}
        return kept

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Everything as it was then."""
        for name, value in kept.items():
            setattr(self, name, value)


class FakeRows(Generic[T]):
    """Rows of one kind."""

    def __init__(self, tables: Tables, name: str) -> None:
        self.tables = tables
        self.name = name

    @property
    def rows(self) -> dict[int, T]:
        """The rows by id."""
        return self.tables.rows[self.name]

    def get(self, id: int) -> T:
        if id not in self.rows:
            raise NotFound()
        return self.rows[id]

    def find(self, **equals: Any) -> list[T]:
        return [row for _, row in sorted(self.rows.items()) if matches(row, equals)]

    def add(self, row: T) -> T:
        made: Any = replace(row, id=self.tables.take_id())  # type: ignore[type-var]
        self.rows[made.id] = made
        return made  # type: ignore[no-any-return]

    def save(self, row: T) -> T:
        changed: Any = row
        before: Any = self.get(changed.id)
        if hasattr(changed, "version"):
            if before.version != changed.version:
                raise ChangedMeanwhile()
            changed = replace(changed, version=changed.version + 1)
        self.rows[changed.id] = changed
        return changed  # type: ignore[no-any-return]


class FakeComplaints(FakeRows[Complaint]):
    """The register of complaints."""

    def lock(self, id: int) -> Complaint:
        return self.get(id)

    def by_number(self, number: str) -> Complaint | None:
        return next(iter(self.find(number=number)), None)

    def by_intake_key(self, key: str) -> Complaint | None:
        return next(iter(self.find(intake_key=key)), None)

    def next_number(self, year: int) -> str:
        number = self.tables.numbers.get(year, 0) + 1
        self.tables.numbers[year] = number
        return f"C-{year}-{number:06d}"


class FakeTasks:
    """User tasks and drafts."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def get(self, instance_id: int, token: int) -> Task:
        found = self.tables.tasks.get((instance_id, token))
        if found is None:
            raise NotFound()
        return found

    def find(self, **equals: Any) -> list[Task]:
        found = [task for task in self.tables.tasks.values() if matches(task, equals)]
        return sorted(found, key=lambda task: (task.opened_at, task.instance_id, task.token))

    def add(self, task: Task) -> None:
        key = (task.instance_id, task.token)
        assert key not in self.tables.tasks, f"the task {key} is there already"
        self.tables.tasks[key] = task

    def save(self, task: Task) -> Task:
        if self.get(task.instance_id, task.token).version != task.version:
            raise ChangedMeanwhile()
        changed = replace(task, version=task.version + 1)
        self.tables.tasks[(task.instance_id, task.token)] = changed
        return changed

    def put(self, task: Task) -> None:
        self.tables.tasks[(self.get(task.instance_id, task.token).instance_id, task.token)] = task

    def draft(self, instance_id: int, token: int, person_id: int) -> Draft | None:
        return self.tables.drafts.get((instance_id, token, person_id))

    def save_draft(self, draft: Draft) -> None:
        self.tables.drafts[(draft.instance_id, draft.token, draft.person_id)] = draft

    def drop_drafts(self, instance_id: int, token: int) -> None:
        for key in [key for key in self.tables.drafts if key[:2] == (instance_id, token)]:
            del self.tables.drafts[key]


class FakeProcesses:
    """Instances, scopes, timers, subscriptions and incidents."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def add(self, instance: Instance) -> Instance:
        made = replace(instance, id=self.tables.take_id())
        self.tables.instances[made.id] = made
        return made

    def get(self, id: int) -> Instance:
        return self.lock(id)

    def put(self, instance: Instance) -> None:
        self.tables.instances[instance.id] = instance

    def lock(self, id: int) -> Instance:
        if id not in self.tables.instances:
            raise NotFound()
        return self.tables.instances[id]

    def save(self, instance: Instance) -> Instance:
        if self.lock(instance.id).version != instance.version:
            raise ChangedMeanwhile()
        changed = replace(instance, version=instance.version + 1)
        self.tables.instances[instance.id] = changed
        return changed

    def of_complaint(self, complaint_id: int) -> list[Instance]:
        return [found for found in self.tables.instances.values() if found.complaint_id == complaint_id]

    def is_running(self, process: str, start_key: str) -> bool:
        return any(
            (found.process, found.start_key, found.state) == (process, start_key, InstanceState.RUNNING)
            for found in self.tables.instances.values()
        )

    def scopes(self, instance_id: int) -> list[Scope]:
        return [
            copy.deepcopy(scope) for scope in self.tables.scopes.values() if scope.instance_id == instance_id
        ]

    def put_scope(self, scope: Scope) -> None:
        self.tables.scopes[(scope.instance_id, scope.number)] = copy.deepcopy(scope)

    def drop_scope(self, instance_id: int, number: int) -> None:
        self.tables.scopes.pop((instance_id, number), None)

    def put_timer(self, timer: Timer) -> None:
        self.tables.timers[(timer.instance_id, timer.token)] = timer

    def drop_timer(self, instance_id: int, token: int) -> None:
        self.tables.timers.pop((instance_id, token), None)

    def timers(self, **equals: Any) -> list[Timer]:
        found = [timer for timer in self.tables.timers.values() if matches(timer, equals)]
        late = datetime.max.replace(tzinfo=UTC)
        return sorted(found, key=lambda timer: (timer.due_at or late, timer.instance_id, timer.token))

    def due_timers(self, *, by: datetime, limit: int) -> list[Timer]:
        running = InstanceState.RUNNING
        due = [timer for timer in self.timers() if timer.due_at is not None and timer.due_at <= by]
        return [timer for timer in due if self.tables.instances[timer.instance_id].state is running][:limit]

    def put_subscription(self, subscription: Subscription) -> None:
        self.tables.subscriptions[(subscription.instance_id, subscription.token)] = subscription

    def drop_subscription(self, instance_id: int, token: int) -> None:
        self.tables.subscriptions.pop((instance_id, token), None)

    def subscriptions(self, message: str, key: str | None = None) -> list[Subscription]:
        found = [s for s in self.tables.subscriptions.values() if (s.message, s.key) == (message, key)]
        return sorted(found, key=lambda s: (s.instance_id, s.token))

    def subscriptions_of(self, instance_id: int) -> list[Subscription]:
        found = [s for s in self.tables.subscriptions.values() if s.instance_id == instance_id]
        return sorted(found, key=lambda s: s.token)

    def add_incident(self, incident: Incident) -> None:
        made = replace(incident, id=self.tables.take_id())
        assert made.id is not None
        open_ones = self.incidents(instance_id=made.instance_id, token=made.token, resolved_at=None)
        assert not open_ones, "one open incident a token"
        self.tables.incidents[made.id] = made

    def save_incident(self, incident: Incident) -> None:
        assert incident.id in self.tables.incidents
        self.tables.incidents[incident.id] = incident

    def incidents(self, **equals: Any) -> list[Incident]:
        return [incident for incident in self.tables.incidents.values() if matches(incident, equals)]

    def due_incidents(self, *, by: datetime, limit: int) -> list[Incident]:
        unresolved = self.incidents(resolved_at=None)
        return [
            incident for incident in unresolved if incident.retry_at is not None and incident.retry_at <= by
        ][:limit]


class FakePublications:
    """Kept messages, start timers, version tags."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def add_message(self, message: BufferedMessage) -> BufferedMessage:
        made = replace(message, id=self.tables.take_id())
        self.tables.messages[made.id] = made
        return made

    def messages(self, name: str, key: str) -> list[BufferedMessage]:
        return [m for m in self.tables.messages.values() if (m.name, m.key) == (name, key)]

    def save_message(self, message: BufferedMessage) -> None:
        assert message.id in self.tables.messages
        self.tables.messages[message.id] = message

    def drop_messages(self, *, expired_by: datetime) -> int:
        over = [id for id, message in self.tables.messages.items() if message.expires_at <= expired_by]
        for id in over:
            del self.tables.messages[id]
        return len(over)

    def start_timers(self, **equals: Any) -> list[StartTimer]:
        return [timer for _, timer in sorted(self.tables.start_timers.items()) if matches(timer, equals)]

    def due_start_timers(self, *, by: datetime, limit: int) -> list[StartTimer]:
        found = [t for t in self.tables.start_timers.values() if t.due_at is not None and t.due_at <= by]
        return sorted(found, key=lambda timer: (timer.due_at, timer.process))[:limit]

    def put_start_timer(self, timer: StartTimer) -> None:
        self.tables.start_timers[(timer.process, timer.element)] = timer

    def save_start_timer(self, timer: StartTimer) -> None:
        key = (timer.process, timer.element)
        if self.tables.start_timers[key].version != timer.version:
            raise ChangedMeanwhile()
        self.tables.start_timers[key] = replace(timer, version=timer.version + 1)

    def drop_start_timer(self, process: str, element: str) -> None:
        self.tables.start_timers.pop((process, element), None)

    def put_tag(self, tag: VersionTag) -> None:
        self.tables.tags[(tag.kind, tag.name, tag.tag)] = tag

    def tagged(self, kind: str, name: str, tag: str) -> int | None:
        found = self.tables.tags.get((kind, name, tag))
        return None if found is None else found.release_id


class FakeSteering:
    """Messages held for instances on hold, migrations, bulk jobs."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def hold_message(self, message: HeldMessage) -> HeldMessage:
        made = replace(message, id=self.tables.take_id())
        self.tables.held[made.id] = made
        return made

    def held_messages(self, instance_id: int) -> list[HeldMessage]:
        return [held for _, held in sorted(self.tables.held.items()) if held.instance_id == instance_id]

    def drop_held_message(self, id: int) -> None:
        self.tables.held.pop(id, None)

    def add_migration(self, migration: Migration) -> Migration:
        made = replace(migration, id=self.tables.take_id())
        self.tables.migrations[made.id] = made
        return made

    def migrations(self, instance_id: int) -> list[Migration]:
        return [done for _, done in sorted(self.tables.migrations.items()) if done.instance_id == instance_id]

    def save_migration(self, migration: Migration) -> None:
        self.tables.migrations[migration.id] = migration


class FakeReleases:
    """Released sets of definitions."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def current(self) -> Release:
        if not self.tables.releases:
            raise NotFound()
        return self.tables.releases[max(self.tables.releases)]

    def get(self, id: int) -> Release:
        if id not in self.tables.releases:
            raise NotFound()
        return self.tables.releases[id]

    def add(self, files: Mapping[str, bytes]) -> Release:
        if self.tables.releases and self.current().files == files:
            return self.current()
        id = self.tables.take_id()
        self.tables.releases[id] = Release(id, f"sha-{id}", START, dict(files))
        return self.tables.releases[id]


class FakeWork:
    """One open transaction."""

    def __init__(self, store: "Store", actor: Actor) -> None:
        tables = store.tables
        self.tables = tables
        self.now = store.now
        self.actor = actor
        self.complaints = FakeComplaints(tables, "complaints")
        self.information: FakeRows[Any] = FakeRows(tables, "information")
        self.attachments: FakeRows[Any] = FakeRows(tables, "attachments")
        self.requests: FakeRows[Any] = FakeRows(tables, "requests")
        self.clocks: FakeRows[Any] = FakeRows(tables, "clocks")
        self.plans: FakeRows[Any] = FakeRows(tables, "plans")
        self.answers: FakeRows[Any] = FakeRows(tables, "answers")
        self.notices: FakeRows[Any] = FakeRows(tables, "notices")
        self.volumes: FakeRows[Any] = FakeRows(tables, "volumes")
        self.people: FakeRows[Any] = FakeRows(tables, "people")
        self.grants: FakeRows[Any] = FakeRows(tables, "grants")
        self.units: FakeRows[Any] = FakeRows(tables, "units")
        self.tasks = FakeTasks(tables)
        self.processes = FakeProcesses(tables)
        self.publications = FakePublications(tables)
        self.steering = FakeSteering(tables)
        self.releases = FakeReleases(tables)

    def newest_release(self) -> int:
        return self.releases.current().id

    def record(self, event: HistoryEvent) -> None:
        self.tables.events.append(replace(event, id=len(self.tables.events) + 1))

    def events(self, complaint_id: int) -> list[HistoryEvent]:
        return [event for event in self.tables.events if event.complaint_id == complaint_id]

    def send(self, message: OutboxMessage) -> None:
        if all(known.key != message.key for known in self.tables.outbox.values()):
            id = self.tables.take_id()
            self.tables.outbox[id] = replace(message, id=id)

    def outbox(self, *, due_by: datetime, limit: int) -> list[OutboxMessage]:
        waiting = [
            m for m in self.tables.outbox.values() if m.state is OutboxState.WAITING and m.due_at <= due_by
        ]
        return sorted(waiting, key=lambda m: (m.due_at, m.id))[:limit]

    def outbox_message(self, key: str) -> OutboxMessage | None:
        return next((message for message in self.tables.outbox.values() if message.key == key), None)

    def save_outbox(self, message: OutboxMessage) -> None:
        assert message.id in self.tables.outbox
        self.tables.outbox[message.id] = message

    def calendar(self, code: str) -> Calendar:
        if code not in self.tables.calendars:
            raise NotFound()
        return self.tables.calendars[code]

    def put_calendar(self, calendar: Calendar) -> None:
        self.tables.calendars[calendar.code] = calendar

    def done(self, key: str) -> CommandDone | None:
        return self.tables.commands.get(key)

    def remember(self, key: str, answer: Mapping[str, Any]) -> None:
        self.tables.commands[key] = CommandDone(key, self.now, answer)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        kept = self.tables.snapshot()
        try:
            yield
        except BaseException:
            self.tables.restore(kept)
            raise

    def last_link(self) -> str:
        return max((volume.link for volume in self.tables.rows["volumes"].values()), default="")

    def put_setting(self, name: str, value: str) -> None:
        self.tables.settings[name] = value

    def setting(self, name: str) -> str | None:
        return self.tables.settings.get(name)


class Store:
    """The database and the clock."""

    def __init__(self, now: datetime = START) -> None:
        self.tables = Tables()
        self.now = now

    @contextmanager
    def unit_of_work(self, actor: Actor = SYSTEM) -> Iterator[FakeWork]:
        """One transaction: kept if the block ends well, else forgotten."""
        kept = self.tables.snapshot()
        try:
            yield FakeWork(self, actor)
        except BaseException:
            self.tables.restore(kept)
            raise

    def events(self, kind: str | None = None) -> list[HistoryEvent]:
        """The history, or that of one kind."""
        return [event for event in self.tables.events if kind is None or event.kind == kind]


Opening = Callable[[Actor], Any]
