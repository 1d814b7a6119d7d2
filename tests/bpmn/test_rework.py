"""Rework without end: ten thousand rounds cost each what the first one cost, in steps, rows and bytes."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.domain.task import Task
from tests.builders.diagrams import diagram, end, flow, flows, node, process, script, start, subprocess, user
from tests.builders.running import Bank

ROUNDS = 10_000
INSIDE = start("s") + user("do") + end("e") + flows("s", "do", "e")
SPLIT = node("parallelGateway", "s") + user("do") + script("beside", "=1", "y") + node("parallelGateway", "j")
LOOPS = {
    "a task": (user("do"), ("m", "do", "g")),
    "a subprocess": (subprocess("sub", INSIDE), ("m", "sub", "g")),
    "branches": (SPLIT + flows("s", "beside", "j"), ("m", "s", "do", "j", "g")),
}


class Steps:
    """Counts what is passed."""

    def __init__(self) -> None:
        self.count = 0

    def passed(self, process: str, element: str, flows: Sequence[str]) -> None:
        self.count += 1

    def ended(self, process: str, variables: Mapping[str, Any]) -> None:
        pass


def the_open_task(bank: Bank) -> Task:
    """The newest task; the older ones are done."""
    return next(reversed(bank.store.tables.tasks.values()))


def rounds(loop: str, count: int) -> list[tuple[int, int, int, int, int]]:
    """Steps, tokens, bytes of the snapshot without its growing numbers, scopes and timers, round by round."""
    nodes, way = LOOPS[loop]
    gateway = node("exclusiveGateway", "m") + node("exclusiveGateway", "g", name="?", default="g_m")
    wires = flows("start", *way, "m") + flow("g", "end", "=enough")
    steps = Steps()
    bank = Bank(diagram(process("p", start(), nodes, gateway, end(), wires)), visits=steps, hydrated=1)
    bank.start()
    seen, before = [], 0
    for _ in range(count):
        with bank.work() as work:
            bank.engine.complete(work, the_open_task(bank), {"enough": False})
        bare = "".join(sign for sign in bank.row.tokens[18:].decode() if not sign.isdigit())
        tables = bank.store.tables
        tokens = bank.row.tokens.count(b'"do')
        seen.append((steps.count - before, tokens, len(bare), len(tables.scopes), len(tables.timers)))
        before = steps.count
    with bank.work() as work:
        bank.engine.complete(work, the_open_task(bank), {"enough": True})
    assert bank.is_over
    return seen[1:]


def test_ten_thousand_rounds_cost_each_the_same() -> None:
    assert len(set(rounds("a task", ROUNDS))) == 1


def test_a_thousand_rounds_through_subprocesses_and_branches_cost_each_the_same() -> None:
    for loop in ("a subprocess", "branches"):
        assert len(set(rounds(loop, ROUNDS // 10))) == 1, loop
