"""Random processes on hold at random: what comes meanwhile leads where it would have led, by the token game."""

import random
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.domain.steering import Why
from tests.bpmn.test_fuzz_token_game import EVENTS, FLOWS, LONGEST, assert_round_trip, waited_for
from tests.builders.random_processes import RandomProcess
from tests.builders.running import Bank
from tests.builders.token_game import TokenGame

WHY = Why("so that it can be tested")


class OnHold:
    """An instance that is put on hold before everything that comes from outside, and the game beside it."""

    def __init__(self, made: RandomProcess, hydrated: int) -> None:
        self.made = made
        self.game = TokenGame(made.shape)
        self.bank = Bank(made.dialect(feel=True), hydrated=hydrated)
        self.bank.start()
        self.counted = Counter[str]()

    def agrees(self) -> None:
        """Both stand at the same place."""
        assert self.bank.open == self.game.open
        assert waited_for(self.bank) == self.game.events

    def let_come(self, messages: list[str], *, before: bool, later: bool) -> None:
        """On hold these messages come, and time passes up to the next timer, `before` them or `later`."""
        bank = self.bank
        with bank.work() as work:
            assert bank.engine.suspend(work, bank.id, WHY)
        assert bank.open == []
        self._pass_time(before)
        told_at = bank.store.now
        for element in messages:
            assert bank.tell(element.removesuffix("_esp"), "k")
        self._pass_time(later)
        due = sorted(
            (t.due_at, t.token, t.element) for t in bank.timers if t.due_at and t.due_at <= bank.store.now
        )
        assert_round_trip(bank)
        with bank.work() as work:
            assert bank.engine.resume(work, bank.id, WHY)
        early = [("timer", element) for at, _, element in due if at <= told_at]
        late = [("timer", element) for at, _, element in due if at > told_at]
        for each in (*early, *(("message", element) for element in messages), *late):
            if each in self.game.events:
                self.game.happen(each[1])

    def _pass_time(self, passes: bool) -> None:
        """Up to the earliest timer that is not due yet, if there is one."""
        now = self.bank.store.now
        ahead = [timer.due_at for timer in self.bank.timers if timer.due_at and timer.due_at > now]
        if passes and ahead:
            self.bank.store.now = min(ahead)

    def step(self, chance: random.Random) -> None:
        """Something comes on hold, or a task is done."""
        waiting = [id for kind, id in self.game.events if kind == "message"]
        if self.game.events and chance.random() < 0.6:
            several = chance.sample(waiting, chance.randint(0, len(waiting)))
            before, later = chance.random() < 0.4, chance.random() < 0.4
            if several or before or later:
                self.let_come(several, before=before, later=later)
                return
        if self.game.open:
            self._do(chance.choice(self.game.open))

    def _do(self, task: str) -> None:
        self.counted[task] += 1
        rounds = self.counted[task] % 2
        self.game.do(task, rounds == 1)
        self.bank.do(task, **({f"v{task}": rounds} if task in self.made.loops else {}))


@given(st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_on_hold_nothing_is_lost_and_nothing_comes_twice(chance: random.Random) -> None:
    walked = OnHold(RandomProcess(chance, (*FLOWS, *EVENTS)), chance.choice([0, 50]))
    for _ in range(LONGEST):
        walked.agrees()
        if not walked.game.open and not walked.game.events:
            break
        walked.step(chance)
    walked.agrees()
    assert walked.bank.incidents == []
    assert walked.bank.is_over is (walked.game.state is None)
