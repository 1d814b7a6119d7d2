"""Releases: sets of definition files, each content kept once."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar

from sqlalchemy import func, select

from engine.domain.errors import NotFound
from engine.domain.running import Release
from engine.store import tables
from engine.store.row_classes import Content, ReleaseFile, ReleaseRow
from engine.store.rows import Makers, RowsTogether, StoredRows
from engine.store.statements import Prepared, prepare, prepared
from engine.store.wire import Wire


def newest(wire: Wire) -> int:
    """The id of the newest release, asked without making rows; raises NotFound before the first one."""
    row = wire.read_one(newest_asked(wire.dialect))
    if row is None or row[0] is None:
        raise NotFound("Nothing is released yet.")
    return int(row[0])


def newest_asked(dialect: str) -> Prepared:
    """How the newest release is asked for."""
    key = ("newest release", dialect)
    return prepared(key) or prepare(key, select(func.max(tables.release.c.id)), dialect)


class ReleaseRows(RowsTogether):
    """The releases inside the open transaction. `known` is shared by all units of work: a release never changes."""

    rows: StoredRows[ReleaseRow]
    contents: StoredRows[Content]
    files: StoredRows[ReleaseFile]
    MADE: ClassVar[Makers] = {
        "rows": lambda wire: StoredRows(wire, ReleaseRow),
        "contents": lambda wire: StoredRows(wire, Content),
        "files": lambda wire: StoredRows(wire, ReleaseFile),
    }

    def __init__(
        self, wire: Wire, kept: list[StoredRows[Any]], now: datetime, known: dict[int, Release]
    ) -> None:
        super().__init__(wire, kept)
        self.now = now
        self.known = known

    def current(self) -> Release:
        """The newest release; raises NotFound before the first one."""
        return self.get(newest(self.wire))

    def get(self, id: int) -> Release:
        """A release with its files."""
        release = self.known.get(id)
        if release is None:
            row = self.rows.get(id)
            files = {
                file.path: self.contents.by_key(file.sha256).body for file in self.files.find(release_id=id)
            }
            release = Release(row.id, row.sha256, row.released_at, files)
            if id not in self.rows.held:
                self.known[id] = release
        return release

    def add(self, files: Mapping[str, bytes]) -> Release:
        """Store a new release, or return the current one if these are its files."""
        hashes = {path: sha256(body).hexdigest() for path, body in sorted(files.items())}
        whole = sha256("".join(f"{hash} {path}\n" for path, hash in hashes.items()).encode()).hexdigest()
        try:
            if (current := self.current()).sha256 == whole:
                return current
        except NotFound:
            pass  # the first release
        row = self.rows.add(ReleaseRow(0, whole, self.now))
        # Not shared before the commit: a release taken back must not be remembered.
        self.rows.held.add(row.id)
        for path, hash in hashes.items():
            self.contents.look(hash)
            self.contents.put(Content(hash, bytes(files[path])))
        self.contents.flush()
        for path, hash in hashes.items():
            self.files.put(ReleaseFile(row.id, path, hash))
        return Release(row.id, whole, self.now, dict(files))
