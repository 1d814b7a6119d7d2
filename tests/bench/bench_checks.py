"""How long `redress check` takes over files nobody should be made to wait for, and `redress scenarios` over those that ship.

`python -m tests.bench.bench_checks [NODES]`: JSON lines, seconds of the processor, and the most memory so far in MB.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from engine import bootstrap
from engine.checks import check
from engine.simulation.sources import SCENARIOS, run_files
from tests.builders import hostile

NODES = 10_000


def main(nodes: int) -> None:
    """Measure and print."""
    for name, (make, _) in hostile.LARGE.items():
        content = make(nodes)
        found = _told(name, partial(check, {"x.bpmn": content}, {}), kilobytes=len(content) // 1000)
        assert isinstance(found, list)
    shipped = bootstrap.shipped_definitions()
    _told("what ships", lambda: check(shipped, {}))
    result = _told("scenarios", lambda: run_files([bootstrap.WORKFLOWS / SCENARIOS], shipped))
    assert result.failed == 0


def _told(what: str, measured: Callable[[], Any], **more: Any) -> Any:
    start = time.process_time()
    found = measured()
    seconds = round(time.process_time() - start, 3)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
    print(json.dumps({"what": what, "cpu_s": seconds, "rss_mb": most, **more}), flush=True)
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else NODES)
