"""Department requests: asked, accepted, answered; returned at most three times; let go or cancelled."""

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.domain import department_requests as rules
from engine.domain.department_requests import DepartmentRequest, RequestState, Responsibility
from engine.domain.errors import OutOfOrder, ValueRefused
from tests.builders.cases import MONDAY, a_request

LATER = MONDAY + timedelta(days=3)


def answered(request: DepartmentRequest) -> DepartmentRequest:
    return rules.answer(
        request,
        LATER,
        5,
        words="A late batch run.",
        cause="system_failure",
        responsibility=Responsibility.PARTLY,
        proposed_measure="Refund",
        proposed_amount=Decimal(50),
    )


def test_a_department_accepts_and_answers() -> None:
    done = answered(rules.accept(a_request(), MONDAY))

    assert (
        done.state,
        done.accepted_at,
        done.answered_at,
        done.answered_by_id,
    ) == (RequestState.ANSWERED, MONDAY, LATER, 5)
    assert not done.is_open


def test_an_answer_without_an_acceptance_accepts_as_well() -> None:
    assert answered(a_request()).accepted_at == LATER


def test_a_question_is_returned_with_a_reason() -> None:
    returned = rules.give_back(a_request(), " Not ours. ", "OPS")

    assert (
        returned.state,
        returned.returned_reason,
        returned.better_addressee,
    ) == (RequestState.RETURNED, "Not ours.", "OPS")
    with pytest.raises(ValueRefused):
        rules.give_back(a_request(), "  ", None)


def test_a_returned_question_is_asked_of_another_department() -> None:
    placed = rules.place_again(
        rules.give_back(a_request(), "Not ours.", "OPS"), LATER, LATER, department_id=3
    )

    assert (placed.state, placed.round, placed.department_id, placed.asked_at) == (
        RequestState.ASKED,
        2,
        3,
        LATER,
    )


def test_after_three_rounds_the_decider_places_it() -> None:
    request = a_request()
    for _ in range(3):
        request = rules.place_again(rules.give_back(request, "Not ours.", None), LATER, LATER)
    returned = rules.give_back(request, "Still not ours.", None)

    assert not rules.may_be_placed_again(returned)
    with pytest.raises(OutOfOrder, match="decider"):
        rules.place_again(returned, LATER, LATER)
    assert rules.place_again(returned, LATER, LATER, by_decider=True).state == RequestState.ASKED


def test_a_department_is_let_go_once() -> None:
    gone = rules.let_go(a_request(), "No longer needed.")

    assert gone is rules.let_go(gone, "Again.")
    with pytest.raises(OutOfOrder):
        rules.let_go(answered(a_request()), "Too late.")
    with pytest.raises(ValueRefused):
        rules.let_go(a_request(), "")


def test_cancelling_spares_what_is_finished() -> None:
    done = answered(a_request())

    assert rules.cancel(a_request(), "Withdrawn.").state == RequestState.CANCELLED
    assert done is rules.cancel(done, "Withdrawn.")


@pytest.mark.parametrize("state", [RequestState.ANSWERED, RequestState.LET_GO, RequestState.CANCELLED])
def test_a_finished_request_takes_no_further_step(state: RequestState) -> None:
    finished = a_request(state=state)

    with pytest.raises(OutOfOrder):
        rules.accept(finished, LATER)
    with pytest.raises(OutOfOrder):
        rules.give_back(finished, "Not ours.", None)
    with pytest.raises(OutOfOrder):
        answered(finished)
    with pytest.raises(OutOfOrder):
        rules.place_again(finished, LATER, LATER)


def test_an_answer_needs_words() -> None:
    with pytest.raises(ValueRefused):
        rules.answer(
            a_request(),
            LATER,
            5,
            words=" ",
            cause=None,
            responsibility=Responsibility.NO,
            proposed_measure=None,
            proposed_amount=None,
        )


def test_reminders_are_counted() -> None:
    assert rules.reminded(rules.reminded(a_request())).reminders == 2
