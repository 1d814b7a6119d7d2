"""Whether the elements, forms and operations a scenario names are there: a wrong name would never be met, nor missed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn.definitions import Definitions
from engine.domain.suggesting import meant
from engine.simulation.scenario import Expected, Given, Scenario, Start, Step
from engine.simulation.words import NOTHING_WAITS


@dataclass(frozen=True, slots=True)
class Known:
    """The names of one set of definitions. `elements` are ids, and ids behind the id of their process and a dot."""

    processes: Collection[str]
    elements: Collection[str]
    forms: Collection[str]
    operations: Collection[str]

    def wrong(self, scenario: Scenario) -> Iterator[tuple[int, str]]:
        """The names that are not there, each with its line and a sentence."""
        for step in scenario.whole:
            if isinstance(step, Start):
                yield from self._start(step)
            else:
                yield from self._expected(step) if isinstance(step, Expected) else self._step(step)

    def wrong_answers(self, answers: Mapping[str, Given]) -> Iterator[tuple[str, int, str]]:
        """Usual answers to elements and forms that are not there, with file and line."""
        for name, given in answers.items():
            if name not in self.elements and name not in self.forms:
                near = meant(name, [*self.elements, *self.forms])
                yield given.file, given.line, f"there is no element and no form {name!r}{near}"

    def _start(self, start: Start) -> Iterator[tuple[int, str]]:
        yield from _unknown(start.line, "process", [start.process], self.processes)
        yield from _unknown(start.line, "form", [start.form], self.forms)

    def _step(self, step: Step) -> Iterator[tuple[int, str]]:
        if step.verb in ("answer", "retry") or (step.verb == "go on until" and step.about != NOTHING_WAITS):
            yield from _unknown(step.line, "element", [step.about], self.elements)
        if step.verb in ("fail", "job"):
            yield from _unknown(step.line, "operation", [step.about], self.operations)

    def _expected(self, expected: Expected) -> Iterator[tuple[int, str]]:
        together = [name for part in expected.path for name in ([part] if isinstance(part, str) else part)]
        names = [*(expected.tasks or ()), *(expected.incidents or ()), *together, *expected.never]
        yield from _unknown(expected.line, "element", names, self.elements)


def known(definitions: Definitions, forms: Collection[str], operations: Collection[str]) -> Known:
    """The names of these definitions, forms and operations."""
    elements: set[str] = set()
    for process in definitions.processes:
        ids = [element.id for element in definitions.outline(process)]
        elements |= {*ids, *(f"{process}.{id}" for id in ids)}
    return Known(frozenset(definitions.processes), frozenset(elements), forms, operations)


def _unknown(
    line: int, kind: str, names: Iterable[str | None], there: Collection[str]
) -> Iterator[tuple[int, str]]:
    for name in names:
        if name is not None and name not in there:
            yield line, f"there is no {kind} {name!r}{meant(name, there)}"
