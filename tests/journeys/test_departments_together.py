"""A collaboration of three departments, of which one returns the request and one is late."""

from datetime import timedelta

import pytest

from engine.domain.actor import SYSTEM
from engine.domain.complaint import Outcome
from engine.domain.department_requests import RequestState
from tests.journeys import answers as say
from tests.journeys.bank import Bank
from tests.journeys.people import Customer, Staff

pytestmark = pytest.mark.browser


def test_three_departments_one_returns_and_one_is_late(bank: Bank, staff: Staff, customer: Customer) -> None:
    number = customer.complain(**say.COMPLAINT)
    staff.does(number, "triage", say.triaged(**{"complaint.several_departments": True}))
    staff.does(number, "investigate_own_part", say.FOUND)
    coordinator = staff.does(number, "convene", say.CONVENED)

    staff.does(number, "accept_request", say.ACCEPTED, unit="CARDS")
    staff.does(number, "answer_request", say.department_answer("yes"), unit="CARDS")
    staff.does(
        number,
        "accept_request",
        {
            "request.verdict": "return",
            "request.reason": "The service contract lies with IT.",
            "request.better_addressee": "IT",
        },
        unit="RISK",
    )
    staff.does(
        number,
        "redirect",
        {
            "redirect.verdict": "another",
            "redirect.department": "IT",
            "redirect.question": "Why was the alarm not followed up?",
        },
    )
    staff.does(number, "accept_request", say.ACCEPTED, unit="IT")
    staff.does(number, "answer_request", say.department_answer("partly"), unit="IT")
    bank.move(timedelta(days=9))

    kinds = [(event.kind, event.element) for event in bank.history(number)]
    fired = {element for kind, element in kinds if kind == "timer.fired"}
    assert {"acceptance_due", "acceptance_late"} <= fired
    page = staff.at_desk(coordinator)
    page.goto(f"{bank.address}/desk/collaborations/{number}")
    board = page.locator("main").inner_text()
    assert "Operations" in board
    assert "late" in board.lower()

    staff.does(number, "accept_request", say.ACCEPTED, unit="OPS")
    staff.does(number, "answer_request", say.department_answer("no"), unit="OPS")
    staff.does(number, "consolidate", say.CONSOLIDATED)
    complaint = bank.complaint(number)
    with bank.house.ports.unit_of_work(SYSTEM) as work:
        states = {
            work.units.get(r.department_id).code: r.state
            for r in work.requests.find(complaint_id=complaint.id)
        }
    assert states["CARDS"] == states["OPS"] == states["IT"] == RequestState.ANSWERED

    staff.does(number, "draft_plan", say.planned("1500"))
    staff.does(number, "draft_answer", say.ANSWERED)
    customer.answer_offer("accept")
    bank.move(timedelta(days=4))
    assert bank.complaint(number).outcome == Outcome.UPHELD
    assert bank.complaint(number).archived_at is not None


def test_a_department_is_invited_late_and_another_let_go(
    bank: Bank, staff: Staff, customer: Customer
) -> None:
    number = customer.complain(**say.COMPLAINT)
    staff.does(number, "triage", say.triaged(**{"complaint.several_departments": True}))
    staff.does(number, "investigate_own_part", say.FOUND)
    coordinator = staff.does(number, "convene", {**say.CONVENED, "convene.departments": ["CARDS", "OPS"]})
    page = staff.at_desk(coordinator)

    page.goto(f"{bank.address}/desk/collaborations/{number}")
    page.locator("details:has(form[action$='/invite']) > summary").click()
    page.locator("form[action$='/invite'] [name=department]").select_option("LEGAL")
    page.locator("form[action$='/invite'] [name=question]").fill("May we pay before the fault is settled?")
    page.locator("form[action$='/invite'] button").last.click()
    bank.tick()
    staff.does(number, "accept_request", say.ACCEPTED, unit="LEGAL")
    page.goto(f"{bank.address}/desk/collaborations/{number}")
    asked = page.locator("article.ask", has=page.get_by_role("heading", name="Operations"))
    asked.locator("details > summary").click()
    asked.locator("[name=reason]").fill("The card centre answers for both.")
    asked.locator("details form button").click()
    bank.tick()

    assert not [
        task
        for task in bank.open_tasks(number)
        if task.element == "accept_request" and staff.unit_of(task) == "OPS"
    ]
    staff.does(number, "answer_request", say.department_answer("no"), unit="LEGAL")
    staff.does(number, "accept_request", say.ACCEPTED, unit="CARDS")
    staff.does(number, "answer_request", say.department_answer("yes"), unit="CARDS")
    staff.does(number, "consolidate", say.CONSOLIDATED)
    staff.waiting(number, "draft_plan")
