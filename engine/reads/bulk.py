"""How far bulk jobs are: counts, and what came of each instance, as far as the actor reaches them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import FromClause, bindparam, func, select

from engine.domain.actor import Actor
from engine.domain.errors import NotFound
from engine.domain.permissions import Action
from engine.domain.steering import Bulk, BulkItem, ItemState, Wanted, reach
from engine.reads.reading import Reading
from engine.store.instance_filter import InstanceFilter
from engine.store.statements import Prepared, first
from engine.store.tables import bulk_item, complaint, instance

NEWEST = 50


@dataclass(frozen=True, slots=True)
class BulkView:
    """A bulk job and how far it is: counts by state over the instances the actor reaches."""

    bulk: Bulk
    counts: Mapping[ItemState, int]
    items: tuple[BulkItem, ...] = ()

    @property
    def over(self) -> int:
        """How many instances are worked off."""
        return sum(count for state, count in self.counts.items() if state is not ItemState.WAITING)


def bulks(reading: Reading, actor: Actor) -> list[BulkView]:
    """The newest jobs, the newest first."""
    reach(actor, Action.SEE_INSTANCES)
    found = reading.rows(Bulk).find()[-NEWEST:]
    return [BulkView(each, _counts(reading, actor, each.id)) for each in reversed(found)]


def bulk(
    reading: Reading, actor: Actor, id: int, *, states: tuple[ItemState, ...], after: int, limit: int
) -> BulkView:
    """One job with the next items after an instance, by ascending instance; raises NotFound."""
    reach(actor, Action.SEE_INSTANCES)
    found = reading.rows(Bulk).look(id)
    if found is None:
        raise NotFound
    rows = reading.rows(BulkItem)
    chosen = _reached(reading, actor)
    of_states = [bulk_item.c.state.in_([bindparam(f"item_{state}") for state in states])] if states else []
    statement = (
        select(*rows.columns())
        .select_from(_joined())
        .where(
            bulk_item.c.bulk_id == bindparam("job"),
            bulk_item.c.instance_id > bindparam("after"),
            *of_states,
            *chosen.conditions,
        )
        .order_by(bulk_item.c.instance_id)
    )
    prepared = Prepared(first(statement, "limit"), reading.dialect)
    more = {f"item_{state}": state.value for state in states}
    items = rows.ask(prepared, chosen.given(prepared, job=id, after=after, limit=limit, **more))
    return BulkView(found, _counts(reading, actor, id), tuple(items))


def _counts(reading: Reading, actor: Actor, id: int) -> Mapping[ItemState, int]:
    chosen = _reached(reading, actor)
    statement = (
        select(bulk_item.c.state, func.count())
        .select_from(_joined())
        .where(bulk_item.c.bulk_id == bindparam("job"), *chosen.conditions)
        .group_by(bulk_item.c.state)
    )
    prepared = Prepared(statement, reading.dialect)
    counted = {row[0]: row[1] for row in reading.wire.read(prepared, chosen.given(prepared, job=id))}
    return {state: int(counted.get(state.value, 0)) for state in ItemState}


def _reached(reading: Reading, actor: Actor) -> InstanceFilter:
    return InstanceFilter(Wanted(states=()), None, reach(actor, Action.SEE_INSTANCES), reading.dialect)


def _joined() -> FromClause:
    return bulk_item.join(instance, instance.c.id == bulk_item.c.instance_id).outerjoin(
        complaint, complaint.c.id == instance.c.complaint_id
    )
