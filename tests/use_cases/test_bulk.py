"""Bulk jobs: chosen once by a filter and by reach, each instance done once, on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from threading import Thread
from typing import Any

import pytest

from engine.domain.actor import SYSTEM, Actor
from engine.domain.errors import ChangedMeanwhile, NotAllowed, ValueRefused
from engine.domain.running import InstanceState
from engine.domain.steering import Act, Bulk, BulkState, ItemState, Verb, Wanted
from engine.runtime.bulk_tick import BulkTick
from engine.runtime.clock import MovableClock
from engine.use_cases import bulk
from tests.builders.steered_house import CHANGED, SteeredHouse

WHY = "The core system is down."
HOLD = Act(Verb.SUSPEND)


@pytest.fixture
def house(database_url: str, clock: MovableClock) -> Iterator[SteeredHouse]:
    opened = SteeredHouse(database_url, clock)
    opened.release()
    yield opened
    opened.close()


@pytest.fixture
def admin(house: SteeredHouse) -> Actor:
    return house.somebody("administrator")


def started(house: SteeredHouse, actor: Actor, act: Act = HOLD, **wanted: Any) -> Bulk:
    return bulk.start(house.ports, actor, act, Wanted(**wanted), WHY)


def chosen(house: SteeredHouse, job: Bulk) -> list[int]:
    return [item.instance_id for item in house.reads.bulk(SYSTEM, job.id, limit=1000).items]


def counts(house: SteeredHouse, job: Bulk) -> dict[str, int]:
    found = house.reads.bulk(SYSTEM, job.id).counts
    return {str(state): count for state, count in found.items() if count}


def test_a_filter_chooses_what_it_says_and_nothing_else(house: SteeredHouse, admin: Actor) -> None:
    plain, on_hold, over = house.cases(3)
    major = house.case(grade="major")[1]
    at_branch, below_it = house.case("SH")[1], house.case("SH-XH")[1]
    stuck, moved_on = house.cases(2)
    house.do(stuck, x=2)
    house.do(moved_on, x=1)
    with house.work() as work:
        other = house.engine.start(work, "p").id
    earlier = started(house, admin, numbers=("C-2026-000002",))
    started(house, admin, Act(Verb.CANCEL), numbers=("C-2026-000003",))
    house.work_off()
    everything = [plain, on_hold, major, at_branch, below_it, stuck, moved_on, other]

    def ids(**wanted: Any) -> list[int]:
        return chosen(house, started(house, admin, Act(Verb.SET, values={"y": 1}), **wanted))

    assert ids() == everything
    assert ids(process="p") == everything
    assert ids(process="q") == []
    assert ids(release_id=1) == everything
    assert ids(release_id=2) == []
    assert ids(element="u") == [plain, on_hold, major, at_branch, below_it, other]
    assert ids(element="g") == [stuck]
    assert ids(element="v") == [moved_on]
    assert ids(states=(InstanceState.SUSPENDED,)) == [on_hold]
    assert ids(states=(InstanceState.CANCELLED,)) == [over]
    assert ids(states=()) == sorted([*everything, over])
    assert ids(grade="major") == [major]
    assert ids(unit="SH") == [at_branch, below_it]
    assert ids(unit="SH-XH") == [below_it]
    assert ids(numbers=("C-2026-000001", "C-2026-000004")) == [plain, major]
    assert ids(code="gateway.no_way") == [stuck]
    assert ids(bulk=earlier.id) == [on_hold]
    assert ids(process="p", unit="SH", grade="major") == []
    with pytest.raises(ValueRefused, match="There is no unit with the code NOWHERE"):
        ids(unit="NOWHERE")


def test_a_name_that_only_stands_in_a_memory_is_no_place_of_a_token(
    house: SteeredHouse, admin: Actor
) -> None:
    """The snapshot of the other one has the text ,"u", too, in what a token remembers."""
    here, other = house.cases(2)
    house.do(other, x=2, got=["a", "u", "b"])
    with house.work() as work:
        row = work.processes.get(other)
        work.processes.save(
            replace(row, tokens=row.tokens.replace(b'"failed":1', b'"failed":1,"l":["a","u","b"]'))
        )
        assert b',"u",' in work.processes.get(other).tokens

    assert chosen(house, started(house, admin, element="u")) == [here]


def test_what_is_out_of_reach_is_not_chosen(house: SteeredHouse) -> None:
    house.case("HO")
    there = house.case("SH")[1]
    below = house.case("SH-XH")[1]
    house.case("INTL")
    house.case("SH", restricted=True)
    of_branch = house.somebody("administrator", unit="SH")
    house.case("SH", accused_id=of_branch.person_id)
    with house.work() as work:
        nobodys = house.engine.start(work, "p").id

    job = started(house, of_branch)

    assert chosen(house, job) == [there, below, nobodys]
    with pytest.raises(NotAllowed):
        started(house, house.somebody("handler"))
    with pytest.raises(NotAllowed):
        started(house, house.somebody("process_designer"), Act(Verb.MIGRATE))


def test_restricted_cases_are_chosen_by_those_who_see_such_and_by_their_first_owner(
    house: SteeredHouse,
) -> None:
    seeing = house.somebody("administrator", "consumer_protection")
    owner = house.somebody("administrator")
    restricted = house.case(restricted=True)[1]
    owned = house.case(restricted=True, first_owner_id=owner.person_id)[1]

    assert chosen(house, started(house, seeing)) == [restricted, owned]
    assert chosen(house, started(house, owner)) == [owned]


def test_each_instance_has_a_result_and_a_sentence(house: SteeredHouse, admin: Actor) -> None:
    running, on_hold, over = house.cases(3)
    started(house, admin, numbers=("C-2026-000002",))
    house.work_off()
    job = started(house, admin)
    with house.work(admin) as work:
        work.processes.put(replace(work.processes.get(over), state=InstanceState.ENDED, tokens=b""))

    house.work_off()

    view = house.reads.bulk(admin, job.id)
    assert [(item.instance_id, item.state, item.sentence) for item in view.items] == [
        (running, ItemState.DONE, f"Instance {running} is on hold."),
        (on_hold, ItemState.NOT_NEEDED, f"Instance {on_hold} was on hold already."),
        (over, ItemState.REFUSED, f"Instance {over} is over."),
    ]
    assert (view.bulk.state, view.bulk.total) == (BulkState.FINISHED, 3)
    assert (view.bulk.done, view.bulk.not_needed, view.bulk.refused) == (1, 1, 1)
    assert (view.bulk.actor, view.bulk.reason, view.bulk.ended_at) == (admin.name, WHY, house.clock.now())


def test_every_act_names_its_job_in_the_history_of_the_case(house: SteeredHouse, admin: Actor) -> None:
    complaint, _ = house.case()
    job = started(house, admin)
    house.work_off()

    (event,) = [event for event in house.events(complaint.id) if event["kind"] == "process.suspended"]

    assert event == {
        "kind": "process.suspended",
        "by": admin.name,
        "element": None,
        "reason": WHY,
        "bulk": job.id,
    }


def test_progress_can_be_read_at_any_time(house: SteeredHouse, admin: Actor) -> None:
    house.cases(4)
    job = started(house, admin)
    designer = house.somebody("process_designer")
    elsewhere = house.somebody("administrator", unit="INTL")

    for one in bulk.due(house.ports, 3):
        assert bulk.work_off(house.ports, one)

    view = house.reads.bulk(designer, job.id)
    assert (view.over, view.bulk.total, view.bulk.state) == (3, 4, BulkState.RUNNING)
    assert counts(house, job) == {"waiting": 1, "done": 3}
    assert [each.bulk.id for each in house.reads.bulks(designer)] == [job.id]
    assert house.reads.bulk(elsewhere, job.id).items == ()
    assert set(house.reads.bulk(elsewhere, job.id).counts.values()) == {0}
    with pytest.raises(NotAllowed):
        house.reads.bulk(house.somebody("handler"), job.id)


def test_after_a_crash_it_goes_on_and_nothing_is_done_twice(house: SteeredHouse, admin: Actor) -> None:
    """The process dies within the third instance's transaction: two are done, and the next process finds the rest."""
    ids = house.cases(4)
    job = started(house, admin, Act(Verb.ADD_TOKEN, element="v"))
    todo = bulk.due(house.ports, 10)
    for one in todo[:2]:
        bulk.work_off(house.ports, one)
    save = house.engine.add_token

    def dies(*given: Any, **more: Any) -> int:
        save(*given, **more)
        raise KeyboardInterrupt

    house.engine.add_token = dies  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        bulk.work_off(house.ports, todo[2])
    assert counts(house, job) == {"done": 2, "waiting": 2}

    house.engine.add_token = save  # type: ignore[method-assign]
    for one in todo:
        bulk.work_off(house.ports, one)
    house.work_off()

    assert counts(house, job) == {"done": 4}
    with house.work() as work:
        added = [len(work.tasks.find(instance_id=each, element="v")) for each in ids]
    assert added == [1, 1, 1, 1]


