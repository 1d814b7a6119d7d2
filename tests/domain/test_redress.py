"""Plans and answers: four eyes, states in their order, and what keeps an answer from going out."""

from decimal import Decimal

import pytest

from engine.domain import redress as rules
from engine.domain.errors import NotAllowed, OutOfOrder, ValueRefused
from engine.domain.redress import PlanState
from tests.builders.cases import MONDAY, a_plan, an_answer


def test_somebody_else_approves_a_plan_perhaps_with_another_amount() -> None:
    approved = rules.approve(a_plan(), 2, MONDAY, Decimal(80))

    assert (PlanState.APPROVED, 2, Decimal(80)) == (approved.state, approved.approved_by_id, approved.amount)
    with pytest.raises(NotAllowed):
        rules.approve(a_plan(), 1, MONDAY)
    with pytest.raises(ValueRefused):
        rules.approve(a_plan(), 2, MONDAY, Decimal(-1))


def test_a_plan_is_returned_with_a_reason_at_most_twice() -> None:
    once = rules.give_back(a_plan(), 2, "Show the sum.")

    assert (once.state, once.returns, once.return_reason) == (PlanState.RETURNED, 1, "Show the sum.")
    assert rules.may_be_returned(once)
    assert not rules.may_be_returned(a_plan(returns=2))
    with pytest.raises(ValueRefused):
        rules.give_back(a_plan(), 2, "")
    with pytest.raises(NotAllowed):
        rules.give_back(a_plan(), 1, "My own.")


def test_a_plan_goes_its_way_to_the_end() -> None:
    plan = rules.offer(rules.approve(a_plan(), 2, MONDAY))
    plan = rules.resolve(plan, accepted=True)
    plan = rules.fail(rules.instruct(plan, "plan-1"))
    plan = rules.confirm(rules.instruct(plan, "plan-2"), MONDAY)

    assert (plan.state, plan.instruction, plan.carried_out_at) == (PlanState.CARRIED_OUT, "plan-2", MONDAY)
    assert plan is rules.confirm(plan, MONDAY)


def test_steps_out_of_order_are_refused() -> None:
    with pytest.raises(OutOfOrder):
        rules.resolve(a_plan(), accepted=True)
    with pytest.raises(OutOfOrder):
        rules.instruct(a_plan(state=PlanState.REJECTED), "plan-1")
    with pytest.raises(OutOfOrder):
        rules.confirm(a_plan(), MONDAY)
    with pytest.raises(OutOfOrder):
        rules.approve(a_plan(state=PlanState.OFFERED), 2, MONDAY)


def test_an_offer_is_made_once() -> None:
    offered = rules.offer(a_plan())

    assert offered is rules.offer(offered)


def test_a_whole_answer_has_no_fault() -> None:
    assert rules.problems_of(an_answer()) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"appeal_path": " "}, "The appeal path is missing."),
        ({"finding": "Dear {name}"}, "The finding still has a placeholder."),
        ({"reasons": "word " * 80}, "The reasons has a sentence too long to follow."),
        ({"basis": "我们" * 80}, "The basis has a sentence too long to follow."),
    ],
)
def test_a_faulty_answer_says_what_is_wrong(changes: dict[str, str], problem: str) -> None:
    assert [problem] == rules.problems_of(an_answer(**changes))
