"""What became of scenarios: each passed or failed with a sentence, and how much of every process they cover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from engine.simulation.coverage import DecisionCoverage, ProcessCoverage


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scenario; `message` says what failed and where, `line` where it stands, `path` which elements it passed."""

    file: str
    line: int
    name: str
    passed: bool
    message: str = ""
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.name}: {'passed' if self.passed else self.message}"


@dataclass(frozen=True, slots=True)
class Result:
    """All scenarios of a run."""

    outcomes: tuple[Outcome, ...]
    processes: tuple[ProcessCoverage, ...]
    decisions: tuple[DecisionCoverage, ...]

    @property
    def passed(self) -> int:
        """How many passed."""
        return sum(outcome.passed for outcome in self.outcomes)

    @property
    def failed(self) -> int:
        """How many failed."""
        return len(self.outcomes) - self.passed

    def plain(self) -> Mapping[str, Any]:
        """As it is written in JSON."""
        return {
            "passed": self.passed,
            "failed": self.failed,
            "scenarios": [asdict(outcome) for outcome in self.outcomes],
            "processes": [asdict(process) for process in self.processes],
            "decisions": [asdict(decision) for decision in self.decisions],
        }
