"""Ids of units and people by the names diagrams use; these never change, so they are looked up once."""

from __future__ import annotations

from engine.bpmn.failures import Failed
from engine.ports import UnitOfWork


class Registry:
    """Ids of units and people by their code and login; these never change, so they are looked up once."""

    def __init__(self) -> None:
        self._units: dict[str, int] = {}
        self._people: dict[str, int] = {}

    def unit(self, work: UnitOfWork, code: str) -> int:
        """The id of a unit."""
        found = self._units.get(code)
        if found is None:
            rows = work.units.find(code=code)
            if not rows:
                raise Failed("task.unit", f"There is no unit {code!r}.")
            found = self._units[code] = rows[0].id
        return found

    def person(self, work: UnitOfWork, login: str) -> int:
        """The id of a person."""
        found = self._people.get(login)
        if found is None:
            rows = work.people.find(login=login)
            if not rows:
                raise Failed("task.person", f"There is nobody with the login {login!r}.")
            found = self._people[login] = rows[0].id
        return found
