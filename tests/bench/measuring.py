"""What every contestant measures the same way: the timed steps alone, by wall and by processor."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

VARIABLES = ("name", "amount", "note", "agreed", "reference")
"""The five variables of each form."""


def answers(case: int, step: str) -> dict[str, Any]:
    """What somebody types into a form: other values in every case and step."""
    return {
        "name": f"Customer {case}",
        "amount": 100 + case % 400,
        "note": f"{step}: looked at it and found what there was to find in case {case}",
        "agreed": case % 2 == 0,
        "reference": f"R-{case:06d}-{step}",
    }


class Watch:
    """Adds up the timed steps; or, where several people work at once, tells how long the whole took."""

    def __init__(self) -> None:
        self.steps: list[float] = []
        self.wall = 0.0
        self.cpu = 0.0
        self._whole = False

    def time(self, step: Callable[[], Any], *, counts: bool = True) -> Any:
        """Do a step and time it; a start of a case takes its time but is no task."""
        cpu, wall = time.process_time(), time.perf_counter()
        result = step()
        took = time.perf_counter() - wall
        if not self._whole:
            self.cpu += time.process_time() - cpu
            self.wall += took
        if counts:
            self.steps.append(took)
        return result

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Everything done inside counts, by whatever thread, with what the measuring itself takes."""
        self._whole = True
        cpu, wall = time.process_time(), time.perf_counter()
        yield
        self.wall = time.perf_counter() - wall
        self.cpu = time.process_time() - cpu

    def report(self, cases: int, stored_bytes: float) -> None:
        """Print the figures as one line of JSON."""
        cuts = quantiles(self.steps, n=20)
        print(
            json.dumps(
                {
                    "tasks_per_s": len(self.steps) / self.wall,
                    "tasks_per_cpu_s": len(self.steps) / self.cpu,
                    "wall_s": self.wall,
                    "cpu_s": self.cpu,
                    "p50_ms": cuts[9] * 1000,
                    "p95_ms": cuts[18] * 1000,
                    "bytes_per_case": stored_bytes / cases,
                    "rss_mb": _most_memory() / 1024,
                }
            )
        )


def median_us(work: Callable[[], Any], times: int = 2_000) -> float:
    """Microseconds of the median run of a short piece of work."""
    seen = []
    for _ in range(times):
        start = time.perf_counter_ns()
        work()
        seen.append(time.perf_counter_ns() - start)
    return round(median(seen) / 1000, 2)


def _most_memory() -> int:
    """The most memory this program held, in KiB; getrusage would tell of whoever started it too."""
    held = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(held[1]) if held else 0


def stored_bytes(database_url: str) -> int:
    """How much a database holds, by its SQLAlchemy URL: all tables and indexes."""
    if database_url.startswith("sqlite"):
        return sqlite_bytes(database_url.removeprefix("sqlite:///"))
    from tests.bench.postgresql import database_bytes

    return database_bytes(database_url)


def sqlite_bytes(path: str) -> int:
    """How much a SQLite database holds, without the pages it has set free."""
    import sqlite3

    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages, free, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
    finally:
        connection.close()
    return int((pages - free) * size)
