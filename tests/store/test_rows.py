"""Rows inside one transaction: what is written is read, once, and nothing is lost."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.domain.actor import SYSTEM
from engine.domain.clocks import Clock, ClockKind, DayType, Extension, Pause, StartRule, Warning
from engine.domain.complaint import Grade, Stage
from engine.domain.errors import ChangedMeanwhile, NotFound
from engine.domain.events import HistoryEvent
from engine.domain.running import Incident, Scope, Subscription, Timer
from engine.domain.task import Draft, TaskState
from engine.store.shapes import TABLES, shape_of
from engine.store.store import Store
from tests.store.rows import NOW, a_bank, a_complaint, a_task, an_instance


def test_a_complaint_comes_back_as_it_was(store: Store) -> None:
    a_bank(store)
    complaint = a_complaint(
        amount=Decimal("1234567890123456.7800"),
        grade=Grade.MAJOR,
        vulnerable=True,
        text="吞卡\n“card” 🏧",
        closed_at=NOW,
    )

    with store.unit_of_work(SYSTEM) as work:
        added = work.complaints.add(complaint)
    with store.unit_of_work(SYSTEM) as work:
        read = work.complaints.get(added.id)

    assert replace(complaint, id=added.id) == read
    assert str(read.amount) == "1234567890123456.7800"
    assert read.received_at.tzinfo is UTC


def test_a_clock_keeps_its_parts(store: Store) -> None:
    a_bank(store)
    clock = Clock(
        id=0,
        complaint_id=1,
        name="answer",
        kind=ClockKind.REGULATORY,
        rule="CN 15 days",
        started_at=NOW,
        start_rule=StartRule.NEXT_DAY,
        length=15,
        day_type=DayType.CALENDAR_DAYS,
        calendar="CN",
        due_at=None,
        extensions=(Extension(30, "complex", NOW, "ann"),),
        warnings=(
            Warning(50, "remind", NOW + timedelta(microseconds=1)),
            Warning(80, "head", NOW, given=True),
        ),
        pauses=(Pause(NOW, NOW + timedelta(days=1)),),
    )

    with store.unit_of_work(SYSTEM) as work:
        work.complaints.add(a_complaint())
        added = work.clocks.add(clock)
    with store.unit_of_work(SYSTEM) as work:
        read = work.clocks.get(added.id)

    assert replace(clock, id=added.id) == read


def test_variables_keep_numbers_exactly_and_in_order(store: Store) -> None:
    bank = a_bank(store)
    values = {
        "z": Decimal("0.10"),
        "a": 2**80,
        "list": [1, {"b": None, "a": True}],
        "text": "nul \u0000 你好",
        "f": 1.5,
    }

    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release))
        work.processes.put_scope(Scope(instance.id, 0, None, values))
    with store.unit_of_work(SYSTEM) as work:
        (read,) = work.processes.scopes(instance.id)

    assert values == read.values
    assert list(values) == list(read.values)
    assert str(read.values["z"]) == "0.10"


def test_a_row_is_the_same_for_everyone_in_the_transaction(store: Store) -> None:
    a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        complaint = work.complaints.add(a_complaint())

        saved = work.complaints.save(replace(complaint, grade=Grade.URGENT))

        assert work.complaints.get(complaint.id) is saved
        assert work.complaints.by_number(complaint.number) is saved
        assert work.complaints.find(grade=Grade.URGENT) == [saved]
        assert work.complaints.find(grade=Grade.GENERAL) == []


def test_several_saves_are_one_change(store: Store) -> None:
    a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        complaint = work.complaints.add(a_complaint())
        for product in ("card", "loan", "account"):
            complaint = work.complaints.save(replace(complaint, product=product))

    with store.unit_of_work(SYSTEM) as work:
        read = work.complaints.get(complaint.id)

    assert (read.product, read.version) == ("account", 3)


def test_find_takes_many_values_none_and_nothing(store: Store) -> None:
    a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        made = [
            work.complaints.add(a_complaint(number=f"C-{n}", intake_key=f"k{n}", grade=grade))
            for n, grade in enumerate([Grade.GENERAL, Grade.MAJOR, None, Grade.URGENT])
        ]

        assert work.complaints.find(grade=[Grade.GENERAL, Grade.URGENT]) == [made[0], made[3]]
        assert work.complaints.find(grade=None, stage=Stage.RECEIVED) == [made[2]]
        assert work.complaints.find(grade=()) == []
        assert work.complaints.find() == made


def test_an_unknown_row_is_not_found(store: Store) -> None:
    with store.unit_of_work(SYSTEM) as work:
        with pytest.raises(NotFound):
            work.complaints.get(7)
        with pytest.raises(NotFound):
            work.processes.lock(7)
        with pytest.raises(NotFound):
            work.tasks.get(7, 1)
        with pytest.raises(NotFound):
            work.calendar("XX")
        with pytest.raises(NotFound):
            work.releases.current()


def test_the_same_message_twice_is_refused_by_the_register(store: Store) -> None:
    a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        work.complaints.add(a_complaint())

    with pytest.raises(ChangedMeanwhile), store.unit_of_work(SYSTEM) as work:
        work.complaints.add(a_complaint(number="C-2026-000002"))


def test_numbers_have_no_gaps_when_a_transaction_fails(store: Store) -> None:
    def take(fail: bool) -> str:
        with store.unit_of_work(SYSTEM) as work:
            number = work.complaints.next_number(2026)
            if fail:
                raise RuntimeError("on purpose")
            return number

    first = take(fail=False)
    with pytest.raises(RuntimeError):
        take(fail=True)

    assert (first, take(fail=False)) == ("C-2026-000001", "C-2026-000002")


def test_tasks_timers_and_subscriptions_written_together_are_seen_at_once(store: Store) -> None:
    bank = a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release))
        late = a_task(instance, 2, opened_at=NOW + timedelta(hours=1), excluded=(4, 5), inputs={"a": 1})
        work.tasks.add(late)
        work.tasks.add(a_task(instance, 1))
        work.processes.put_timer(Timer(instance.id, 3, "wait", None, clock="answer"))
        work.processes.put_timer(Timer(instance.id, 4, "wait", NOW))
        work.processes.put_subscription(Subscription(instance.id, 5, "raised", "raised", "1"))

        assert [task.token for task in work.tasks.find(instance_id=instance.id)] == [1, 2]
        assert work.tasks.get(instance.id, 2) == late
        assert [timer.token for timer in work.processes.timers(instance_id=instance.id)] == [4, 3]
        assert [timer.token for timer in work.processes.due_timers(by=NOW, limit=9)] == [4]
        assert [s.token for s in work.processes.subscriptions("raised", "1")] == [5]

        work.processes.drop_timer(instance.id, 4)
        work.processes.drop_timer(instance.id, 4)
        work.processes.drop_subscription(instance.id, 5)
        work.processes.drop_subscription(instance.id, 99)

        assert work.processes.due_timers(by=NOW, limit=9) == []
        assert work.processes.subscriptions("raised", "1") == []


def test_timers_of_suspended_instances_are_not_due(store: Store) -> None:
    bank = a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release))
        work.processes.put_timer(Timer(instance.id, 4, "wait", NOW))
        work.processes.save(replace(instance, state=type(instance.state).SUSPENDED))

        assert work.processes.due_timers(by=NOW, limit=9) == []


def test_a_scope_is_overwritten_and_dropped(store: Store) -> None:
    bank = a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release))
        work.processes.put_scope(Scope(instance.id, 0, None, {"a": 1}))
        work.processes.put_scope(Scope(instance.id, 1, 0, {}))
    with store.unit_of_work(SYSTEM) as work:
        work.processes.put_scope(Scope(instance.id, 0, None, {"a": 2}))
        work.processes.drop_scope(instance.id, 1)
    with store.unit_of_work(SYSTEM) as work:
        read = work.processes.scopes(instance.id)

    assert read == [Scope(instance.id, 0, None, {"a": 2})]


def test_a_task_is_saved_under_its_version(store: Store) -> None:
    bank = a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release))
        task = a_task(instance)
        work.tasks.add(task)
        done = work.tasks.save(replace(task, state=TaskState.DONE))

        assert done.version == task.version + 1
        with pytest.raises(ChangedMeanwhile):
            work.tasks.save(replace(task, state=TaskState.CANCELLED))


def test_drafts_are_each_persons_own_and_go_with_the_task(store: Store) -> None:
    bank = a_bank(store)
    ann, bob = bank.people["hana"].id, bank.people["hugo"].id
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release))
        work.tasks.add(a_task(instance))
        for person_id, words in ((ann, "one"), (bob, "two"), (ann, "three")):
            work.tasks.save_draft(Draft(instance.id, 1, person_id, {"note": words}, NOW))
    with store.unit_of_work(SYSTEM) as work:
        mine, theirs = work.tasks.draft(instance.id, 1, ann), work.tasks.draft(instance.id, 1, bob)
        work.tasks.drop_drafts(instance.id, 1)
        gone = work.tasks.draft(instance.id, 1, ann)

    assert mine is not None
    assert mine.typed == {"note": "three"}
    assert theirs is not None
    assert theirs.typed == {"note": "two"}
    assert gone is None


def test_a_token_has_one_open_incident(store: Store) -> None:
    bank = a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release))
        incident = Incident(
            instance.id, 1, "send", NOW, "operation.failed", "No route.", retries_left=2, retry_at=NOW
        )
        work.processes.add_incident(incident)
        work.processes.add_incident(replace(incident, message="Still no route.", retries_left=1))
        (current,) = work.processes.incidents(instance_id=instance.id, resolved_at=None)

        assert (current.message, current.retries_left) == ("Still no route.", 1)
        assert work.processes.due_incidents(by=NOW, limit=5) == [current]

        work.processes.save_incident(replace(current, resolved_at=NOW, resolved_by="ann"))
        work.processes.add_incident(incident)

        assert len(work.processes.incidents(instance_id=instance.id)) == 2
        assert len(work.processes.due_incidents(by=NOW, limit=5)) == 1


def test_history_is_appended_in_order(store: Store) -> None:
    a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        complaint = work.complaints.add(a_complaint())
        for kind in ("complaint.received", "task.opened", "task.completed"):
            work.record(HistoryEvent(NOW, kind, "ann", complaint.id, detail={"kind": kind}))
        seen = work.events(complaint.id)
    with store.unit_of_work(SYSTEM) as work:
        again = work.events(complaint.id)

    assert [event.kind for event in seen] == ["complaint.received", "task.opened", "task.completed"]
    assert seen == again
    assert again[0].detail == {"kind": "complaint.received"}


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_every_class_has_a_conversion_for_every_column(dialect: str) -> None:
    for row_class, table in TABLES.items():
        shape: Any = shape_of(row_class, dialect)

        assert set(shape.names) == set(table.c.keys()), row_class


def test_any_set_of_changed_columns_is_written(store: Store) -> None:
    a_bank(store)
    chance = random.Random(7)
    names = ["product", "wish", "amount", "grade", "vulnerable", "closed_at", "people_affected", "text"]
    some: dict[str, list[Any]] = {
        "product": ["card", None],
        "wish": ["money", None],
        "amount": [Decimal("1.10"), None],
        "grade": [Grade.MAJOR, None],
        "vulnerable": [True, False],
        "closed_at": [datetime(2026, 12, 1, tzinfo=UTC), None],
        "people_affected": [1, 20],
        "text": ["a", "b"],
    }
    with store.unit_of_work(SYSTEM) as work:
        expected = work.complaints.add(a_complaint())

    for _ in range(12):
        changes = {name: chance.choice(some[name]) for name in chance.sample(names, chance.randint(1, 5))}
        with store.unit_of_work(SYSTEM) as work:
            expected = work.complaints.save(replace(work.complaints.get(expected.id), **changes))
        with store.unit_of_work(SYSTEM) as work:
            assert expected == work.complaints.get(expected.id)


def test_what_is_kept_as_json_comes_back_as_json_has_it(store: Store) -> None:
    a_bank(store)
    detail = {
        "grade": Grade.MAJOR,
        "at": NOW,
        "units": ("HO",),
        "whole": Decimal("250"),
        "exact": Decimal("2.50"),
    }
    with store.unit_of_work(SYSTEM) as work:
        complaint = work.complaints.add(a_complaint())
        work.record(HistoryEvent(NOW, "complaint.graded", "ann", complaint.id, detail=detail))

    with store.unit_of_work(SYSTEM) as work:
        (event,) = work.events(complaint.id)

    assert event.detail == {
        "grade": "major",
        "at": NOW.isoformat(),
        "units": ["HO"],
        "whole": 250,
        "exact": Decimal("2.50"),
    }


def test_a_release_is_known_by_the_same_hash_in_every_store(store: Store) -> None:
    with store.unit_of_work(SYSTEM) as work:
        release = work.releases.add({"b.bpmn": b"two", "a.bpmn": b"one"})

    assert release.sha256 == "15fcdfeee242e7a753d81a0e99ed445ca367471e2b297e1066af65b1dbde1c5c"
