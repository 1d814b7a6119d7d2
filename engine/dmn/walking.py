"""Every boxed expression inside of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from engine.dmn import model


def boxes_of(box: Any) -> Iterator[model.Boxed]:
    """The boxed expression itself and all within it, outermost first."""
    if isinstance(box, model.Boxed):
        yield box
    if isinstance(box, tuple):
        for item in box:
            yield from boxes_of(item)
    elif is_dataclass(box) and not isinstance(box, model.Table):
        for part in fields(box):
            yield from boxes_of(getattr(box, part.name))


def tables_of(box: Any) -> Iterator[model.Table]:
    """The decision tables inside of a boxed expression."""
    return (found for found in boxes_of(box) if isinstance(found, model.Table))
