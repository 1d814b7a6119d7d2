"""The shipped decisions: what they answer for cases a bank knows."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn.expressions import FUNCTIONS
from engine.dmn import check, read_decisions
from engine.feel import Environment
from tests.workflows.diagrams import DECISIONS, WORKFLOWS

NOW = Environment(now=datetime(2026, 11, 23, 1, 30, tzinfo=UTC), functions={})
PLAIN: Mapping[str, Any] = {
    "text": "The cash machine kept my 200.",
    "product": None,
    "business_line": None,
    "nature": None,
    "cause": None,
    "channel": "portal",
    "regime": "CN",
    "received_on": date(2026, 11, 20),
    "amount": None,
    "people_affected": 1,
    "grade": None,
    "outcome": None,
    "satisfaction": None,
    "customer": {"email": "a@example.org"},
    **dict.fromkeys(
        ["vulnerable", "media", "regulator", "repeated", "safety", "security_incident", "fraud", "self_harm"],
        False,
    ),
    "complex": False,
    "several_departments": False,
}


def decide(decision: str, complaint: Mapping[str, Any] | None = None, **inputs: Any) -> Any:
    model = read_decisions((WORKFLOWS / "decisions" / f"{decision}.dmn").read_bytes(), f"{decision}.dmn")
    return model.value(decision, {"complaint": {**PLAIN, **(complaint or {})}, **inputs}, NOW)


def test_every_file_holds_the_decision_it_is_named_after() -> None:
    names = {"severity", "screen", "classification", "routing", "time_limits"} | {
        "settlement_authority",
        "notices",
        "follow_up",
    }

    assert {path.stem for path in DECISIONS} == names
    for path in DECISIONS:
        assert path.stem in read_decisions(path.read_bytes(), path.name).decisions


@pytest.mark.parametrize(
    ("complaint", "grade"),
    [
        ({}, "general"),
        ({"amount": 9999}, "general"),
        ({"amount": 10000}, "important"),
        ({"vulnerable": True}, "important"),
        ({"repeated": True}, "important"),
        ({"nature": "information_security"}, "important"),
        # a vulnerable customer weighs more with an amount
        ({"vulnerable": True, "amount": 10000}, "urgent"),
        ({"amount": 100000}, "urgent"),
        ({"fraud": True}, "urgent"),
        ({"security_incident": True}, "urgent"),
        ({"media": True}, "urgent"),
        ({"regulator": True}, "urgent"),
        ({"people_affected": 5}, "urgent"),
        ({"people_affected": 19}, "urgent"),
        # the regulator's threshold for a group complaint
        ({"people_affected": 20}, "major"),
        ({"media": True, "regulator": True}, "major"),
        ({"self_harm": True}, "major"),
        ({"safety": True}, "major"),
        ({"amount": 1000000}, "major"),
    ],
)
def test_severity_grades(complaint: dict[str, Any], grade: str) -> None:
    found = decide("severity", complaint)

    assert found["grade"] == grade
    assert found["reason"]


@pytest.mark.parametrize(
    ("complaint", "stop_harm", "alerted"),
    [
        ({}, False, set()),
        ({"text": "我的卡被盗刷了"}, True, {"consumer_protection"}),
        ({"text": "I am being scammed right now"}, True, {"consumer_protection"}),
        ({"fraud": True}, True, {"consumer_protection"}),
        ({"text": "I will end my life"}, False, {"consumer_protection", "customer_care"}),
        ({"text": "你们泄露了我的手机号"}, False, {"consumer_protection", "legal"}),
        ({"people_affected": 20}, False, {"consumer_protection", "executive"}),
        ({"text": "A journalist is waiting"}, False, {"consumer_protection", "executive"}),
        ({"regulator": True}, False, {"consumer_protection"}),
    ],
)
def test_screen_finds_danger(complaint: dict[str, Any], stop_harm: bool, alerted: Any) -> None:
    found = decide("screen", complaint)

    assert any(each["stop_harm"] for each in found) == stop_harm
    assert {role for each in found for role in each["alert"]} == alerted


@pytest.mark.parametrize(
    ("complaint", "nature", "line", "cause"),
    [
        (
            {"product": "credit card", "text": "An annual fee I never agreed to"},
            "fee_dispute",
            "cards",
            "unclear_information",
        ),
        ({"product": "Mortgage", "text": "The clerk was rude"}, "service_attitude", "loans", "staff_error"),
        ({"text": "手机银行闪退，打不开"}, "product_defect", "e_banking", "system_failure"),
        ({"text": "转账延误三天未到账"}, "business_error", "payments", "process_gap"),
        ({"text": "my data was in a data breach"}, "information_security", "deposits", "system_failure"),
        # what people chose stands
        ({"nature": "other", "business_line": "wealth", "text": "fee"}, "other", "wealth", "other"),
        ({"fraud": True, "text": "fee"}, "fee_dispute", "deposits", "fraud"),
    ],
)
def test_classification_suggests(
    complaint: dict[str, Any], nature: str, line: str | None, cause: str
) -> None:
    assert decide("classification", complaint) == {"nature": nature, "business_line": line, "cause": cause}


@pytest.mark.parametrize(
    ("complaint", "lead", "supporting"),
    [
        ({"business_line": "cards", "nature": "fee_dispute", "grade": "general"}, "CARDS", []),
        (
            {"business_line": "cards", "nature": "fee_dispute", "several_departments": True},
            "CARDS",
            ["OPS", "RISK"],
        ),
        ({"business_line": "cards", "nature": "fee_dispute", "grade": "major"}, "CARDS", ["OPS", "RISK"]),
        ({"business_line": "cards", "nature": "information_security"}, "IT", ["RISK", "LEGAL"]),
        ({"business_line": "loans", "fraud": True}, "RISK", ["CARDS", "IT"]),
        ({"business_line": "loans", "nature": "service_attitude", "grade": "general"}, "CARE", []),
        ({"business_line": "deposits", "grade": "urgent"}, "RETAIL", []),
        ({}, "OPS", []),
    ],
)
def test_routing_names_who_leads(complaint: dict[str, Any], lead: str, supporting: list[str]) -> None:
    assert decide("routing", complaint) == {"lead_department": lead, "supporting": supporting}


@pytest.mark.parametrize(
    ("complaint", "clock", "length", "days"),
    [
        ({}, "decision", 15, "calendar_days"),
        ({"complex": True}, "decision", 30, "calendar_days"),
        # old cases keep the day type of their time
        ({"received_on": date(2019, 6, 3)}, "decision", 15, "working_days"),
        ({"received_on": date(2020, 3, 1)}, "decision", 15, "calendar_days"),
        # nothing classified yet: the strictest limit of the regime
        ({"regime": "UK"}, "decision", 15, "working_days"),
        ({"regime": "UK", "business_line": "payments"}, "decision", 15, "working_days"),
        ({"regime": "UK", "business_line": "loans"}, "decision", 8, "weeks"),
        ({"regime": "UK"}, "summary", 3, "working_days"),
        ({"regime": "US"}, "first_response", 15, "calendar_days"),
        ({"regime": "US"}, "decision", 60, "calendar_days"),
        ({}, "triage", 8, "working_hours"),
        ({"grade": "general"}, "handling", 10, "working_days"),
        ({"grade": "important"}, "handling", 7, "working_days"),
        ({"grade": "urgent"}, "handling", 3, "working_days"),
        ({"grade": "major"}, "handling", 16, "working_hours"),
    ],
)
def test_time_limits_by_regime_and_grade(
    complaint: dict[str, Any], clock: str, length: int, days: Any
) -> None:
    found = [each for each in decide("time_limits", complaint) if each["name"] == clock]

    assert [(each["length"], each["day_type"]) for each in found] == [(length, days)]


@pytest.mark.parametrize("regime", ["CN", "UK", "US"])
@pytest.mark.parametrize("grade", [None, "general", "important", "urgent", "major"])
@pytest.mark.parametrize("line", [None, "payments", "cards"])
def test_no_clock_is_given_twice_and_the_decision_always_has_one(
    regime: str, grade: str, line: str | None
) -> None:
    names = [
        each["name"]
        for each in decide("time_limits", {"regime": regime, "grade": grade, "business_line": line})
    ]

    assert "decision" in names
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("role", "grade", "amount", "needed", "approver"),
    [
        ("first_owner", None, 500, False, None),
        ("first_owner", None, 501, True, "approver"),
        ("handler", "general", 2000, False, None),
        ("handler", "general", 2001, True, "approver"),
        ("handler", "important", 501, True, "approver"),
        ("handler", "urgent", 0, True, "approver"),
        ("handler", "general", 50001, True, "executive"),
        ("handler", "major", 0, True, "executive"),
        # a grade nobody knows, and a role without an authority of its own
        ("handler", None, 0, True, "approver"),
        ("handler", "severe", 100, True, "approver"),
        ("handler", "severe", 50001, True, "executive"),
        ("quality_officer", "general", 0, True, "approver"),
        (None, "major", 50001, True, "approver"),
    ],
)
def test_settlement_authority(
    role: str | None, grade: str | None, amount: int, needed: bool, approver: str | None
) -> None:
    found = decide("settlement_authority", {"grade": grade}, role=role, amount=amount)

    assert found == {"approval_needed": needed, "approver_role": approver}


def test_settlement_authority_answers_whatever_it_is_asked() -> None:
    for grade in (None, "general", "important", "urgent", "major"):
        for amount in (0, 500, 2000, 50000, 50001):
            for role in ("first_owner", "handler"):
                assert decide("settlement_authority", {"grade": grade}, role=role, amount=amount) is not None


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_no_decision_leaves_a_case_open_or_answers_one_twice(path: Path) -> None:
    model = read_decisions(path.read_bytes(), path.name, lenient=True)

    assert check(model, functions=FUNCTIONS) == []


def test_notices_choose_mail_where_there_is_an_address() -> None:
    reached = decide("notices", event="received")
    unreached = decide("notices", {"customer": {"email": None}}, event="received")

    assert reached == [{"template": "received", "channel": "email"}]
    assert unreached == [{"template": "received", "channel": "page"}]


@pytest.mark.parametrize(
    ("complaint", "days", "survey"),
    [
        ({"grade": "major", "outcome": "upheld"}, 7, True),
        ({"grade": "general", "outcome": "upheld", "satisfaction": 1}, 15, False),
        ({"grade": "general", "outcome": "upheld"}, None, True),
        ({"grade": "general", "outcome": "withdrawn"}, None, False),
    ],
)
def test_follow_up(complaint: dict[str, Any], days: Any, survey: bool) -> None:
    found = decide("follow_up", complaint)

    assert (found["visit_after_days"], found["survey"]) == (days, survey)
