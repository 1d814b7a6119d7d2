"""The complaint as expressions see and write it, and the calendar functions they call."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.domain.complaint import Grade, Information
from engine.domain.errors import NotFound, ValueRefused
from engine.domain.facts import INNER
from engine.domain.notices import Notice
from engine.feel import Environment, compile_expression
from engine.use_cases import subject
from tests.builders.cases import a_plan, a_request, an_answer
from tests.builders.house import House
from tests.builders.operating import run


@pytest.fixture
def house() -> House:
    return House()


def value(house: House, complaint_id: int, text: str) -> Any:
    with house.work() as work:
        environment = Environment(now=work.now, functions=subject.functions(work, complaint_id))
        scope = {"complaint": subject.read(work, complaint_id), "now": work.now}
        return compile_expression(text, known_names=tuple(environment.functions)).evaluate(scope, environment)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("complaint.grade", "urgent"),
        ("complaint.nature = null", True),
        ("complaint.amount > 99", True),
        ("complaint.receiving_unit", "HO"),
        ("complaint.lead_department", "CARDS"),
        ("complaint.accused", None),
        ("complaint.received_on", date(2026, 3, 2)),
        ("complaint.staff_form", False),
        ("complaint.customer.email", "alice@mail.example"),
        ("complaint.plan.amount + 1", 101),
        ("complaint.plan.author", None),
        ("complaint.answer", None),
        ("complaint.requests[1].department", "OPS"),
        ("count(complaint.requests)", 1),
        ("complaint.clocks.decision.kind", "regulatory"),
        ("complaint.clocks.decision.percent", 0),
        ("complaint.clocks.decision.late", False),
        ("complaint.clocks.nothing.due_at", None),
        ("complaint.notices", []),
        ("complaint.is_open and not(complaint.fraud)", True),
        ('unit name("OPS")', "Operations"),
        ('unit name("MARS")', None),
    ],
)
def test_expressions_see_the_rows_of_the_case(house: House, text: str, expected: Any) -> None:
    complaint = house.complaint(
        grade=Grade.URGENT, amount=Decimal(100), lead_department_id=house.units["CARDS"].id
    )
    limits = [
        {
            "name": "decision",
            "kind": "regulatory",
            "length": 15,
            "day_type": "weeks",
            "start_rule": "next_day",
        }
    ]
    run(house, "clocks.set", complaint.id, limits=limits)
    with house.work() as work:
        work.plans.add(a_plan(complaint_id=complaint.id, author_id=None))
        work.requests.add(a_request(complaint_id=complaint.id, department_id=house.units["OPS"].id))

    assert value(house, complaint.id, text) == expected


def test_facts_have_the_members_they_are_said_to_have(house: House) -> None:
    complaint = house.complaint()
    with house.work() as work:
        work.plans.add(a_plan(complaint_id=complaint.id, author_id=None))
        work.answers.add(an_answer(complaint_id=complaint.id, author_id=None))
        work.requests.add(a_request(complaint_id=complaint.id, department_id=house.units["OPS"].id))
        work.information.add(Information(0, complaint.id, work.now, "ann", "staff", "More."))
        work.notices.add(
            Notice(0, complaint.id, "received", "page", "en", None, "Received", "We have it.", work.now)
        )

    with house.work() as work:
        facts = dict(subject.read(work, complaint.id))
    contexts = {
        name: fact[0] if isinstance(fact, list) else fact for name, fact in facts.items() if name != "clocks"
    }
    found = {name: set(fact) for name, fact in contexts.items() if isinstance(fact, Mapping)}

    assert found == {name: set(members) for name, members in INNER.items()}


def test_what_is_written_is_seen_at_once(house: House) -> None:
    complaint = house.complaint()

    with house.work() as work:
        facts = subject.read(work, complaint.id)
        subject.write(work, complaint.id, "grade", "major")
        subject.write(work, complaint.id, "handling_unit", "IT")
        seen = facts["grade"], facts["handling_unit"]

    assert seen == ("major", "IT")
    assert "complaint.graded" in house.kinds()


@pytest.mark.parametrize(
    ("name", "given"),
    [("handling_unit", "MARS"), ("accused", "nobody"), ("grade", "severe"), ("number", "C-1")],
)
def test_what_cannot_be_written_names_its_field(house: House, name: str, given: str) -> None:
    complaint = house.complaint()

    with house.work() as work, pytest.raises(ValueRefused) as refused:
        subject.write(work, complaint.id, name, given)

    assert refused.value.details["field"] == f"complaint.{name}"


def test_people_are_written_by_login(house: House) -> None:
    complaint = house.complaint()
    somebody = house.somebody("handler")

    with house.work() as work:
        subject.write(work, complaint.id, "accused", somebody.login)
        subject.write(work, complaint.id, "lead_department", "")

    assert house.now_complaint(complaint.id).accused_id == somebody.person_id


def test_an_unknown_complaint_is_not_found_when_it_is_looked_at(house: House) -> None:
    with house.work() as work, pytest.raises(NotFound):
        subject.read(work, 999)["grade"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('add working days(date("2026-03-06"), 1)', date(2026, 3, 9)),
        ("add working days(now, 2)", datetime(2026, 3, 4, 9, tzinfo=UTC)),
        ('add working time(now, duration("PT1H"))', datetime(2026, 3, 3, 1, 30, tzinfo=UTC)),
        ('working days between(date("2026-03-02"), date("2026-03-09"))', 5),
        ('is working day(date("2026-03-07"))', False),
        ("add working days(now, null)", None),
        ('add working time("soon", 1)', None),
        ("working days between(null, now)", None),
    ],
)
def test_calendar_functions_count_by_the_receiving_units_calendar(
    house: House, text: str, expected: Any
) -> None:
    complaint = house.complaint()

    assert value(house, complaint.id, text) == expected


def test_another_countrys_unit_counts_by_its_own_calendar(house: House) -> None:
    complaint = house.complaint(receiving_unit_id=house.units["INTL-LON"].id)

    later = value(house, complaint.id, 'add working time(now, duration("PT9H"))')

    assert later - house.store.now == timedelta(hours=25)
