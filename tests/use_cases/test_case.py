"""The whole case: information, withdrawal, raising, the answer to an offer, the customer's mark."""

from datetime import timedelta

import pytest

from engine.domain.actor import customer_of
from engine.domain.complaint import Grade, Outcome, Stage
from engine.domain.errors import NotAllowed, NotFound, OutOfOrder, ValueRefused
from engine.use_cases import case
from engine.use_cases.intake import Upload
from tests.builders.house import House


@pytest.fixture
def house() -> House:
    return House()


def test_added_information_is_kept_and_told_to_the_process_once(house: House) -> None:
    complaint = house.complaint()
    customer = customer_of(complaint.id)

    first = case.add_information(house.ports, customer, complaint.id, " I found the slip. ", key="1")
    again = case.add_information(house.ports, customer, complaint.id, "I found the slip.", key="1")

    assert first == again
    with house.work() as work:
        assert [added.text for added in work.information.find()] == ["I found the slip."]
    information = {"information": {"kind": "customer", "text": "I found the slip."}}
    assert [("information added", str(complaint.id), information)] == house.engine.published


def test_a_file_may_come_without_words_but_nothing_at_all_may_not(house: House) -> None:
    complaint = house.complaint()
    photo = Upload("slip.jpg", "image/jpeg", b"photo")

    case.add_information(house.ports, customer_of(complaint.id), complaint.id, "", [photo])

    with pytest.raises(ValueRefused):
        case.add_information(house.ports, customer_of(complaint.id), complaint.id, " ")


def test_another_customers_complaint_does_not_exist(house: House) -> None:
    mine, other = house.complaint(), house.complaint()

    for do in (
        lambda: case.add_information(house.ports, customer_of(mine.id), other.id, "Mine?"),
        lambda: case.withdraw(house.ports, customer_of(mine.id), other.id, ""),
        lambda: case.answer_offer(house.ports, customer_of(mine.id), other.id, True),
        lambda: case.rate(house.ports, customer_of(mine.id), other.id, 5),
    ):
        with pytest.raises(NotFound):
            do()


def test_a_withdrawal_reaches_the_process_once(house: House) -> None:
    complaint = house.complaint()
    customer = customer_of(complaint.id)

    case.withdraw(house.ports, customer, complaint.id, "Solved.", key="1")
    case.withdraw(house.ports, customer, complaint.id, "Solved.", key="1")

    assert [("withdrawn", str(complaint.id), {"reason": "Solved."})] == house.engine.published


def test_what_no_process_waits_for_is_refused_and_leaves_no_trace(house: House) -> None:
    complaint = house.complaint()
    house.engine.hears = False

    with pytest.raises(OutOfOrder):
        case.withdraw(house.ports, customer_of(complaint.id), complaint.id, "", key="1")
    with pytest.raises(OutOfOrder, match="no open offer"):
        case.answer_offer(house.ports, customer_of(complaint.id), complaint.id, True, key="1")

    assert house.kinds() == []
    with house.work() as work:
        assert work.done(f"withdraw:{complaint.id}:1") is None


def test_a_closed_complaint_is_neither_added_to_nor_withdrawn(house: House) -> None:
    closed = house.complaint(closed_at=house.store.now, stage=Stage.CLOSED, outcome=Outcome.UPHELD)

    with pytest.raises(OutOfOrder):
        case.add_information(house.ports, customer_of(closed.id), closed.id, "One more thing.")
    with pytest.raises(OutOfOrder):
        case.withdraw(house.ports, customer_of(closed.id), closed.id, "")


def test_an_offer_is_answered_once(house: House) -> None:
    complaint = house.complaint()

    for _ in range(2):
        case.answer_offer(house.ports, customer_of(complaint.id), complaint.id, False, "Too little.", key="1")

    variables = {"accepted": False, "comment": "Too little."}
    assert [("offer answered", str(complaint.id), variables)] == house.engine.published
    assert house.kinds() == ["offer.rejected"]


def test_staff_raise_a_grade_with_a_reason(house: House) -> None:
    complaint = house.complaint(grade=Grade.GENERAL)
    officer = house.somebody("triage_officer")

    case.raise_grade(house.ports, officer, complaint.id, "urgent", "The press asks.")

    variables = {"grade": "urgent", "reason": "The press asks.", "by": officer.login}
    assert [("raised", str(complaint.id), variables)] == house.engine.published
    for grade, reason in (("general", "Calm."), ("severe", "x"), ("major", " ")):
        with pytest.raises(ValueRefused):
            case.raise_grade(house.ports, officer, complaint.id, grade, reason)


def test_a_grade_no_process_waits_for_is_raised_all_the_same(house: House) -> None:
    complaint = house.complaint(grade=Grade.GENERAL)
    house.engine.hears = False

    case.raise_grade(
        house.ports, house.somebody("triage_officer"), complaint.id, "major", "The regulator asks."
    )

    assert house.now_complaint(complaint.id).grade == Grade.MAJOR
    assert [complaint.id] == house.engine.clocks_changed_of


def test_a_quality_officer_does_not_raise_grades(house: House) -> None:
    complaint = house.complaint()

    with pytest.raises(NotAllowed):
        case.raise_grade(house.ports, house.somebody("quality_officer"), complaint.id, "major", "I think so.")


def test_a_customer_marks_a_closed_complaint_and_may_change_their_mind(house: House) -> None:
    open_still = house.complaint()
    closed = house.complaint(closed_at=house.store.now, stage=Stage.CLOSED, outcome=Outcome.UPHELD)
    house.store.now += timedelta(days=1)

    case.rate(house.ports, customer_of(closed.id), closed.id, 2)
    case.rate(house.ports, customer_of(closed.id), closed.id, 4)

    assert house.now_complaint(closed.id).satisfaction == 4
    with pytest.raises(ValueRefused):
        case.rate(house.ports, customer_of(closed.id), closed.id, 6)
    with pytest.raises(OutOfOrder):
        case.rate(house.ports, customer_of(open_still.id), open_still.id, 5)
