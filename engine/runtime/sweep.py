"""Going through what is due: one broken case is told, set aside for a while, and never keeps the others."""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import structlog

from engine.domain.errors import ChangedMeanwhile, Unavailable

log: Any = structlog.get_logger(__name__)

Item = TypeVar("Item")
ASIDE = timedelta(minutes=5)


class Sweep(Generic[Item]):
    """Does one thing to many items. `key` names an item, so that a broken one is known again at the next look."""

    def __init__(self, name: str, key: Callable[[Item], Hashable], now: Callable[[], datetime]) -> None:
        self._name = name
        self._key = key
        self._now = now
        self._aside: dict[Hashable, datetime] = {}

    @property
    def aside(self) -> int:
        """How many items are set aside: so many more must be looked up to come by the others."""
        return len(self._aside)

    def over(self, items: Iterable[Item], do: Callable[[Item], Any]) -> int:
        """Do it to each; how many times it did something. Raises Unavailable, for then no item can be done."""
        now = self._now()
        self._aside = {key: until for key, until in self._aside.items() if until > now}
        done = 0
        for item in items:
            key = self._key(item)
            if key in self._aside:
                continue
            try:
                done += bool(do(item))
            except Unavailable:
                raise
            except ChangedMeanwhile:
                # somebody was faster; what is still to be done is met again at the next look
                continue
            except Exception:
                self._aside[key] = now + ASIDE
                log.exception("set aside", what=self._name, key=key)
        return done
