"""When timers are due: computed once from what the diagram says and the command's clock, then only remembered."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from engine.bpmn.failures import Failed
from engine.feel import WideDateTime, YearsMonthsDuration, compile_expression

_MOMENT = compile_expression("date and time(text)")
_DAY = compile_expression("date(text)")
_LENGTH = compile_expression("duration(text)")
_LATER = compile_expression("start + length")
FOREVER = -1


def moment(found: Any) -> datetime | None:
    """A FEEL value or ISO text as an aware moment; a date is its first moment, without a zone it is UTC."""
    if isinstance(found, str):
        read = _MOMENT.evaluate({"text": found.strip()})
        found = read if read is not None else _DAY.evaluate({"text": found.strip()})
    if isinstance(found, WideDateTime):
        found = _to_microseconds(found)
    if isinstance(found, datetime):
        return (found if found.tzinfo is not None else found.replace(tzinfo=UTC)).astimezone(UTC)
    if isinstance(found, date):
        return datetime(found.year, found.month, found.day, tzinfo=UTC)
    return None


def _to_microseconds(found: WideDateTime) -> datetime | None:
    """A moment finer than rows keep, cut off to what they keep; None for years they cannot hold."""
    try:
        return datetime(
            *(found.year, found.month, found.day, found.hour, found.minute, found.second),
            microsecond=found.nanosecond // 1000,
            tzinfo=found.tzinfo,
        )
    except ValueError:
        return None


def later(start: datetime, length: Any) -> datetime | None:
    """A moment plus a duration, a FEEL value or ISO text."""
    if isinstance(length, str):
        length = _length(length.strip())
    if isinstance(length, timedelta):
        return _added(start, length)
    if not isinstance(length, YearsMonthsDuration):
        return None
    found = _LATER.evaluate({"start": start, "length": length})
    return found if isinstance(found, datetime) else None


def _added(start: datetime, length: timedelta) -> datetime | None:
    try:
        return start + length
    except OverflowError:
        return None


@lru_cache(maxsize=1024)
def _length(text: str) -> Any:
    return _LENGTH.evaluate({"text": text})


def armed(shape: str, found: Any, now: datetime) -> dict[str, Any]:
    """What a timer remembers: `due` as ISO text, and for a cycle `every` and how many are `left`."""
    if shape == "cycle":
        return _cycle(found, now)
    due = moment(found) if shape == "date" else later(now, found)
    if due is None:
        example = "a moment as 2026-12-31T09:00:00Z" if shape == "date" else "a duration as PT4H or P2D"
        raise Failed("timer.unreadable", f"The time of the timer cannot be read: {found!r}; write {example}.")
    return {"due": due.isoformat()}


def _cycle(found: Any, now: datetime) -> dict[str, Any]:
    parts = str(found).strip().split("/")
    count = parts[0][1:] if parts[0].startswith("R") else "?"
    start = moment(parts[1]) if len(parts) == 3 else None
    first = start if len(parts) == 3 else later(now, parts[-1])
    if len(parts) not in (2, 3) or (count and not count.isdigit()) or first is None:
        example = "R3/PT1H for three times, one each hour; R/P1D for every day"
        raise Failed(
            "timer.unreadable", f"The cycle of the timer cannot be read: {found!r}; write {example}."
        )
    step = later(first, parts[-1])
    if step is None or step <= first:
        raise Failed("timer.unreadable", f"The cycle of the timer does not go forward: {found!r}.")
    left = int(count) if count else FOREVER
    return {"due": first.isoformat(), "every": parts[-1], "left": left}


def next_round(memo: dict[str, Any], now: datetime) -> dict[str, Any] | None:
    """What a cycle remembers after it fired; rounds that were missed are counted and skipped; None after the last."""
    due, left = datetime.fromisoformat(memo["due"]), memo["left"]
    while True:
        if left != FOREVER:
            left -= 1
            if left <= 0:
                return None
        following = later(due, memo["every"])
        if following is None or following <= due:
            return None
        due = following
        if due > now:
            return {"due": due.isoformat(), "every": memo["every"], "left": left}
