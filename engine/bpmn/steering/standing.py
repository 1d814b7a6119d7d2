"""Where the tokens of an instance stand, read from its snapshot alone: for lists, which open no definitions."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import orjson

PART = re.compile(r"(.+?)((?:\.(?:item|start|flow|undo))+)")
"""What a node stands for beside the element it is drawn as."""


class Standing(NamedTuple):
    """One token: `part` is item, start, flow or undo where it stands for a part of its element; `inside` the token that
    holds its level, `host` the one it waits beside; `memo` what it remembers."""

    token: int
    element: str
    part: str
    process: str
    release_id: int | None
    inside: int
    host: int
    memo: dict[str, Any]


def standing(tokens: bytes) -> list[Standing]:
    """Every token of a snapshot, in the order of its levels; none once the instance is over."""
    if not tokens:
        return []
    found = []
    for owner, named, rows, *_ in orjson.loads(tokens)[2]:
        process, release = (named, None) if isinstance(named, str) else named
        for id, host, name, _flow, memo in rows:
            element, part = _split(name)
            found.append(Standing(id, element, part, process, release, owner, host, memo or {}))
    return found


def elements(tokens: bytes) -> set[str]:
    """The elements at which a token of a snapshot stands; not those that only listen for an event."""
    return {each.element for each in standing(tokens) if each.part != "start"}


def _split(name: str) -> tuple[str, str]:
    found = PART.fullmatch(name)
    return (found[1], found[2].rpartition(".")[2]) if found else (name, "")
