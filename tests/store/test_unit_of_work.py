"""One transaction: all or nothing, one faster than the other, nothing done twice."""

import gc
import threading
import weakref
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from engine.domain.actor import SYSTEM
from engine.domain.archive import Volume
from engine.domain.errors import ChangedMeanwhile, NotFound, Unavailable
from engine.domain.events import HistoryEvent
from engine.domain.running import OutboxMessage, OutboxState, Scope, Timer
from engine.domain.working_time import Calendar, SpecialDay
from engine.runtime.clock import MovableClock
from engine.store import connections
from engine.store.store import Store
from engine.store.unit_of_work import SqlUnitOfWork
from tests.store.rows import NOW, a_bank, a_complaint, a_task, an_instance


def test_leaving_by_exception_takes_everything_back(store: Store) -> None:
    bank = a_bank(store)

    def fail_midway(work: SqlUnitOfWork) -> None:
        work.complaints.add(a_complaint())
        work.processes.put_timer(Timer(work.processes.add(an_instance(bank.release)).id, 1, "wait", NOW))
        work.record(HistoryEvent(NOW, "complaint.received", "ann"))
        work.put_setting("demo", "yes")
        raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError), store.unit_of_work(SYSTEM) as work:
        fail_midway(work)

    with store.unit_of_work(SYSTEM) as work:
        assert work.complaints.find() == []
        assert work.processes.timers() == []
        assert work.setting("demo") is None


def test_a_unit_of_work_leaves_nothing_to_the_garbage_collector(store: Store) -> None:
    bank = a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        complaint = work.complaints.add(a_complaint())
        instance = work.processes.add(an_instance(bank.release, complaint_id=complaint.id))
    gc.collect()

    with store.unit_of_work(SYSTEM) as work:
        work.processes.lock(instance.id)
        work.tasks.add(a_task(instance))
        work.record(HistoryEvent(NOW, "task.opened", "ann"))
        gone = weakref.ref(work)
    del work

    assert gone() is None


def test_the_moment_is_read_once(store: Store, clock: MovableClock) -> None:
    with store.unit_of_work(SYSTEM) as work:
        before = work.now
        clock.move_by(timedelta(hours=1))

        assert before == work.now


def test_a_stale_row_is_refused(store: Store) -> None:
    a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        stale = work.complaints.add(a_complaint())
        work.complaints.save(replace(stale, product="card"))

    with pytest.raises(ChangedMeanwhile), store.unit_of_work(SYSTEM) as work:
        work.complaints.save(replace(stale, product="loan"))


def test_of_many_who_change_the_same_row_each_change_counts_once(store: Store) -> None:
    a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        complaint = work.complaints.add(a_complaint(people_affected=0))

    def one_more() -> None:
        while True:
            try:
                with store.unit_of_work(SYSTEM) as work:
                    read = work.complaints.lock(complaint.id)
                    work.complaints.save(replace(read, people_affected=read.people_affected + 1))
                return
            except (ChangedMeanwhile, Unavailable):
                continue

    _together([one_more] * 16)

    with store.unit_of_work(SYSTEM) as work:
        read = work.complaints.get(complaint.id)
    assert (read.people_affected, read.version) == (16, 16)


def test_of_many_who_save_one_version_only_one_succeeds(store: Store) -> None:
    bank = a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release))
        task = a_task(instance)
        work.tasks.add(task)
    outcomes: list[str] = []

    def claim(person_id: int) -> Callable[[], None]:
        def attempt() -> None:
            try:
                with store.unit_of_work(SYSTEM) as work:
                    work.tasks.save(replace(task, assignee_id=person_id))
                outcomes.append("claimed")
            except ChangedMeanwhile:
                outcomes.append("too late")

        return attempt

    _together([claim(person.id) for person in bank.people.values()])

    assert sorted(outcomes) == ["claimed"] + ["too late"] * (len(bank.people) - 1)


