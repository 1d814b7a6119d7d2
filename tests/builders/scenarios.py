"""Scenarios written in a test and played over a small diagram, or over the processes that ship."""

from collections.abc import Mapping
from functools import cache
from textwrap import dedent

from engine import bootstrap
from engine.simulation import Result
from engine.simulation.bank import Town
from engine.simulation.reading import read_scenarios
from engine.simulation.running import run_in
from tests.builders.diagrams import diagram, end, flows, process, start, user

FILE = "cases.yaml"
WORK = process("p", start(), user("work"), end(), flows("start", "work", "end"))


@cache
def shipped() -> Town:
    """The town of the definitions that ship, and of a process with one task, "work", beside them."""
    return Town({**bootstrap.shipped_definitions(), "p.bpmn": diagram(WORK)})


def played(words: str, files: Mapping[str, bytes] | None = None) -> Result:
    """What becomes of these scenarios over these files, else over those that ship."""
    scenarios, questions = read_scenarios(dedent(words).encode(), FILE)
    return run_in(shipped() if files is None else Town(files), scenarios, questions)


def played_over(words: str, *parts: str, roots: str = "", **files: bytes) -> Result:
    """What becomes of these scenarios over one process "p" with these parts."""
    return played(words, {"p.bpmn": diagram(process("p", *parts), roots), **files})


def told(result: Result) -> list[str]:
    """Where and why scenarios failed, as "3: reason"."""
    return [f"{outcome.line}: {outcome.message}" for outcome in result.outcomes if not outcome.passed]


def missed(steps: str, files: Mapping[str, bytes] | None = None) -> list[str]:
    """Where and why one scenario failed; its steps are YAML, the first in line 4 of the file."""
    case = "scenarios:\n- name: A case\n  start: {process: p}\n" + "\n".join(
        f"  {line}" for line in dedent(steps).strip().splitlines()
    )
    return told(played(case, {"p.bpmn": diagram(WORK)} if files is None else files))
