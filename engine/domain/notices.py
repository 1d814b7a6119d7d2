"""Notices: what the customer is told, at which event, by which channel."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoticeState(StrEnum):
    """written: on the customer's page · sending: in the outbox too · sent · failed: given up after retries."""

    WRITTEN = "written"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice to the customer. It is always on the customer's page; `channel` says how else it travels ("page", "email")."""

    id: int
    complaint_id: int
    event: str
    channel: str
    language: str
    recipient: str | None
    subject: str
    body: str
    written_at: datetime
    state: NoticeState = NoticeState.WRITTEN
    sent_at: datetime | None = None
    version: int = 0
