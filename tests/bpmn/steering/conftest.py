"""A bank on SQLite whose instances are steered; every command loads the instance from its rows."""

from collections.abc import Iterator

import pytest

from engine.runtime.clock import MovableClock
from tests.builders.steered import SteeredBank


@pytest.fixture
def bank(sqlite_url: str, clock: MovableClock) -> Iterator[SteeredBank]:
    """An empty one."""
    opened = SteeredBank(sqlite_url, clock)
    yield opened
    opened.close()
