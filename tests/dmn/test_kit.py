"""The DMN technology compatibility kit, where it is there, and a small kit of our own, where it is not."""

from pathlib import Path

import pytest

from tests.dmn_tck.__main__ import main
from tests.dmn_tck.runner import run_folder

OWN = Path(__file__).parent / "kit"
KIT = Path(__file__).parents[2].parent / "shared" / "dmn-tck"


def test_the_own_kit_passes_but_for_the_case_that_is_wrong_on_purpose():
    outcomes = list(run_folder(OWN))

    assert [(outcome.case, outcome.node) for outcome in outcomes if not outcome.passed] == [
        ("0001-sample-test-01/002", "Grade")
    ]
    assert len(outcomes) == 4


def test_the_runner_ends_with_the_count(capsys):
    assert main([str(OWN), "--verbose"]) == 1

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith('Grade: expected "major", got "general"')
    assert lines[-1] == "passed 3 of 4 (75.0 %)"


@pytest.mark.skipif(not KIT.is_dir(), reason="the kit is not beside the project: ../shared/dmn-tck")
@pytest.mark.parametrize("level", ["compliance-level-2", "compliance-level-3"])
def test_the_kit_passes(level):
    failed = [f"{o.folder} {o.case} {o.node}: {o.problem}" for o in run_folder(KIT / level) if not o.passed]

    assert failed == []
