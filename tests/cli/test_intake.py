"""`redress intake`: complaints from a file, each once."""

import csv
import json
from pathlib import Path

import pytest

from engine.cli.intake_file import Line, lines
from engine.cli.intake_map import CFPB, read_row
from tests.cli.conftest import SHARED, Redress

PUBLIC = {
    # file: how many complaints it holds
    "cfpb_2019-2020.csv": 6_623,
    "cfpb_2023-06.csv.gz": 10_000,
}
HEADER = "Complaint ID,Date received,Issue,Consumer complaint narrative,Submitted via\n"


def _file(folder: Path, *rows: str) -> Path:
    path = folder / "complaints.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def _complaints(redress: Redress) -> int:
    return int(json.loads(redress("status", "--json").stdout)["complaints"])


def test_every_row_counts_once_however_often_it_is_run(home: Path, redress: Redress, tmp_path: Path) -> None:
    path = _file(tmp_path, "1,2026-11-02,A fee,They charged me twice.,Web", "2,2026-11-03,A card,,Phone")

    assert "2 taken in, 0 known already, 0 refused." in redress("intake", path).stdout
    assert "0 taken in, 2 known already, 0 refused." in redress("intake", path).stdout

    assert _complaints(redress) == 2


def test_the_limit_means_the_first_rows_on_reruns_too(home: Path, redress: Redress, tmp_path: Path) -> None:
    path = _file(tmp_path, *(f"{n},2026-11-02,A fee,,Web" for n in range(1, 5)))

    redress("intake", path, "--limit", "2")
    redress("intake", path, "--limit", "2")

    assert _complaints(redress) == 2


def test_what_an_interruption_left_is_taken_at_the_next_run(
    home: Path, redress: Redress, tmp_path: Path
) -> None:
    path = _file(tmp_path, *(f"{n},2026-11-02,A fee,,Web" for n in range(1, 5)))
    redress("intake", path, "--limit", "3")

    assert "1 taken in, 3 known already, 0 refused." in redress("intake", path).stdout


def test_rows_that_cannot_be_read_are_listed_with_reasons(
    home: Path, redress: Redress, tmp_path: Path
) -> None:
    path = _file(
        tmp_path,
        "1,2026-11-02,A fee,,Web",
        "2,2026-11-02,,,Web",
        "3,once,A fee,,Web",
        "4,2026-11-02,A fee",
        ",2026-11-02,A fee,,Web",
        "6,2999-01-01,A fee,,Web",
    )

    result = redress("intake", path)

    assert "1 taken in, 0 known already, 5 refused." in result.stdout
    with (home / "rejects" / "complaints.csv.rejects.csv").open(newline="") as file:
        rejects = list(csv.DictReader(file))
    assert [(row["line"], row["reason"]) for row in rejects] == [
        ("3", "it has no text in Consumer complaint narrative or complaint_what_happened or Issue or issue"),
        ("4", "'once' is no date"),
        ("5", "it has 3 fields, the header 5"),
        ("6", "it has no key in Complaint ID or complaint_id"),
        ("7", "A complaint cannot be received in the future."),
    ]


def test_a_run_without_refusals_takes_an_old_list_away(home: Path, redress: Redress, tmp_path: Path) -> None:
    redress("intake", _file(tmp_path, "3,once,A fee,,Web"))
    redress("intake", _file(tmp_path, "3,2026-11-02,A fee,,Web"))

    assert list((home / "rejects").iterdir()) == []


def test_a_file_without_a_text_is_refused_whole(home: Path, redress: Redress, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("Name,Town\nLi,Shanghai\n")

    result = redress("intake", path)

    assert result.exit_code == 1
    assert "--map" in result.stderr
    assert _complaints(redress) == 0


def test_a_map_and_a_unit_of_ones_own(home: Path, redress: Redress, tmp_path: Path) -> None:
    path, map_ = tmp_path / "branch.csv", tmp_path / "map.yaml"
    path.write_text("No,Words\n1,The machine kept my card.\n")
    map_.write_text("source: xuhui\nkey: No\ntext: Words\nchannel: {default: counter}\n")

    assert "1 taken in" in redress("intake", path, "--map", map_, "--unit", "SH-XH").stdout
    assert "There is no unit" in _first_reason(home, redress, path, map_)


def _first_reason(home: Path, redress: Redress, path: Path, map_: Path) -> str:
    path.write_text("No,Words\n2,The machine kept my card.\n")
    redress("intake", path, "--map", map_, "--unit", "MARS")
    return (home / "rejects" / "branch.csv.rejects.csv").read_text()


@pytest.mark.shared
@pytest.mark.parametrize(("name", "count"), PUBLIC.items())
def test_every_public_complaint_can_be_read(name: str, count: int) -> None:
    rows = [
        read_row(CFPB, line.values, occurrence=1) for line in lines(SHARED / name) if isinstance(line, Line)
    ]

    assert len(rows) == count
    assert len({row.key for row in rows}) == count
    assert all(row.received_at is not None and row.typed["text"] for row in rows)


@pytest.mark.shared
@pytest.mark.parametrize("name", PUBLIC)
def test_public_complaints_take_the_road(home: Path, redress: Redress, name: str) -> None:
    result = redress("intake", SHARED / name, "--limit", "25")

    assert "25 taken in, 0 known already, 0 refused." in result.stdout
    assert json.loads(redress("status", "--json").stdout)["running"] == 25
