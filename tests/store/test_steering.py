"""What steering keeps: held messages, migrations, bulk jobs, and which instances are meant and reached."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.domain.actor import SYSTEM
from engine.domain.errors import ChangedMeanwhile, NotFound
from engine.domain.running import HeldMessage, Incident, InstanceState, Migration
from engine.domain.steering import Bulk, BulkState, ItemState, Reach, Wanted
from engine.store.store import Store
from tests.store.rows import NOW, a_bank, a_complaint, a_task, an_instance

EVERYTHING = Reach(True, frozenset(), None, True)


def a_bulk(**other: Any) -> Bulk:
    """A bulk job that suspends."""
    values: dict[str, Any] = {"act": {"verb": "suspend"}, "wanted": {"process": "p"}, "total": 2}
    return Bulk(0, NOW, "person:1", 1, "core system down", "suspend", **{**values, **other})


def found(store: Store, wanted: Wanted, units: Sequence[int] | None = None, **more: Any) -> list[int]:
    """The ids of the instances that are meant."""
    given: dict[str, Any] = {"reach": EVERYTHING, "after": 0, "limit": 10, **more}
    reach = given.pop("reach")
    with store.unit_of_work(SYSTEM) as work:
        return [each.id for each in work.steering.instances(wanted, units, reach, **given)]


def test_held_messages_come_in_the_order_they_were_held_in(store: Store) -> None:
    bank = a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release))
        first = work.steering.hold_message(HeldMessage(0, instance.id, "n", "k", {"a": [1]}, NOW))
        second = work.steering.hold_message(
            HeldMessage(0, instance.id, "m", "k", {}, NOW - timedelta(days=1), buffered_id=7)
        )

    with store.unit_of_work(SYSTEM) as work:
        assert work.steering.held_messages(instance.id) == [first, second]
        assert work.steering.held_messages(instance.id + 1) == []
        assert work.steering.holds_message(instance.id, "n", "k")
        assert not work.steering.holds_message(instance.id, "n", "m")
        assert not work.steering.holds_message(instance.id + 1, "n", "k")
        work.steering.drop_held_message(first.id)

    with store.unit_of_work(SYSTEM) as work:
        assert work.steering.held_messages(instance.id) == [second]
        assert not work.steering.holds_message(instance.id, "n", "k")


def test_a_migration_is_remembered_and_may_be_taken_back(store: Store) -> None:
    bank = a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release))
        one = work.steering.add_migration(
            Migration(0, instance.id, NOW, "person:1", "new law", 1, 1, {"p": {"a": "b"}}, {"rows": []}, 3)
        )

    with store.unit_of_work(SYSTEM) as work:
        assert work.steering.migrations(instance.id) == [one]
        work.steering.save_migration(replace(one, taken_back_at=NOW))

    with store.unit_of_work(SYSTEM) as work:
        assert [each.taken_back_at for each in work.steering.migrations(instance.id)] == [NOW]


def test_a_bulk_job_counts_its_items_and_knows_what_is_left(store: Store) -> None:
    bank = a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        ids = [work.processes.add(an_instance(bank.release)).id for _ in range(3)]
        bulk = work.steering.add_bulk(a_bulk(), ids)

    with store.unit_of_work(SYSTEM) as work:
        assert [item.instance_id for item in work.steering.waiting_items(bulk.id, 2)] == ids[:2]
        item = work.steering.lock_item(bulk.id, ids[0])
        work.steering.save_item(replace(item, state=ItemState.REFUSED, at=NOW, sentence="It is over."))

    with store.unit_of_work(SYSTEM) as work:
        assert [item.instance_id for item in work.steering.waiting_items(bulk.id, 9)] == ids[1:]
        assert work.steering.item_counts(bulk.id) == {
            ItemState.WAITING: 2,
            ItemState.DONE: 0,
            ItemState.NOT_NEEDED: 0,
            ItemState.REFUSED: 1,
        }
        with pytest.raises(NotFound):
            work.steering.lock_item(bulk.id, 99)


def test_a_bulk_job_that_is_over_is_not_among_the_running_ones(store: Store) -> None:
    a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        first, second = (work.steering.add_bulk(a_bulk(), []) for _ in range(2))

    with store.unit_of_work(SYSTEM) as work:
        saved = work.steering.save_bulk(replace(first, state=BulkState.FINISHED, done=2, ended_at=NOW))
        assert saved.version == first.version + 1

    with store.unit_of_work(SYSTEM) as work:
        assert work.steering.running_bulks() == [second]
        assert work.steering.lock_bulk(first.id) == work.steering.bulk(first.id) == saved
    with pytest.raises(ChangedMeanwhile), store.unit_of_work(SYSTEM) as work:
        work.steering.save_bulk(replace(first, done=1))


def test_instances_are_meant_by_what_is_said_of_them(store: Store) -> None:
    bank = a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        urgent = work.complaints.add(a_complaint(number="C-9", intake_key="9", grade="urgent"))
        other = work.complaints.add(
            a_complaint(number="C-8", intake_key="8", receiving_unit_id=bank.units["EAST"].id)
        )
        one = work.processes.add(
            replace(
                an_instance(bank.release), complaint_id=urgent.id, process="p", tokens=b'[[1,"review",2]]'
            )
        )
        two = work.processes.add(replace(an_instance(bank.release), complaint_id=other.id, process="q"))
        over = work.processes.add(replace(an_instance(bank.release), process="p", state=InstanceState.ENDED))
        work.processes.add_incident(
            Incident(two.id, 1, "pay", NOW, "operation.failed", "The bank is closed.", 0)
        )
        bulk = work.steering.add_bulk(a_bulk(), [one.id])
        work.steering.save_item(replace(work.steering.lock_item(bulk.id, one.id), state=ItemState.DONE))

    assert found(store, Wanted()) == [one.id, two.id]
    assert found(store, Wanted(states=(InstanceState.ENDED,))) == [over.id]
    assert found(store, Wanted(process="p")) == [one.id]
    assert found(store, Wanted(release_id=one.release_id + 1)) == []
    assert found(store, Wanted(element="review")) == [one.id]
    assert found(store, Wanted(grade="urgent")) == [one.id]
    assert found(store, Wanted(numbers=("C-8",))) == [two.id]
    assert found(store, Wanted(code="operation.failed")) == [two.id]
    assert found(store, Wanted(bulk=bulk.id)) == [one.id]
    assert found(store, Wanted(), [bank.units["EAST"].id]) == [two.id]
    assert found(store, Wanted(), after=one.id) == [two.id]
    assert found(store, Wanted(), limit=1) == [one.id]


def test_instances_out_of_reach_are_not_found(store: Store) -> None:
    bank = a_bank(store)
    east, west, person = bank.units["EAST"].id, bank.units["WEST"].id, bank.people["hana"].id
    with store.unit_of_work(SYSTEM) as work:
        ids = []
        for number, facts in enumerate([dict[str, Any](), {"restricted": True}, {"accused_id": person}]):
            facts["receiving_unit_id"] = east
            made = work.complaints.add(a_complaint(number=f"C-{number}", intake_key=str(number), **facts))
            ids.append(work.processes.add(replace(an_instance(bank.release), complaint_id=made.id)).id)
        ids.append(work.processes.add(replace(an_instance(bank.release), complaint_id=None)).id)

    def reached(units: Sequence[int], restricted: bool) -> list[int]:
        return found(store, Wanted(), reach=Reach(False, frozenset(units), person, restricted))

    assert reached([east], False) == [ids[0], ids[3]]
    assert reached([east], True) == [ids[0], ids[1], ids[3]]
    assert reached([west], True) == [ids[3]]


def test_a_row_is_written_just_as_it_is_given(store: Store) -> None:
    bank = a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release))
        work.tasks.add(a_task(instance, 1))

    with store.unit_of_work(SYSTEM) as work:
        work.processes.put(replace(instance, version=9))
        work.tasks.put(replace(work.tasks.get(instance.id, 1), version=7, element="other"))

    with store.unit_of_work(SYSTEM) as work:
        assert work.processes.get(instance.id).version == 9
        assert (work.tasks.get(instance.id, 1).version, work.tasks.get(instance.id, 1).element) == (
            7,
            "other",
        )
