"""Regular expressions of XPath (XQuery 1.0 and XPath 2.0 Functions §7.6) for matches, replace and split."""

from __future__ import annotations

import re

from engine.feel.runtime import Run

_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}


def _compiled(pattern: str, flags: str) -> re.Pattern[str] | None:
    bits = re.RegexFlag(0)
    for flag in flags:
        if flag not in _FLAGS:
            return None
        bits |= _FLAGS[flag]
    try:
        return re.compile(pattern, bits)
    except re.error:
        return None


def matches(text: str, pattern: str, flags: str, run: Run) -> bool | None:
    """Whether the pattern is found anywhere in the text."""
    found = _compiled(pattern, flags)
    return None if found is None else found.search(text) is not None


def replace(text: str, pattern: str, replacement: str, flags: str, run: Run) -> str | None:
    """Every match replaced."""
    found = _compiled(pattern, flags)
    if found is None:
        return None
    try:
        return found.sub(re.sub(r"\$(\d)", r"\\\1", replacement), text)
    except re.error:
        return None


def split(text: str, pattern: str, run: Run) -> list[str] | None:
    """The parts between matches."""
    found = _compiled(pattern, "")
    return None if found is None else found.split(text)
