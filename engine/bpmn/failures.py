"""Why a token could not go on, and when it may be tried again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=8)


class Failed(Exception):
    """A step failed: its writes are undone, its token stays, and people see an incident. Never leaves this room."""

    def __init__(self, code: str, message: str, *, retries: int = 0, wait: timedelta | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retries = retries
        self.wait = wait


class Thrown(Exception):
    """An operation threw a BPMN error on purpose. Never leaves this room."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Escalated(NamedTuple):
    """An operation is done and escalates on purpose."""

    code: str
    message: str
    outputs: Mapping[str, Any] | None

    @property
    def payload(self) -> Mapping[str, Any]:
        """What comes with the escalation."""
        return {"code": self.code, "message": self.message}


def retry_at(now: datetime, retries_left: int, tried: int, wait: timedelta | None = None) -> datetime | None:
    """When to try again by oneself: after `wait`, else waits double from one minute on; None when a person has to."""
    if retries_left <= 0:
        return None
    if wait is not None:
        return now + wait
    doubled: timedelta = FIRST_WAIT * 2 ** min(tried - 1, 16)
    return now + min(LONGEST_WAIT, doubled)
