"""The words of a file of scenarios, held to what they are read into and played by."""

from dataclasses import fields

from engine.simulation.scenario import Expected, Question
from engine.simulation.steps import TAKE
from engine.simulation.words import EXPECTED, QUESTION, VERBS


def test_every_step_that_can_be_written_can_be_taken() -> None:
    assert TAKE.keys() == VERBS.keys()


def test_everything_that_can_be_expected_is_looked_at() -> None:
    assert {field.name for field in fields(Expected)} == {*EXPECTED, "line"}


def test_everything_that_can_be_asked_of_a_decision_is_kept() -> None:
    kept = {"expect": "expected"}

    assert {kept.get(word, word) for word in QUESTION} <= {field.name for field in fields(Question)}
