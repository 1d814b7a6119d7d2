"""`make bench`: Redress beside SpiffWorkflow and Viewflow on W1, the inbox at three sizes, and FEEL beside others.

Prints a table and writes build/bench.json. Every contestant runs in a process of its own, five times, in turn, so that
a change of the machine's speed meets them all; figures are the medians.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.others import BUILD, install, python_of

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RUNS = 5
KEPT = ("tasks_per_s", "tasks_per_cpu_s", "p50_ms", "bytes_per_case")
OURS = sys.executable
VIEWFLOW = python_of("viewflow")
BKFLOW = python_of("bkflow")

CONTESTANTS: Mapping[str, Sequence[str]] = {
    "redress-sqlite": (OURS, "bench_redress.py", "{folder}", "250"),
    "spiffworkflow-memory": (OURS, "bench_spiffworkflow.py", "{folder}", "250", "memory"),
    "spiffworkflow-json": (OURS, "bench_spiffworkflow.py", "{folder}", "100", "json"),
    "viewflow": (VIEWFLOW, "bench_viewflow.py", "{folder}", "25"),
    "the store's limit": (OURS, "bench_store.py", "{folder}", "250"),
}
"""Who runs with how many cases: enough to be measured, and the whole in a few minutes."""


def main() -> None:
    """Measure, print, write."""
    out = Console(width=None if sys.stdout.isatty() else 120)
    BUILD.mkdir(exist_ok=True)
    for name in ("viewflow", "bkflow"):
        install(name, out.print)
    runs: dict[str, list[Mapping[str, float]]] = {name: [] for name in CONTESTANTS}
    for turn in range(RUNS):
        for name, command in CONTESTANTS.items():
            out.print(f"run {turn + 1} of {RUNS}: {name}")
            runs[name].append(_measured(command))
    out.print("the inbox")
    inbox = _measured((OURS, "bench_inbox.py", "{folder}"))
    out.print("FEEL and DMN")
    measured = (*_rows((OURS, "bench_feel.py")), *_rows((BKFLOW, "bench_bkflow.py")))
    feel = {row["what"]: {"median_us": row["median_us"]} for row in measured}
    medians = {
        name: {figure: median(run[figure] for run in measured) for figure in measured[0]}
        for name, measured in runs.items()
    }
    _print(out, medians, inbox)
    _print_feel(out, feel)
    written = {
        "w1": {
            name: {figure: round(figures[figure], 3) for figure in KEPT}
            for name, figures in medians.items()
            if name != "the store's limit"
        },
        "inbox": {size: {"p50_ms": round(figures["p50_ms"], 3)} for size, figures in inbox.items()},
        "feel": feel,
    }
    (BUILD / "bench.json").write_text(json.dumps(written, indent=2) + "\n")
    out.print("Written to build/bench.json.")


def _measured(command: Sequence[str]) -> dict[str, Any]:
    """The figures that one run prints."""
    return _rows(command)[-1]


def _rows(command: Sequence[str]) -> list[dict[str, Any]]:
    """Every line of figures that one run prints."""
    program, script, *arguments = command
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as folder:
        ran = subprocess.run(
            [program, str(HERE / script), *(argument.format(folder=folder) for argument in arguments)],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return [json.loads(line) for line in ran.stdout.splitlines()]


def _print(
    out: Console, medians: Mapping[str, Mapping[str, float]], inbox: Mapping[str, Mapping[str, float]]
) -> None:
    table = Table(title=f"W1: 8 user tasks a case, medians of {RUNS}")
    columns = {
        "tasks/s": "tasks_per_s",
        "tasks/CPU s": "tasks_per_cpu_s",
        "wall s": "wall_s",
        "CPU s": "cpu_s",
        "p50 ms": "p50_ms",
        "p95 ms": "p95_ms",
        "bytes/case": "bytes_per_case",
        "RSS MB": "rss_mb",
    }
    table.add_column("")
    for column in columns:
        table.add_column(column, justify="right")
    for name, figures in medians.items():
        table.add_row(
            name, *(f"{figures[figure]:,.{_digits(figures[figure])}f}" for figure in columns.values())
        )
    out.print(table)
    pages = Table(title="An inbox page of 50, with its counts")
    for column in ("open tasks", "p50 ms", "p95 ms"):
        pages.add_column(column, justify="right")
    for size, figures in inbox.items():
        pages.add_row(f"{int(size):,}", f"{figures['p50_ms']:.2f}", f"{figures['p95_ms']:.2f}")
    out.print(pages)


def _print_feel(out: Console, rows: Mapping[str, Mapping[str, float]]) -> None:
    table = Table(title="FEEL and DMN: the median of many runs")
    table.add_column("")
    table.add_column("µs", justify="right")
    for what, figures in rows.items():
        table.add_row(what, f"{figures['median_us']:,.1f}")
    out.print(table)


def _digits(figure: float) -> int:
    return 0 if figure >= 100 else 2


if __name__ == "__main__":
    main()
