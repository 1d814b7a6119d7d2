"""Copies of frozen rows are what the slow way would make of them."""

from dataclasses import replace

import pytest

from engine.domain.evolving import evolve, filled
from engine.domain.running import Scope

ROW = Scope(1, 2, None, {"a": 1})


def test_a_copy_has_the_changes_and_the_rest() -> None:
    changed = evolve(ROW, parent=0, values={})

    assert changed == replace(ROW, parent=0, values={})
    assert Scope(1, 2, None, {"a": 1}) == ROW
    assert list(changed.__dict__) == list(ROW.__dict__)


def test_a_name_that_is_no_field_is_refused_by_name() -> None:
    with pytest.raises(AssertionError, match=r"Scope has no \['parents'\]"):
        evolve(ROW, parents=0)


def test_a_row_is_filled_in_the_order_of_its_fields() -> None:
    assert filled(Scope, {"instance_id": 1, "number": 2, "parent": None, "values": {"a": 1}}.items()) == ROW
