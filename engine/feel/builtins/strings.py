"""String functions, counting code points (DMN 1.5 §10.3.4.3)."""

from __future__ import annotations

from typing import Any

from engine.feel import regular
from engine.feel.builtins.registry import as_items, as_place, as_text, built_in
from engine.feel.runtime import Run
from engine.feel.values import STRING, kind

CHARACTERS_A_STEP = 64


@built_in("substring", "string", "start position", "length", optional=1)
def substring(run: Run, string: Any, start: Any, *length: Any) -> str | None:
    """A part of a string, from a position counted from 1, or from the end when negative."""
    text, first = as_text(string), as_place(start)
    if text is None or first is None or first == 0 or abs(first) > len(text):
        return None
    offset = first - 1 if first > 0 else len(text) + first
    if not length or length[0] is None:
        return text[offset:]
    count = as_place(length[0])
    return None if count is None or count < 1 else text[offset : offset + count]


@built_in("string length", "string")
def string_length(run: Run, string: Any) -> int | None:
    """How many code points."""
    text = as_text(string)
    return None if text is None else len(text)


@built_in("upper case", "string")
def upper_case(run: Run, string: Any) -> str | None:
    """In capitals."""
    text = as_text(string)
    if text is None:
        return None
    run.spend(len(text) // CHARACTERS_A_STEP)
    return text.upper()


@built_in("lower case", "string")
def lower_case(run: Run, string: Any) -> str | None:
    """In small letters."""
    text = as_text(string)
    if text is None:
        return None
    run.spend(len(text) // CHARACTERS_A_STEP)
    return text.lower()


def _two(one: Any, two: Any, run: Run) -> tuple[str, str] | None:
    """Two strings, whose length is work to come."""
    first, second = as_text(one), as_text(two)
    if first is None or second is None:
        return None
    run.spend(len(first) // CHARACTERS_A_STEP)
    return first, second


@built_in("substring before", "string", "match")
def substring_before(run: Run, string: Any, match: Any) -> str | None:
    """What comes before the first match; the empty string when there is none."""
    texts = _two(string, match, run)
    if texts is None:
        return None
    before, found, _ = texts[0].partition(texts[1]) if texts[1] else ("", "x", "")
    return before if found else ""


@built_in("substring after", "string", "match")
def substring_after(run: Run, string: Any, match: Any) -> str | None:
    """What comes after the first match; the empty string when there is none."""
    texts = _two(string, match, run)
    if texts is None:
        return None
    return texts[0].partition(texts[1])[2] if texts[1] else texts[0]


@built_in("contains", "string", "match")
def contains(run: Run, string: Any, match: Any) -> bool | None:
    """Whether the match stands in the string."""
    texts = _two(string, match, run)
    return None if texts is None else texts[1] in texts[0]


@built_in("starts with", "string", "match")
def starts_with(run: Run, string: Any, match: Any) -> bool | None:
    """Whether the string begins with the match."""
    texts = _two(string, match, run)
    return None if texts is None else texts[0].startswith(texts[1])


@built_in("ends with", "string", "match")
def ends_with(run: Run, string: Any, match: Any) -> bool | None:
    """Whether the string ends with the match."""
    texts = _two(string, match, run)
    return None if texts is None else texts[0].endswith(texts[1])


@built_in("matches", "input", "pattern", "flags", optional=1)
def matches(run: Run, string: Any, pattern: Any, *flags: Any) -> bool | None:
    """Whether a regular expression (XPath) is found in the string."""
    texts = _two(string, pattern, run)
    switches = _flags(flags)
    return None if texts is None or switches is None else regular.matches(texts[0], texts[1], switches, run)


@built_in("replace", "input", "pattern", "replacement", "flags", optional=1)
def replace(run: Run, string: Any, pattern: Any, replacement: Any, *flags: Any) -> str | None:
    """Every match of a regular expression (XPath) replaced; ``$1`` is the first group."""
    texts, new = _two(string, pattern, run), as_text(replacement)
    switches = _flags(flags)
    if texts is None or new is None or switches is None:
        return None
    return regular.replace(texts[0], texts[1], new, switches, run)


def _flags(flags: tuple[Any, ...]) -> str | None:
    if not flags or flags[0] is None:
        return ""
    return as_text(flags[0])


@built_in("split", "string", "delimiter")
def split(run: Run, string: Any, delimiter: Any) -> list[str] | None:
    """The parts between matches of a regular expression."""
    texts = _two(string, delimiter, run)
    return None if texts is None else regular.split(texts[0], texts[1], run)


@built_in("string join", "list", "delimiter", optional=1)
def string_join(run: Run, items: Any, *delimiter: Any) -> str | None:
    """The strings of a list joined; nulls are left out."""
    found = as_items(items)
    between = as_text(delimiter[0]) if delimiter and delimiter[0] is not None else ""
    if found is None or between is None:
        return None
    if any(item is not None and kind(item) is not STRING for item in found):
        return None
    kept = [item for item in found if item is not None]
    run.sized(sum(map(len, kept)) + len(between) * len(kept))
    return between.join(kept)
