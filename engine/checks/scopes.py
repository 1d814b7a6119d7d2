"""Scopes as they will be when a process runs, each with the names it may hold: what an expression sees, and what not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.checks.shapes import ANY, NOTHING, Shape


@dataclass(frozen=True, slots=True)
class Names:
    """Variables by name; `open` where there may be others nobody can tell."""

    shapes: Mapping[str, Shape] = field(default_factory=dict)
    open: bool = False


NO_NAMES = Names()
ANY_NAMES = Names(open=True)


@dataclass(eq=False, slots=True)
class Scope:
    """The variables of a process, subprocess, item or task, and the scope around it.

    Results go to the nearest scope that has their name, else to the outermost: so only the outermost gets new ones, and
    a `wall` (a flow of an ad-hoc subprocess), which keeps what is new in it.
    """

    parent: Scope | None = None
    names: dict[str, Shape] = field(default_factory=dict)
    open: bool = False
    wall: bool = False

    def see(self, name: str) -> Shape | None:
        """The shape of a variable seen from here; None for one that cannot be there."""
        here: Scope | None = self
        unknown = False
        while here is not None:
            found = here.names.get(name)
            if found is not None:
                return found | ANY if unknown else found
            unknown = unknown or here.open
            here = here.parent
        return ANY if unknown else None

    def have(self, name: str, shape: Shape = NOTHING) -> None:
        """It holds a variable of this name for as long as it is open."""
        self.names[name] = self.names.get(name, NOTHING) | shape

    def write(self, name: str, shape: Shape) -> None:
        """A result of this name is written from here."""
        here = self
        while name not in here.names and here.parent is not None:
            here = here.parent
        (here if name in here.names else self.newest).have(name, shape)

    def write_all(self, names: Names) -> None:
        """Several results; if some cannot be told, anything may be in the outermost scope."""
        for name, shape in names.shapes.items():
            self.write(name, shape)
        if names.open:
            self.newest.open = True

    @property
    def newest(self) -> Scope:
        """The scope a name that is nowhere yet is written into."""
        here = self
        while here.parent is not None and not here.wall:
            here = here.parent
        return here

    @property
    def outermost(self) -> Scope:
        """The scope of the process."""
        here = self
        while here.parent is not None:
            here = here.parent
        return here

    def visible(self) -> Names:
        """Everything seen from here, as it is handed to a called process."""
        chain: list[Scope] = []
        here: Scope | None = self
        while here is not None:
            chain.append(here)
            here = here.parent
        shapes: dict[str, Shape] = {}
        for scope in reversed(chain):
            shapes.update(scope.names)
        return Names(shapes, any(scope.open for scope in chain))
