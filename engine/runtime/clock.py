"""The present moment: the one file that reads the machine's clock, and a clock that tests and the demo move."""

from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        return datetime.now(UTC)


class MovableClock:
    """A clock that stands still until it is moved; it never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = _utc(start)

    def now(self) -> datetime:
        """The moment it was last moved to."""
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Stand at this moment; an earlier one is refused, for nothing here may happen before what has happened."""
        moment = _utc(moment)
        if moment < self._now:
            raise ValueError(
                f"The clock stands at {self._now.isoformat()} and cannot go back to {moment.isoformat()}."
            )
        self._now = moment

    def move_by(self, length: timedelta) -> None:
        """Go forward by this much."""
        self.move_to(self._now + length)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment needs its time zone.")
    return moment.astimezone(UTC)
