"""From the portal to the archive, once for each grade, in a real browser."""

from datetime import timedelta

import pytest

from engine.domain.complaint import Grade, Outcome
from tests.journeys import answers as say
from tests.journeys.bank import Bank
from tests.journeys.people import Answers, Customer, Staff

pytestmark = pytest.mark.browser

SEVERE = [
    # grade, what triage adds, the amount planned, who approves
    (Grade.GENERAL, {"complaint.amount": "5000"}, "1500", None),
    (Grade.IMPORTANT, {"complaint.amount": "20000"}, "5000", "approve_plan"),
    (Grade.URGENT, {"complaint.media": True}, "5000", "approve_plan"),
    (Grade.MAJOR, {"complaint.people_affected": "25"}, "5000", "approve_at_top"),
]


def through_investigation(staff: Staff, number: str) -> None:
    """Several departments, where the grade asks for them; else one handler."""
    waiting = {task.element for task in staff.bank.open_tasks(number)}
    if "investigate" in waiting:
        staff.does(number, "investigate", say.FOUND)
        return
    staff.does(number, "investigate_own_part", say.FOUND)
    staff.does(number, "convene", {**say.CONVENED, "convene.departments": ["OPS"]})
    staff.does(number, "accept_request", say.ACCEPTED)
    staff.does(number, "answer_request", say.department_answer("yes"))
    staff.does(number, "consolidate", say.CONSOLIDATED)


@pytest.mark.parametrize(
    ("grade", "triage", "amount", "approval"), SEVERE, ids=[str(row[0]) for row in SEVERE]
)
def test_a_complaint_goes_the_whole_road(
    bank: Bank,
    staff: Staff,
    customer: Customer,
    grade: Grade,
    triage: Answers,
    amount: str,
    approval: str | None,
) -> None:
    number = customer.complain(**say.COMPLAINT)
    assert say.COMPLAINT["text"] in customer.look()
    assert customer.page.locator(".walk li").count() == 4

    triager = staff.does(number, "triage", {**say.triaged(), **triage})
    assert bank.complaint(number).grade == grade
    if grade == Grade.MAJOR:
        staff.does(number, "acknowledge_alert", say.ALERT_SEEN)
    through_investigation(staff, number)
    author = staff.does(number, "draft_plan", say.planned(amount))
    if approval is not None:
        assert staff.does(number, approval, say.APPROVED) != author
    author = staff.does(number, "draft_answer", say.ANSWERED)
    if grade != Grade.GENERAL:
        assert staff.does(number, "check_answer", say.CHECKED) != author
    assert str(say.ANSWERED["answer.finding"]) in customer.look()
    customer.answer_offer("accept")
    bank.move(timedelta(days=4))

    closed = bank.complaint(number)
    assert closed.outcome == Outcome.UPHELD
    assert closed.archived_at is not None
    assert not bank.open_tasks(number)
    assert not bank.incidents(number)
    assert "closed" in customer.look().lower()
    page = staff.at_desk(triager)
    page.goto(f"{bank.address}/desk/complaints/{number}?tab=archive")
    assert "SHA-256" in page.locator("main").inner_text()
