"""Why a token could not go on, and when it may be tried again."""

from datetime import datetime, timedelta

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=8)


class Failed(Exception):
    """A step failed: its writes are undone, its token stays, and people see an incident. Never leaves this room."""

    def __init__(self, code: str, message: str, *, retries: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retries = retries


class Thrown(Exception):
    """An operation threw a BPMN error on purpose. Never leaves this room."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def retry_at(now: datetime, retries_left: int, tried: int) -> datetime | None:
    """When to try again by oneself: waits double from one minute on; None when a person has to."""
    if retries_left <= 0:
        return None
    doubled: timedelta = FIRST_WAIT * 2 ** min(tried - 1, 16)
    return now + min(LONGEST_WAIT, doubled)