def test_on_postgresql_a_row_read_before_another_changed_it_is_refused_at_the_end(
    postgres_url: str, clock: MovableClock
) -> None:
    store = Store(postgres_url, clock)
    a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        complaint = work.complaints.add(a_complaint())

    def be_overtaken(slow: SqlUnitOfWork) -> None:
        mine = slow.complaints.get(complaint.id)
        with store.unit_of_work(SYSTEM) as fast:
            fast.complaints.save(replace(fast.complaints.lock(complaint.id), product="card"))
        slow.complaints.save(replace(mine, product="loan"))

    with pytest.raises(ChangedMeanwhile), store.unit_of_work(SYSTEM) as slow:
        be_overtaken(slow)
    with store.unit_of_work(SYSTEM) as work:
        read = work.complaints.get(complaint.id)
    store.close()

    assert read.product == "card"


def test_a_savepoint_undoes_rows_and_memory(store: Store) -> None:
    bank = a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        complaint = work.complaints.add(a_complaint())
        instance = work.processes.add(an_instance(bank.release, complaint_id=complaint.id))
        work.processes.put_scope(Scope(instance.id, 0, None, {"a": 1}))
        kept = work.complaints.save(replace(complaint, product="card"))

        def fail_midway() -> None:
            work.complaints.save(replace(kept, product="loan"))
            work.complaints.add(a_complaint(number="C-2", intake_key="k2"))
            work.processes.put_scope(Scope(instance.id, 0, None, {"a": 2}))
            work.tasks.add(a_task(instance))
            work.record(HistoryEvent(NOW, "task.opened", "ann", complaint.id))
            work.send(OutboxMessage("email", "k", {}, NOW))
            assert len(work.complaints.find()) == 2
            assert len(work.tasks.find(instance_id=instance.id)) == 1
            raise RuntimeError("on purpose")

        with pytest.raises(RuntimeError), work.savepoint():
            fail_midway()

        assert work.complaints.get(complaint.id) == kept
        assert work.complaints.find() == [kept]
        assert work.tasks.find(instance_id=instance.id) == []
        assert work.events(complaint.id) == []

    with store.unit_of_work(SYSTEM) as work:
        assert work.complaints.get(complaint.id) == kept
        assert work.processes.scopes(instance.id) == [Scope(instance.id, 0, None, {"a": 1})]
        assert work.outbox(due_by=NOW, limit=5) == []


def test_a_savepoint_that_ends_well_keeps_its_rows(store: Store) -> None:
    a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        with work.savepoint(), work.savepoint():
            complaint = work.complaints.add(a_complaint())
        with work.savepoint():
            pass

    with store.unit_of_work(SYSTEM) as work:
        assert work.complaints.find() == [complaint]


def test_an_inner_savepoint_falls_alone(store: Store) -> None:
    a_bank(store)
    with store.unit_of_work(SYSTEM) as work, work.savepoint():
        first = work.complaints.add(a_complaint())
        with pytest.raises(ChangedMeanwhile), work.savepoint():
            work.complaints.add(a_complaint())
        second = work.complaints.add(a_complaint(number="C-2", intake_key="k2"))

    with store.unit_of_work(SYSTEM) as work:
        assert work.complaints.find() == [first, second]


def test_a_failed_savepoint_that_wrote_nothing_loses_no_waiting_row(store: Store) -> None:
    bank = a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release))
        work.processes.put_timer(Timer(instance.id, 1, "wait", NOW))

        def fail_after(step: Callable[[], object]) -> None:
            step()
            raise RuntimeError("on purpose")

        for step in (
            lambda: work.processes.drop_timer(instance.id, 1),
            lambda: work.processes.timers(instance_id=instance.id),
        ):
            with pytest.raises(RuntimeError), work.savepoint():
                fail_after(step)

    with store.unit_of_work(SYSTEM) as work:
        assert len(work.processes.timers(instance_id=instance.id)) == 1


