"""When to look: fixed ticks by APScheduler. What is due stands in tables, so a lost tick loses nothing."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC
from types import TracebackType
from typing import Any

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

log: Any = structlog.get_logger(__name__)

Tick = Callable[[], int]
"""Does what is due now and says how much that was."""


class Ticks:
    """Calls each tick every so many seconds while the `with` block runs; a slow tick is never started twice."""

    def __init__(self, ticks: Mapping[str, Tick], *, seconds: float) -> None:
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(max(1, len(ticks)))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )
        self._seconds = seconds
        # a tick that outlasts its interval is skipped on purpose; APScheduler would warn of it each time
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        if seconds > 0:
            for name, tick in ticks.items():
                self._scheduler.add_job(_guarded(name, tick), "interval", seconds=seconds, id=name)

    def __enter__(self) -> "Ticks":
        if self._seconds > 0:
            self._scheduler.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._seconds > 0:
            self._scheduler.shutdown(wait=True)


def _guarded(name: str, tick: Tick) -> Callable[[], None]:
    """The tick as the scheduler calls it: what fails is told, and the next look comes all the same."""

    def look() -> None:
        try:
            done = tick()
        except Exception:
            log.exception("tick failed", tick=name)
        else:
            if done:
                log.info("tick", tick=name, done=done)

    return look
