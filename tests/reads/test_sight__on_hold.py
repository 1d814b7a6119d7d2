"""On hold a task is in no inbox, but whoever saw its case for it still does, and the page of the task too."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine.domain.actor import Actor
from engine.domain.steering import Act, Verb
from engine.domain.task import TaskState
from engine.runtime.clock import MovableClock
from engine.use_cases import inbox, steering
from tests.builders.steered_house import SteeredHouse


@pytest.fixture
def house(database_url: str, clock: MovableClock) -> Iterator[SteeredHouse]:
    opened = SteeredHouse(database_url, clock)
    opened.release()
    yield opened
    opened.close()


@pytest.fixture
def handler(house: SteeredHouse) -> Actor:
    return house.somebody("handler")


@pytest.fixture
def admin(house: SteeredHouse) -> Actor:
    return house.somebody("administrator")


def seen(house: SteeredHouse, actor: Actor) -> tuple[int, int, int]:
    """How many tasks are in the person's inbox: their own, their role's, and the whole case list."""
    page = house.reads.inbox(actor)
    return int(page.counts.mine), int(page.counts.role), int(house.reads.cases(actor).total_up_to)


def test_a_free_task_leaves_the_inbox_of_its_role(house: SteeredHouse, handler: Actor, admin: Actor) -> None:
    _, instance = house.case()
    before = seen(house, handler)
    steering.steer(house.ports, admin, instance, Act(Verb.SUSPEND), "on hold now")
    on_hold = seen(house, handler)
    steering.steer(house.ports, admin, instance, Act(Verb.RESUME), "it goes on")

    assert (before, on_hold, seen(house, handler)) == ((0, 1, 1), (0, 0, 1), (0, 1, 1))


def test_a_claimed_task_leaves_its_holders_inbox(house: SteeredHouse, handler: Actor, admin: Actor) -> None:
    _, instance = house.case()
    inbox.claim(house.ports, handler, instance, 2)
    steering.steer(house.ports, admin, instance, Act(Verb.SUSPEND), "on hold now")
    on_hold = seen(house, handler)
    steering.steer(house.ports, admin, instance, Act(Verb.RESUME), "it goes on")

    assert (on_hold, seen(house, handler)) == ((0, 0, 1), (1, 0, 1))


def test_who_sees_a_case_for_its_task_alone_sees_it_on_hold(house: SteeredHouse, admin: Actor) -> None:
    """The complaint stands at a branch; the task's unit is that of head office, where the handler is."""
    complaint, instance = house.case("SH")
    handler = house.somebody("handler", unit="INTL")
    with house.work() as work:
        task = work.tasks.get(instance, 2)
        work.tasks.put(replace(task, unit_id=house.units["INTL"].id))
    assert house.reads.case(handler, complaint.number).tasks[0].openable

    steering.steer(house.ports, admin, instance, Act(Verb.SUSPEND), "on hold now")

    view, case = house.reads.task(handler, instance, 2), house.reads.case(handler, complaint.number)
    offered = view.may_write, view.claimable, view.may_complete
    assert (view.task.state, *offered) == (TaskState.SUSPENDED, True, False, False)
    assert case.is_on_hold


def test_others_do_not_write_in_a_task_that_is_somebodys(
    house: SteeredHouse, handler: Actor, admin: Actor
) -> None:
    _, instance = house.case()
    inbox.claim(house.ports, handler, instance, 2)
    steering.steer(house.ports, admin, instance, Act(Verb.SUSPEND), "on hold now")
    other = house.somebody("handler")

    assert house.reads.task(handler, instance, 2).may_write
    assert not house.reads.task(other, instance, 2).may_write
