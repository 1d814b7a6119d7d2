"""The archive: sealed volumes of a closed case, linked in the register's hash chain."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
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
