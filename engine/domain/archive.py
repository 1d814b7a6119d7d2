"""The archive: sealed volumes of a closed case, linked in the register's hash chain."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256


@dataclass(frozen=True)
class Volume:
    """One sealed volume. `sha256` is of its manifest; `link` = SHA-256(previous link + manifest hash), so a change shows."""

    id: int
    complaint_id: int
    number: int
    sealed_at: datetime
    sealed_by: str
    stored_as: str
    sha256: str
    previous_link: str
    link: str


def sha256_of(content: bytes) -> str:
    """The hexadecimal SHA-256 of these bytes."""
    return sha256(content).hexdigest()


def manifest(complaint_number: str, volume: int, files: Mapping[str, bytes]) -> bytes:
    """The list of a volume's files with size and hash, as JSON whose bytes depend on nothing but them."""
    listed = [
        {"name": name, "size": len(content), "sha256": sha256_of(content)}
        for name, content in sorted(files.items())
    ]
    return canonical({"complaint": complaint_number, "volume": volume, "files": listed})


def canonical(value: object) -> bytes:
    """JSON in one form only: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link_of(previous_link: str, manifest_sha256: str) -> str:
    """The next link of the register's hash chain."""
    return sha256_of(f"{previous_link}\n{manifest_sha256}".encode())


def first_break(volumes: Sequence[Volume]) -> Volume | None:
    """The first volume, in the order they were sealed, whose link does not follow from the one before."""
    previous = ""
    for volume in volumes:
        if volume.previous_link != previous or volume.link != link_of(previous, volume.sha256):
            return volume
        previous = volume.link
    return None
