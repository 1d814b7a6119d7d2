"""The file store in memory."""

from engine.domain.archive import sha256_of
from engine.domain.errors import NotFound


class FilesInMemory:
    """Attachments and volumes in a dict, by the hash of their bytes."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, content: bytes, *, name: str) -> str:
        """Store the bytes; the same bytes give the same stored name."""
        stored_as = sha256_of(content)
        self.kept[stored_as] = content
        return stored_as

    def get(self, stored_as: str) -> bytes:
        """The bytes; raises NotFound."""
        if stored_as not in self.kept:
            raise NotFound()
        return self.kept[stored_as]
