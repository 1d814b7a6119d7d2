"""Every element of the dialect, variant by variant: drawn, run on the real store, reloaded after every command."""

import json
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from engine.bpmn.rules import Problem, check_files
from engine.runtime.clock import MovableClock
from tests.bpmn.conformance.table import EVERY, FOLDER, REFUSED, VARIANTS
from tests.bpmn.conformance.variant import Refused, Step, Variant
from tests.builders.drawing import with_drawing
from tests.builders.durable import OPERATIONS, DurableBank

ROOT = Path(__file__).parents[3]


def carry_out(bank: DurableBank, step: Step) -> None:
    """One step of a variant."""
    verb, *given = step
    named = given.pop() if given and isinstance(given[-1], dict) else {}
    if verb == "tell_nobody":
        assert not bank.tell(*given, **named)
    elif verb == "tell_signal":
        assert bank.tell(f"signal: {given[0]}", "", **named)
    elif verb == "tell":
        assert bank.tell(*given, **named)
    else:
        getattr(bank, verb)(*given, **named)


def name(variant: Variant | Refused) -> str:
    """A variant as the tests name it."""
    return variant.file.removesuffix(".bpmn")


def errors(variant: Variant | Refused) -> list[Problem]:
    """What keeps the file from running."""
    files = {variant.file: (FOLDER / variant.file).read_bytes(), **getattr(variant, "files", {})}
    return [
        problem
        for problem in check_files(files, operations=OPERATIONS, roles=["handler"])
        if problem.severity == "error"
    ]


@pytest.mark.parametrize("hydrated", [0, 50], ids=["reloaded", "kept"])
@pytest.mark.parametrize("variant", VARIANTS, ids=name)
def test_a_variant_takes_its_way(
    variant: Variant, hydrated: int, sqlite_url: str, clock: MovableClock
) -> None:
    """Loaded anew for every command; and the same where a copy is kept in memory."""
    bank = DurableBank(sqlite_url, clock, hydrated=hydrated)
    bank.release((FOLDER / variant.file).read_bytes(), files=variant.files)
    instance = bank.start("p", **variant.begin) if variant.begin is not None else 0

    for step in variant.steps:
        carry_out(bank, step)
        bank.assert_stored_as_dumped_anew()

    assert bank.path == list(variant.path)
    assert bank.open == sorted(variant.open)
    assert bank.incidents == sorted(variant.incidents)
    assert bank.running == (1 if variant.open or variant.incidents else 0)
    if variant.variables is not None:
        assert bank.variables(instance) == dict(variant.variables)
    bank.close()


@pytest.mark.parametrize("variant", VARIANTS, ids=name)
def test_a_variant_has_no_errors(variant: Variant) -> None:
    assert errors(variant) == []


@pytest.mark.parametrize("variant", REFUSED, ids=name)
def test_what_cannot_run_is_refused_with_file_line_element_and_reason(variant: Refused) -> None:
    lines = (FOLDER / variant.file).read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if f' id="{variant.at}"' in text)

    found = [problem for problem in errors(variant) if problem.element == variant.at]

    assert (variant.file, line, variant.rule) in [(p.file, p.line, p.rule) for p in found]
    assert any(variant.reason in problem.message for problem in found)


@pytest.mark.parametrize("variant", EVERY, ids=name)
def test_a_file_is_the_one_its_table_draws(variant: Variant | Refused) -> None:
    assert (FOLDER / variant.file).read_bytes() == with_drawing(variant.drawn)


def test_every_file_belongs_to_one_variant() -> None:
    counted = Counter(variant.file for variant in EVERY)

    assert [file for file, times in counted.items() if times > 1] == []
    assert sorted(path.name for path in FOLDER.glob("*.bpmn")) == sorted(counted)


BROKEN = {"refused_flow__to_nowhere.bpmn"}
"""Wrong even to the modeler's reader: that is what is refused."""


def test_the_modelers_reader_opens_every_file_and_finds_everything_drawn() -> None:
    done = subprocess.run(
        ["node", str(Path(__file__).parent / "open_all.mjs"), str(FOLDER)],
        capture_output=True,
        text=True,
        check=True,
    )

    said = {each["file"]: each for each in json.loads(done.stdout)}

    wrong = {file for file, each in said.items() if each["warnings"] or each["undrawn"]}
    assert len(said) == len(VARIANTS) + len(REFUSED)
    assert wrong == BROKEN


def rows() -> list[str]:
    """The table of the document, as the suite says it."""
    ways = [
        (v.element, v.variant, "runs" if not v.incidents else "runs; stops at an incident") for v in VARIANTS
    ]
    ways += [(r.element, r.variant, f"refused: {r.rule}") for r in REFUSED]
    return [f"| {element} | {variant} | {how} |" for element, variant, how in ways]


def test_the_document_says_of_every_variant_whether_it_runs() -> None:
    written = (ROOT / "docs" / "bpmn.md").read_text(encoding="utf-8")
    table = written.partition("## Element by element")[2].partition("\n## ")[0]

    assert [line for line in table.splitlines() if line.startswith("| ")][1:] == rows()
