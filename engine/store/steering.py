"""What steering keeps in the open transaction: held messages, migrations, bulk jobs and their items."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import bindparam, func, select
from sqlalchemy.sql.expression import ClauseElement

from engine.domain.running import HeldMessage, Instance, Migration
from engine.domain.steering import Bulk, BulkItem, BulkState, ItemState, Reach, Wanted
from engine.store import tables
from engine.store.instance_filter import InstanceFilter
from engine.store.processes import ProcessRows
from engine.store.rows import Makers, NewRows, RowsTogether, StoredRows
from engine.store.statements import first
from engine.store.wire import Wire

ITEM = tables.bulk_item.c
HELD = tables.held_message.c


class SteeringRows(RowsTogether):
    """These rows inside the open transaction."""

    _held: StoredRows[HeldMessage]
    _migrations: StoredRows[Migration]
    _bulks: StoredRows[Bulk]
    _items: NewRows[BulkItem]
    MADE: ClassVar[Makers] = {
        "_held": lambda wire: StoredRows(wire, HeldMessage),
        "_migrations": lambda wire: StoredRows(wire, Migration),
        "_bulks": lambda wire: StoredRows(wire, Bulk),
        "_items": lambda wire: NewRows(wire, BulkItem),
    }

    def __init__(self, wire: Wire, kept: list[StoredRows[Any]], processes: ProcessRows) -> None:
        super().__init__(wire, kept)
        self._processes = processes

    def hold_message(self, message: HeldMessage) -> HeldMessage:
        """Keep a message for an instance on hold."""
        return self._held.add(message)

    def held_messages(self, instance_id: int) -> list[HeldMessage]:
        """What an instance will be given when it resumes, oldest first."""
        return self._held.find(instance_id=instance_id)

    def holds_message(self, instance_id: int, name: str, key: str) -> bool:
        """Whether a message of this name and key waits for an instance."""
        rows = self._held
        statement = rows.prepared("one of a key", lambda: _one_held(rows.columns()))
        return bool(rows.ask(statement, (instance_id, name, key, 1)))

    def drop_held_message(self, id: int) -> None:
        """It was given, or its instance is over."""
        self._held.drop(id)

    def add_migration(self, migration: Migration) -> Migration:
        """A migration that was done; returns it with its id."""
        return self._migrations.add(migration)

    def migrations(self, instance_id: int) -> list[Migration]:
        """The migrations of an instance, oldest first."""
        return self._migrations.find(instance_id=instance_id)

    def save_migration(self, migration: Migration) -> None:
        """Write that it was taken back."""
        self._migrations.save(migration)

    def instances(
        self, wanted: Wanted, units: Sequence[int] | None, reach: Reach, *, after: int, limit: int
    ) -> list[Instance]:
        """The next instances that are meant and reached, by ascending id; their snapshots are to be looked at."""
        rows = self._processes.instances
        chosen = InstanceFilter(wanted, units, reach, self.wire.dialect)
        statement = chosen.page(rows.columns())
        return rows.ask(statement, chosen.given(statement, after=after, limit=limit))

    def add_bulk(self, bulk: Bulk, instance_ids: Iterable[int]) -> Bulk:
        """A bulk job with its items, all waiting; returns it with its id."""
        made = self._bulks.add(bulk)
        for instance_id in instance_ids:
            self._items.put(BulkItem(made.id, instance_id))
        return made

    def bulk(self, id: int) -> Bulk:
        """A bulk job; raises NotFound."""
        return self._bulks.get(id)

    def lock_bulk(self, id: int) -> Bulk:
        """The bulk job, held until the transaction ends; raises NotFound."""
        return self._bulks.lock(id)

    def running_bulks(self) -> list[Bulk]:
        """Those that are not over, oldest first."""
        return self._bulks.find(state=BulkState.RUNNING)

    def save_bulk(self, bulk: Bulk) -> Bulk:
        """Write under its version; raises ChangedMeanwhile."""
        return self._bulks.save(bulk)

    def waiting_items(self, bulk_id: int, limit: int) -> list[BulkItem]:
        """Items nobody worked off yet, by ascending instance."""
        rows = self._items
        return rows.ask(
            rows.prepared("waiting", lambda: _waiting(rows.columns())),
            (bulk_id, ItemState.WAITING.value, limit),
        )

    def lock_item(self, bulk_id: int, instance_id: int) -> BulkItem:
        """One item, held until the transaction ends; raises NotFound."""
        return self._items.lock((bulk_id, instance_id))

    def save_item(self, item: BulkItem) -> None:
        """Write what came of it."""
        self._items.save(item)

    def item_counts(self, bulk_id: int) -> Mapping[ItemState, int]:
        """How many items are in each state."""
        self._items.flush()
        counted = {
            row[0]: row[1] for row in self.wire.read(self._items.prepared("count", _counted), (bulk_id,))
        }
        return {state: int(counted.get(state.value, 0)) for state in ItemState}


def _waiting(columns: Sequence[Any]) -> ClauseElement:
    found = (
        select(*columns)
        .where(ITEM.bulk_id == bindparam("bulk"), ITEM.state == bindparam("waiting"))
        .order_by(ITEM.instance_id)
    )
    return first(found, "limit")


def _one_held(columns: Sequence[Any]) -> ClauseElement:
    found = select(*columns).where(
        HELD.instance_id == bindparam("instance"),
        HELD.name == bindparam("name"),
        HELD.key == bindparam("key"),
    )
    return first(found, "limit")


def _counted() -> ClauseElement:
    return select(ITEM.state, func.count()).where(ITEM.bulk_id == bindparam("bulk")).group_by(ITEM.state)
