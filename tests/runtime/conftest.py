"""A whole house over a demo bank, on a clock that the test moves."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine import bootstrap
from engine.bootstrap import App
from engine.runtime.clock import MovableClock
from engine.settings import Settings
from tests.conftest import A_MONDAY_MORNING

House = Callable[..., App]


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("house") / "home"
    bootstrap.prepare(
        Settings.from_env({"REDRESS_HOME": str(home)}), demo=True, clock=MovableClock(A_MONDAY_MORNING)
    )
    return home


@pytest.fixture
def house(demo_home: Path, tmp_path: Path, clock: MovableClock) -> Iterator[House]:
    """Builds the house; further settings as named."""
    home = shutil.copytree(demo_home, tmp_path / "home")
    built: list[App] = []

    def build(**more: str) -> App:
        settings = Settings.from_env({"REDRESS_HOME": str(home), **more})
        built.append(bootstrap.build(settings, clock=clock))
        return built[-1]

    yield build
    for app in built:
        app.close()
