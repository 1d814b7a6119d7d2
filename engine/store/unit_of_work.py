"""The unit of work: one transaction over everything the store keeps."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, NoReturn, TypeVar

from sqlalchemy import select

from engine import ports
from engine.domain.actor import Actor
from engine.domain.archive import Volume
from engine.domain.clocks import Clock
from engine.domain.complaint import Attachment, Information
from engine.domain.department_requests import DepartmentRequest
from engine.domain.events import HistoryEvent
from engine.domain.notices import Notice
from engine.domain.organisation import Person, RoleGrant, Unit
from engine.domain.redress import Answer, Plan
from engine.domain.running import CommandDone, OutboxMessage, Release
from engine.domain.working_time import Calendar
from engine.store.advisory import hold
from engine.store.calendars import CalendarRows
from engine.store.complaints import ComplaintRows
from engine.store.facts import HistoryRows, OutboxRows
from engine.store.processes import ProcessRows
from engine.store.publications import PublicationRows
from engine.store.releases import ReleaseRows, newest
from engine.store.row_classes import Setting
from engine.store.rows import NewRows, StoredRows
from engine.store.statements import first, name_error
from engine.store.steering import SteeringRows
from engine.store.tables import volume
from engine.store.tasks import TaskRows
from engine.store.transactions import Transactions

R = TypeVar("R", bound=StoredRows[Any])

KINDS: Mapping[str, type[Any]] = {
    "information": Information,
    "attachments": Attachment,
    "requests": DepartmentRequest,
    "clocks": Clock,
    "plans": Plan,
    "answers": Answer,
    "notices": Notice,
    "volumes": Volume,
    "people": Person,
    "grants": RoleGrant,
    "units": Unit,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What never changes once it is there, kept from one transaction to the next."""

    releases: dict[int, Release] = field(default_factory=dict)
    calendars: dict[tuple[str, int], Calendar] = field(default_factory=dict)


