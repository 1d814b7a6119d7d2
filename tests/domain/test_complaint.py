"""A complaint's attributes: what a form or diagram may write, and what is refused at which field."""

from decimal import Decimal
from typing import Any

import pytest

from engine.domain.complaint import Grade, Nature, Outcome, Stage, closed, moved, raised, with_attribute
from engine.domain.errors import OutOfOrder, ValueRefused
from tests.builders.cases import MONDAY, a_complaint


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("product", " card ", "product", "card"),
        ("product", "", "product", None),
        ("nature", "fee_dispute", "nature", Nature.FEE_DISPUTE),
        ("amount", 12, "amount", Decimal("12.00")),
        ("amount", Decimal("0.1"), "amount", Decimal("0.10")),
        ("amount", None, "amount", None),
        ("people_affected", 20, "people_affected", 20),
        ("people_affected", None, "people_affected", 1),
        ("vulnerable", True, "vulnerable", True),
        ("media", None, "media", False),
        ("grade", "major", "grade", Grade.MAJOR),
        ("satisfaction", 5, "satisfaction", 5),
        ("handling_unit", 7, "handling_unit_id", 7),
        ("accused", 3, "accused_id", 3),
        ("stage", "offer", "stage", Stage.OFFER),
    ],
)
def test_an_attribute_is_written(name: str, value: Any, field: str, expected: Any) -> None:
    assert expected == getattr(with_attribute(a_complaint(), name, value), field)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nature", "weather"),
        ("amount", -1),
        ("amount", "much"),
        ("amount", Decimal("0.001")),
        ("amount", Decimal("1e12")),
        ("amount", Decimal("NaN")),
        ("amount", True),
        ("people_affected", 0),
        ("people_affected", 1.5),
        ("people_affected", "many"),
        ("vulnerable", "yes"),
        ("grade", "severe"),
        ("satisfaction", 6),
        ("currency", "yuan"),
        ("product", 5),
        ("product", "x" * 121),
        ("stage", None),
        ("handling_unit", "SH"),
        ("number", "C-1"),
        ("id", 2),
        ("secret_hash", "x"),
        ("nonsense", 1),
    ],
)
def test_a_value_that_does_not_fit_is_refused_at_its_field(name: str, value: Any) -> None:
    with pytest.raises(ValueRefused) as refused:
        with_attribute(a_complaint(), name, value)

    assert f"complaint.{name}" == refused.value.details["field"]


def test_a_grade_is_not_taken_away() -> None:
    with pytest.raises(ValueRefused):
        with_attribute(a_complaint(grade=Grade.URGENT), "grade", None)


def test_a_closed_complaint_takes_only_what_comes_after_the_end() -> None:
    done = closed(a_complaint(), Outcome.UPHELD, MONDAY)

    assert with_attribute(done, "satisfaction", 4).satisfaction == 4
    with pytest.raises(OutOfOrder):
        with_attribute(done, "amount", 5)
    with pytest.raises(OutOfOrder):
        moved(done, Stage.OFFER)


def test_closing_twice_keeps_the_first_outcome() -> None:
    done = closed(a_complaint(), Outcome.UPHELD, MONDAY)

    assert done == closed(done, Outcome.WITHDRAWN, MONDAY)


def test_a_grade_is_raised_but_not_lowered() -> None:
    urgent = raised(a_complaint(grade=Grade.GENERAL), Grade.URGENT, "The press asks.")

    assert (urgent.grade, urgent.grade_reason) == (Grade.URGENT, "The press asks.")
    with pytest.raises(ValueRefused):
        raised(urgent, Grade.IMPORTANT, "Calm again.")
    with pytest.raises(OutOfOrder):
        raised(closed(urgent, Outcome.UPHELD, MONDAY), Grade.MAJOR, "Too late.")
