"""Imports run down only, and the contracts that say so really bite."""

import ast
import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOMS, ROOT, files, relative, tree

CONFIG = configparser.ConfigParser()
CONFIG.read(ROOT / "setup.cfg", encoding="utf-8")
PREFIX = "importlinter:contract:"
CONTRACTS = [section.removeprefix(PREFIX) for section in CONFIG.sections() if section.startswith(PREFIX)]

BREAKING = {
    # contract: a file that must not, and what it must not import
    "layers": ("engine/domain/task.py", "from engine.use_cases import inbox"),
    "web-asks-bootstrap": ("web/current.py", "from engine.store import store"),
    "sqlalchemy": ("engine/use_cases/inbox.py", "import sqlalchemy"),
    "flask": ("engine/cli/status.py", "import flask"),
    "spiffworkflow": ("engine/use_cases/inbox.py", "import SpiffWorkflow"),
    "apscheduler": ("engine/runtime/timer_tick.py", "import apscheduler"),
    "smtplib": ("engine/use_cases/outbox.py", "import smtplib"),
}


def _lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """import-linter on this folder alone: without `site`, an editable installation does not add its own files."""
    libraries = [path for path in sys.path if path.endswith("-packages")]
    return subprocess.run(
        [
            *(sys.executable, "-S", "-c", "from importlinter.cli import lint_imports_command as c; c()"),
            *("--no-logo", "--no-cache", *arguments),
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *libraries])},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy_of_the_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "setup.cfg", folder)
    for room in ROOMS:
        shutil.copytree(
            ROOT / room,
            folder / room,
            ignore=lambda at, names: [
                name for name in names if not (Path(at) / name).is_dir() and not name.endswith(".py")
            ],
        )
    return folder


def test_the_contracts_are_kept() -> None:
    linted = _lint(ROOT)

    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_every_contract_is_broken_here_once() -> None:
    assert sorted(BREAKING) == sorted(CONTRACTS)


@pytest.mark.parametrize("contract", BREAKING)
def test_a_broken_contract_is_noticed(copy_of_the_house: Path, contract: str) -> None:
    path, line = BREAKING[contract]
    file = copy_of_the_house / path
    before = file.read_text(encoding="utf-8")

    file.write_text(f"{before}\n{line}\n", encoding="utf-8")
    linted = _lint(copy_of_the_house, "--contract", contract)
    file.write_text(before, encoding="utf-8")

    assert linted.returncode == 1
    assert "1 broken" in linted.stdout
    assert line.split()[1] in linted.stdout


def test_every_room_of_the_engine_stands_in_the_layers() -> None:
    layers = CONFIG[f"{PREFIX}layers"]["layers"].replace("|", "\n").split()
    rooms = {
        f"engine.{path.stem}"
        for path in (ROOT / "engine").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists() or list(path.glob("*.py"))
    }

    assert rooms <= set(layers)


@pytest.mark.parametrize("room", ["engine/domain", "engine/feel"])
def test_the_core_knows_no_library(room: str) -> None:
    """The standard library and engine's own rooms alone."""
    known = sys.stdlib_module_names | {"engine"}
    foreign = {
        f"{relative(path)}: {name}"
        for path in files(room)
        for node in ast.walk(tree(path))
        for name in _imported(node)
        if name.partition(".")[0] not in known
    }

    assert foreign == set()


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        return [node.module]
    return []
