"""Tokens in their level: what comes, goes, or may have been written into is packed anew."""

from collections.abc import Callable

import pytest

from engine.bpmn.run import Run
from engine.bpmn.snapshot import load
from engine.bpmn.tokens import Level, Token
from tests.builders.diagrams import boundary, diagram, flow, flows, process, start, timer, user
from tests.builders.running import Bank


@pytest.fixture
def run() -> Run:
    """A task that waits, with a timer on its edge."""
    late = boundary("late", "u", timer("Duration", "P1D"))
    wires = flows("start", "u", "after"), flow("late", "after")
    bank = Bank(diagram(process("p", start(), user("u"), late, user("after"), *wires)))
    bank.start()
    return load(bank.engine.load(bank.row.release_id, {}), "p", bank.row.tokens, [])


def task_of(level: Level) -> Token:
    return next(token for token in level.tasks.values() if token.task_spec.name == "u")


def come(level: Level) -> None:
    Token(level, level.spec.task_specs["after"], ready=False)


def go(level: Level) -> None:
    timer = task_of(level).hosted[0]
    timer.detach()
    level.pack()
    level.drop(timer)


def detach(level: Level) -> None:
    task_of(level).hosted[0].detach()


def write(level: Level) -> None:
    task_of(level).memo["more"] = 1


def write_deep(level: Level) -> None:
    level.pack()
    task_of(level).memo.setdefault("list", []).append(1)


def write_another(level: Level) -> None:
    task_of(level).memo = {"another": 1}


@pytest.mark.parametrize("change", [come, go, detach, write, write_deep, write_another])
def test_a_change_is_packed(run: Run, change: Callable[[Level], None]) -> None:
    level = run.levels[0]
    before = level.pack()

    change(level)

    packed, level.packed = level.pack(), None
    assert packed == level.pack() != before


def test_what_did_not_change_is_not_packed_again(run: Run) -> None:
    level = run.levels[0]

    assert level.pack() is level.pack()
