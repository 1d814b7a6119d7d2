"""Notices: what the customer is told, at which event, by which channel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from re import compile as pattern

from engine.domain.errors import OperationFailed

PLACEHOLDER = pattern(r"\{([^{}]+)\}")
SUBJECT_LENGTH = 200


class NoticeState(StrEnum):
    """written: on the customer's page · sending: in the outbox too · sent · failed: given up after retries."""

    WRITTEN = "written"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True)
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


def filled(template: str, value_of: Callable[[str], str]) -> str:
    """The template with every `{path}` replaced by what `value_of` says for it."""
    return PLACEHOLDER.sub(lambda match: value_of(match.group(1).strip()), template)


def wording(
    templates: Mapping[str, Mapping[str, Mapping[str, str]]], name: str, language: str
) -> Mapping[str, str]:
    """Subject and body of a template in the customer's language, else in English."""
    languages = templates.get(name)
    if not languages:
        raise OperationFailed(f"There is no notice template named {name}.", template=name)
    words = languages.get(language) or languages.get("en") or next(iter(languages.values()))
    if "subject" not in words or "body" not in words:
        raise OperationFailed(f"The notice template {name} lacks a subject or a body.", template=name)
    return words


def one_line(subject: str) -> str:
    """A subject fit for a mail header: one line, not endless."""
    return " ".join(subject.split())[:SUBJECT_LENGTH]


def sent(notice: Notice, now: datetime) -> Notice:
    """The notice after it left the bank."""
    return replace(notice, state=NoticeState.SENT, sent_at=now)


def failed(notice: Notice) -> Notice:
    """The notice after the last try; the customer still finds it on their page."""
    return replace(notice, state=NoticeState.FAILED)