class SqlUnitOfWork:
    """One transaction, entered by `with`; `ports.UnitOfWork` says what each member does."""

    complaints: ports.Complaints
    information: ports.Rows[Information]
    attachments: ports.Rows[Attachment]
    requests: ports.Rows[DepartmentRequest]
    clocks: ports.Rows[Clock]
    plans: ports.Rows[Plan]
    answers: ports.Rows[Answer]
    notices: ports.Rows[Notice]
    volumes: ports.Rows[Volume]
    people: ports.Rows[Person]
    grants: ports.Rows[RoleGrant]
    units: ports.Rows[Unit]
    tasks: ports.Tasks
    processes: ports.Processes
    publications: ports.Publications
    steering: ports.Steering
    releases: ports.Releases
    _history: HistoryRows
    _outbox: OutboxRows
    _calendars: CalendarRows
    _settings: StoredRows[Setting]
    _commands: NewRows[CommandDone]

    def __init__(
        self,
        transactions: Transactions,
        now: datetime,
        actor: Actor,
        known: Known,
    ) -> None:
        self.now = now
        self.actor = actor
        self._transactions = transactions
        self._known = known
        self._kept: list[StoredRows[Any]] = []

    def __enter__(self) -> "SqlUnitOfWork":
        self._transaction = self._transactions.begin()
        self._wire = self._transaction.wire
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._end_well()
            else:
                self._undo()
        finally:
            # They refer back to this unit of work: else each would be left for the garbage collector to find.
            self.__dict__.pop("tasks", None)

    def _end_well(self) -> None:
        try:
            if self._wire.failed is not None:
                raise self._wire.failed
            for rows in self._kept:
                rows.flush()
        except BaseException as error:
            self._undo()
            self._raise(error)
        try:
            self._transaction.keep()
        except BaseException as error:
            self._raise(error)

    def _undo(self) -> None:
        self._transaction.undo()

    def _raise(self, error: BaseException) -> NoReturn:
        named = name_error(error)
        if named is error:
            raise error
        raise named from error

    def __getattr__(self, name: str) -> Any:
        """The rows of a kind, prepared when first asked for: most commands touch few kinds."""
        make = MAKERS.get(name)
        if make is None:
            raise AttributeError(name)
        made = self.__dict__[name] = make(self)
        return made

    def newest_release(self) -> int:
        """The id of the newest release; raises NotFound before the first one."""
        return newest(self._wire)

    def record(self, event: HistoryEvent) -> None:
        """Append a fact to the history."""
        self._history.append(event)

    def events(self, complaint_id: int) -> list[HistoryEvent]:
        """The history of a complaint, oldest first."""
        return self._history.find(complaint_id=complaint_id)

    def send(self, message: OutboxMessage) -> None:
        """Put something to be done outside into the outbox."""
        self._outbox.append(message)

    def outbox(self, *, due_by: datetime, limit: int) -> list[OutboxMessage]:
        """Waiting messages that are due, oldest first, each held by this transaction alone."""
        return self._outbox.due(due_by, limit)

    def outbox_message(self, key: str) -> OutboxMessage | None:
        """The message with this key, waiting or over."""
        return self._outbox.by_message_key(key)

    def save_outbox(self, message: OutboxMessage) -> None:
        """Write what became of a message."""
        self._outbox.save(message)

    def calendar(self, code: str) -> Calendar:
        """A working calendar; raises NotFound."""
        return self._calendars.get(code)

    def put_calendar(self, calendar: Calendar) -> None:
        """Insert or overwrite a calendar with its special days."""
        self._calendars.put(calendar)

    def done(self, key: str) -> CommandDone | None:
        """The answer an earlier command with this key gave; a second one meanwhile waits for this transaction."""
        hold(self._wire, f"command {key}")
        return self._commands.look(key)

    def remember(self, key: str, answer: Mapping[str, Any]) -> None:
        """Keep the answer of this command under its key."""
        self._commands.put(CommandDone(key, self.now, answer))

    def last_link(self) -> str:
        """The newest link of the register's hash chain, held until the transaction ends."""
        hold(self._wire, "register")
        newest = first(select(volume.c.link).order_by(volume.c.id.desc()), "one")
        row = self._wire.read_one(self._volumes().prepared("newest link", lambda: newest), (1,))
        return row[0] if row else ""

    def put_setting(self, name: str, value: str) -> None:
        """Keep a fact about this database."""
        self._settings.look(name)
        self._settings.put(Setting(name, value))

    def setting(self, name: str) -> str | None:
        """The fact kept under this name."""
        kept = self._settings.look(name)
        return kept.value if kept else None

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo everything written inside, also in memory, if the block raises."""
        memories = [(rows, rows.remember()) for rows in self._kept]
        self._wire.mark()
        try:
            yield
            self._wire.settle()
        except BaseException:
            self._wire.undo_to_mark()
            for rows in self._kept[len(memories) :]:
                rows.forget()
            for rows, memory in memories:
                rows.restore(memory)
            raise
        self._wire.forget_mark()

    def _keep(self, rows: R) -> R:
        self._kept.append(rows)
        return rows

    def _keep_findable(self, complaint_id: int) -> None:
        rows = self.complaints
        assert isinstance(rows, ComplaintRows)
        rows.keep_findable(complaint_id)

    def _process_rows(self) -> ProcessRows:
        rows = self.processes
        assert isinstance(rows, ProcessRows)
        return rows

    def _volumes(self) -> StoredRows[Volume]:
        rows = self.volumes
        assert isinstance(rows, StoredRows)
        return rows


def _rows_of(row_class: type[Any]) -> Callable[[SqlUnitOfWork], Any]:
    return lambda work: work._keep(StoredRows(work._wire, row_class))


MAKERS: Mapping[str, Callable[[SqlUnitOfWork], Any]] = {
    **{name: _rows_of(row_class) for name, row_class in KINDS.items()},
    "complaints": lambda work: work._keep(ComplaintRows(work._wire)),
    "tasks": lambda work: TaskRows(work._wire, work._kept, work._keep_findable),
    "processes": lambda work: ProcessRows(work._wire, work._kept),
    "publications": lambda work: PublicationRows(work._wire, work._kept),
    "steering": lambda work: SteeringRows(work._wire, work._kept, work._process_rows()),
    "releases": lambda work: ReleaseRows(work._wire, work._kept, work.now, work._known.releases),
    "_history": lambda work: work._keep(HistoryRows(work._wire)),
    "_outbox": lambda work: work._keep(OutboxRows(work._wire)),
    "_calendars": lambda work: CalendarRows(work._wire, work._kept, work._known.calendars),
    "_settings": _rows_of(Setting),
    "_commands": lambda work: work._keep(NewRows(work._wire, CommandDone)),
}
