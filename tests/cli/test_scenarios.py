"""`redress scenarios`: what it prints of scenarios that pass and fail."""

import json
from pathlib import Path

from tests.cli.conftest import Redress

FAILING = """
scenarios:
- name: A complaint waits for nobody
  start: {form: complaint, unit: SH-XH, with: {text: Lost., customer_name: Li, customer_email: li@example.org}}
  tasks: []
"""
PASSING = FAILING.replace("tasks: []", "tasks: [triage]")


def test_what_fails_is_told_with_its_place_and_coverage_follows(redress: Redress, tmp_path: Path) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text(FAILING)
    result = redress("scenarios", file)

    first, *table = result.stdout.splitlines()
    assert result.exit_code == 1
    assert first == f"{file}:3: A complaint waits for nobody: tasks: expected none, but found triage"
    assert [line.split()[0] for line in table if line.startswith(("front_line", "plan"))] == ["front_line"]
    assert table[-1] == "0 passed, 1 failed."


def test_what_passes_is_counted(redress: Redress, tmp_path: Path) -> None:
    (tmp_path / "cases.yaml").write_text(PASSING)
    result = redress("scenarios", tmp_path)

    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "1 passed, 0 failed."


def test_json_tells_each_scenario_and_the_coverage_of_each_process(redress: Redress, tmp_path: Path) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text(PASSING)
    found = json.loads(redress("scenarios", "--json", file).stdout)

    (scenario,) = found["scenarios"]
    limits = next(process for process in found["processes"] if process["id"] == "limits")
    plan = next(process for process in found["processes"] if process["id"] == "plan")
    assert (found["passed"], found["failed"]) == (1, 0)
    assert {name: scenario[name] for name in ("file", "line", "name", "passed", "message")} == {
        "file": file.as_posix(),
        "line": 3,
        "name": "A complaint waits for nobody",
        "passed": True,
        "message": "",
    }
    assert scenario["path"][:2] == ["receive_complaint", "limits_asked"]
    assert (limits["flow_coverage"], limits["element_coverage"], limits["missed_flows"]) == (1.0, 1.0, [])
    assert plan["flow_coverage"] == 0.0
    assert len(plan["missed_flows"]) == plan["flows"]
    assert {"id", "rule_coverage", "rules", "missed_rules"} == found["decisions"][0].keys()


def test_json_of_a_failure_says_what_and_ends_with_one(redress: Redress, tmp_path: Path) -> None:
    (tmp_path / "cases.yaml").write_text(FAILING)
    result = redress("scenarios", "--json", tmp_path)

    found = json.loads(result.stdout)
    assert (result.exit_code, found["passed"], found["failed"]) == (1, 0, 1)
    assert found["scenarios"][0]["message"] == "tasks: expected none, but found triage"


def test_definitions_that_cannot_run_are_told_without_a_traceback(redress: Redress, tmp_path: Path) -> None:
    (tmp_path / "cases.yaml").write_text(PASSING)
    (tmp_path / "broken.bpmn").write_text("<nothing/>")
    result = redress("scenarios", tmp_path)

    assert result.exit_code == 1
    assert result.stdout.startswith(
        f"{tmp_path / 'cases.yaml'}:1: cases: what it plays cannot run: broken.bpmn:1: "
    )
    assert result.stdout.splitlines()[-1] == "0 passed, 1 failed."
    assert result.stderr == ""


def test_a_file_that_is_not_there_is_wrong_use(redress: Redress, tmp_path: Path) -> None:
    assert redress("scenarios", tmp_path / "none.yaml").exit_code == 2


def test_a_folder_without_scenarios_says_so(redress: Redress, tmp_path: Path) -> None:
    result = redress("scenarios", tmp_path)

    assert result.exit_code == 1
    assert "no scenarios" in result.stderr
