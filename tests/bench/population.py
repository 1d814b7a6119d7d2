"""A bank with many cases: one that really runs W1 is copied in SQL into as many as are wanted, ended ones beside them.

Grades, units, roles, dates and words differ from case to case as in a bank; every tenth task is claimed.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    and_,
    cast,
    create_engine,
    func,
    insert,
    literal,
    select,
    text,
)

from engine.bpmn.process_engine import BpmnEngine
from engine.domain.actor import SYSTEM, Actor, ActorKind, Held
from engine.domain.complaint import Channel, Complaint, Grade, Outcome, Stage
from engine.domain.organisation import Role
from engine.domain.running import InstanceState
from engine.domain.task import TaskState
from engine.ports import Ports
from engine.runtime.clock import MovableClock
from engine.runtime.files import LocalFiles
from engine.store import tables
from engine.store.column_types import Id, UtcDateTime
from engine.store.ngrams import ngrams
from engine.store.store import Store
from engine.store.word_index import STATEMENTS
from engine.use_cases import subject
from engine.use_cases.demo_bank import seed_demo
from engine.use_cases.inbox import actor_of
from tests.bench.stories import a_name, a_story
from tests.bench.w1_diagram import FORM, zeebe

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FILES = {"w1.bpmn": zeebe(), "forms/w1.form": FORM.encode()}
ROLES = (Role.TRIAGE_OFFICER, Role.HANDLER, Role.CONTRIBUTOR, Role.APPROVER, Role.QUALITY_OFFICER)
HISTORY = ("process.started", "task.opened", "task.completed", "process.ended")
KINDS = 9_973
"""Different cases: a prime number, so that the copies do not repeat in step with anything."""
NUMBERED = 1_000_000
FIRST_DUE = NOW + timedelta(days=365)
FAR = timedelta(days=400)
"""When the timers of copies are due; their snapshots say a year, so that those chosen to fire can be set back to that."""

KIND = Table(
    "kind",
    MetaData(),
    Column("k", Integer, primary_key=True),
    Column("unit_id", Id),
    Column("grade", Text),
    Column("rank", Integer),
    Column("role", Text),
    Column("state", Text),
    Column("assignee_id", Id),
    Column("opened_at", UtcDateTime),
    Column("due_at", UtcDateTime),
    Column("fires_at", UtcDateTime),
    Column("text", Text),
    Column("customer", Text),
    prefixes=["TEMPORARY"],
)
NUMBER = Table("number", MetaData(), Column("n", Id, primary_key=True), prefixes=["TEMPORARY"])
N = NUMBER.c.n
TOLD = KIND.alias("told")
"""Where a case has its words from: another kind than its grade and dates, so that neighbours tell different stories."""
Columns = Mapping[str, Any]


class Bank(NamedTuple):
    """The bank and what it runs on; `store` is to be closed."""

    ports: Ports
    store: Store
    clock: MovableClock

    def handler(self) -> Actor:
        """A handler for the whole bank."""
        with self.ports.unit_of_work(SYSTEM) as work:
            person, units = work.people.find()[0], work.units.find()
        held = (Held(Role.HANDLER, units[0].id, frozenset(unit.id for unit in units)),)
        return Actor(ActorKind.PERSON, person.name, person.id, person.login, person.unit_id, held=held)

    def person_with(self, role: Role) -> Actor:
        """Whoever's role of this name reaches the most units."""

        def reach(actor: Actor) -> int:
            return max(len(held.covers) for held in actor.held if held.role is role)

        with self.ports.unit_of_work(SYSTEM) as work:
            people = {grant.person_id for grant in work.grants.find(role=role)}
            return max((actor_of(work, work.people.get(id)) for id in sorted(people)), key=reach)


def found(folder: str, database_url: str) -> Bank:
    """The demo bank with W1 released and one case of it, which waits for its first task."""
    clock = MovableClock(NOW)
    store = Store(database_url, clock)
    store.upgrade()
    ports = Ports(store.unit_of_work, BpmnEngine(subject, {}), LocalFiles(Path(folder)), clock, b"k" * 32)
    seed_demo(ports, "!")
    with ports.unit_of_work(SYSTEM) as work:
        work.releases.add(FILES)
        complaint = work.complaints.add(_a_complaint(work.units.find()[0].id))
        ports.engine.start(work, "w1", complaint_id=complaint.id)
    return Bank(ports, store, clock)