def test_two_workers_do_each_instance_once(house: SteeredHouse, admin: Actor) -> None:
    ids = house.cases(12)
    job = started(house, admin, Act(Verb.ADD_TOKEN, element="v"))

    def worker() -> None:
        tick = BulkTick(house.ports)
        while tick():
            pass

    workers = [Thread(target=worker) for _ in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()

    assert counts(house, job) == {"done": 12}
    assert house.reads.bulk(admin, job.id).bulk.state is BulkState.FINISHED
    with house.work() as work:
        added = [len(work.tasks.find(instance_id=each, element="v")) for each in ids]
    assert added == [1] * 12


def test_somebody_faster_is_met_again(house: SteeredHouse, admin: Actor) -> None:
    house.cases(1)
    job = started(house, admin)
    suspend = house.engine.suspend

    def beaten(work: Any, instance_id: int, why: Any) -> bool:
        raise ChangedMeanwhile

    house.engine.suspend = beaten  # type: ignore[method-assign]
    assert house.tick() == 0
    assert counts(house, job) == {"waiting": 1}
    house.engine.suspend = suspend  # type: ignore[method-assign]
    house.work_off()

    assert counts(house, job) == {"done": 1}


def test_one_that_breaks_does_not_keep_the_others(house: SteeredHouse, admin: Actor) -> None:
    broken, sound = house.cases(2)
    job = started(house, admin)
    with house.work() as work:
        work.processes.put(
            replace(work.processes.get(broken), release_id=1, process="gone", tokens=b'["",1,[]]')
        )
    suspend = house.engine.suspend

    def breaks(work: Any, instance_id: int, why: Any) -> bool:
        if instance_id == broken:
            raise ZeroDivisionError
        return suspend(work, instance_id, why)

    house.engine.suspend = breaks  # type: ignore[method-assign]
    house.work_off()

    assert counts(house, job) == {"waiting": 1, "done": 1}
    assert house.row(sound).state is InstanceState.SUSPENDED


def test_a_stopped_job_leaves_the_rest_alone(house: SteeredHouse, admin: Actor) -> None:
    ids = house.cases(3)
    job = started(house, admin)
    todo = bulk.due(house.ports, 10)
    bulk.work_off(house.ports, todo[0])

    assert bulk.stop(house.ports, admin, job.id, "wrong filter")
    assert not bulk.stop(house.ports, admin, job.id, "wrong filter")
    assert not bulk.work_off(house.ports, todo[1])
    house.work_off()

    assert counts(house, job) == {"done": 1, "waiting": 2}
    stopped = house.reads.bulk(admin, job.id).bulk
    assert (stopped.state, stopped.done, stopped.ended_by) == (BulkState.STOPPED, 1, admin.name)
    assert [house.row(each).state for each in ids[1:]] == [InstanceState.RUNNING] * 2
    with pytest.raises(NotAllowed):
        bulk.stop(house.ports, house.somebody("handler"), job.id, "not mine")


def test_roles_that_are_gone_meanwhile_count_no_more(house: SteeredHouse, admin: Actor) -> None:
    (instance,) = house.cases(1)
    job = started(house, admin)
    with house.work() as work:
        person = work.people.get(admin.person_id)
        work.people.save(replace(person, active=False))

    house.work_off()

    (item,) = house.reads.bulk(SYSTEM, job.id).items
    assert (item.state, item.sentence) == (ItemState.REFUSED, "Your role does not allow this here.")
    assert house.row(instance).state is InstanceState.RUNNING


def test_a_single_token_is_no_matter_for_many(house: SteeredHouse, admin: Actor) -> None:
    with pytest.raises(ValueRefused, match="name an element instead"):
        started(house, admin, Act(Verb.CANCEL_TOKEN, token=1))
    with pytest.raises(ValueRefused, match="in a few words why"):
        bulk.start(house.ports, admin, HOLD, Wanted(), "")


def test_the_current_release_is_the_one_at_the_start_of_the_job(house: SteeredHouse, admin: Actor) -> None:
    (instance,) = house.cases(1)
    then = house.release(CHANGED)
    job = started(house, admin, Act(Verb.MIGRATE, mapping={"p": {"u": "u2"}}))
    house.release()

    house.work_off()

    assert counts(house, job) == {"done": 1}
    assert house.row(instance).release_id == then


def test_a_job_for_nobody_is_over_at_once(house: SteeredHouse, admin: Actor) -> None:
    job = started(house, admin, process="q")

    house.work_off()

    assert house.reads.bulk(admin, job.id).bulk.state is BulkState.FINISHED


def test_many_are_migrated_and_taken_back_where_nothing_moved_on(house: SteeredHouse, admin: Actor) -> None:
    stays, goes_on, elsewhere = house.cases(3)
    house.do(elsewhere, x=2)
    before = house.row(stays), house.task(stays)
    new = house.release(CHANGED)

    there = started(house, admin, Act(Verb.MIGRATE, mapping={"p": {"u": "u2"}}), process="p")
    house.work_off()
    house.do(goes_on)
    back = started(house, admin, Act(Verb.TAKE_BACK), bulk=there.id)
    house.work_off()

    assert counts(house, there) == {"done": 3}
    assert [(item.state, item.sentence) for item in house.reads.bulk(admin, back.id).items] == [
        (ItemState.DONE, f"Instance {stays} is back on release 1, as it was."),
        (ItemState.REFUSED, f"Instance {goes_on} moved on since it was migrated."),
        (ItemState.DONE, f"Instance {elsewhere} is back on release 1, as it was."),
    ]
    assert (house.row(stays), house.task(stays)) == before
    assert house.row(goes_on).release_id == new


def test_what_is_no_mapping_makes_no_job(house: SteeredHouse, admin: Actor) -> None:
    house.cases(1)
    mapping: Any = {"p": {"u": ["u2"]}}

    with pytest.raises(ValueRefused, match="no element"):
        bulk.start(house.ports, admin, Act(Verb.MIGRATE, mapping=mapping), Wanted(), WHY)

    assert house.reads.bulks(admin) == []
