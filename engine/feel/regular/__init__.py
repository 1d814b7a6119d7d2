"""Regular expressions of XPath for matches, replace and split, bounded by the step budget."""

from __future__ import annotations

import re
from functools import lru_cache

from engine.feel.regular.machine import Groups, search
from engine.feel.regular.pattern import BadPattern, Program, read
from engine.feel.runtime import Run

LARGEST_PATTERN = 2_000
MOST_OPTIONAL = 8
CHARACTERS_A_STEP = 64
_WORDS = re.compile(r"[^\\.\[\]{}*+^$]*")


@lru_cache(maxsize=256)
def _program(pattern: str, flags: str) -> Program | None:
    try:
        return read(pattern, flags) if len(pattern) <= LARGEST_PATTERN else None
    except BadPattern:
        return None


@lru_cache(maxsize=256)
def _plain(pattern: str, flags: str) -> re.Pattern[str] | None:
    """Python's own machine for what cannot run away: words, groups, alternatives and a few optional parts.

    There both kinds of expression mean the same, and a long text against a table of words costs next to nothing.
    """
    runs_away = pattern.count("?") > MOST_OPTIONAL or "??" in pattern or "(?" in pattern
    if (
        flags not in ("", "i")
        or runs_away
        or not _WORDS.fullmatch(pattern)
        or _program(pattern, flags) is None
    ):
        return None
    return re.compile(pattern, re.IGNORECASE if flags else 0)


def matches(text: str, pattern: str, flags: str, run: Run) -> bool | None:
    """Whether the pattern is found anywhere in the text; null when it is no pattern."""
    plain = _plain(pattern, flags)
    if plain is not None:
        run.spend(1 + len(text) // CHARACTERS_A_STEP)
        return plain.search(text) is not None
    program = _program(pattern, flags)
    return None if program is None else search(program, text, 0, run) is not None


def replace(text: str, pattern: str, replacement: str, flags: str, run: Run) -> str | None:
    """Every match replaced; null when the pattern or the replacement is wrong, or nothing would match too."""
    program = _program(pattern, flags)
    if program is None:
        return None
    template = [replacement] if "q" in flags else _template(replacement, program.groups)
    if template is None or search(program, "", 0, run) is not None:
        return None
    made: list[str] = []
    size = 0
    for before, found in _all(program, text, run):
        made.append(before)
        if found is not None:
            made.extend(_filled(template, text, found))
        size += sum(map(len, made[-2:]))
        run.sized(size)
    return "".join(made)


def split(text: str, pattern: str, run: Run) -> list[str] | None:
    """The parts between matches; an empty match parts two characters; null when it is no pattern."""
    program = _program(pattern, "")
    if program is None:
        return None
    parts: list[str] = []
    done = at = 0
    while at <= len(text) and (bounds := _bounds(search(program, text, at, run))) is not None:
        first, last = bounds
        if last > 0:
            parts.append(text[done:first])
            done = last
        at = last + (first == last)
    return [*parts, text[done:]]


def _bounds(found: Groups | None) -> tuple[int, int] | None:
    """Where a match begins and ends."""
    if found is None or found[0] is None or found[1] is None:
        return None
    return found[0], found[1]


def _all(program: Program, text: str, run: Run) -> list[tuple[str, Groups | None]]:
    """Each match with the text before it, and the text after the last."""
    parts: list[tuple[str, Groups | None]] = []
    at = 0
    while True:
        found = search(program, text, at, run)
        bounds = _bounds(found)
        if bounds is None or bounds[0] == bounds[1]:
            parts.append((text[at:], None))
            return parts
        parts.append((text[at : bounds[0]], found))
        at = bounds[1]


def _template(replacement: str, groups: int) -> list[str | int] | None:
    """Text and group numbers; ``\\$`` and ``\\\\`` stand for themselves."""
    made: list[str | int] = []
    at = 0
    while at < len(replacement):
        character, following = replacement[at], replacement[at + 1 : at + 2]
        if character == "\\":
            if following not in ("\\", "$") or not following:
                return None
            made.append(following)
            at += 2
        elif character == "$":
            if not following.isdigit() or not following.isascii():
                return None
            at = _group_number(replacement, at + 1, groups, made)
        else:
            made.append(character)
            at += 1
    return made


def _group_number(replacement: str, at: int, groups: int, made: list[str | int]) -> int:
    number = int(replacement[at])
    at += 1
    while (
        at < len(replacement)
        and replacement[at] in "0123456789"
        and number * 10 + int(replacement[at]) <= groups
    ):
        number = number * 10 + int(replacement[at])
        at += 1
    made.append(number if number <= groups else "")
    return at


def _filled(template: list[str] | list[str | int], text: str, found: Groups) -> list[str]:
    return [part if isinstance(part, str) else _group(text, found, part) for part in template]


def _group(text: str, found: Groups, number: int) -> str:
    first, last = found[2 * number], found[2 * number + 1]
    return "" if first is None or last is None else text[first:last]
