"""Random processes with loops, splits and events, walked in step with the token game, the instance loaded anew each time."""

import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders.random_processes import RandomProcess
from tests.builders.running import Bank
from tests.builders.snapshots import assert_as_dumped_anew
from tests.builders.token_game import TokenGame

FLOWS = ("user", "seq", "and", "xor", "inc", "sub", "loop")
EVENTS = ("catch", "bound", "esp", "undo")
LONGEST = 150


def waited_for(bank: Bank) -> list[tuple[str, str]]:
    """The timers and messages an instance waits for."""
    timers = [("timer", timer.element) for timer in bank.timers]
    messages = [("message", each.element) for each in bank.store.tables.subscriptions.values()]
    return sorted(timers + messages)


def assert_round_trip(bank: Bank) -> None:
    """What is loaded is what was stored, also where a kept copy wrote only what it thought had changed."""
    with bank.work() as work:
        assert_as_dumped_anew(bank.engine, work, [bank.row])


def let_happen(bank: Bank, kind: str, element: str) -> None:
    """Let one event happen, whatever else is due."""
    if kind == "message":
        assert bank.tell(element.removesuffix("_esp"), "k")
        return
    (timer,) = [timer for timer in bank.timers if timer.element == element]
    assert timer.due_at is not None
    bank.store.now = max(bank.store.now, timer.due_at)
    with bank.work() as work:
        assert bank.engine.fire(work, timer.instance_id, timer.token)


def walk(made: RandomProcess, chance: random.Random, *, hydrated: int) -> int:
    """Walk one random process to its end; how many steps it took."""
    counted, game = Counter[str](), TokenGame(made.shape)
    bank = Bank(made.dialect(feel=True), hydrated=hydrated)
    bank.start()
    for number in range(LONGEST):
        assert bank.open == game.open, number
        assert waited_for(bank) == game.events, number
        if not game.open and not game.events:
            assert bank.is_over
            assert bank.incidents == []
            assert bank.store.tables.scopes == {}
            return number
        assert_round_trip(bank)
        what = chance.choice([*[("task", task) for task in game.open], *game.events])
        if what[0] != "task":
            game.happen(what[1])
            let_happen(bank, *what)
            continue
        task = what[1]
        counted[task] += 1
        rounds = counted[task] % 2
        game.do(task, rounds == 1)
        bank.do(task, **({f"v{task}": rounds} if task in made.loops else {}))
    return LONGEST


@pytest.mark.parametrize("seed", range(20))
def test_the_same_tasks_are_open_after_every_step(seed: int) -> None:
    assert walk(RandomProcess(seed, FLOWS), random.Random(seed), hydrated=seed % 2 * 50) > 0


@given(st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_same_tasks_and_events_are_open_after_every_step(chance: random.Random) -> None:
    assert walk(RandomProcess(chance, (*FLOWS, *EVENTS)), chance, hydrated=chance.choice([0, 50])) > 0


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20, 600))
def test_the_same_tasks_are_open_in_many_processes(seed: int) -> None:
    assert walk(RandomProcess(seed, (*FLOWS, *EVENTS)), random.Random(seed), hydrated=seed % 2 * 50) > 0
