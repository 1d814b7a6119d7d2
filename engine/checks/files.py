"""Which files are checked, and which they may refer to; whatever state they are in, they are read in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.bpmn.rules.editions import Editions
from engine.bpmn.rules.problems import Problem
from engine.bpmn.xml import LARGEST_FILE

KINDS = (".bpmn", ".dmn", ".form")
BESIDE = ("", "decisions", "forms", "definitions", "..", "../decisions", "../forms")
OF_A_HOUSE = ("workflows", "workflows/decisions", "forms", "forms/definitions")
MOST_CONTEXT = 40_000_000
"""Bytes of files around that are read; what is beyond is as if it were not there."""

_NOT_WALKED = frozenset({"node_modules", "__pycache__", "build"})


@dataclass
class Given:
    """The files to check by name, and those that could not even be read."""

    files: dict[str, bytes] = field(default_factory=dict)
    unreadable: list[Problem] = field(default_factory=list)
    paths: set[Path] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.files) + len(self.unreadable)


def read_given(arguments: Iterable[Path]) -> Given:
    """The files named, and all diagrams, decisions and forms in the folders named; each once."""
    given = Given()
    for argument in arguments:
        for path in sorted(_walk(argument, given)) if argument.is_dir() else (argument,):
            real = path.resolve()
            if real not in given.paths:
                given.paths.add(real)
                _read(path, given)
    return given


def _read(path: Path, given: Given) -> None:
    name = path.as_posix()
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            reason = f"the file has {size:,} bytes, more than {LARGEST_FILE:,}"
            given.unreadable.append(Problem(name, None, "", "size", reason))
        else:
            given.files[name] = path.read_bytes()
    except OSError as error:
        given.unreadable.append(_unreadable(path, error))


def _unreadable(path: Path, error: OSError) -> Problem:
    return Problem(path.as_posix(), None, "", "file", f"it cannot be read: {error.strerror}")


def _walk(folder: Path, given: Given) -> Iterator[Path]:
    todo = [folder]
    while todo:
        here = todo.pop()
        try:
            items = list(here.iterdir())
        except OSError as error:
            given.unreadable.append(_unreadable(here, error))
            continue
        for item in items:
            if item.name.startswith(".") or item.name in _NOT_WALKED:
                continue
            if item.is_dir() and not item.is_symlink():
                todo.append(item)
            elif item.suffix in KINDS and item.is_file():
                yield item


def context_of(given: Given, here: Path, shipped: Mapping[str, bytes]) -> dict[str, bytes]:
    """What the given files may refer to: what is beside them, in this folder's workflows and forms, and what ships.

    The nearest wins; what a given file is another edition of is left out.
    """
    folders = [
        folder / name
        for folder in dict.fromkeys(Path(file).parent for file in given.files)
        for name in BESIDE
    ]
    folders += [here / name for name in OF_A_HOUSE]
    editions = Editions(given.files)
    context: dict[str, bytes] = {}
    left = MOST_CONTEXT
    for path in _beside(folders, given.paths):
        try:
            size = path.stat().st_size
            if size <= left:
                left -= size
                editions.add(path.as_posix(), path.read_bytes(), context)
        except OSError:
            continue
    for file, content in shipped.items():
        editions.add(file, content, context)
    return context


def _beside(folders: Iterable[Path], given: set[Path]) -> Iterator[Path]:
    seen = set(given)
    for folder in dict.fromkeys(folders):
        for path in sorted(folder.glob("*")) if folder.is_dir() else ():
            if path.suffix in KINDS and path.is_file() and path.resolve() not in seen:
                seen.add(path.resolve())
                yield path
