"""A release that cannot run is refused before any complaint meets it."""

import pytest

from engine import bootstrap
from engine.domain.errors import DefinitionRefused
from forms.errors import FormDefinitionError

FILES = bootstrap.shipped_definitions()


def test_what_ships_is_not_refused() -> None:
    bootstrap.require_runnable(FILES)


@pytest.mark.parametrize(
    ("before", "after", "element", "rule"),
    [
        (b'formId="triage"', b'formId="tirage"', "triage", "form"),
        (b'type="complaint.route"', b'type="complaint.rout"', "route", "operation"),
        (b'Groups="triage_officer"', b'Groups="officer"', "triage", "role"),
    ],
)
def test_a_release_that_refers_to_what_is_not_there_is_refused_with_its_place(
    before: bytes, after: bytes, element: str, rule: str
) -> None:
    changed = {**FILES, "intake.bpmn": FILES["intake.bpmn"].replace(before, after)}

    with pytest.raises(DefinitionRefused) as refused:
        bootstrap.require_runnable(changed)

    found = next(each for each in refused.value.details["problems"] if each.rule == rule)
    assert (found.file, found.element) == ("intake.bpmn", element)
    assert found.line
    assert found.message


def test_a_release_with_a_form_that_cannot_be_shown_is_refused() -> None:
    with pytest.raises(FormDefinitionError, match=r"forms/triage\.form"):
        bootstrap.require_runnable({**FILES, "forms/triage.form": b"{}"})