def grow(bank: Bank, running: int) -> None:
    """Copy the first case until so many run."""
    with _bulk(bank.store, running) as bulk:
        bulk.copy(tables.complaint, _OF_COMPLAINT)
        bulk.index_words()
        bulk.copy(tables.instance, {"id": N, "complaint_id": N})
        bulk.copy(tables.scope, {"instance_id": N})
        bulk.copy(tables.timer, {"instance_id": N, "complaint_id": N, "due_at": KIND.c.fires_at})
        bulk.copy(tables.task, _OF_TASK)
        for kind in HISTORY[:2]:
            bulk.copy(tables.history, {**_OF_HISTORY, "kind": literal(kind)})


def add_ended(bank: Bank, count: int) -> None:
    """Lay so many ended cases beside those that run: complaint, instance, a closed task and four lines of history."""
    with _bulk(bank.store, count, more=True) as bulk:
        bulk.copy(tables.complaint, {**_OF_COMPLAINT, **_CLOSED})
        bulk.copy(tables.instance, {"id": N, "complaint_id": N, **_ENDED})
        bulk.copy(tables.task, {**_OF_TASK, **_DONE})
        for kind in HISTORY:
            bulk.copy(tables.history, {**_OF_HISTORY, "kind": literal(kind)})


_OF_COMPLAINT: Columns = {
    "id": N,
    "number": literal("C-2026-") + cast(N + NUMBERED, Text),
    "intake_key": literal("bench:") + cast(N, Text),
    "text": TOLD.c.text + literal(" Reference R-") + cast(N + NUMBERED, Text),
    "customer_name": TOLD.c.customer,
    "receiving_unit_id": KIND.c.unit_id,
    "handling_unit_id": KIND.c.unit_id,
    "grade": KIND.c.grade,
    "received_at": KIND.c.opened_at,
    "registered_at": KIND.c.opened_at,
}
_OF_TASK: Columns = {
    "instance_id": N,
    "complaint_id": N,
    "role": KIND.c.role,
    "unit_id": KIND.c.unit_id,
    "grade_rank": KIND.c.rank,
    "state": KIND.c.state,
    "assignee_id": KIND.c.assignee_id,
    "opened_at": KIND.c.opened_at,
    "due_at": KIND.c.due_at,
}
_CLOSED: Columns = {
    "closed_at": KIND.c.due_at,
    "archived_at": KIND.c.due_at,
    "stage": literal(Stage.CLOSED.value),
    "outcome": literal(Outcome.UPHELD.value),
}
_ENDED: Columns = {
    "tokens": literal(b""),
    "ended_at": KIND.c.due_at,
    "state": literal(InstanceState.ENDED.value),
}
_DONE: Columns = {
    "closed_at": KIND.c.due_at,
    "closed_by_id": literal(1),
    "state": literal(TaskState.DONE.value),
}
_OF_HISTORY: Columns = {"instance_id": N, "complaint_id": N, "at": KIND.c.opened_at}


def _a_complaint(unit_id: int) -> Complaint:
    return Complaint(
        id=0,
        number="C-2026-000001",
        intake_key="bench",
        secret_hash="-",
        channel=Channel.PORTAL,
        language="en",
        regime="CN",
        received_at=NOW,
        registered_at=NOW,
        text="The first one.",
        wish=None,
        customer_name="Li Hua",
        customer_email="li@customer.example",
        customer_phone=None,
        contact_by="email",
        receiving_unit_id=unit_id,
        handling_unit_id=unit_id,
        grade=Grade.GENERAL,
        stage=Stage.INVESTIGATION,
    )


