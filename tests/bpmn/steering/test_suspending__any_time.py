"""Hold and resume at any point change nothing of the outcome: every variant of the dialect, on hold between its steps.

What can come to a case on hold (messages, signals, time) comes while it is; what cannot (a task done, a job delivered)
comes after it resumed.
"""

import pytest

from engine.runtime.clock import MovableClock
from tests.bpmn.conformance.table import FOLDER, VARIANTS
from tests.bpmn.conformance.test_conformance import carry_out
from tests.bpmn.conformance.variant import Step, Variant
from tests.builders.steered import SteeredBank

COMES_ON_HOLD = ("tell", "tell_signal", "keep", "wait")


def comes_on_hold(step: Step) -> bool:
    """Whether it can come to a case on hold."""
    return step[0] in COMES_ON_HOLD


CASES = [(variant, False) for variant in VARIANTS if variant.steps] + [
    (variant, True) for variant in VARIANTS if any(comes_on_hold(step) for step in variant.steps)
]


def named(case: tuple[Variant, bool]) -> str:
    """How a case is called."""
    return f"{case[0].file.removesuffix('.bpmn')}{'__meanwhile' if case[1] else ''}"


@pytest.mark.parametrize(("variant", "meanwhile"), CASES, ids=[named(case) for case in CASES])
def test_a_variant_takes_its_way(
    variant: Variant, meanwhile: bool, sqlite_url: str, clock: MovableClock
) -> None:
    bank = SteeredBank(sqlite_url, clock, hydrated=50 if meanwhile else 0)
    bank.release((FOLDER / variant.file).read_bytes(), files=variant.files)
    instance = bank.start("p", **variant.begin) if variant.begin is not None else 0

    for step in variant.steps:
        held = bank.suspend_all()
        assert bank.open == []
        if meanwhile and comes_on_hold(step):
            carry_out(bank, step)
            bank.resume_all(held)
        else:
            bank.resume_all(held)
            carry_out(bank, step)
        bank.assert_stored_as_dumped_anew()

    assert bank.path == list(variant.path)
    assert bank.open == sorted(variant.open)
    assert bank.incidents == sorted(variant.incidents)
    if variant.variables is not None:
        assert bank.variables(instance) == dict(variant.variables)
    bank.close()
