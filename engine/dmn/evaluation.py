"""What is passed along while a decision is worked out: budgets, the record, and scopes of names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.dmn.record import Record
from engine.feel.runtime import Environment, Run


class Work:
    """One evaluation: its budgets, and its record when one is kept."""

    __slots__ = ("decision", "record", "run")

    def __init__(self, environment: Environment, record: Record | None = None) -> None:
        self.run = Run(environment)
        self.record = record
        self.decision = ""


class Scope(Mapping[str, Any]):
    """Local names in front of outer ones; nothing is copied."""

    __slots__ = ("local", "outer")

    def __init__(self, local: Mapping[str, Any], outer: Mapping[str, Any]) -> None:
        self.local = local
        self.outer = outer

    def __getitem__(self, name: str) -> Any:
        return self.local[name] if name in self.local else self.outer[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a name, or the default."""
        return self.local[name] if name in self.local else self.outer.get(name, default)

    def __contains__(self, name: object) -> bool:
        return name in self.local or name in self.outer

    def __iter__(self) -> Iterator[str]:
        yield from self.local
        yield from (name for name in self.outer if name not in self.local)

    def __len__(self) -> int:
        return sum(1 for _ in self)


Code = Callable[[Mapping[str, Any], Work], Any]
