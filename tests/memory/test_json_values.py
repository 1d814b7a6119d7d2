"""JSON in memory is JSON on a database: the same values come back."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.complaint import Grade
from engine.memory.json_values import as_json
from engine.store.column_types import from_json_text, to_json_text

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.decimals(-(10**9), 10**9, allow_nan=False, places=2)
    | WORDS
    | st.sampled_from(Grade)
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3)
)


@given(VALUES)
def test_a_value_comes_back_as_from_a_column(value: Any) -> None:
    assert as_json(value) == from_json_text(to_json_text(value))


@pytest.mark.parametrize("value", [object(), Decimal("NaN"), b"bytes"])
def test_what_json_has_no_word_for_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        as_json({"x": value})


def test_text_tuples_and_moments_become_plain() -> None:
    found = as_json(
        {"grade": Grade.MAJOR, "days": (date(2026, 1, 1),), "at": datetime(2026, 1, 1, tzinfo=UTC)}
    )

    assert found == {"grade": "major", "days": ["2026-01-01"], "at": "2026-01-01T00:00:00+00:00"}
    assert type(found["grade"]) is str
