"""Files on this machine, named by their content: written once, whole or not at all, and checked when read."""

import os
import re
import tempfile
from hashlib import sha256
from pathlib import Path

from engine.domain.errors import NotFound, RedressError

NAME = re.compile(r"[0-9a-f]{64}")


class FileDamaged(RedressError):
    """A stored file is not what was put in: its bytes no longer give its name."""

    code = "file_damaged"


class LocalFiles:
    """The file store below one folder; implements `engine.ports.Files`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, content: bytes, *, name: str) -> str:
        """Store the bytes; what is returned names them. `name` is the sender's and is kept in the row, not here."""
        stored_as = sha256(content).hexdigest()
        path = self._path(stored_as)
        if not path.exists():
            _make_folder(path.parent)
            _write_whole(path, content)
        return stored_as

    def get(self, stored_as: str) -> bytes:
        """The bytes of this name; raises NotFound, or FileDamaged if somebody changed them."""
        if not NAME.fullmatch(stored_as):
            raise NotFound
        try:
            content = self._path(stored_as).read_bytes()
        except FileNotFoundError:
            raise NotFound from None
        if sha256(content).hexdigest() != stored_as:
            raise FileDamaged(f"The stored file {stored_as} was changed since it was put in.")
        return content

    def _path(self, stored_as: str) -> Path:
        return self._root / stored_as[:2] / stored_as


def _make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _sync_folder(folder.parent)


def _write_whole(path: Path, content: bytes) -> None:
    """Through a file of another name, so that a crash leaves the whole file or none."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
