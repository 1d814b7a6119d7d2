"""Kinds of values in a file of scenarios: words, lists, lengths of time; what is none is refused where it stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, NoReturn

from engine.domain.suggesting import meant
from engine.simulation.moments import length, moment
from engine.simulation.placed import Placed, ScenarioRefused
from engine.simulation.scenario import Names

Read = Callable[["Kinds", Placed, str], Any]
MOST_TIMES = 1_000


class Kinds:
    """Each kind takes a value and what it is called in the file, and raises ScenarioRefused."""

    def __init__(self, file: str) -> None:
        self.file = file

    def refuse(self, placed: Placed, reason: str) -> NoReturn:
        raise ScenarioRefused(self.file, placed.line, reason)

    def words(self, placed: Placed, what: str) -> str:
        if placed.value is None or isinstance(placed.value, bool | dict | list):
            self.refuse(placed, f"{what} is written in words")
        return str(placed.value)

    def flag(self, placed: Placed, what: str) -> bool:
        if not isinstance(placed.value, bool):
            self.refuse(placed, f"{what} is true or false")
        return placed.value

    def count(self, placed: Placed, what: str) -> int:
        value = placed.value
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_TIMES:
            self.refuse(placed, f"{what} is a whole number from 1 to {MOST_TIMES}")
        return value

    def names(self, placed: Placed, what: str) -> Names:
        if not isinstance(placed.value, dict):
            self.refuse(placed, f"{what} is written as names with values, as {{amount: 30}}")
        found: Names = placed.plain()
        return found

    def listed(self, placed: Placed, what: str) -> tuple[str, ...]:
        if not isinstance(placed.value, list):
            self.refuse(placed, f"{what} is a list, as [a, b]")
        return tuple(self.words(item, what) for item in placed.value)

    def anything(self, placed: Placed, what: str) -> Any:
        return placed.plain()

    def mails(self, placed: Placed, what: str) -> tuple[str | Names, ...]:
        if not isinstance(placed.value, list):
            self.refuse(placed, f"{what} is a list, each a part of a subject or {{to, subject, body}}")
        return tuple(
            self.read(item, MAIL, "a mail") if isinstance(item.value, dict) else self.words(item, what)
            for item in placed.value
        )

    def clocks(self, placed: Placed, what: str) -> Mapping[str, str]:
        if not isinstance(placed.value, dict):
            self.refuse(placed, f"{what} is written as names with states, as {{triage: running}}")
        return {name: CLOCK(self, item, f"the clock {name}") for name, item in placed.value.items()}

    def path(self, placed: Placed, what: str) -> tuple[str | frozenset[str], ...]:
        if not isinstance(placed.value, list):
            self.refuse(placed, f"{what} is a list of elements")
        return tuple(
            frozenset(self.listed(item, what)) if isinstance(item.value, list) else self.words(item, what)
            for item in placed.value
        )

    def moment(self, placed: Placed, what: str) -> datetime:
        found = moment(placed.value)
        if found is None:
            self.refuse(placed, f"{what} is a moment, as 2026-11-23 09:30")
        return found

    def length(self, placed: Placed, what: str) -> str:
        if length(placed.value) is None:
            self.refuse(placed, f"{what} is a length of time, as 4 hours, 3 days, 2 working days or PT30M")
        return str(placed.value)

    def refusal(self, placed: Placed, what: str) -> bool | tuple[str, ...]:
        return placed.value if isinstance(placed.value, bool) else self.listed(placed, what)

    def entries(self, placed: Placed, known: Collection[str], what: str) -> dict[str, Placed]:
        """The entries of a mapping whose names are all known."""
        if not isinstance(placed.value, dict):
            self.refuse(placed, f"{what} is written as names with values: {', '.join(known)}")
        for name, item in placed.value.items():
            if name not in known:
                self.refuse(item, f"{what} knows no {name!r}{meant(name, known)}")
        return dict(placed.value)

    def read(self, placed: Placed, known: Mapping[str, Read], what: str) -> dict[str, Any]:
        """The entries, each read by its kind."""
        return {
            name: known[name](self, item, name) for name, item in self.entries(placed, known, what).items()
        }


def one_of(*words: str) -> Read:
    """The kind of value that is one of these words."""

    def read(reader: Kinds, placed: Placed, what: str) -> str:
        if str(placed.value) not in words:
            near = meant(str(placed.value), words)
            reader.refuse(placed, f"{what} is one of: {', '.join(words)}{near}")
        return str(placed.value)

    return read


MAIL: Mapping[str, Read] = {"to": Kinds.words, "subject": Kinds.words, "body": Kinds.words}
CLOCK = one_of("running", "paused", "stopped", "not there")