def test_a_locked_sqlite_is_unavailable_and_nothing_is_written(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_bank(sqlite_store)
    blocker = sqlite_store.writing.raw_connection()
    blocker.cursor().execute("BEGIN IMMEDIATE")
    waiting = Store(sqlite_store.url + "?timeout=0.01", sqlite_store.clock)

    with pytest.raises(Unavailable), waiting.unit_of_work(SYSTEM) as work:
        work.complaints.add(a_complaint())
    blocker.rollback()
    blocker.close()

    with waiting.unit_of_work(SYSTEM) as work:
        assert work.complaints.find() == []
    waiting.close()


def test_a_database_that_is_not_there_is_unavailable(clock: MovableClock, postgres_url: str) -> None:
    for url in ("sqlite:////nowhere/at/all.db", postgres_url.replace("host=", "host=/nowhere")):
        store = Store(url, clock)

        with pytest.raises(Unavailable), store.unit_of_work(SYSTEM):
            pass
        store.close()


def test_a_lost_connection_is_unavailable_and_the_next_one_works(
    postgres_url: str, clock: MovableClock
) -> None:
    store = Store(postgres_url, clock)
    a_bank(store)

    others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"

    def lose_the_connection(work: SqlUnitOfWork) -> None:
        work.complaints.add(a_complaint())
        with store.reading.connect() as other:
            other.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))
        work.complaints.find()

    with pytest.raises(Unavailable), store.unit_of_work(SYSTEM) as work:
        lose_the_connection(work)

    with store.unit_of_work(SYSTEM) as work:
        assert work.complaints.find() == []
    store.close()


def test_a_connection_that_died_while_idle_is_not_given_to_anybody(
    postgres_url: str, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "STALE_SECONDS", 0.0)
    store = Store(postgres_url, clock)
    a_bank(store)

    with store.reading.connect() as other:
        other.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )

    with store.unit_of_work(SYSTEM) as work:
        assert work.complaints.find() == []
    store.close()


def test_what_was_swallowed_is_not_committed(postgres_url: str, clock: MovableClock) -> None:
    store = Store(postgres_url, clock)
    a_bank(store)

    def swallow(work: SqlUnitOfWork) -> None:
        work.complaints.add(a_complaint())
        with pytest.raises(ChangedMeanwhile):
            work.complaints.add(a_complaint())
        with pytest.raises(Unavailable):
            work.complaints.find()

    with pytest.raises(Unavailable), store.unit_of_work(SYSTEM) as work:
        swallow(work)
    store.close()


def test_a_command_is_remembered_with_its_answer(store: Store) -> None:
    with store.unit_of_work(SYSTEM) as work:
        assert work.done("intake 1") is None
        work.remember("intake 1", {"number": "C-1"})
    with store.unit_of_work(SYSTEM) as work:
        done = work.done("intake 1")

    assert done is not None
    assert done.answer == {"number": "C-1"}


def test_a_double_click_meets_the_first_answer(store: Store) -> None:
    a_bank(store)
    answers: list[str] = []

    def submit() -> None:
        with store.unit_of_work(SYSTEM) as work:
            done = work.done("click")
            if done is not None:
                answers.append(done.answer["number"])
                return
            number = work.complaints.next_number(2026)
            work.complaints.add(a_complaint(number=number))
            work.remember("click", {"number": number})
            answers.append(number)

    _together([submit] * 8)

    with store.unit_of_work(SYSTEM) as work:
        assert len(work.complaints.find()) == 1
    assert answers == ["C-2026-000001"] * 8


def test_the_outbox_keeps_a_key_once_and_gives_what_is_due(store: Store) -> None:
    with store.unit_of_work(SYSTEM) as work:
        for key, due in (
            ("b", NOW),
            ("a", NOW - timedelta(hours=1)),
            ("a", NOW),
            ("c", NOW + timedelta(hours=1)),
        ):
            work.send(OutboxMessage("email", key, {"to": key}, due))
    with store.unit_of_work(SYSTEM) as work:
        due_now = work.outbox(due_by=NOW, limit=10)
        work.save_outbox(replace(due_now[0], state=OutboxState.SENT, sent_at=NOW, attempts=1))
    with store.unit_of_work(SYSTEM) as work:
        left = work.outbox(due_by=NOW, limit=10)

    assert [message.key for message in due_now] == ["a", "b"]
    assert [message.key for message in left] == ["b"]


