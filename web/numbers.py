"""Numbers as addresses say them: those of rows and pages, no larger than a row or a page can have."""

from typing import Any

from flask import Request
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**63 - 1
"""What a row's number can be in either database."""
LAST_PAGE = 1_000_000


class RowNumber(IntegerConverter):
    """`<int:…>` in an address: what no row can have is not found."""

    def __init__(self, map: Map, *args: Any, **more: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST, **more})


def row_number(text: str) -> int | None:
    """The number of a row, or None for what is none."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
    return None if number is None or number > LARGEST else number


def page_asked(request: Request) -> int:
    """The page of a list that the address asks for, from 1 on."""
    asked: int = request.args.get("page", 1, type=int)
    return min(max(asked, 1), LAST_PAGE)
