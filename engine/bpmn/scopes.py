"""Variables in scopes: one for every process, subprocess, called process, multi-instance item and set of locals.

A scope has the number of the token it belongs to; 0 is the root of the instance, and -n the root of the process
that token n called. Writes are noted, so that a failed step is undone and only changed scopes are written.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

ROOT = 0
_ABSENT = object()


class Variables:
    """The variables of one scope, and the number of the scope around it."""

    __slots__ = ("parent", "values")

    def __init__(self, parent: int | None, values: dict[str, Any]) -> None:
        self.parent = parent
        self.values = values


class Scopes(dict[int, Variables]):
    """All scopes of one instance, by number. Only the methods here write."""

    __slots__ = ("dirty", "dropped", "journal", "stored", "walls")

    def __init__(self) -> None:
        super().__init__()
        self.journal: list[tuple[Callable[..., object], Any, Any, Any]] = []
        """How to take back what was written since it was last cleared."""
        self.dirty: set[int] = set()
        self.dropped: set[int] = set()
        self.stored: set[int] = set()
        self.walls: set[int] = set()
        """Scopes beyond which no new name is written: what is written in them stays there unless it is known outside."""

    def restore(self, number: int, parent: int | None, values: dict[str, Any]) -> None:
        """Put back a scope read from its row."""
        self[number] = Variables(parent, values)
        self.stored.add(number)

    def open(self, number: int, parent: int | None, values: dict[str, Any] | None = None) -> None:
        """A new scope; one that is already open is kept and given the values."""
        found = self.get(number)
        if found is None:
            self[number] = Variables(parent, values if values is not None else {})
            self.dirty.add(number)
            self.journal.append((Scopes._unopen, self, number, None))
        elif values:
            for name, value in values.items():
                self.put(number, name, value)

    def close(self, number: int) -> None:
        """A scope that ended."""
        found = self.pop(number, None)
        if found is None:
            return
        self.dirty.discard(number)
        self.walls.discard(number)
        if number in self.stored:
            self.stored.discard(number)
            self.dropped.add(number)
            self.journal.append((Scopes._reopen, self, number, found))
        else:
            self.journal.append((Scopes._reinsert, self, number, found))

    def _unopen(self, number: int, _: None) -> None:
        self.close(number)

    def _reopen(self, number: int, found: Variables) -> None:
        self[number] = found
        self.dropped.discard(number)
        self.stored.add(number)
        self.dirty.add(number)

    def _reinsert(self, number: int, found: Variables) -> None:
        self[number] = found
        self.dirty.add(number)

    def find(self, number: int | None, name: str, default: Any = None) -> Any:
        """The value of the nearest scope that has the name."""
        while number is not None:
            here = self[number]
            found = here.values.get(name, _ABSENT)
            if found is not _ABSENT:
                return found
            number = here.parent
        return default

    def put(self, number: int, name: str, value: Any) -> None:
        """Set a variable in this very scope."""
        values = self[number].values
        self.journal.append((_put_back, values, name, values.get(name, _ABSENT)))
        values[name] = value
        self.dirty.add(number)

    def write(self, number: int, name: str, value: Any) -> None:
        """Set a variable in the nearest scope that has the name, else in the root of the process, or at the wall."""
        here: int | None = number
        wall: int | None = None
        while here is not None:
            scope = self[here]
            if name in scope.values:
                self.put(here, name, value)
                return
            if wall is None and here in self.walls:
                wall = here
            if scope.parent is None:
                self.put(here if wall is None else wall, name, value)
                return
            here = scope.parent

    def write_all(self, number: int, found: Mapping[str, Any]) -> None:
        """Set several variables, each in the nearest scope that has its name."""
        scope = self[number]
        if scope.parent is not None:
            for name, value in found.items():
                self.write(number, name, value)
            return
        values = scope.values
        old = {name: values.get(name, _ABSENT) for name in found}
        self.journal.append((_put_all_back, values, old, None))
        values.update(found)
        self.dirty.add(number)

    def visible(self, number: int) -> dict[str, Any]:
        """Everything visible from a scope, flattened."""
        chain: list[dict[str, Any]] = []
        here: int | None = number
        while here is not None:
            chain.append(self[here].values)
            here = self[here].parent
        flat: dict[str, Any] = {}
        for values in reversed(chain):
            flat.update(values)
        return flat

    def undo(self) -> None:
        """Take back what is in the journal."""
        for step, *arguments in reversed(self.journal):  # taking back writes, too, but behind the end
            step(*arguments)
        self.journal.clear()


def _put_all_back(values: dict[str, Any], old: Mapping[str, Any], _: None) -> None:
    for name, value in old.items():
        _put_back(values, name, value)


def _put_back(values: dict[str, Any], name: str, old: Any) -> None:
    if old is _ABSENT:
        values.pop(name, None)
    else:
        values[name] = old


class World(Protocol):
    """What expressions see besides variables: the complaint, the clock, and who did what."""

    now: datetime

    def facts(self) -> Mapping[str, Any] | None:
        """The complaint."""

    def done_by(self) -> Mapping[str, str]:
        """Logins by element."""


class Visible(Mapping[str, Any]):
    """What an expression sees from one scope: the world's names, extra names, then variables outwards."""

    __slots__ = ("_extra", "_number", "_scopes", "_world")

    def __init__(
        self,
        scopes: Scopes,
        number: int,
        world: World,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._scopes = scopes
        self._number = number
        self._world = world
        self._extra = extra

    def get(self, name: str, default: Any = None) -> Any:
        if name == "complaint":
            return self._world.facts()
        if name == "now":
            return self._world.now
        if name == "done_by":
            return self._world.done_by()
        if self._extra is not None and name in self._extra:
            return self._extra[name]
        return self._scopes.find(self._number, name, default)

    def __getitem__(self, name: str) -> Any:
        found = self.get(name, _ABSENT)
        if found is _ABSENT:
            raise KeyError(name)
        return found

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name, _ABSENT) is not _ABSENT

    def __iter__(self) -> Iterator[str]:
        yield from {"complaint", "now", "done_by", *(self._extra or ()), *self._scopes.visible(self._number)}

    def __len__(self) -> int:
        return sum(1 for _ in self)


def merged(existing: Any, path: list[str], value: Any) -> Any:
    """A context with one inner entry set, leaving the old context as it was."""
    if not path:
        return value
    base = dict(existing) if isinstance(existing, Mapping) else {}
    base[path[0]] = merged(base.get(path[0]), path[1:], value)
    return base
