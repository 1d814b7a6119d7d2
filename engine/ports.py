"""What the use cases need from outside, as Protocols: the store, the process engine, files, channels, the bank's core."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from engine.domain.actor import Actor
from engine.domain.archive import Volume
from engine.domain.clocks import Clock
from engine.domain.complaint import Attachment, Complaint, Information
from engine.domain.department_requests import DepartmentRequest
from engine.domain.events import HistoryEvent
from engine.domain.migration import Mappings, MigrationPlan
from engine.domain.notices import Notice
from engine.domain.organisation import Person, RoleGrant, Unit
from engine.domain.redress import Answer, Plan
from engine.domain.running import (
    BufferedMessage,
    CommandDone,
    HeldMessage,
    Incident,
    Instance,
    Job,
    JobOutcome,
    Migration,
    OutboxMessage,
    Release,
    Scope,
    StartTimer,
    Subscription,
    Timer,
    VersionTag,
)
from engine.domain.steering import Bulk, BulkItem, ItemState, Reach, Wanted, Why
from engine.domain.task import Draft, Task
from engine.domain.working_time import Calendar

T = TypeVar("T")


class Rows(Protocol[T]):
    """Rows of one kind inside the open transaction; frozen values in, frozen values out."""

    def get(self, id: int) -> T:
        """The row with this id; raises NotFound."""

    def find(self, **equals: Any) -> list[T]:
        """Rows whose columns equal these values (a tuple or list means: any of them), by ascending id."""

    def add(self, row: T) -> T:
        """Insert; returns the row with its id (the id given in is ignored)."""

    def save(self, row: T) -> T:
        """Write a changed row under its version; returns it with the next version; raises ChangedMeanwhile."""


class Complaints(Rows[Complaint], Protocol):
    """The register of complaints."""

    def lock(self, id: int) -> Complaint:
        """Get the row and hold it until the transaction ends; several in ascending id. Raises NotFound."""

    def by_number(self, number: str) -> Complaint | None:
        """The complaint with this public number."""

    def by_intake_key(self, key: str) -> Complaint | None:
        """The complaint this message made earlier, if it did."""

    def next_number(self, year: int) -> str:
        """The next free number of the year, "C-2026-000184"; without gaps while transactions commit."""


class Tasks(Protocol):
    """User tasks, keyed by (instance_id, token). Writes are gathered and sent with the commit."""

    def get(self, instance_id: int, token: int) -> Task:
        """The task; raises NotFound."""

    def find(self, **equals: Any) -> list[Task]:
        """Tasks whose columns equal these values, oldest first."""

    def add(self, task: Task) -> None:
        """A new task."""

    def save(self, task: Task) -> Task:
        """Write a changed task under its version; raises ChangedMeanwhile."""

    def put(self, task: Task) -> None:
        """Write a task just as it is given, version, candidates and all."""

    def draft(self, instance_id: int, token: int, person_id: int) -> Draft | None:
        """What this person typed so far."""

    def save_draft(self, draft: Draft) -> None:
        """Keep what was typed, over the earlier draft."""

    def drop_drafts(self, instance_id: int, token: int) -> None:
        """Forget the drafts of a finished task."""


class Processes(Protocol):
    """Instances and what hangs on them; written by the process engine alone."""

    def add(self, instance: Instance) -> Instance:
        """Insert; returns it with its id."""

    def get(self, id: int) -> Instance:
        """The instance as it was last written; raises NotFound."""

    def lock(self, id: int) -> Instance:
        """The instance, held until the transaction ends; raises NotFound."""

    def save(self, instance: Instance) -> Instance:
        """Write under its version; raises ChangedMeanwhile."""

    def put(self, instance: Instance) -> None:
        """Write it just as it is given, version and all."""

    def of_complaint(self, complaint_id: int) -> list[Instance]:
        """All instances that run or ran for a complaint."""

    def is_running(self, process: str, start_key: str) -> bool:
        """Whether an instance runs that a message with this key started."""

    def scopes(self, instance_id: int) -> list[Scope]:
        """All scopes of an instance."""

    def put_scope(self, scope: Scope) -> None:
        """Insert or overwrite one scope."""

    def drop_scope(self, instance_id: int, number: int) -> None:
        """Remove a scope that ended."""

    def put_timer(self, timer: Timer) -> None:
        """Insert or overwrite the timer of a token."""

    def drop_timer(self, instance_id: int, token: int) -> None:
        """Remove the timer of a token; a missing one is no error."""

    def timers(self, **equals: Any) -> list[Timer]:
        """Timers whose columns equal these values, earliest first."""

    def due_timers(self, *, by: datetime, limit: int) -> list[Timer]:
        """Timers of running instances that are due by then, earliest first."""

    def put_subscription(self, subscription: Subscription) -> None:
        """Insert or overwrite the subscription of a token."""

    def drop_subscription(self, instance_id: int, token: int) -> None:
        """Remove it; a missing one is no error."""

    def subscriptions(self, message: str, key: str) -> list[Subscription]:
        """Who waits for this message under this key, oldest instance first."""

    def subscriptions_of(self, instance_id: int) -> list[Subscription]:
        """What an instance waits for, by ascending token."""

    def add_incident(self, incident: Incident) -> None:
        """A new incident; one open incident a token."""

    def save_incident(self, incident: Incident) -> None:
        """Write a changed incident."""

    def incidents(self, **equals: Any) -> list[Incident]:
        """Incidents whose columns equal these values, oldest first."""

    def due_incidents(self, *, by: datetime, limit: int) -> list[Incident]:
        """Unresolved incidents of running instances whose next try is due by then, earliest first."""


class Publications(Protocol):
    """What is heard and starts beside the instances: kept messages, start timers, version tags."""

    def add_message(self, message: BufferedMessage) -> BufferedMessage:
        """Keep a message; raises ChangedMeanwhile if one with its id was kept meanwhile."""

    def messages(self, name: str, key: str | Sequence[str]) -> list[BufferedMessage]:
        """The kept messages of this name and key, or of any of these keys, oldest first, expired ones too."""

    def save_message(self, message: BufferedMessage) -> None:
        """Write who heard it."""

    def drop_messages(self, *, expired_by: datetime) -> int:
        """Forget the messages whose time is over; how many."""

    def start_timers(self, **equals: Any) -> list[StartTimer]:
        """Start timers whose columns equal these values."""

    def due_start_timers(self, *, by: datetime, limit: int) -> list[StartTimer]:
        """Start timers that are due by then, earliest first."""

    def put_start_timer(self, timer: StartTimer) -> None:
        """Insert a start timer."""

    def save_start_timer(self, timer: StartTimer) -> None:
        """Write a changed one under its version; raises ChangedMeanwhile."""

    def drop_start_timer(self, process: str, element: str) -> None:
        """Remove one; a missing one is no error."""

    def put_tag(self, tag: VersionTag) -> None:
        """Insert, or say that a newer release has the tag."""

    def tagged(self, kind: str, name: str, tag: str) -> int | None:
        """The newest release that has this definition with this tag."""


class Steering(Protocol):
    """What steering keeps: messages held for instances on hold, migrations, bulk jobs."""

    def hold_message(self, message: HeldMessage) -> HeldMessage:
        """Keep a message for an instance on hold; returns it with its id."""

    def held_messages(self, instance_id: int) -> list[HeldMessage]:
        """What an instance will be given when it resumes, oldest first."""

    def holds_message(self, instance_id: int, name: str, key: str) -> bool:
        """Whether a message of this name and key waits for an instance; as quick with many of them as with one."""

    def drop_held_message(self, id: int) -> None:
        """It was given, or its instance is over."""

    def add_migration(self, migration: Migration) -> Migration:
        """A migration that was done; returns it with its id."""

    def migrations(self, instance_id: int) -> list[Migration]:
        """The migrations of an instance, oldest first."""

    def save_migration(self, migration: Migration) -> None:
        """Write that it was taken back."""

    def instances(
        self, wanted: Wanted, units: Sequence[int] | None, reach: Reach, *, after: int, limit: int
    ) -> list[Instance]:
        """The next instances after an id that are meant and reached; `units` are the ids behind the wanted unit.

        Where a token waits only the snapshot knows: the caller looks closely with `ProcessEngine.elements`.
        """

    def add_bulk(self, bulk: Bulk, instance_ids: Iterable[int]) -> Bulk:
        """A bulk job with its items, all waiting; returns it with its id."""

    def bulk(self, id: int) -> Bulk:
        """A bulk job; raises NotFound."""

    def lock_bulk(self, id: int) -> Bulk:
        """The bulk job, held until the transaction ends; raises NotFound."""

    def running_bulks(self) -> list[Bulk]:
        """Those that are not over, oldest first."""

    def save_bulk(self, bulk: Bulk) -> Bulk:
        """Write under its version; raises ChangedMeanwhile."""

    def waiting_items(self, bulk_id: int, limit: int) -> list[BulkItem]:
        """Items nobody worked off yet, by ascending instance."""

    def lock_item(self, bulk_id: int, instance_id: int) -> BulkItem:
        """One item, held until the transaction ends; raises NotFound."""

    def save_item(self, item: BulkItem) -> None:
        """Write what came of it."""

    def item_counts(self, bulk_id: int) -> Mapping[ItemState, int]:
        """How many items are in each state."""


class Releases(Protocol):
    """Released sets of definitions."""

    def current(self) -> Release:
        """The newest release; raises NotFound before the first one."""

    def get(self, id: int) -> Release:
        """A release with its files; cached by the caller, for a release never changes."""

    def add(self, files: Mapping[str, bytes]) -> Release:
        """Store a new release, or return the current one if these are its files."""


class UnitOfWork(Protocol):
    """One transaction: all or nothing. Leaving its `with` block without an exception commits; that is the only commit."""

    now: datetime
    actor: Actor
    complaints: Complaints
    information: Rows[Information]
    attachments: Rows[Attachment]
    requests: Rows[DepartmentRequest]
    clocks: Rows[Clock]
    plans: Rows[Plan]
    answers: Rows[Answer]
    notices: Rows[Notice]
    volumes: Rows[Volume]
    people: Rows[Person]
    grants: Rows[RoleGrant]
    units: Rows[Unit]
    tasks: Tasks
    processes: Processes
    publications: Publications
    steering: Steering
    releases: Releases

    def newest_release(self) -> int:
        """The id of the newest release; raises NotFound before the first one."""

    def record(self, event: HistoryEvent) -> None:
        """Append a fact to the history (written with the commit)."""

    def events(self, complaint_id: int) -> list[HistoryEvent]:
        """The history of a complaint, oldest first."""

    def send(self, message: OutboxMessage) -> None:
        """Put something to be done outside into the outbox; a key already there is quietly kept once."""

    def outbox(self, *, due_by: datetime, limit: int) -> list[OutboxMessage]:
        """Waiting messages that are due, oldest first, each held by this transaction alone (locked rows skipped)."""

    def outbox_message(self, key: str) -> OutboxMessage | None:
        """The message with this key, waiting or over."""

    def save_outbox(self, message: OutboxMessage) -> None:
        """Write what became of a message."""

    def calendar(self, code: str) -> Calendar:
        """A working calendar; raises NotFound."""

    def put_calendar(self, calendar: Calendar) -> None:
        """Insert or overwrite a calendar with its special days."""

    def done(self, key: str) -> CommandDone | None:
        """The answer an earlier command with this idempotency key gave."""

    def remember(self, key: str, answer: Mapping[str, Any]) -> None:
        """Keep the answer of this command under its key, in the same transaction."""

    def savepoint(self) -> AbstractContextManager[None]:
        """Undo everything written inside, also in memory, if the block raises; the exception goes on."""

    def last_link(self) -> str:
        """The newest link of the register's hash chain ("" before the first); held until the transaction ends."""

    def put_setting(self, name: str, value: str) -> None:
        """A fact about this database, such as "demo" = "yes"."""

    def setting(self, name: str) -> str | None:
        """The fact kept under this name."""


