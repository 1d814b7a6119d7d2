"""The shipped processes at work in the demo bank: the whole road, and what happens beside it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from engine.domain.actor import SYSTEM
from engine.domain.errors import NotAllowed, OutOfOrder
from engine.domain.steering import Act, Verb
from engine.domain.task import may_do, require_may_do
from engine.use_cases import case, collaboration
from engine.use_cases.steering import steer
from tests.workflows.road import Road


@pytest.fixture
def road() -> Road:
    return Road()


@pytest.fixture(autouse=True)
def without_incidents(road: Road) -> Iterator[None]:
    yield
    assert road.incidents() == []


def test_a_plain_complaint_goes_the_whole_road(road: Road) -> None:
    id = road.submit()
    road.go_on(id)
    road.answer_offer(id, accepted=True)

    complaint = road.complaint(id)
    assert road.done == ["triage", "investigate", "draft_plan", "draft_answer"]
    assert road.notices(id) == ["received", "accepted", "decision", "closed"]
    assert (complaint.grade, complaint.stage, complaint.outcome) == ("general", "closed", "upheld")
    assert road.is_over(id)
    assert len(road.files.kept) == 1


@pytest.mark.parametrize(
    ("answers", "grade", "alerted", "also_done"),
    [
        ({}, "general", [], set()),
        ({"complaint__vulnerable": True}, "important", ["head"], {"check_answer"}),
        (
            {"complaint__security_incident": True},
            "urgent",
            ["head", "consumer_protection"],
            {"approve_plan", "check_answer"},
        ),
        (
            {"complaint__people_affected": 30},
            "major",
            ["executive", "legal", "consumer_protection"],
            {"acknowledge_alert", "approve_at_top", "check_answer", "convene"},
        ),
    ],
)
def test_each_grade_goes_its_own_way(
    road: Road, answers: dict[str, Any], grade: str, alerted: Any, also_done: set[str]
) -> None:
    id = road.submit()
    road.do(id, "triage", **answers)
    road.go_on(id)

    assert road.complaint(id).grade == grade
    assert [event.detail["role"] for event in road.store.events("people.alerted")] == alerted
    assert also_done <= set(road.done)
    assert road.complaint(id).stage == "offer"


def test_the_front_line_settles_at_once(road: Road) -> None:
    id = road.submit(staff="first_owner", settle_now=True)
    road.go_on(id)

    assert road.done == ["settle_at_once"]
    assert road.notices(id) == ["received", "settled_at_once", "closed"]
    assert road.complaint(id).outcome == "settled_at_once"


@pytest.mark.parametrize(
    "answers",
    [
        {"settlement__settled": "no", "settlement__note": "Wants more."},
        # above the front line's authority
        {"settlement__amount": 900},
    ],
)
def test_what_the_front_line_cannot_settle_goes_to_triage(road: Road, answers: dict[str, Any]) -> None:
    id = road.submit(staff="first_owner", settle_now=True)
    road.do(id, "settle_at_once", **answers)

    assert road.waiting(id) == ["triage"]


def test_the_front_line_has_four_working_hours(road: Road) -> None:
    id = road.submit(staff="first_owner", settle_now=True)
    road.wait(hours=7)

    assert road.waiting(id) == ["triage"]


def test_what_is_no_complaint_is_checked_by_another(road: Road) -> None:
    id = road.submit()
    done = road.do(id, "triage", triage__verdict="not_a_complaint", triage__reason="A question")
    first = road.who_may(done)
    check = road.tasks(id)[0]

    assert not may_do(check, first, road.complaint(id))

    road.go_on(id)
    assert road.done == ["triage", "second_check", "draft_pointer"]
    assert road.notices(id) == ["received", "not_a_complaint", "closed"]


def test_a_second_check_that_disagrees_makes_it_a_complaint(road: Road) -> None:
    id = road.submit()
    road.do(id, "triage", triage__verdict="not_a_complaint", triage__reason="A question")
    road.do(id, "second_check", check__agreed="no", check__reason="It is one")

    assert road.waiting(id) == ["investigate"]


def test_a_duplicate_joins_the_earlier_one(road: Road) -> None:
    first = road.submit()
    second = road.submit(key="key-2")
    number = road.complaint(first).number
    road.do(second, "triage", triage__verdict="duplicate", triage__duplicate_of=number, triage__reason="Same")
    road.go_on(second)

    assert road.complaint(second).duplicate_of_id == first
    assert road.notices(second) == ["received", "joined", "closed"]


def test_harm_under_way_is_stopped_beside_the_road(road: Road) -> None:
    unknown = road.submit(text="我的卡被盗刷了")
    known = road.submit(text="我的卡被盗刷了", product="credit_card", key="key-2")

    assert road.waiting(unknown) == ["confirm_stop", "triage"]
    assert road.waiting(known) == ["triage"]
    assert "harm.stop_asked" in road.kinds(known)


def together(road: Road, *departments: str) -> int:
    id = road.submit()
    road.do(id, "triage", complaint__several_departments=True)
    road.do(id, "convene", convene__departments=list(departments))
    return id


def test_three_departments_one_returns_and_one_is_late(road: Road) -> None:
    id = together(road, "OPS", "IT", "CARE")
    road.do(
        id,
        "accept_request",
        request__verdict="return",
        request__reason="Not ours",
        request__better_addressee="RISK",
    )
    road.do(id, "redirect", redirect__verdict="another", redirect__department="RISK")
    road.do(id, "accept_request")
    road.wait(days=7)
    road.go_on(id)

    kinds = road.kinds(id)
    assert kinds.count("department.answered") == 3
    assert kinds.count("reminder.given") >= 3
    assert kinds.count("escalated") >= 3
    assert road.notices(id)[:3] == ["received", "accepted", "transferred"]
    assert road.complaint(id).stage == "offer"


def test_after_three_rounds_the_office_places_a_request(road: Road) -> None:
    id = together(road, "OPS")
    for _ in range(2):
        road.do(id, "accept_request", request__verdict="return", request__reason="Not ours")
        road.do(id, "redirect")
    road.do(id, "accept_request", request__verdict="return", request__reason="Not ours")

    assert road.waiting(id) == ["investigate_own_part", "place_request"]

    road.do(id, "place_request", redirect__verdict="let_go")
    assert road.waiting(id) == ["consolidate", "investigate_own_part"]


def test_departments_are_invited_and_let_go_while_it_runs(road: Road) -> None:
    id = together(road, "OPS")
    office = road.person("consumer_protection")
    collaboration.invite(road.ports, office, id, "CARDS", "Did you block the card?", 2)

    assert road.waiting(id).count("accept_request") == 2

    requests = list(road.store.tables.rows["requests"].values())
    collaboration.let_go(road.ports, office, requests[0].id, "Solved elsewhere")
    assert road.waiting(id).count("accept_request") == 1

    road.do(id, "accept_request")
    road.do(id, "answer_request")
    assert "consolidate" in road.waiting(id)


def test_on_hold_a_department_is_invited_once_and_asked_when_the_case_goes_on(road: Road) -> None:
    id = together(road, "OPS")
    office = road.person("consumer_protection")
    with road.ports.unit_of_work(SYSTEM) as work:
        (instance,) = [each for each in work.processes.of_complaint(id) if each.process == "complaint"]
    steer(road.ports, SYSTEM, instance.id, Act(Verb.SUSPEND), "The core system is down.")

    collaboration.invite(road.ports, office, id, "CARDS", "Did you block the card?", 2)
    with pytest.raises(OutOfOrder, match="is asked already"):
        collaboration.invite(road.ports, office, id, "CARDS", "Did you?", 2)
    collaboration.invite(road.ports, office, id, "LEGAL", "May we pay?", 2)
    steer(road.ports, SYSTEM, instance.id, Act(Verb.RESUME), "It is back.")

    assert road.waiting(id).count("accept_request") == 3


def test_a_dispute_between_departments_never_holds_up_the_customer(road: Road) -> None:
    id = together(road, "OPS")
    road.go_on(id, until="consolidate")
    road.do(id, "consolidate", joint__agreed="no")
    if "investigate_own_part" in road.waiting(id):
        road.do(id, "investigate_own_part")

    assert road.waiting(id) == ["decide_dispute", "draft_plan"]


def test_a_plan_is_returned_twice_at_most_then_goes_one_level_up(road: Road) -> None:
    id = road.submit()
    road.go_on(id, until="draft_plan")
    for _ in range(3):
        road.do(id, "draft_plan", plan__amount=5000)
        road.do(id, "approve_plan", approval__verdict="return", approval__reason="Too much")

    assert road.waiting(id) == ["approve_at_top"]

    road.do(
        id, "approve_at_top", approval__verdict="change", approval__amount=3000, approval__reason="Enough"
    )
    plans = list(road.store.tables.rows["plans"].values())
    assert road.waiting(id) == ["draft_answer"]
    assert [(plan.amount, plan.returns, plan.state) for plan in plans] == [(3000, 2, "approved")]


def test_nobody_approves_their_own_plan(road: Road) -> None:
    id = road.submit()
    road.go_on(id, until="draft_plan")
    author = road.who_may(road.do(id, "draft_plan", plan__amount=5000))

    assert author.person_id in road.tasks(id)[0].excluded


def test_an_answer_without_an_appeal_path_does_not_go_out(road: Road) -> None:
    id = road.submit()
    road.go_on(id, until="draft_answer")
    road.do(id, "draft_answer", answer__appeal_path="")

    assert road.waiting(id) == ["draft_answer"]
    assert "decision" not in road.notices(id)


def test_quality_may_return_an_answer(road: Road) -> None:
    id = road.submit()
    road.do(id, "triage", complaint__vulnerable=True)
    road.go_on(id, until="check_answer")
    road.do(id, "check_answer", quality__verdict="return", quality__note="Plainer, please.")

    assert road.waiting(id) == ["draft_answer"]


def test_a_rejected_offer_is_bettered_once_then_the_appeal_path_is_named(road: Road) -> None:
    id = road.submit(amount=1000)
    road.go_on(id)
    road.answer_offer(id, accepted=False)
    assert road.waiting(id) == ["draft_plan"]

    road.do(id, "draft_plan", plan__amount=400)
    road.go_on(id)
    road.answer_offer(id, accepted=False)
    assert road.notices(id)[-3:] == ["decision", "offer_rejected_final", "closed"]


def test_a_claim_met_in_full_has_no_room_for_more(road: Road) -> None:
    id = road.submit(amount=250)
    road.go_on(id)
    road.answer_offer(id, accepted=False)

    assert road.notices(id)[-2:] == ["offer_rejected_final", "closed"]


def test_an_offer_nobody_answers_closes_on_the_decision(road: Road) -> None:
    id = road.submit()
    road.go_on(id)
    road.wait(days=16)

    assert road.complaint(id).stage == "closed"


def test_a_complaint_that_is_not_upheld_closes_with_the_decision(road: Road) -> None:
    id = road.submit()
    road.go_on(id, until="draft_plan")
    road.do(id, "draft_plan", plan__outcome="not_upheld", plan__amount=0, plan__measures="We explain why.")
    road.go_on(id)

    assert road.complaint(id).outcome == "not_upheld"


def test_a_payment_that_fails_is_repaired(road: Road) -> None:
    road.bank_refuses = 1
    id = road.submit()
    road.go_on(id)
    road.answer_offer(id, accepted=True)
    assert road.waiting(id) == ["repair"]

    road.go_on(id)
    assert "redress.carried_out" in road.kinds(id)
    assert road.complaint(id).stage == "closed"


def test_a_bank_without_a_word_is_chased(road: Road) -> None:
    id = road.submit()
    road.go_on(id)
    case.answer_offer(road.ports, road.customer(id), id, True)
    road.wait(days=4)

    assert [event.detail["role"] for event in road.store.events("people.alerted")] == ["finance"]

    road.deliver()
    assert road.complaint(id).stage == "closed"


def test_a_withdrawal_ends_everything_the_same_day(road: Road) -> None:
    id = together(road, "OPS", "IT")
    case.withdraw(road.ports, road.customer(id), id, "Solved")

    requests = list(road.store.tables.rows["requests"].values())
    assert road.waiting(id) == []
    assert {str(request.state) for request in requests} == {"cancelled"}
    assert road.notices(id)[-1] == "withdrawn"
    assert road.complaint(id).outcome == "withdrawn"
    assert road.is_over(id)


def test_information_is_added_again_and_again(road: Road) -> None:
    id = road.submit()
    road.do(id, "triage")
    case.add_information(road.ports, road.customer(id), id, "A photograph", key="1")
    case.add_information(road.ports, road.customer(id), id, "A letter", key="2")

    assert road.waiting(id) == ["investigate", "review_information", "review_information"]
    assert road.notices(id)[-2:] == ["information_received"] * 2


def test_new_facts_grade_again(road: Road) -> None:
    id = road.submit()
    road.do(id, "triage")
    case.add_information(road.ports, road.customer(id), id, "We are twelve", key="1")
    road.do(id, "review_information", information__new_facts="yes", complaint__people_affected=12)

    assert road.complaint(id).grade == "urgent"
    assert road.waiting(id) == ["investigate"]


def test_a_raise_keeps_the_time_used_and_tells_the_executives(road: Road) -> None:
    id = road.submit()
    road.do(id, "triage")
    before = {clock.name: clock for clock in road.store.tables.rows["clocks"].values()}
    road.store.now += timedelta(days=1)
    case.raise_grade(road.ports, road.person("consumer_protection"), id, "major", "The press asks")

    after = {clock.name: clock for clock in road.store.tables.rows["clocks"].values()}
    assert after["handling"].started_at == before["handling"].started_at
    assert after["handling"].due_at < before["handling"].due_at
    assert "acknowledge_raised" in road.waiting(id)


def test_each_rung_of_the_ladder_is_told_once(road: Road) -> None:
    id = road.submit()
    road.wait(days=20)

    told = [
        (event.detail["clock"], event.detail["rung"])
        for event in road.store.tables.events
        if event.kind in ("reminder.given", "escalated")
    ]
    assert told == [
        ("triage", "remind"),
        ("triage", "head"),
        ("decision", "remind"),
        ("decision", "head"),
        ("decision", "office"),
        ("decision", "office"),
    ]
    assert "in_progress" in road.notices(id)


def test_a_late_british_case_gets_a_holding_answer_before_the_limit(road: Road) -> None:
    id = road.submit(unit="INTL-LON")
    road.do(id, "triage", complaint__business_line="loans")
    road.wait(days=60)

    held = next(n for n in road.store.tables.rows["notices"].values() if n.event == "holding")
    limit = next(c for c in road.store.tables.rows["clocks"].values() if c.name == "decision")
    assert held.written_at < limit.due_at
    assert "Financial Ombudsman Service" in held.body


def test_no_clock_runs_while_the_offer_is_open(road: Road) -> None:
    id = road.submit()
    road.go_on(id)

    assert all(clock.stopped_at for clock in road.store.tables.rows["clocks"].values())
    assert id


def test_the_accused_never_works_on_the_complaint(road: Road) -> None:
    id = road.submit()
    accused = road.person("handler")
    road.do(id, "triage", complaint__accused=accused.login)
    task = next(task for task in road.tasks(id) if task.element == "investigate")

    with pytest.raises(NotAllowed):
        require_may_do(task, accused, road.complaint(id))


def test_the_history_says_in_words_why_a_decision_came_out_as_it_did(road: Road) -> None:
    id = road.submit()
    road.go_on(id)

    with road.store.unit_of_work(SYSTEM) as work:
        decided = [event.detail for event in work.events(id) if event.kind == "decision.made"]

    (grading,) = [detail for detail in decided if detail["decision"] == "severity"][:1]
    assert any("matched" in sentence and '"general"' in sentence for sentence in grading["why"])
    assert all(len(sentence) <= 400 for detail in decided for sentence in detail["why"])


def test_the_history_says_in_words_why_a_notice_was_written(road: Road) -> None:
    id = road.submit()

    with road.store.unit_of_work(SYSTEM) as work:
        written = [event.detail for event in work.events(id) if event.kind == "notice.written"]

    assert any('"received"' in sentence for sentence in written[0]["why"])
    assert any("matched" in sentence for sentence in written[0]["why"])
