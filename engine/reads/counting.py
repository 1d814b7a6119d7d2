"""Counts that stop early: nobody needs to know whether 40,000 or 40,001 tasks wait."""

from typing import Any

from sqlalchemy import Select, func, select

LIMIT = 1000


class UpTo(int):
    """A count that stops at a limit, 1000 unless said otherwise, and then reads "1000+"."""

    limit: int

    def __new__(cls, count: int, *, limit: int = LIMIT) -> "UpTo":
        """As many as were counted, one more than the limit if there are more."""
        made = super().__new__(cls, count)
        made.limit = limit
        return made

    @property
    def is_capped(self) -> bool:
        """Whether there are more."""
        return self > self.limit

    def __str__(self) -> str:
        return f"{self.limit}+" if self.is_capped else super().__repr__()

    def __format__(self, spec: str) -> str:
        return format(str(self), spec) if self.is_capped else super().__format__(spec)


def counted(rows: Select[Any]) -> Select[Any]:
    """How many rows there are, looking at no more than needed."""
    return select(func.count()).select_from(rows.order_by(None).limit(LIMIT + 1).subquery())
