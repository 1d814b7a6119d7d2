"""Character classes as tests of one character, with or without regard to case."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache

from engine.feel.regular.blocks import BLOCKS

Test = Callable[[str], bool]
_MAJOR = {"L": "ultmo", "M": "nce", "N": "dlo", "P": "cdseifo", "Z": "slp", "S": "mcko", "C": "cfon"}
_CATEGORIES = frozenset(_MAJOR) | {major + minor for major, minors in _MAJOR.items() for minor in minors}
_NAME_START: tuple[tuple[int, int], ...] = (
    (0x3A, 0x3A),
    (0x41, 0x5A),
    (0x5F, 0x5F),
    (0x61, 0x7A),
    (0xC0, 0xD6),
    (0xD8, 0xF6),
)
_NAME_START += ((0xF8, 0x2FF),)
_NAME_START += ((0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF))
_NAME_START += ((0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF))
_NAME_MORE: tuple[tuple[int, int], ...] = (
    (0x2D, 0x2E),
    (0x30, 0x39),
    (0xB7, 0xB7),
    (0x300, 0x36F),
    (0x203F, 0x2040),
)


@lru_cache(maxsize=4_096)
def variants(character: str) -> frozenset[str]:
    """The character in every case."""
    forms = {character, character.lower(), character.upper(), character.casefold()}
    return frozenset(form for form in forms if len(form) == 1)


def literal(character: str, ignore_case: bool) -> Test:
    """That very character."""
    if not ignore_case:
        return lambda found: found == character
    wanted = variants(character)
    return lambda found: not wanted.isdisjoint(variants(found))


def span(first: str, last: str, ignore_case: bool) -> Test:
    """A range of characters."""
    if not ignore_case:
        return lambda found: first <= found <= last
    return lambda found: any(first <= form <= last for form in variants(found))


def negated(test: Test) -> Test:
    """Every other character."""
    return lambda found: not test(found)


def either(tests: list[Test]) -> Test:
    """A character that passes one of the tests."""
    if len(tests) == 1:
        return tests[0]
    return lambda found: any(test(found) for test in tests)


def without(base: Test, removed: Test) -> Test:
    """Class subtraction."""
    return lambda found: base(found) and not removed(found)


def _in(spans: tuple[tuple[int, int], ...]) -> Test:
    return lambda found: any(low <= ord(found) <= high for low, high in spans)


def _is_digit(found: str) -> bool:
    return unicodedata.category(found) == "Nd"


def _is_word(found: str) -> bool:
    return unicodedata.category(found)[0] not in "PZC"


_SPACE: Test = " \t\n\r".__contains__
_LETTERS: dict[str, Test] = {
    "s": _SPACE,
    "d": _is_digit,
    "w": _is_word,
    "i": _in(_NAME_START),
    "c": _in(_NAME_START + _NAME_MORE),
}


def escape(letter: str) -> Test | None:
    """The class of ``\\s``, ``\\D`` and the like; None when there is none."""
    test = _LETTERS.get(letter.lower())
    return negated(test) if test is not None and letter.isupper() else test


def category(name: str) -> Test | None:
    """The class of ``\\p{name}``: a general category or a block; None when there is none."""
    if name.startswith("Is"):
        block = BLOCKS.get(name[2:])
        if block is None:
            return None
        low, high = block
        return lambda found: low <= ord(found) <= high
    if name not in _CATEGORIES:
        return None
    return lambda found: unicodedata.category(found).startswith(name)
