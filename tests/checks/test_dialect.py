"""Every variant of the dialect, as the conformance suite draws it: what runs is clean, what is refused is told."""

import re
from dataclasses import replace

import pytest

from engine.bpmn.rules.checking import read_diagram
from engine.checks import Problem, check
from engine.checks.house import our_house
from engine.checks.levels import read_processes
from engine.checks.ways import is_understood
from tests.bpmn.conformance.table import FOLDER, REFUSED, VARIANTS
from tests.bpmn.conformance.variant import Refused, Variant
from tests.builders.durable import OPERATIONS

HOUSE = replace(our_house(), operations={**our_house().operations, **OPERATIONS})
MISSING_ON_PURPOSE = {"soon", "fixed"}
"""A time that cannot be read, and what makes an operation fail."""

OF_CONTROL_FLOW = {"deadlock", "livelock", "never"}


def name(variant: Variant | Refused) -> str:
    """How a test of it is called."""
    return variant.file.removesuffix(".bpmn")


def said(variant: Variant | Refused) -> list[Problem]:
    """What the checks say of its file."""
    files = {variant.file: (FOLDER / variant.file).read_bytes()}
    return check(files, dict(getattr(variant, "files", None) or {}), HOUSE)


def given(variant: Variant) -> set[str]:
    """The names that the suite itself hands in, which no file supplies."""
    handed = [
        variant.begin or {},
        *(part for step in variant.steps for part in step if isinstance(part, dict)),
    ]
    return {name for each in handed for name in each}


@pytest.mark.parametrize("variant", VARIANTS, ids=name)
def test_what_runs_has_no_error_but_names_that_only_the_suite_hands_in(variant: Variant) -> None:
    errors = [problem for problem in said(variant) if problem.severity == "error"]
    named = [re.search(r"(?:called|reads) '(\w+)'", problem.message) for problem in errors]

    assert {problem.rule for problem in errors} <= {"name", "input"}
    assert {found[1] for found in named if found} <= given(variant) | MISSING_ON_PURPOSE


@pytest.mark.parametrize("variant", VARIANTS, ids=name)
def test_what_runs_has_no_deadlock_and_no_part_without_a_run(variant: Variant) -> None:
    assert [str(problem) for problem in said(variant) if problem.rule in OF_CONTROL_FLOW] == []


@pytest.mark.parametrize("variant", VARIANTS, ids=name)
def test_every_element_that_runs_is_understood(variant: Variant) -> None:
    diagram, _ = read_diagram(variant.file, (FOLDER / variant.file).read_bytes())
    assert diagram is not None

    levels = [level for process in read_processes([diagram]) for level in process.levels]
    assert levels
    assert all(is_understood(level) for level in levels)


@pytest.mark.parametrize("variant", REFUSED, ids=name)
def test_what_is_refused_is_told_with_its_element_and_rule(variant: Refused) -> None:
    assert (variant.at, variant.rule) in [(problem.element, problem.rule) for problem in said(variant)]