class Subject(Protocol):
    """What a process is about, as its expressions see it under `complaint`; satisfied by `engine.use_cases.subject`."""

    def read(self, work: UnitOfWork, complaint_id: int) -> Mapping[str, Any]:
        """The facts of the complaint as they stand in this transaction; may be lazy."""

    def write(self, work: UnitOfWork, complaint_id: int, name: str, value: Any) -> None:
        """Set one attribute ("grade", without "complaint.") through the domain; raises ValueRefused."""

    def functions(self, work: UnitOfWork, complaint_id: int | None) -> Mapping[str, Callable[..., Any]]:
        """The FEEL functions over the bank's calendars, by their FEEL name."""


class ProcessEngine(Protocol):
    """Runs processes to their next wait state inside the caller's transaction. Speaks rows and plain values only."""

    def start(
        self,
        work: UnitOfWork,
        process: str,
        *,
        complaint_id: int | None = None,
        variables: Mapping[str, Any] | None = None,
        message: str | None = None,
    ) -> Instance:
        """Start a process of the current release; with `message`, at the start event that waits for it."""

    def complete(self, work: UnitOfWork, task: Task, variables: Mapping[str, Any]) -> None:
        """Finish a user task. Keys "complaint.x" write through the domain, "a.b" into the context a; raises TaskNotOpen."""

    def fire(self, work: UnitOfWork, instance_id: int, token: int) -> bool:
        """Let a due timer fire; False if it is gone, dormant or not due any more: a quiet no."""

    def publish(
        self,
        work: UnitOfWork,
        message: str,
        key: str,
        variables: Mapping[str, Any] | None = None,
        *,
        ttl: timedelta = timedelta(0),
        message_id: str | None = None,
        complaint_id: int | None = None,
    ) -> bool:
        """Give a message to whoever waits for it under this key, each process once; False if nobody got it now.

        With a time to live it is kept so long for subscriptions that open later; `message_id` makes it once while it
        is kept. An instance it starts is about `complaint_id`.
        """

    def released(self, work: UnitOfWork, release: Release) -> None:
        """A release is the current one now: its timer start events are armed instead of the earlier ones."""

    def fire_start(self, work: UnitOfWork, process: str, element: str) -> bool:
        """Start a process whose timer start event is due; False if it is gone or not due any more: a quiet no."""

    def wants_job(self, work: UnitOfWork, job: Job) -> bool:
        """Whether the token of this job still waits for it; raises OnHold while its instance is on hold."""

    def finish_job(self, work: UnitOfWork, job: Job, outcome: JobOutcome) -> bool:
        """Let the token of a job go on, throw, or become an incident; False if it does not wait for this any more."""

    def retry(self, work: UnitOfWork, incident: Incident) -> None:
        """Try the element of an incident again; raises NotFound if its token is gone, OnHold while it has to wait."""

    def suspend(self, work: UnitOfWork, instance_id: int, why: Why) -> bool:
        """Put an instance on hold; False if it is already. Raises OutOfOrder once it is over."""

    def resume(self, work: UnitOfWork, instance_id: int, why: Why) -> bool:
        """Let an instance on hold go on, with what came meanwhile in its order; False if it runs already."""

    def cancel(self, work: UnitOfWork, instance_id: int, why: Why) -> bool:
        """End an instance where it stands: tasks, timers and subscriptions go. False if it is over already."""

    def set_variables(
        self, work: UnitOfWork, instance_id: int, scope: int, values: Mapping[str, Any], why: Why
    ) -> Mapping[str, Any]:
        """Set variables in this very scope (0: the root); what stood there before. Keys "complaint.x" write through
        the domain. Raises ValueRefused, LimitExceeded."""

    def add_token(
        self,
        work: UnitOfWork,
        instance_id: int,
        element: str,
        why: Why,
        *,
        inside: int | None = None,
        flow: str | None = None,
    ) -> int:
        """Add a token at an element and let it run; its number. `inside` is the token that holds the level (0: the
        process), `flow` the flow it comes by. Raises ValueRefused or OutOfOrder where that makes no sense."""

    def cancel_token(self, work: UnitOfWork, instance_id: int, token: int, why: Why) -> bool:
        """Take a token away with all that hangs from it; False if it is gone already."""

    def terminate(self, work: UnitOfWork, instance_id: int, element: str, why: Why) -> int:
        """Take all tokens at an element away; how many there were."""

    def move(
        self, work: UnitOfWork, instance_id: int, element: str, to: str, why: Why, *, flow: str | None = None
    ) -> int:
        """Move all tokens at an element to another one; how many there were."""

    def plan_migration(
        self, work: UnitOfWork, instance_id: int, release_id: int, mappings: Mappings
    ) -> MigrationPlan:
        """What a migration would do; changes nothing. Raises OutOfOrder once the instance is over."""

    def migrate(
        self, work: UnitOfWork, instance_id: int, release_id: int, mappings: Mappings, why: Why
    ) -> MigrationPlan:
        """Do it, if nothing speaks against it; the plan says what was done, or why nothing was."""

    def take_back(self, work: UnitOfWork, instance_id: int, why: Why) -> bool:
        """Put an instance back as it was before its newest migration; False if that was done already.

        Raises OutOfOrder if it moved on since, or was never migrated.
        """

    def elements(self, instance: Instance) -> Collection[str]:
        """The elements at which a token of an instance stands."""

    def clocks_changed(self, work: UnitOfWork, complaint_id: int) -> None:
        """Compute anew the due moments of all timers bound to clocks of this complaint."""

    def outline(self, release_id: int, process: str) -> Sequence["Element"]:
        """The flow nodes of a process for screens: id, kind, name, lane."""


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node as screens see it."""

    id: str
    kind: str
    name: str
    lane: str | None
    process: str


class Files(Protocol):
    """The file store for attachments and volumes: write once, read many."""

    def put(self, content: bytes, *, name: str) -> str:
        """Store the bytes; returns the stored name. The same bytes give the same stored name."""

    def get(self, stored_as: str) -> bytes:
        """The bytes; raises NotFound."""


class CoreBank(Protocol):
    """The bank's core system: freezes cards, pays redress. Called from the outbox, never inside a transaction."""

    def freeze(self, reference: str, reason: str) -> str:
        """Ask to freeze card or payment; returns the receipt. Raises TryLater or GiveUp."""

    def pay(self, reference: str, amount: str, currency: str) -> str:
        """Instruct a payment; the reference makes it once. Returns the receipt. Raises TryLater or GiveUp."""


class Channel(Protocol):
    """A way to send a notice."""

    def send(self, *, key: str, recipient: str, subject: str, body: str, language: str) -> None:
        """Send; `key` becomes the message id. Raises TryLater or GiveUp."""


class TryLater(Exception):
    """It did not work now but may later."""


class GiveUp(Exception):
    """It will never work like this."""


class Clockwork(Protocol):
    """The one place the time is read; tests and `redress play` move it."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a use case is given: `with ports.unit_of_work(actor) as work:` opens its one transaction."""

    unit_of_work: Callable[[Actor], AbstractContextManager[UnitOfWork]]
    engine: ProcessEngine
    files: Files
    clock: Clockwork
    secret_key: bytes
