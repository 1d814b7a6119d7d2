"""What steering keeps: messages held for instances on hold, migrations, bulk jobs with their items."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from engine.domain.complaint import Complaint
from engine.domain.errors import NotFound
from engine.domain.permissions import units_of
from engine.domain.running import HeldMessage, Instance, Migration
from engine.domain.steering import Bulk, BulkItem, BulkState, ItemState, Reach, Wanted, reaches
from engine.memory.rows import MemoryRows
from engine.memory.tables import Tables


class MemorySteering:
    """The rows of steering."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.held = MemoryRows[HeldMessage](tables, "held_messages")
        self.moves = MemoryRows[Migration](tables, "migrations")
        self.bulks = MemoryRows[Bulk](tables, "bulks")

    def hold_message(self, message: HeldMessage) -> HeldMessage:
        """Keep a message for an instance on hold; returns it with its id."""
        return self.held.add(message)

    def held_messages(self, instance_id: int) -> list[HeldMessage]:
        """What an instance will be given when it resumes, oldest first."""
        return self.held.find(instance_id=instance_id)

    def holds_message(self, instance_id: int, name: str, key: str) -> bool:
        """Whether a message of this name and key waits for an instance."""
        return any((held.name, held.key) == (name, key) for held in self.held_messages(instance_id))

    def drop_held_message(self, id: int) -> None:
        """It was given, or its instance is over."""
        self.held.rows.drop(id)

    def add_migration(self, migration: Migration) -> Migration:
        """A migration that was done; returns it with its id."""
        return self.moves.add(migration)

    def migrations(self, instance_id: int) -> list[Migration]:
        """The migrations of an instance, oldest first."""
        return self.moves.find(instance_id=instance_id)

    def save_migration(self, migration: Migration) -> None:
        """Write that it was taken back; raises NotFound."""
        self.moves.save(migration)

    def instances(
        self, wanted: Wanted, units: Sequence[int] | None, reach: Reach, *, after: int, limit: int
    ) -> list[Instance]:
        """The next instances after an id that are meant and reached; their snapshots are to be looked at."""
        found = [
            each
            for id, each in sorted(self.tables.instances.items())
            if id > after and self._is_meant(each, wanted, units) and reaches(reach, self._complaint(each))
        ]
        return found[:limit]

    def add_bulk(self, bulk: Bulk, instance_ids: Iterable[int]) -> Bulk:
        """A bulk job with its items, all waiting; returns it with its id."""
        made = self.bulks.add(bulk)
        for instance_id in instance_ids:
            self.tables.bulk_items.put((made.id, instance_id), BulkItem(made.id, instance_id))
        return made

    def bulk(self, id: int) -> Bulk:
        """A bulk job; raises NotFound."""
        return self.bulks.get(id)

    def lock_bulk(self, id: int) -> Bulk:
        """The bulk job; the whole store is this transaction's alone. Raises NotFound."""
        return self.bulks.get(id)

    def running_bulks(self) -> list[Bulk]:
        """Those that are not over, oldest first."""
        return self.bulks.find(state=BulkState.RUNNING)

    def save_bulk(self, bulk: Bulk) -> Bulk:
        """Write under its version; raises ChangedMeanwhile."""
        return self.bulks.save(bulk)

    def waiting_items(self, bulk_id: int, limit: int) -> list[BulkItem]:
        """Items nobody worked off yet, by ascending instance."""
        items = (item for _, item in sorted(self.tables.bulk_items.items()))
        return [item for item in items if (item.bulk_id, item.state) == (bulk_id, ItemState.WAITING)][:limit]

    def lock_item(self, bulk_id: int, instance_id: int) -> BulkItem:
        """One item; raises NotFound."""
        found = self.tables.bulk_items.get((bulk_id, instance_id))
        if found is None:
            raise NotFound()
        return found

    def save_item(self, item: BulkItem) -> None:
        """Write what came of it; raises NotFound."""
        self.lock_item(item.bulk_id, item.instance_id)
        self.tables.bulk_items.put((item.bulk_id, item.instance_id), item)

    def item_counts(self, bulk_id: int) -> Mapping[ItemState, int]:
        """How many items are in each state."""
        counted = Counter(item.state for item in self.tables.bulk_items.values() if item.bulk_id == bulk_id)
        return {state: counted[state] for state in ItemState}

    def _complaint(self, instance: Instance) -> Complaint | None:
        id = instance.complaint_id
        return None if id is None else self.tables.rows["complaints"].get(id)

    def _is_meant(self, instance: Instance, wanted: Wanted, units: Sequence[int] | None) -> bool:
        complaint = self._complaint(instance)
        said = (
            (wanted.process, instance.process),
            (wanted.release_id, instance.release_id),
            (wanted.grade, complaint and complaint.grade),
        )
        if any(asked is not None and asked != found for asked, found in said):
            return False
        if wanted.states and instance.state not in wanted.states:
            return False
        if wanted.element is not None and f',"{wanted.element}",'.encode() not in instance.tokens:
            return False
        if wanted.numbers and (complaint is None or complaint.number not in wanted.numbers):
            return False
        if units is not None and (complaint is None or not set(units) & set(units_of(complaint))):
            return False
        if wanted.code is not None and not self._is_stuck(instance, wanted.code):
            return False
        return wanted.bulk is None or self._was_done(instance, wanted.bulk)

    def _is_stuck(self, instance: Instance, code: str) -> bool:
        wanted = (instance.id, code, None)
        return any(
            (each.instance_id, each.code, each.resolved_at) == wanted
            for each in self.tables.incidents.values()
        )

    def _was_done(self, instance: Instance, bulk_id: int) -> bool:
        item = self.tables.bulk_items.get((bulk_id, instance.id))
        return item is not None and item.state is ItemState.DONE
