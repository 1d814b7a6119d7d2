"""Of two files that offer the same process, form or decision table, the nearer one counts: which files offer the same."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_PROCESS = re.compile(rb'<(?:[\w.-]+:)?process\s[^>]*?\bid\s*=\s*["\']([^"\']*)["\']')


class Editions:
    """What files offer, so that of two editions only the nearer one counts."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._offered: set[bytes | str] = set()
        for file, content in files.items():
            self._offered |= _offers(file, content)

    def add(self, file: str, content: bytes, found: dict[str, bytes]) -> None:
        """Into what was found, unless something nearer has its name or offers the same."""
        offers = _offers(file, content)
        if file not in found and self._offered.isdisjoint(offers):
            self._offered |= offers
            found[file] = content


def _offers(file: str, content: bytes) -> set[bytes | str]:
    """Processes by their ids, forms by file and id, everything else by its file."""
    if file.endswith(".bpmn"):
        return set(_PROCESS.findall(content))
    name = file.rpartition("/")[2]
    id = _form_id(content) if file.endswith(".form") else None
    return {name} if id is None else {name, f"{id}.form"}


def _form_id(content: bytes) -> str | None:
    try:
        form = json.loads(content)
    except (ValueError, RecursionError):
        return None
    id = form.get("id") if isinstance(form, dict) else None
    return id if isinstance(id, str) else None
