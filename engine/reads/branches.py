"""Open tasks in the order of the inbox, taken from the indexes a few at a time and merged: a page costs no sort.

A branch is one stretch of an index: the free tasks of one role at one unit, or the tasks one person holds; the free
tasks that name a person beyond their roles are a branch of their own, which few people have. Each band
(a grade, with a due date or without) is read from all branches before the next, so most pages touch one band.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import chain
from operator import itemgetter
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
)

from engine.domain.actor import Actor, ActorKind
from engine.domain.complaint import Grade
from engine.domain.permissions import SEES_RESTRICTED
from engine.reads.counting import LIMIT, UpTo
from engine.reads.reading import Reading, is_listed, listed, moment
from engine.reads.sight import accused, hidden
from engine.store.statements import Prepared, first, prepare, prepared
from engine.store.tables import candidate, task

Key = tuple[int, int]
Found = tuple[int, int, int | None]
"""A task's key and its complaint."""
View = Literal["mine", "role", "late", "watch"]
Sort = Literal["urgency", "due", "newest"]
HELD, NAMED = ("held", "held of role"), ("named", "named of role")
RANKS = tuple(grade.rank for grade in reversed(Grade))
# On PostgreSQL each statement is a journey, so its branches are fewer and wider.
FEW_UNITS_BY_DIALECT = {"sqlite": 2, "postgresql": 2}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the inbox."""

    view: View = "mine"
    role: str | None = None
    grade: str | None = None
    text: str | None = None
    sort: Sort = "urgency"
    page: int = 1
    size: int = 50


@dataclass(frozen=True, slots=True)
class Branch:
    """One stretch of an index: `kind` names its statement, `values` its parameters."""

    kind: str
    values: dict[str, Any]


class Branches:
    """The branches of one person's inbox."""

    def __init__(self, reading: Reading, actor: Actor) -> None:
        self.reading = reading
        self.wire = reading.wire
        self.sees_restricted = bool(SEES_RESTRICTED & actor.roles)
        self.before = moment(reading.now, reading.dialect)
        self.person_id = actor.person_id
        is_person = actor.kind is ActorKind.PERSON
        self.free = list(_free(actor, reading.dialect)) if is_person else []
        self.held = [Branch("held", {})] if is_person else []
        self.held_of_role = [Branch("held of role", {})] if is_person else []
        self.named_of_role: list[Branch] = []
        if is_person and self._is_named():
            self.beyond_roles = _beyond(actor)
            self.free.append(Branch("named", {"role": None}))
            self.named_of_role = [Branch("named of role", {})]

    def tasks(self, wanted: Wanted, limit: int, total: UpTo) -> Iterator[Found]:
        """The first tasks in the order that is wanted; `total` is how many there are, up to the limit."""
        if wanted.sort == "newest":
            return iter(self._newest(wanted, limit, total))
        return self._most_urgent(wanted, limit)

    def _most_urgent(self, wanted: Wanted, limit: int) -> Iterator[Found]:
        """By grade and then by due date, or by due date alone; those without a date last."""
        for ranks, dated in self._bands(wanted):
            if limit <= 0:
                return
            stretches = [
                self._stretch("keys", branch, rank, dated, wanted, limit)
                for rank in ranks
                for branch in self._branches(wanted)
            ]
            found = [(row[1], row[2], row[3]) for row in merge(*stretches)][:limit]
            limit -= len(found)
            yield from found

    def _newest(self, wanted: Wanted, limit: int, total: UpTo) -> list[Found]:
        """Many are walked along the index that has them in this order; few are read whole and sorted, for among them the
        walk might pass all others first."""
        if total.is_capped:
            rank = None if wanted.grade is None else Grade(wanted.grade).rank
            stretches = [
                self._stretch("newest", branch, rank, None, wanted, limit)
                for branch in self._branches(wanted)
            ]
        else:
            stretches = [
                self._stretch("opened", branch, rank, dated, wanted, LIMIT + 1)
                for ranks, dated in self._bands(wanted)
                for rank in ranks
                for branch in self._branches(wanted)
            ]
        rows = sorted(chain(*stretches), key=itemgetter(1, 2))
        rows.sort(key=itemgetter(-1), reverse=True)
        return [(row[1], row[2], row[3]) for row in rows[:limit]]

    def _bands(self, wanted: Wanted) -> Iterator[tuple[Sequence[int], bool]]:
        ranks = RANKS if wanted.grade is None else (Grade(wanted.grade).rank,)
        halves = (True,) if wanted.view == "late" else (True, False)
        if wanted.sort == "due":
            yield from [(ranks, dated) for dated in halves]
        else:
            yield from [((rank,), dated) for rank in ranks for dated in halves]

    def count(self, wanted: Wanted) -> UpTo:
        """How many tasks there are, up to the limit."""
        late = wanted.view == "late"
        ranks: Sequence[int | None] = RANKS if late else (None,)
        if wanted.grade is not None:
            ranks = (Grade(wanted.grade).rank,)
        total = 0
        for branch in self._branches(wanted):
            for rank in ranks:
                dated = True if late else None
                total += self._stretch("count", branch, rank, dated, wanted, LIMIT + 1 - total)[0][0]
                if total > LIMIT:
                    return UpTo(LIMIT + 1)
        return UpTo(total)

    def _is_named(self) -> bool:
        """Whether any open task names the person."""
        key = ("inbox", self.wire.dialect, "named")
        some: Select[Any] = select(literal_column("1")).select_from(_NAMED).where(*_where_named())
        statement = prepared(key) or prepare(key, first(some, "row_limit"), self.wire.dialect)
        values = {"person": self.person_id, "row_limit": 1}
        return bool(self.wire.read(statement, [values[name] for name in statement.names]))

    def _branches(self, wanted: Wanted) -> list[Branch]:
        free, held = self.free, self.held
        if wanted.role is not None:
            of_role = [branch for branch in self.free if branch.values["role"] == wanted.role]
            free, held = [*of_role, *self.named_of_role], self.held_of_role
        if wanted.view == "mine":
            return held
        return [*free, *held] if wanted.view == "late" else free

    def _stretch(
        self, what: str, branch: Branch, rank: int | None, dated: bool | None, wanted: Wanted, limit: int
    ) -> list[Any]:
        late = wanted.view == "late"
        statement = self._statement(what, branch, rank is not None, dated, late)
        return self.wire.read(statement, self._values(statement, branch, rank, wanted, limit))

    def _values(
        self, statement: Prepared, branch: Branch, rank: int | None, wanted: Wanted, limit: int
    ) -> list[Any]:
        values = {
            "person": self.person_id,
            "role": wanted.role,
            "rank": rank,
            "before": self.before,
            "row_limit": limit,
            **branch.values,
        }
        return [values[name] for name in statement.names]

    def _statement(self, what: str, branch: Branch, ranked: bool, dated: bool | None, late: bool) -> Prepared:
        if branch.kind in NAMED:
            # The units a person's roles reach stand in this statement, so it is written for each.
            return Prepared(self._written(what, branch.kind, ranked, dated, late), self.wire.dialect)
        key = ("inbox", self.wire.dialect, what, branch.kind, ranked, dated, late, self.sees_restricted)
        return prepared(key) or prepare(
            key, self._written(what, branch.kind, ranked, dated, late), self.wire.dialect
        )

    def _written(self, what: str, kind: str, ranked: bool, dated: bool | None, late: bool) -> Select[Any]:
        columns = task.c
        person = bindparam("person", type_=BigInteger)
        never = accused(person) if kind in HELD else hidden(person, self.sees_restricted)
        conditions = [
            *self._where_branch(kind),
            or_(columns.complaint_id.is_(None), columns.complaint_id.not_in(never)),
        ]
        if ranked:
            conditions.append(columns.grade_rank == bindparam("rank"))
        if late:
            conditions.append(columns.due_at < bindparam("before"))
        elif dated is not None:
            conditions.append(columns.due_at.is_not(None) if dated else columns.due_at.is_(None))
        tasks = _NAMED if kind in NAMED else task
        if what == "count":
            some = first(select(literal_column("1")).select_from(tasks).where(*conditions), "row_limit")
            return select(func.count()).select_from(some.subquery())
        key = [columns.instance_id, columns.token]
        if what == "newest":
            walked = select(literal_column("0"), *key, columns.complaint_id, columns.opened_at)
            return first(
                walked.select_from(tasks).where(*conditions).order_by(columns.opened_at.desc(), *key),
                "row_limit",
            )
        opened = [columns.opened_at] if what == "opened" else []
        first_column = columns.due_at if dated else literal_column("0")
        chosen = select(first_column, *key, columns.complaint_id, *opened)
        order = [columns.due_at, *key] if dated else key
        return first(chosen.select_from(tasks).where(*conditions).order_by(*order), "row_limit")

    def _where_branch(self, kind: str) -> list[ColumnElement[bool]]:
        # The states stand as literals, so that the databases see that the partial indexes serve.
        is_of_role = task.c.role == bindparam("role")
        if kind in HELD:
            held = [task.c.state == literal_column("'claimed'"), task.c.assignee_id == bindparam("person")]
            return held if kind == "held" else [*held, is_of_role]
        if kind in NAMED:
            named = [*_where_named(), self.beyond_roles]
            return named if kind == "named" else [*named, is_of_role]
        free = [task.c.state == literal_column("'open'"), is_of_role]
        if kind == "unit":
            return [*free, task.c.unit_id == bindparam("unit")]
        if kind == "no unit":
            return [*free, task.c.unit_id.is_(None)]
        return [*free, is_listed(task.c.unit_id, "units", self.wire.dialect)]


