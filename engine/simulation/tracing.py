"""The way a scenario took: elements and flows in order, taken back where a command was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Passed:
    """An element that was done, and the flows taken out of it."""

    process: str
    element: str
    flows: tuple[str, ...]


class Trace:
    """Satisfies `engine.bpmn.visits.Visits`."""

    def __init__(self) -> None:
        self.steps: list[Passed] = []
        self.variables: dict[str, Mapping[str, Any]] = {}

    def passed(self, process: str, element: str, flows: Sequence[str]) -> None:
        """An element is done."""
        self.steps.append(Passed(process, element, tuple(flows)))

    def ended(self, process: str, variables: Mapping[str, Any]) -> None:
        """An instance ended; its variables are kept by its process, for no row has them any more."""
        self.variables[process] = variables

    def clear(self) -> None:
        """A new scenario begins."""
        self.steps.clear()
        self.variables.clear()

    @contextmanager
    def command(self) -> Iterator[None]:
        """What is told inside is forgotten if the command is rolled back."""
        count, variables = len(self.steps), dict(self.variables)
        try:
            yield
        except BaseException:
            del self.steps[count:]
            self.variables = variables
            raise
