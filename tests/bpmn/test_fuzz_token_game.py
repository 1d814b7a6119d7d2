"""Random processes with loops, walked in step with the token game, the instance loaded anew for every step."""

import random
from collections import Counter

import pytest

from tests.builders.random_processes import RandomProcess
from tests.builders.running import Bank
from tests.builders.token_game import TokenGame

KINDS = ("user", "seq", "and", "xor", "inc", "sub", "loop")
LONGEST = 150


def walk(seed: int, *, hydrated: int) -> int:
    """Walk one random process to its end; how many steps it took."""
    made = RandomProcess(seed, KINDS)
    chance, counted = random.Random(seed), Counter[str]()
    game = TokenGame(made.shape)
    bank = Bank(made.dialect(feel=True), hydrated=hydrated)
    bank.start()
    for number in range(LONGEST):
        assert bank.open == game.open, f"seed {seed}, step {number}"
        if not game.open:
            assert bank.is_over
            assert bank.incidents == []
            return number
        task = chance.choice(game.open)
        counted[task] += 1
        rounds = counted[task] % 2
        game.do(task, rounds == 1)
        bank.do(task, **({f"v{task}": rounds} if task in made.loops else {}))
    return LONGEST


@pytest.mark.parametrize("seed", range(20))
def test_the_same_tasks_are_open_after_every_step(seed: int) -> None:
    assert walk(seed, hydrated=seed % 2 * 50) > 0


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20, 600))
def test_the_same_tasks_are_open_in_many_processes(seed: int) -> None:
    assert walk(seed, hydrated=0) > 0