# From the few rows that name the person to their tasks: the other way round, every open task would be asked.
_NAMED = candidate.join(
    task, and_(task.c.instance_id == candidate.c.instance_id, task.c.token == candidate.c.token)
)


def _where_named() -> list[ColumnElement[bool]]:
    person = bindparam("person", type_=BigInteger)
    return [candidate.c.person_id == person, task.c.state == literal_column("'open'")]


def _beyond(actor: Actor) -> ColumnElement[bool]:
    """Tasks that no role of the person reaches, in literals."""
    reached = [
        and_(
            task.c.role == literal_column(f"'{held.role.value}'"),
            or_(
                task.c.unit_id.is_(None),
                task.c.unit_id.in_([literal_column(str(int(unit))) for unit in sorted(held.covers)]),
            ),
        )
        for held in actor.held
    ]
    return not_(or_(false(), *reached))


def _free(actor: Actor, dialect: str) -> Iterator[Branch]:
    reach: dict[str, set[int]] = {}
    for held in actor.held:
        reach.setdefault(held.role.value, set()).update(held.covers)
    for role, units in reach.items():
        yield Branch("no unit", {"role": role})
        if len(units) <= FEW_UNITS_BY_DIALECT[dialect]:
            yield from [Branch("unit", {"role": role, "unit": unit}) for unit in sorted(units)]
        else:
            yield Branch("units", {"role": role, "units": listed(sorted(units), dialect)})
