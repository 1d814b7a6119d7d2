"""What lives while one expression is evaluated: the environment, the budgets and the frames of names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.feel.errors import FeelClockMissing, FeelLimitExceeded

STEPS = 60_000
DEPTH = 60
SIZE = 200_000


@dataclass(frozen=True, slots=True)
class Environment:
    """What the caller supplies: the clock, further functions by their FEEL name, and the budgets.

    ``now`` is an aware datetime. ``steps`` counts parts of an expression evaluated inside loops and
    functions, ``depth`` counts function calls within function calls, ``size`` counts characters of a
    string and items of a list that are made.
    """

    now: datetime | None = None
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    steps: int = STEPS
    depth: int = DEPTH
    size: int = SIZE


DEFAULT = Environment()


class Run:
    """The budgets of one evaluation, counted down as it goes."""

    __slots__ = ("depth", "environment", "left")

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.left = environment.steps
        self.depth = 0

    def spend(self, steps: int) -> None:
        """Count steps; the evaluation ends when they are spent."""
        self.left -= steps
        if self.left < 0:
            raise FeelLimitExceeded(f"more than {self.environment.steps} steps were needed")

    def sized(self, size: int) -> None:
        """Refuse a string or list larger than allowed, and count the work of making it."""
        if size > self.environment.size:
            raise FeelLimitExceeded(f"a value of more than {self.environment.size} parts would be made")
        self.spend(size // 16)

    def enter(self) -> None:
        """A function is called from within a function."""
        self.depth += 1
        if self.depth > self.environment.depth:
            raise FeelLimitExceeded(f"functions call each other more than {self.environment.depth} deep")

    def now(self) -> datetime:
        """The caller's clock."""
        moment = self.environment.now
        if moment is None:
            raise FeelClockMissing("now() and today() need a clock, and the caller supplied none")
        return moment


class Frame:
    """Names visible at one place, and the frame around it."""

    __slots__ = ("names", "parent", "run")

    def __init__(self, names: Mapping[str, Any], parent: Frame | None, run: Run) -> None:
        self.names = names
        self.parent = parent
        self.run = run


Code = Callable[[Frame], Any]
