"""Which instances are meant, and which of them somebody reaches: one condition for lists, counts and bulk jobs."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
)

from engine.domain.running import InstanceState
from engine.domain.steering import ALIVE, ItemState, Reach, Wanted
from engine.store.statements import Prepared, first
from engine.store.tables import bulk_item, complaint, incident, instance

Values = dict[str, Any]


class InstanceFilter:
    """The condition over instances joined with their complaints, and the values of its parameters by name.

    `units` are the ids behind the unit that is wanted. Where a token waits is only in the snapshot: an instance that
    may have one at the element is found, and whoever asks looks closely.
    """

    def __init__(self, wanted: Wanted, units: Sequence[int] | None, reach: Reach, dialect: str) -> None:
        self.values: Values = {}
        self._dialect = dialect
        self.conditions = [*self._wanted(wanted, units), *self._reached(reach)]

    def page(self, columns: Sequence[ColumnElement[Any]]) -> Prepared:
        """The next instances after the id `after`, at most `limit`, by ascending id."""
        found = self._chosen(columns).where(instance.c.id > bindparam("after")).order_by(instance.c.id)
        return Prepared(first(found, "limit"), self._dialect)

    def given(self, statement: Prepared, **more: Any) -> list[Any]:
        """The values of a statement in the order it takes them."""
        values = {**self.values, **more}
        return [values[name] for name in statement.names]

    def _chosen(self, columns: Sequence[ColumnElement[Any]]) -> Select[Any]:
        joined = instance.outerjoin(complaint, complaint.c.id == instance.c.complaint_id)
        return select(*columns).select_from(joined).where(*self.conditions)

    def _is(self, name: str, value: Any) -> Any:
        self.values[name] = value
        return bindparam(name)

    def _any_of(self, column: ColumnElement[Any], name: str, values: Sequence[Any]) -> ColumnElement[bool]:
        if not values:
            return false()
        return column.in_([self._is(f"{name}_{place}", value) for place, value in enumerate(values)])

    def _wanted(self, wanted: Wanted, units: Sequence[int] | None) -> list[ColumnElement[bool]]:
        found = self._in_states(wanted.states)
        if wanted.process is not None:
            found.append(instance.c.process == self._is("process", wanted.process))
        if wanted.release_id is not None:
            found.append(instance.c.release_id == self._is("release_id", wanted.release_id))
        if wanted.element is not None:
            found.append(self._may_stand_at(wanted.element))
        if wanted.grade is not None:
            found.append(complaint.c.grade == self._is("grade", wanted.grade))
        if wanted.numbers:
            found.append(self._any_of(complaint.c.number, "number", wanted.numbers))
        if units is not None:
            found.append(self._at(units, "unit"))
        if wanted.code is not None:
            stuck = exists().where(
                incident.c.instance_id == instance.c.id,
                incident.c.resolved_at.is_(None),
                incident.c.code == self._is("code", wanted.code),
            )
            found.append(stuck)
        if wanted.bulk is not None:
            found.append(self._done_by(wanted.bulk))
        return found

    def _in_states(self, states: Sequence[InstanceState]) -> list[ColumnElement[bool]]:
        if tuple(states) == ALIVE:  # in the words of the partial index
            return [instance.c.state.in_([literal_column(f"'{state}'") for state in ALIVE])]
        return [self._any_of(instance.c.state, "state", [state.value for state in states])] if states else []

    def _may_stand_at(self, element: str) -> ColumnElement[bool]:
        needle = self._is("element", f',"{element}",'.encode())
        if self._dialect == "sqlite":
            return func.instr(instance.c.tokens, needle) > literal_column("0")
        return func.pg_catalog.position(instance.c.tokens, needle) > literal_column("0")

    def _at(self, units: Sequence[int], name: str) -> ColumnElement[bool]:
        columns = complaint.c
        places = (
            columns.receiving_unit_id,
            columns.responsible_unit_id,
            columns.handling_unit_id,
            columns.lead_department_id,
        )
        return or_(*[self._any_of(column, name, units) for column in places])

    def _done_by(self, bulk: int) -> ColumnElement[bool]:
        return exists().where(
            bulk_item.c.bulk_id == self._is("bulk", bulk),
            bulk_item.c.instance_id == instance.c.id,
            bulk_item.c.state == literal_column(f"'{ItemState.DONE}'"),
        )

    def _reached(self, reach: Reach) -> list[ColumnElement[bool]]:
        """As `engine.domain.steering.reaches` says of one complaint."""
        if reach.everything:
            return []
        columns = complaint.c
        mine = columns.first_owner_id == self._is("person", reach.person_id)
        about = [
            columns.accused_id.is_distinct_from(self._is("person", reach.person_id)),
            self._at(sorted(reach.units), "reached"),
        ]
        if not reach.restricted:
            about.append(or_(~columns.restricted, mine))
        return [or_(instance.c.complaint_id.is_(None), and_(*about))]
