"""What a variant is: one small diagram, what happens to it from outside, and the way it has to take."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.builders.diagrams import HEAD, diagram, end, flow, flows, process, start, user

Step = tuple[Any, ...]
ERROR = '<bpmn:error id="E" name="E" errorCode="E"/>\n'
ESCALATION = '<bpmn:escalation id="X" name="X" escalationCode="X"/>\n'
SIGNAL = '<bpmn:signal id="S" name="news"/>\n'
LOOK = user("look")
"""Stays open at the end of a way, so that the variables can be looked at."""


@dataclass(frozen=True)
class Variant:
    """One variant of an element that runs.

    `steps` are verbs of the driver with what they are given. `path` are the elements in the order in which they were
    done; `variables` those of the first instance's root at the end, where it still runs; `open` the tasks still open.
    """

    element: str
    variant: str
    drawn: bytes
    steps: Sequence[Step] = ()
    path: Sequence[str] = ()
    variables: Mapping[str, Any] | None = None
    open: Sequence[str] = ()
    incidents: Sequence[str] = ()
    begin: Mapping[str, Any] | None = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{slug(self.element)}__{slug(self.variant)}.bpmn"


@dataclass(frozen=True)
class Refused:
    """One variant that cannot run, and how it is refused."""

    element: str
    variant: str
    drawn: bytes
    at: str
    rule: str
    reason: str

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"refused_{slug(self.element)}__{slug(self.variant)}.bpmn"


def slug(text: str) -> str:
    """A text as a part of a file name."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def first_id(part: str) -> str:
    """The id of the first element of a part."""
    found = re.search(r'id="([^"]+)"', part)
    assert found is not None, part
    return found[1]


def line(*parts: str, begin: str | None = None, finish: str | None = None) -> str:
    """A start event, these nodes one after the other, and an end event."""
    begin, finish = begin or start(), finish or end()
    ids = [first_id(part) for part in (begin, *parts, finish)]
    return "".join((begin, *parts, finish)) + flows(*ids)


def branch(source: str, *parts: str) -> str:
    """These nodes one after the other behind a node that is drawn elsewhere, with an end of their own."""
    ids = [first_id(part) for part in parts]
    last = f"{ids[-1]}_end"
    return "".join(parts) + end(last) + flows(source, *ids, last)


def drawing(*parts: str, roots: str = "") -> bytes:
    """A file with one process "p"."""
    return diagram(process("p", *parts), roots)


def files_of(*processes: str, roots: str = "") -> bytes:
    """A file with several processes."""
    return diagram(*processes, roots)


__all__ = [
    "ERROR", "ESCALATION", "HEAD", "LOOK", "SIGNAL", "Refused", "Step", "Variant", "branch", "drawing", "files_of",
    "first_id", "flow", "line", "slug",
]  # fmt: skip