class Bulk:
    """One big transaction: the numbers of the cases to make stand in a table, and what they shall be like in another."""

    def __init__(self, connection: Connection, first: int, last: int) -> None:
        self.connection = connection
        self.kinds = _kinds(connection, min(KINDS, last + 1))
        KIND.create(connection)
        NUMBER.create(connection)
        connection.execute(insert(KIND), self.kinds)
        if first <= last:
            counting = select(literal(first, Id).label("n")).cte("counting", recursive=True)
            counting = counting.union_all(select(counting.c.n + 1).where(counting.c.n < last))
            connection.execute(insert(NUMBER).from_select(["n"], select(counting.c.n)))

    def copy(self, table: Table, changed: Columns) -> None:
        """Copy the first case's row for every number, with these columns changed."""
        first = table.alias("first")
        is_first = (
            first.c.id == 1 if table in (tables.complaint, tables.instance) else first.c.instance_id == 1
        )
        if table is tables.history:
            is_first = and_(is_first, first.c.kind == HISTORY[0])
        names = [column.name for column in table.c if column.name != "id" or "id" in changed]
        each = NUMBER.join(KIND, KIND.c.k == N % KINDS).join(TOLD, TOLD.c.k == self._told_by(N))
        chosen = select(*[changed.get(name, first.c[name]) for name in names]).select_from(
            each.join(first, is_first)
        )
        self.connection.execute(insert(table).from_select(names, chosen))

    def index_words(self) -> None:
        """What the store does for each complaint; the words that cases share are taken apart once."""
        shared = [ngrams((kind["text"], kind["customer"])) for kind in self.kinds]
        dialect = self.connection.dialect.name
        rows = []
        for n in self.connection.scalars(select(N)):
            own = ngrams((f"C-2026-{n + NUMBERED}", f"R-{n + NUMBERED}"))
            found = list(dict.fromkeys([*shared[self._told_by(n)], *own]))
            rows.append({"id": n, "ngrams": " ".join(found) if dialect == "sqlite" else found})
        if rows:
            self.connection.execute(text(STATEMENTS[dialect, "put"]), rows)

    def _told_by(self, n: Any) -> Any:
        """The kind a case has its words from; of a number, or of a column of numbers."""
        return (n * 7 + n // KINDS * 1_013) % len(self.kinds)

    def end(self) -> None:
        """Let the tables of numbers and kinds go, and count on from what was made."""
        if self.connection.dialect.name == "postgresql":
            for table in ("complaint", "instance"):
                counted_on = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                self.connection.execute(text(counted_on))
        KIND.drop(self.connection)
        NUMBER.drop(self.connection)


@contextmanager
def _bulk(store: Store, upto: int, *, more: bool = False) -> Iterator[Bulk]:
    """A transaction that asks for no proof, for the cases up to this number, or for so many more."""
    engine = create_engine(store.url)
    on_postgresql = engine.dialect.name == "postgresql"
    with engine.begin() as connection:
        if on_postgresql:
            # Checking seven million rows, one by one, for what they were copied from takes minutes.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        have = connection.scalar(select(func.max(tables.instance.c.id))) or 0
        bulk = Bulk(connection, have + 1, have + upto if more else upto)
        yield bulk
        bulk.end()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # As time would do it: PostgreSQL's housekeeping, an empty log on SQLite.
        connection.execute(text("VACUUM (ANALYZE)" if on_postgresql else "PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()


def _kinds(connection: Connection, count: int) -> list[Columns]:
    units = list(connection.scalars(select(tables.unit.c.id).order_by(tables.unit.c.id)))
    people = list(connection.scalars(select(tables.person.c.id).order_by(tables.person.c.id)))
    chance = Random(7)
    return [_kind(k, chance, units, people) for k in range(count)]


def _kind(k: int, chance: Random, units: list[int], people: list[int]) -> Columns:
    opened = NOW - timedelta(seconds=chance.randint(60, 3_600_000))
    grade = chance.choices(list(Grade), (70, 20, 8, 2))[0]
    claimed = chance.random() < 0.1
    return {
        "k": k,
        "unit_id": chance.choice(units),
        "grade": grade.value,
        "rank": grade.rank,
        "role": chance.choice(ROLES).value,
        "state": (TaskState.CLAIMED if claimed else TaskState.OPEN).value,
        "assignee_id": chance.choice(people) if claimed else None,
        "opened_at": opened,
        "due_at": opened + timedelta(days=chance.randint(1, 60)),
        "fires_at": NOW + FAR + timedelta(minutes=chance.randint(0, 60_000)),
        "text": a_story(chance),
        "customer": a_name(chance),
    }
