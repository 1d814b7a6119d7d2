"""A demo bank, made once and copied for every test; and `redress` as a person calls it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine import bootstrap
from engine.cli import main
from engine.settings import Settings

Redress = Callable[..., Result]
SHARED = Path(__file__).parents[3] / "shared" / "data" / "complaints"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The public complaints stand beside the project, not in it: where they are not, their tests are not chosen."""
    if SHARED.is_dir():
        return
    unread = [item for item in items if item.get_closest_marker("shared")]
    config.hook.pytest_deselected(items=unread)
    items[:] = [item for item in items if item not in unread]


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("demo") / "home"
    bootstrap.prepare(Settings.from_env({"REDRESS_HOME": str(home)}), demo=True)
    return home


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    """A demo bank of one's own."""
    return Path(shutil.copytree(demo_home, tmp_path / "home"))


@pytest.fixture
def redress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Redress:
    """`redress …` in the home of this test; other REDRESS_* variables as named."""
    monkeypatch.setenv("REDRESS_HOME", str(tmp_path / "home"))

    def called(*arguments: str | Path, **variables: str) -> Result:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return called
