"""What a scenario says, as frozen values: how it starts, what happens step by step, and what is expected at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Names = Mapping[str, Any]


def dotted(values: Names, before: str = "") -> dict[str, Any]:
    """Values under dotted names: what is written as plan: {amount: 3} is plan.amount."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping) and value:
            found |= dotted(value, f"{before}{name}.")
        else:
            found[f"{before}{name}"] = value
    return found


@dataclass(frozen=True, slots=True)
class Given:
    """What is usually answered at an element or typed into a form, by dotted names, and where that is written."""

    file: str
    line: int
    values: Names


@dataclass(frozen=True, slots=True)
class Start:
    """How it begins: a form that registers a complaint, or a process: plainly, by a message or a signal, or by time.

    `after` is how much time has to go by until its timer starts it.
    """

    line: int
    form: str | None = None
    process: str | None = None
    message: str | None = None
    signal: str | None = None
    after: str | None = None
    values: Names = field(default_factory=dict)
    facts: Names = field(default_factory=dict)
    channel: str | None = None
    unit: str | None = None
    who: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens: the verb, what it is about, and what is said besides."""

    line: int
    verb: str
    about: Any
    more: Names = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expected:
    """What has to be so at a point; None, or nothing, is not looked at.

    `path` are elements in the order they were passed, others may come between; a set of them in any order.
    """

    line: int
    tasks: tuple[str, ...] | None = None
    values: Names = field(default_factory=dict)
    holds: tuple[str, ...] = ()
    notices: tuple[str, ...] | None = None
    mails: tuple[str | Names, ...] | None = None
    clocks: Mapping[str, str] = field(default_factory=dict)
    incidents: tuple[str, ...] | None = None
    alerted: tuple[str, ...] | None = None
    happened: tuple[str, ...] = ()
    path: tuple[str | frozenset[str], ...] = ()
    never: tuple[str, ...] = ()
    ended: bool | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One case. `answers` are what people answer where a step says nothing else, by element or form."""

    file: str
    line: int
    name: str
    at: datetime
    before: tuple[Start | Step | Expected, ...]
    start: Start
    steps: tuple[Step | Expected, ...]
    end: Expected
    answers: Mapping[str, Given]

    @property
    def whole(self) -> tuple[Start | Step | Expected, ...]:
        """Everything that is done and expected, in its order."""
        return (*self.before, self.start, *self.steps, self.end)


@dataclass(frozen=True, slots=True)
class Question:
    """One question to a decision. `expected` is its answer, if one `is_expected`; `rules` those that should match."""

    file: str
    line: int
    name: str
    decision: str
    given: Names
    is_expected: bool
    expected: Any
    rules: tuple[str, ...] | None
    at: datetime
