"""How much SQLite works, counted in the steps of its machine (https://www.sqlite.org/opcode.html): the same on any day."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

EVERY = 20
"""Steps between two counts, and so how exact they are."""


class Steps:
    """Counts the steps of all connections that an engine opens from now on."""

    def __init__(self, engine: Engine) -> None:
        self._taken = 0
        event.listen(engine, "connect", self._connected)

    @contextmanager
    def counted(self) -> Iterator[list[int]]:
        """The steps taken inside are in the list afterwards."""
        before, counted = self._taken, list[int]()
        yield counted
        counted.append(self._taken - before)

    def _connected(self, connection: Any, _: Any) -> None:
        connection.set_progress_handler(self._count, EVERY)

    def _count(self) -> int:
        self._taken += EVERY
        return 0