def test_on_postgresql_two_workers_take_different_messages(postgres_url: str, clock: MovableClock) -> None:
    store = Store(postgres_url, clock)
    with store.unit_of_work(SYSTEM) as work:
        for key in "abcd":
            work.send(OutboxMessage("email", key, {}, NOW))

    with store.unit_of_work(SYSTEM) as one, store.unit_of_work(SYSTEM) as other:
        mine = [message.key for message in one.outbox(due_by=NOW, limit=2)]
        theirs = [message.key for message in other.outbox(due_by=NOW, limit=4)]
    store.close()

    assert (mine, theirs) == (["a", "b"], ["c", "d"])


def test_the_chain_of_the_register_never_forks(store: Store) -> None:
    a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        complaint = work.complaints.add(a_complaint())

    def seal(number: int) -> Callable[[], None]:
        def attempt() -> None:
            with store.unit_of_work(SYSTEM) as work:
                before = work.last_link()
                link = f"{before}>{number}"
                work.volumes.add(Volume(0, complaint.id, number, NOW, "ann", "file", "hash", before, link))

        return attempt

    _together([seal(number) for number in range(1, 7)])

    with store.unit_of_work(SYSTEM) as work:
        volumes = work.volumes.find()
        last = work.last_link()
    assert [volume.previous_link for volume in volumes] == ["", *[volume.link for volume in volumes[:-1]]]
    assert last == volumes[-1].link


def test_a_release_keeps_its_files_and_the_same_files_make_no_new_one(sql_store: Store) -> None:
    with sql_store.unit_of_work(SYSTEM) as work:
        first = work.releases.add({"a.bpmn": b"one", "b.bpmn": b"one"})
        again = work.releases.add({"b.bpmn": b"one", "a.bpmn": b"one"})
    with sql_store.unit_of_work(SYSTEM) as work:
        second = work.releases.add({"a.bpmn": b"two", "b.bpmn": b"one"})
        current = work.releases.current()
    started_again = Store(sql_store.url, sql_store.clock)
    with started_again.unit_of_work(SYSTEM) as work:
        old, new = work.releases.get(first.id), work.releases.get(second.id)
    started_again.close()

    assert again.id == first.id
    assert current.id == second.id
    assert old.files == {"a.bpmn": b"one", "b.bpmn": b"one"}
    assert new.files == {"a.bpmn": b"two", "b.bpmn": b"one"}


def test_a_release_taken_back_is_forgotten(store: Store) -> None:
    taken_back = []

    def fail_midway(work: SqlUnitOfWork) -> None:
        taken_back.append(work.releases.get(work.releases.add({"a.bpmn": b"one"}).id))
        raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError), store.unit_of_work(SYSTEM) as work:
        fail_midway(work)

    with store.unit_of_work(SYSTEM) as work, pytest.raises(NotFound):
        work.releases.get(taken_back[0].id)


def test_a_calendar_keeps_its_special_days(store: Store) -> None:
    def a_calendar(**special: bool) -> Calendar:
        days = {date(2026, 10, int(day[1:])): working for day, working in special.items()}
        return Calendar(
            code="CN",
            name="China",
            zone=ZoneInfo("Asia/Shanghai"),
            weekend=frozenset({6, 7}),
            hours=((time(9), time(12)), (time(13, 30), time(17, 30))),
            published_until=date(2026, 12, 31),
            special={day: SpecialDay(day, working, "National Day") for day, working in days.items()},
        )

    with store.unit_of_work(SYSTEM) as work:
        work.put_calendar(a_calendar(d1=False, d2=False, d10=True))
        assert work.calendar("CN") == a_calendar(d1=False, d2=False, d10=True)
    with store.unit_of_work(SYSTEM) as work:
        work.put_calendar(a_calendar(d1=False, d10=False))
    with store.unit_of_work(SYSTEM) as work:
        assert work.calendar("CN") == a_calendar(d1=False, d10=False)


def test_settings_are_kept_and_overwritten(store: Store) -> None:
    for value in ("yes", "no"):
        with store.unit_of_work(SYSTEM) as work:
            work.put_setting("demo", value)
    with store.unit_of_work(SYSTEM) as work:
        assert work.setting("demo") == "no"


def _together(steps: list[Callable[[], None]]) -> None:
    """Run all at once, and pass on what one of them raised."""
    failures: list[BaseException] = []
    start = threading.Barrier(len(steps))

    def run(step: Callable[[], None]) -> None:
        start.wait()
        try:
            step()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
