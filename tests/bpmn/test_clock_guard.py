"""The engine has no clock but the unit of work's: the library's own ways to the wall clock are cut here."""

from datetime import timedelta
from typing import Any

import pytest
import SpiffWorkflow.bpmn.specs.event_definitions.timer
import SpiffWorkflow.task

from engine.operations.registry import Operation
from tests.bpmn.test_everything_in_one_diagram import DIAGRAM, VARIABLES, Paid, Payment, pay
from tests.builders.running import Bank


class Broken:
    """A clock that nobody may look at."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} of the wall clock was used")


def test_a_whole_process_runs_with_the_wall_clock_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SpiffWorkflow.task, "time", Broken())
    monkeypatch.setattr(SpiffWorkflow.bpmn.specs.event_definitions.timer, "datetime", Broken())
    bank = Bank(DIAGRAM, operations={"payment": Operation("payment", "Pay", Payment, Paid, pay)})
    bank.start("p", **VARIABLES)

    for task in ("intake", "one", "two", "in_turn", "in_turn", "vote", "vote"):
        bank.do(task)
    bank.wait(days=5)
    bank.do("late")
    bank.wait(hours=1)
    bank.wait(hours=1)

    assert bank.open == ["fast", "remind"]
    assert bank.store.now - bank.row.started_at == timedelta(days=5, hours=2)
