"""An administrator acts and a handler completes at the same moment: one comes first, the other is refused in clear words."""

from collections.abc import Callable, Iterator
from functools import partial
from threading import Barrier, Thread

import pytest

from engine.domain.actor import Actor
from engine.domain.errors import ChangedMeanwhile, OnHold, OutOfOrder, RedressError, TaskNotOpen
from engine.domain.running import InstanceState
from engine.domain.steering import Act, Result, Verb
from engine.feel import Environment
from engine.runtime.clock import MovableClock
from engine.use_cases import inbox
from engine.use_cases.steering import steer
from forms.checking import check
from forms.definitions import read_form
from tests.builders.steered_house import CHANGED, SteeredHouse

FORM = read_form(b'{"type": "default", "id": "f", "schemaVersion": 18, "components": []}', "f.form")
REFUSED = (TaskNotOpen, OnHold, ChangedMeanwhile)
ROUNDS = 6


@pytest.fixture
def house(database_url: str, clock: MovableClock) -> Iterator[SteeredHouse]:
    opened = SteeredHouse(database_url, clock)
    opened.release()
    yield opened
    opened.close()


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each gives or is refused with, all begun at the same moment."""
    barrier = Barrier(len(acts))
    found: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            found[place] = act()
        except RedressError as refused:
            found[place] = refused

    threads = [Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def both(house: SteeredHouse, act: Act, handler: Actor, admin: Actor) -> tuple[int, bool, object, object]:
    """The instance, whether the completion came through, what it was told, and what the act was told."""
    _, instance = house.case(variables={"x": 1})
    answers = check(FORM, {}, {}, Environment(now=house.clock.now()))
    completed, acted = at_once(
        lambda: inbox.complete(house.ports, handler, instance, 2, answers),
        lambda: steer(house.ports, admin, instance, act, "at the same moment"),
    )
    assert completed is None or isinstance(completed, REFUSED), completed
    return instance, completed is None, completed, acted


@pytest.fixture
def handler(house: SteeredHouse) -> Actor:
    return house.somebody("handler")


@pytest.fixture
def admin(house: SteeredHouse) -> Actor:
    return house.somebody("administrator")


def test_a_case_put_on_hold(house: SteeredHouse, handler: Actor, admin: Actor) -> None:
    for _ in range(ROUNDS):
        instance, first, told, acted = both(house, Act(Verb.SUSPEND), handler, admin)

        assert getattr(acted, "result", None) is Result.DONE
        assert house.row(instance).state is InstanceState.SUSPENDED
        assert house.task(instance).element == ("v" if first else "u")
        assert first or isinstance(told, OnHold)


def test_a_case_cancelled(house: SteeredHouse, handler: Actor, admin: Actor) -> None:
    for _ in range(ROUNDS):
        instance, first, told, acted = both(house, Act(Verb.CANCEL), handler, admin)

        assert getattr(acted, "result", None) is Result.DONE
        assert house.row(instance).state is InstanceState.CANCELLED
        with house.work() as work:
            states = {task.element: str(task.state) for task in work.tasks.find(instance_id=instance)}
        assert states == ({"u": "done", "v": "cancelled"} if first else {"u": "cancelled"})
        assert first or isinstance(told, TaskNotOpen | ChangedMeanwhile)


def test_its_token_moved(house: SteeredHouse, handler: Actor, admin: Actor) -> None:
    for _ in range(ROUNDS):
        instance, first, told, acted = both(house, Act(Verb.MOVE, element="u", to="v"), handler, admin)

        assert getattr(acted, "result", None) is (Result.NOT_NEEDED if first else Result.DONE)
        with house.work() as work:
            assert len(work.tasks.find(instance_id=instance, element="v")) == 1
        assert first or isinstance(told, TaskNotOpen | ChangedMeanwhile)


def test_a_case_migrated(house: SteeredHouse, handler: Actor, admin: Actor) -> None:
    new = house.release(CHANGED)
    act = Act(Verb.MIGRATE, release_id=new, mapping={"p": {"u": "u2"}})
    house.release()  # so that new cases begin on the old version
    for _ in range(ROUNDS):
        instance, first, told, acted = both(house, act, handler, admin)

        assert getattr(acted, "result", None) is Result.DONE
        assert house.row(instance).release_id == new
        assert house.task(instance).element == ("v" if first else "u2")
        assert first or isinstance(told, ChangedMeanwhile | TaskNotOpen)


def test_two_administrators_at_one_token(house: SteeredHouse, admin: Actor) -> None:
    other = house.somebody("administrator")
    for _ in range(ROUNDS):
        _, instance = house.case()

        told = at_once(
            partial(steer, house.ports, admin, instance, Act(Verb.CANCEL_TOKEN, token=2), "the first"),
            partial(steer, house.ports, other, instance, Act(Verb.TERMINATE, element="u"), "the second"),
        )

        done = [each for each in told if getattr(each, "result", None) is Result.DONE]
        late = [each for each in told if isinstance(each, OutOfOrder)]
        assert (len(done), len(late)) == (1, 1)
        assert house.row(instance).state is InstanceState.CANCELLED
