"""What every store must do: the tests of this folder that ask for `store` run on each kind, the one in memory too."""

from collections.abc import Iterator
from typing import Any

import pytest

from engine import memory
from engine.runtime.clock import MovableClock
from engine.store.store import Store


@pytest.fixture(params=["sqlite", "postgresql"])
def sql_store(request: pytest.FixtureRequest, clock: MovableClock) -> Iterator[Store]:
    """A store on a fresh database, once on each kind."""
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    opened = Store(url, clock)
    yield opened
    opened.close()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, clock: MovableClock) -> Iterator[Any]:
    """An empty store, once of each kind."""
    if request.param == "memory":
        yield memory.Store(clock)
        return
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    opened = Store(url, clock)
    yield opened
    opened.close()
