"""Running contestants: each in a process of its own, on a core of its own, in a scratch folder that goes with it."""

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, nullcontext
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console

from tests.bench.contestants import Contestant
from tests.bench.cores import WORKING, on_core
from tests.bench.others import BUILD, HERE
from tests.bench.postgresql import server
from tests.postgres import PostgresServer

ROOT = HERE.parents[1]
LONGEST_SECONDS = 900
Figures = dict[str, Any]


class Runs(ExitStack):
    """What has been started and is to be stopped at the end: one PostgreSQL server, if anyone asks for a database."""

    def __init__(self, out: Console) -> None:
        super().__init__()
        self.out = out
        self._server: PostgresServer | None = None
        self._numbers = count(1)

    def figures(self, contestant: Contestant) -> Figures:
        """The figures of a run that prints one line of them."""
        return self.rows(contestant)[-1]

    def in_turn(self, contestants: Mapping[str, Contestant], times: int) -> dict[str, list[Figures]]:
        """The figures of each, so many times, one after the other: a change of the machine's speed meets them all."""
        found: dict[str, list[Figures]] = {name: [] for name in contestants}
        for turn in range(times):
            for name, contestant in contestants.items():
                self.out.print(f"  {turn + 1} of {times}: {name}", highlight=False)
                found[name].append(self.figures(contestant))
        return found

    def rows(self, contestant: Contestant) -> list[Figures]:
        """Every line of figures that one run prints; raises SystemExit with its last words if it fails."""
        with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as folder, ExitStack() as after:
            for name, content in contestant.files.items():
                (Path(folder) / name).write_bytes(content)
            places = {"folder": folder, "sqlite": f"sqlite:///{folder}/redress.sqlite"}
            if "{postgresql}" in contestant.wants:
                places["postgresql"] = self._database(after)
            with nullcontext() if contestant.has_two_cores else on_core(WORKING):
                ran = subprocess.run(
                    contestant.command(places),
                    cwd=ROOT,
                    env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
                    capture_output=True,
                    text=True,
                    timeout=LONGEST_SECONDS,
                    check=False,
                )
        if ran.returncode != 0:
            raise SystemExit(
                f"{Path(contestant.script).name} failed:\n{ran.stderr[-2000:]}{ran.stdout[-500:]}"
            )
        return [json.loads(line) for line in ran.stdout.splitlines()]

    def _database(self, after: ExitStack) -> str:
        """The URL of a new PostgreSQL database, dropped afterwards."""
        if self._server is None:
            self._server = self.enter_context(server())
        name = f"bench_{next(self._numbers)}"
        after.callback(self._server.drop_database, name)
        return self._server.make_database(name)


def medians(runs: Mapping[str, list[Figures]]) -> dict[str, Figures]:
    """The median of each figure over the runs."""
    return {
        name: {figure: median(run[figure] for run in seen) for figure in seen[0]}
        for name, seen in runs.items()
    }


def ratio(runs: Mapping[str, list[Figures]], one: str, other: str, figure: str) -> float:
    """How many times the other's figure the one's is: the median over the turns, each of which met the same machine."""
    turns = zip(runs[one], runs[other], strict=True)
    return float(median(mine[figure] / theirs[figure] for mine, theirs in turns))
