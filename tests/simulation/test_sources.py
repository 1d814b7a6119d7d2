"""Which scenarios are run, and over which definitions."""

from pathlib import Path

import pytest

from engine.simulation.sources import run_files
from tests.builders.checking import a_form
from tests.builders.diagrams import diagram, end, flows, process, start, user
from tests.builders.scenarios import WORK

SHIPPED = {"p.bpmn": diagram(WORK)}
PLAIN = "scenarios:\n- {name: x, start: {process: p}, tasks: [work]}\n"
OTHER = diagram(process("p", start(), user("rest"), end(), flows("start", "rest", "end")))


def write(folder: Path, **files: str | bytes) -> None:
    """Files by their name, with "__" for a dot and "_in_" for a folder's end."""
    for name, content in files.items():
        path = folder / name.replace("_in_", "/").replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def failed(*paths: Path) -> list[str]:
    """What is said of these files, with the last part of their path alone."""
    result = run_files(paths, SHIPPED)
    return [
        f"{Path(outcome.file).name}:{outcome.line}: {outcome.message}"
        for outcome in result.outcomes
        if not outcome.passed
    ]


def test_scenarios_run_over_what_ships(tmp_path: Path) -> None:
    write(tmp_path, cases__yaml=PLAIN)

    assert failed(tmp_path / "cases.yaml") == []


def test_definitions_beside_the_scenarios_come_before_what_ships(tmp_path: Path) -> None:
    write(tmp_path, cases__yaml=PLAIN, p__bpmn=OTHER)

    assert failed(tmp_path) == ["cases.yaml:2: there is no element 'work'"]


def test_a_folder_of_scenarios_stands_beside_its_definitions(tmp_path: Path) -> None:
    rest = PLAIN.replace("work", "rest")
    write(tmp_path, workflows_in_scenarios_in_cases__yaml=rest, workflows_in_p__bpmn=OTHER)
    write(tmp_path, workflows_in_scenarios_in_more_in_cases__yaml=rest)

    assert failed(tmp_path) == []


def test_forms_may_stand_beside_the_workflows(tmp_path: Path) -> None:
    asking = diagram(process("p", start(), user("work", form="ours"), end(), flows("start", "work", "end")))
    (form,) = a_form("ours", "x").values()
    write(
        tmp_path,
        workflows_in_p__bpmn=asking,
        forms_in_ours__form=form,
        workflows_in_scenarios_in_a__yaml=PLAIN,
    )

    assert failed(tmp_path / "workflows") == []


def test_files_over_the_same_definitions_add_up(tmp_path: Path) -> None:
    first = "scenarios:\n- {name: x, start: {process: p}, tasks: [work]}\n"
    second = "scenarios:\n- name: y\n  start: {process: p}\n  steps:\n  - answer: work\n"
    write(tmp_path, scenarios_in_a__yaml=first, scenarios_in_b_in_c__yml=second)
    result = run_files([tmp_path], SHIPPED)

    assert [(process.id, process.flow_coverage) for process in result.processes] == [("p", 1.0)]
    assert result.passed == 2


def test_a_file_named_twice_runs_once(tmp_path: Path) -> None:
    write(tmp_path, cases__yaml=PLAIN)

    assert run_files([tmp_path, tmp_path / "cases.yaml"], SHIPPED).passed == 1


def test_a_file_that_cannot_be_read_fails_and_the_others_run(tmp_path: Path) -> None:
    write(tmp_path, cases__yaml=PLAIN, other__yaml="scenarios: [", third__yaml=b"\xff")

    assert failed(tmp_path) == [
        "other.yaml:1: this is not YAML: expected the node content, but found '<stream end>'",
        "third.yaml:1: the file is not UTF-8 text",
    ]
    assert run_files([tmp_path], SHIPPED).passed == 1


def test_a_file_of_answers_alone_is_no_failure(tmp_path: Path) -> None:
    write(
        tmp_path, answers__yaml="answers:\n  work: {}\n", cases__yaml="answers from: answers.yaml\n" + PLAIN
    )

    assert failed(tmp_path) == []


def test_forms_may_stand_beside_the_diagram(tmp_path: Path) -> None:
    asking = diagram(process("p", start(), user("work", form="ours"), end(), flows("start", "work", "end")))
    (form,) = a_form("ours", "x").values()
    write(tmp_path, p__bpmn=asking, ours__form=form, scenarios_in_a__yaml=PLAIN)

    assert run_files([tmp_path], {**SHIPPED, **a_form("theirs", "x")}).failed == 0


def test_another_edition_of_what_ships_may_have_a_name_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, cases__yaml=PLAIN.replace("work", "rest"), ours__bpmn=OTHER)

    assert failed(tmp_path) == []


def test_inside_the_folder_of_scenarios_they_run_over_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, scenarios_in_cases__yaml=PLAIN.replace("work", "rest"), p__bpmn=OTHER)
    monkeypatch.chdir(tmp_path / "scenarios")

    assert failed(Path("cases.yaml")) == []


def test_a_file_that_stands_anywhere_does_not_make_everything_below_it_a_definition(tmp_path: Path) -> None:
    write(tmp_path, cases__yaml=PLAIN, other_in_deep_in_p__bpmn=OTHER, decisions_in_x__dmn=b"<no/>")

    assert failed(tmp_path / "cases.yaml") == [
        "cases.yaml:1: what it plays cannot run: decisions/x.dmn:1: no: dmn.version: not a DMN 1.1 to 1.5 file"
    ]


def test_hidden_folders_are_not_looked_into(tmp_path: Path) -> None:
    write(tmp_path, scenarios_in_a__yaml=PLAIN)
    write(tmp_path / ".git", p__bpmn=OTHER)
    write(tmp_path / "node_modules", p__bpmn=OTHER)

    assert failed(tmp_path) == []


def test_definitions_that_cannot_run_fail_their_scenarios_and_no_others(tmp_path: Path) -> None:
    write(tmp_path, one_in_scenarios_in_a__yaml=PLAIN, one_in_p__bpmn="<nothing/>")
    write(tmp_path, two_in_scenarios_in_b__yaml=PLAIN)

    (message,) = failed(tmp_path)

    assert message.startswith("a.yaml:1: what it plays cannot run: p.bpmn:1: ")
    assert run_files([tmp_path], SHIPPED).passed == 1
