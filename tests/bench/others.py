"""The other engines, each in a folder of its own below build/: measured, neither imported by Redress nor shipped.

Viewflow is AGPL, bkflow-feel wants older libraries than ours, bpmn-engine and bpmn-server are JavaScript.
"""

import shutil
import subprocess
import venv
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build"
NPM, NPM_SOURCE = BUILD / "bench-npm", HERE / "npm"
Told = Callable[[str], object]


def python_of(name: str) -> str:
    """The Python that has this package, once it is installed."""
    return str(BUILD / f"{name}-venv" / "bin" / "python")


def install(name: str, told: Told) -> None:
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


def install_npm(told: Told) -> None:
    """Lay the scripts into their folder, and install what its lock file pins, unless it stands already."""
    ready, lock = NPM / ".ready", NPM_SOURCE / "package-lock.json"
    is_ready = ready.exists() and ready.read_text() == lock.read_text()
    shutil.copytree(NPM_SOURCE, NPM, dirs_exist_ok=True)
    if is_ready:
        return
    told(f"Installing bpmn-engine and bpmn-server into build/{NPM.name}")
    ready.unlink(missing_ok=True)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--silent"], cwd=NPM, check=True)
    ready.write_text(lock.read_text())
