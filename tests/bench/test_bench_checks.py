"""The benchmark of the checks tells a figure for every kind of file, and for what ships."""

import json

import pytest

from tests.bench import bench_checks
from tests.builders import hostile


def test_every_kind_of_file_has_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    bench_checks.main(60)

    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["what"] for row in told] == [*hostile.LARGE, "what ships", "scenarios"]
    assert all(row["cpu_s"] >= 0 and row["rss_mb"] > 0 for row in told)
