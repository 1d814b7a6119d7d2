"""The benchmark itself: that each contestant of ours works to its end and tells its figures, and asks for parts there are."""

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench import contestants as who
from tests.bench.contestants import OURS, Contestant
from tests.bench.parts import KEPT
from tests.bench.run import main
from tests.bench.runs import ROOT
from tests.postgres import PostgresServer

W1_FIGURES = {*KEPT, "wall_s", "cpu_s", "p95_ms", "rss_mb"}
RATES = {"wall", "cpu"}
QUICK: dict[str, tuple[Contestant, set[str]]] = {
    **{
        f"{part}, {name}": (contestant, figures)
        for part, contestants, figures in (
            ("w1", who.W1, W1_FIGURES),
            ("limit", who.LIMITS, W1_FIGURES),
            ("multi_instance", who.MULTI_INSTANCE, W1_FIGURES),
            ("dispute_50", who.DISPUTE_50, {*RATES, "commands"}),
            ("cold_load", who.COLD_LOAD, {*RATES, "loads"}),
            ("inbox", who.INBOX, {"60", "80"}),
        )
        for name, contestant in contestants.items()
        # Others have no tests of ours; one person does what thirty-two do.
        if contestant.program == OURS and not name.endswith("alone")
    },
    "http": (who.HTTP, {*RATES, "p50_ms", "p95_ms"}),
}


def ran(contestant: Contestant, places: dict[str, str]) -> dict[str, object]:
    """What a quick run of it prints."""
    quick = replace(contestant, cases=2, arguments=(*contestant.arguments, *contestant.small))
    done = subprocess.run(
        quick.command(places),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, object] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("name", QUICK)
def test_a_contestant_works_two_cases_to_their_end(
    tmp_path: Path, name: str, request: pytest.FixtureRequest
) -> None:
    contestant, figures = QUICK[name]
    places = {"folder": str(tmp_path), "sqlite": f"sqlite:///{tmp_path}/redress.sqlite"}
    server: PostgresServer | None = None
    if "{postgresql}" in contestant.wants:
        server = request.getfixturevalue("postgres_server")
        places["postgresql"] = server.make_database(f"bench_{tmp_path.name}")

    told = ran(contestant, places)
    if server is not None:
        server.drop_database(f"bench_{tmp_path.name}")

    assert set(told) == figures


def test_what_size_costs_is_told_of_three_banks(tmp_path: Path) -> None:
    told = ran(who.SCALE, {"folder": str(tmp_path)})

    assert {"start", "complete", "timer", "inbox, newest"} <= set(told)
    assert {len(banks) for banks in told.values() if isinstance(banks, dict)} == {3}


def test_a_part_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(SystemExit, match=r"no part w2; there are w1, http, .*scale, feel\."):
        main(["w1", "w2"])
