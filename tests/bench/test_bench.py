"""The benchmark itself: that each contestant of ours works W1 to its end and tells its figures."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.run import CONTESTANTS, KEPT, OURS, ROOT

FIGURES = {*KEPT, "wall_s", "cpu_s", "p95_ms", "rss_mb"}
HERE = [name for name, command in CONTESTANTS.items() if command[0] == OURS]


@pytest.mark.parametrize("name", HERE)
def test_a_contestant_works_two_cases_to_their_end(tmp_path: Path, name: str) -> None:
    _, script, _, _, *variant = CONTESTANTS[name]

    ran = subprocess.run(
        [sys.executable, ROOT / "tests" / "bench" / script, tmp_path, "2", *variant],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert set(json.loads(ran.stdout)) == FIGURES
