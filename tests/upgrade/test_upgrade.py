"""Instances stored by earlier code load, and finish, under the code of today."""

import gzip
import io
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from engine import bootstrap
from engine.domain.actor import SYSTEM
from engine.runtime.clock import MovableClock
from engine.settings import Settings
from tests.upgrade.finishing import Staff
from tests.upgrade.store_bank import UNTIL

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
STORED = sorted((HERE / "stored").glob("*.sql.gz"))
ROOMS = ("engine", "forms", "web", "workflows")


def finish(home: Path) -> None:
    """Upgrade the bank in this folder, and let it work until nothing runs."""
    clock = MovableClock(UNTIL)
    settings = Settings.from_env({"REDRESS_HOME": str(home)})
    bootstrap.prepare(settings, demo=True, clock=clock)
    app = bootstrap.build(settings, clock=clock, durable=False)
    with app.ports.unit_of_work(SYSTEM) as work:
        waiting = work.tasks.find(state=["open", "claimed"])

    left = Staff(app, clock).finish()

    with app.ports.unit_of_work(SYSTEM) as work:
        incidents = work.processes.incidents()
        complaints = work.complaints.find()
    app.close()
    assert len(waiting) > 10
    assert left == []
    assert incidents == []
    assert [complaint.number for complaint in complaints if complaint.is_open] == []


@pytest.mark.parametrize("stored", STORED, ids=lambda file: file.name.removesuffix(".sql.gz"))
def test_what_an_earlier_version_stored_is_finished(stored: Path, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "redress.sqlite")
    connection.executescript(gzip.decompress(stored.read_bytes()).decode())
    connection.close()

    finish(tmp_path)


def earlier() -> str | None:
    """The commit before the code at hand: the newest one while something is not committed, else the one before it."""

    def git(*words: str) -> str | None:
        try:
            ran = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            return None
        return ran.stdout.strip()

    if git("rev-parse", "HEAD") is None:
        return None
    return git("rev-parse", "HEAD" if git("status", "--porcelain", "--", *ROOMS) else "HEAD^")


def test_what_the_previous_commit_stored_is_finished(tmp_path: Path) -> None:
    commit = earlier()
    if commit is None:
        pytest.skip("there is no earlier commit in this copy of the code")
    archive = subprocess.run(
        ["git", "-C", str(ROOT), "archive", commit, *ROOMS], capture_output=True, check=True
    ).stdout
    code, home = tmp_path / "code", tmp_path / "home"
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        packed.extractall(code, filter="data")
    shutil.copy(HERE / "store_bank.py", code)

    subprocess.run(
        [sys.executable, code / "store_bank.py", home],
        cwd=code,
        env={**os.environ, "PYTHONPATH": str(code)},
        check=True,
    )

    finish(home)
