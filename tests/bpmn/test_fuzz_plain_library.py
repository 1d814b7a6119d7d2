"""Random processes, walked in step with the plain library: the same tasks are open after every step."""

import random
from collections import Counter

import pytest

from tests.builders.plain import Plain
from tests.builders.random_processes import RandomProcess
from tests.builders.running import Bank

PLAIN_KINDS = ("user", "seq", "and", "xor", "sub")
LONGEST = 120


def walk(seed: int, kinds: tuple[str, ...], *, hydrated: int) -> int:
    """Walk one random process to its end in both; how many steps it took."""
    made = RandomProcess(seed, kinds)
    chance, counted = random.Random(seed), Counter[str]()
    bank, plain = Bank(made.dialect(feel=True), hydrated=hydrated), Plain(made.dialect(feel=False))
    bank.start()
    for step in range(LONGEST):
        assert bank.open == plain.open, f"seed {seed}, step {step}"
        if not bank.open:
            assert bank.is_over
            assert bank.store.tables.scopes == {}
            return step
        task = chance.choice(bank.open)
        counted[task] += 1
        data = {f"v{task}": counted[task] % 2} if task in made.loops else {f"x{task}": step}
        bank.do(task, **data)
        plain.do(task, **data)
    return LONGEST


@pytest.mark.parametrize("seed", range(8))
def test_structured_processes_take_the_same_steps(seed: int) -> None:
    assert walk(seed, PLAIN_KINDS, hydrated=0) > 0


@pytest.mark.parametrize("seed", range(8))
def test_inclusive_gateways_take_the_same_steps(seed: int) -> None:
    assert walk(seed, (*PLAIN_KINDS, "inc"), hydrated=100) > 0


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(8, 300))
def test_many_random_processes_take_the_same_steps(seed: int) -> None:
    assert walk(seed, (*PLAIN_KINDS, "inc"), hydrated=0) > 0
