"""Every element of the dialect, variant by variant: drawn, run on the real store, reloaded after every command."""

from pathlib import Path

import pytest

from engine.bpmn.rules import check_files
from engine.runtime.clock import MovableClock
from tests.bpmn.conformance.table import FOLDER, VARIANTS
from tests.bpmn.conformance.variant import Step, Variant
from tests.builders.durable import DurableBank


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


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.file.removesuffix(".bpmn"))
def test_a_variant_takes_its_way(variant: Variant, sqlite_url: str, clock: MovableClock) -> None:
    bank = DurableBank(sqlite_url, clock)
    bank.release((FOLDER / variant.file).read_bytes(), files=variant.files)
    instance = bank.start("p", **variant.begin) if variant.begin is not None else 0

    for step in variant.steps:
        carry_out(bank, step)

    assert bank.path == list(variant.path)
    assert bank.open == sorted(variant.open)
    assert bank.incidents == sorted(variant.incidents)
    assert bank.running == (1 if variant.open or variant.incidents else 0)
    if variant.variables is not None:
        assert bank.variables(instance) == dict(variant.variables)
    bank.close()


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.file.removesuffix(".bpmn"))
def test_a_variant_has_no_errors(variant: Variant) -> None:
    content = (FOLDER / variant.file).read_bytes()

    found = check_files({variant.file: content, **variant.files})

    assert [problem for problem in found if problem.severity == "error"] == []


def test_every_file_belongs_to_a_variant() -> None:
    assert sorted(path.name for path in Path(FOLDER).glob("*.bpmn")) == sorted(v.file for v in VARIANTS)
