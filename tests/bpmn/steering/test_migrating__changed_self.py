"""A structured process, drawn by hypothesis and somewhere on its way, moved to a changed self.

It works exactly when the marking is one of the new process, else the plan says why not; then it ends as the token game
of the new process says from there. Dry run and real run agree, and taken back every row is as it was.
"""

import copy
import random
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from engine.domain.running import InstanceState
from engine.domain.steering import Why
from engine.domain.task import TaskState
from tests.builders.changing import (
    Changing,
    Happening,
    Part,
    State,
    after,
    begin,
    can_go,
    drawn,
    happenings,
    mapping,
    places,
)
from tests.builders.running import Bank

WHY = Why("so that it can be tested")
LONGEST = 60
OF_INSTANCE = ("instances", "tasks", "timers", "subscriptions", "scopes", "incidents")


class Walked:
    """One instance and the token game beside it."""

    def __init__(self, chance: random.Random, whole: Part) -> None:
        self.chance = chance
        self.whole = whole
        self.bank = Bank(drawn(whole))
        self.bank.start()
        self.state: State = begin(whole)
        self.rounds = Counter[str]()

    def agrees(self) -> None:
        """What is open is what the game says."""
        expected = sorted(happenings(self.whole, self.state)) if self.state is not None else []
        waiting = [("message", each.element) for each in self.bank.store.tables.subscriptions.values()]
        again = {id for kind, id in expected if kind == "again"}
        tasks = [("again" if id in again else "task", id) for id in self.bank.open]
        assert sorted([*waiting, *tasks]) == expected

    def step(self) -> None:
        """Let something happen in both."""
        what: Happening = self.chance.choice(happenings(self.whole, self.state))
        kind, id = what
        self.rounds[id] += 1
        again = kind == "again" and self.rounds[id] % 2 == 1
        self.state = after(self.whole, self.state, what, again)
        if kind == "message":
            name = next(e.message for e in self.bank.store.tables.subscriptions.values() if e.element == id)
            assert self.bank.tell(name, "k")
        else:
            self.bank.do(id, **(self._answer(id, again) if kind == "again" else {}))

    def _answer(self, id: str, again: bool) -> dict[str, Any]:
        tag = next(tag for (tag, role), name in places(self.whole) if name == id and role == "again")
        return {f"again{tag}": again}

    def rows(self) -> dict[str, Any]:
        """Every row."""
        return {name: copy.deepcopy(getattr(self.bank.store.tables, name)) for name in OF_INSTANCE}


def migrate(walked: Walked, new: Part) -> bool:
    """Move it, after a dry run, back, and there again; whether it went."""
    bank, names = walked.bank, {"p": mapping(walked.whole, new)}
    with bank.work() as work:
        release = work.releases.add({"diagram-0.bpmn": drawn(new)})
    before = walked.rows()
    with bank.work() as work:
        planned = bank.engine.plan_migration(work, bank.id, release.id, names)
    assert walked.rows() == before
    with bank.work() as work:
        assert bank.engine.migrate(work, bank.id, release.id, names, WHY) == planned
    if not planned.is_needed or not planned.is_possible:
        assert walked.rows() == before
        assert planned.is_possible or all(reason.startswith("Token ") for reason in planned.reasons)
        return planned.is_possible
    with bank.work() as work:
        assert bank.engine.take_back(work, bank.id, WHY)
    assert walked.rows() == before
    with bank.work() as work:
        bank.engine.migrate(work, bank.id, release.id, names, WHY)
    return True


@given(st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_it_goes_where_its_marking_can_and_ends_as_the_new_process_says(chance: random.Random) -> None:
    changing = Changing(chance)
    walked = Walked(chance, changing.part(3))
    for _ in range(chance.randint(0, 6)):
        if walked.state is None:
            break
        walked.step()
        walked.agrees()
    if walked.state is None:
        return
    new = changing.changed(walked.whole)
    on_hold = chance.random() < 0.3
    if on_hold:
        with walked.bank.work() as work:
            walked.bank.engine.suspend(work, walked.bank.id, WHY)

    possible = can_go(walked.whole, new, walked.state)
    event("goes" if possible else "stays")
    assert migrate(walked, new) is possible

    if on_hold:
        assert {task.state for task in walked.bank.store.tables.tasks.values() if not task.is_closed} <= {
            TaskState.SUSPENDED
        }
        with walked.bank.work() as work:
            walked.bank.engine.resume(work, walked.bank.id, WHY)
    if possible:
        walked.whole = new
    walked.agrees()
    for _ in range(LONGEST):
        if walked.state is None:
            break
        walked.step()
        walked.agrees()
    assert walked.state is None
    assert walked.bank.row.state is InstanceState.ENDED
