"""The other engines, each in an environment of its own below build/: measured, neither imported by Redress nor shipped.

Viewflow is AGPL, and bkflow-feel wants older libraries than ours.
"""

import subprocess
import venv
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build"


def python_of(name: str) -> str:
    """The Python that has this package, once it is installed."""
    return str(BUILD / f"{name}-venv" / "bin" / "python")


def install(name: str, told: Callable[[str], object]) -> None:
    """Make the environment that `<name>-constraints.txt` pins, unless it stands already."""
    place = BUILD / f"{name}-venv"
    pinned = HERE / f"{name}-constraints.txt"
    ready = place / ".ready"
    if ready.exists() and ready.read_text() == pinned.read_text():
        return
    told(f"Installing {name} into build/{place.name}")
    venv.create(place, with_pip=True, clear=True)
    subprocess.run([python_of(name), "-m", "pip", "install", "--quiet", "-r", str(pinned)], check=True)
    ready.write_text(pinned.read_text())
