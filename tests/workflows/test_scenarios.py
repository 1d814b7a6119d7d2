"""The scenarios that ship: all of them pass, and together they take nearly every flow of every process."""

import pytest

from engine import bootstrap
from engine.simulation import Result
from engine.simulation.sources import run_files
from tests.workflows.diagrams import DIAGRAMS, WORKFLOWS

ENOUGH = 0.9


@pytest.fixture(scope="module")
def result() -> Result:
    return run_files([WORKFLOWS / "scenarios"], bootstrap.shipped_definitions())


def test_every_scenario_passes(result: Result) -> None:
    assert [str(outcome) for outcome in result.outcomes if not outcome.passed] == []
    assert result.passed > 100


def test_nearly_every_flow_of_every_process_is_taken(result: Result) -> None:
    covered = {process.id: process for process in result.processes}

    assert set(covered) == {path.stem for path in DIAGRAMS}
    assert len(covered) == 10
    too_little = {id: each.missed_flows for id, each in covered.items() if each.flow_coverage < ENOUGH}
    assert too_little == {}


def test_every_scenario_is_called_by_a_sentence(result: Result) -> None:
    short = [
        f"{outcome.file}:{outcome.line}: {outcome.name}"
        for outcome in result.outcomes
        if len(outcome.name.split()) < 3 or not outcome.name[0].isupper() or outcome.name.endswith(".")
    ]

    assert short == []


def test_every_process_and_every_decision_has_a_file_of_its_own() -> None:
    files = {path.stem for path in (WORKFLOWS / "scenarios").iterdir()}

    assert files == {path.stem for path in DIAGRAMS} | {"answers", "decisions"}
