"""Of two files that offer the same only the nearer one counts."""

import pytest

from engine.bpmn.rules.editions import Editions
from tests.builders.checking import a_form
from tests.builders.diagrams import diagram, end, flows, process, start

PROCESS = diagram(process("p", start(), end(), flows("start", "end")))
(FORM,) = a_form("ask", "x").values()


@pytest.mark.parametrize(
    ("near", "far", "is_left_out"),
    [
        (("ours.bpmn", PROCESS), ("p.bpmn", PROCESS), True),
        (("ours.bpmn", PROCESS), ("ours.bpmn", PROCESS.replace(b'"p"', b'"q"')), False),
        (("forms/ours.form", FORM), ("forms/ask.form", FORM), True),
        (("forms/ask.form", FORM), ("other/ask.form", b"no form"), True),
        (("ask.dmn", b""), ("decisions/ask.dmn", b""), True),
        (("ask.dmn", b""), ("decisions/other.dmn", b""), False),
    ],
)
def test_the_nearer_edition_counts(
    near: tuple[str, bytes], far: tuple[str, bytes], is_left_out: bool
) -> None:
    found: dict[str, bytes] = {}

    Editions({near[0]: near[1]}).add(*far, found)

    assert (found == {}) is is_left_out
