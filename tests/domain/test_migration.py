"""What counts as a mapping, and how much is told of what speaks against a migration."""

from typing import Any

import pytest

from engine.domain.errors import ValueRefused
from engine.domain.migration import LONGEST_NAME, MOST_TOLD, MigrationPlan, mappings_of


@pytest.mark.parametrize(
    "said",
    [
        # no mapping at all
        "x",
        [1],
        None,
        # of a process, but not from elements to elements
        {"p": [1]},
        {"p": "u"},
        {"p": {"u": ["x"]}},
        {"p": {"u": {"typename": "x"}}},
        {"p": {"u": None}},
        {"p": {1: "u"}},
        {1: {"u": "v"}},
        # names that are none
        {"p": {"u": "x" * (LONGEST_NAME + 1)}},
        {"p": {"x" * 5_000_000: "u"}},
        {"x" * (LONGEST_NAME + 1): {}},
    ],
    ids=lambda said: repr(said)[:30],
)
def test_what_is_no_mapping_is_refused_at_its_field(said: Any) -> None:
    with pytest.raises(ValueRefused) as refused:
        mappings_of(said)

    assert refused.value.details["field"] == "mapping"
    assert len(refused.value.message) < 500


def test_a_mapping_is_taken_as_it_is_whatever_its_names_are_called() -> None:
    said = {"p": {"u": "v", "old": "", "__class__": "typename"}}

    assert mappings_of(said) is said


def test_of_very_many_reasons_the_first_are_told() -> None:
    many = tuple(f"Reason {number}." for number in range(MOST_TOLD + 3))
    plan = MigrationPlan(1, "p", 1, 2, reasons=many)

    assert plan.why_not.startswith("Reason 0. Reason 1.")
    assert plan.why_not.endswith(f"Reason {MOST_TOLD - 1}. And 3 more: a dry run tells them.")
    assert MigrationPlan(1, "p", 1, 2, reasons=many[:2]).why_not == "Reason 0. Reason 1."
