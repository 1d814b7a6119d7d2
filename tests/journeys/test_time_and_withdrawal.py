"""A complaint withdrawn midway, and one that nobody touches while all its limits pass."""

from datetime import timedelta

import pytest

from engine.domain.actor import SYSTEM
from engine.domain.complaint import Outcome
from engine.domain.task import TaskState
from tests.journeys import answers as say
from tests.journeys.bank import Bank
from tests.journeys.people import Customer, Staff

pytestmark = pytest.mark.browser


def test_a_complaint_is_withdrawn_midway(bank: Bank, staff: Staff, customer: Customer) -> None:
    number = customer.complain(**say.COMPLAINT)
    staff.does(number, "triage", say.triaged(**{"complaint.several_departments": True}))
    staff.does(number, "convene", say.CONVENED)
    customer.add("The machine's number is 0317, it stands on the receipt.")
    assert [task for task in bank.open_tasks(number) if task.element == "review_information"]

    customer.withdraw("My branch has paid me in the meantime.")

    complaint = bank.complaint(number)
    assert complaint.outcome == Outcome.WITHDRAWN
    assert complaint.archived_at is not None
    assert not bank.open_tasks(number)
    assert "withdrawn" in customer.look().lower()
    bank.move(timedelta(days=20))
    assert not bank.open_tasks(number)


def test_time_passes_every_reminder(bank: Bank, staff: Staff, customer: Customer) -> None:
    number = customer.complain(**say.COMPLAINT)
    staff.does(number, "triage", say.triaged())
    (waiting,) = bank.open_tasks(number)
    bank.move(timedelta(days=40))

    history = bank.history(number)
    rungs = [event.detail.get("rung") for event in history if event.kind in ("reminder.given", "escalated")]
    assert rungs, [event.kind for event in history]
    complaint = bank.complaint(number)
    with bank.house.ports.unit_of_work(SYSTEM) as work:
        clocks = work.clocks.find(complaint_id=complaint.id)
    passed = [
        warning
        for clock in clocks
        for warning in clock.warnings
        if warning.at <= (clock.stopped_at or bank.clock.now())
    ]
    assert passed
    assert [warning for warning in passed if not warning.given] == []
    told = [
        (event.detail["warning"]["clock"], event.detail["warning"]["percent"])
        for event in history
        if event.kind == "timer.fired" and event.element == "watch_clocks"
    ]
    assert len(told) == len(set(told)) == len(passed)
    assert [task.state for task in bank.open_tasks(number) if task.key == waiting.key] == [TaskState.OPEN]

    staff.does(number, "investigate", say.FOUND)
    staff.does(number, "draft_plan", say.planned("1500"))
    staff.does(number, "draft_answer", say.ANSWERED)
    customer.answer_offer("accept")
    bank.move(timedelta(days=4))
    assert bank.complaint(number).archived_at is not None
