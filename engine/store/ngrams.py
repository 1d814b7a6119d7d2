"""Texts as n-grams, so that an index finds what was typed wherever it stands: three letters, or two of Chinese script,
beginning at each letter of each word.

A Chinese word of two characters is thus an n-gram itself. A text that holds what was typed has all its n-grams; whether
they stand together there is for the text to say.
"""

import re
from collections.abc import Iterable

WORD = re.compile(r"[^\W_]+")
SHORT, LONG = 2, 3
DENSE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
"""Scripts whose letters say as much as several of others: Chinese, Japanese, Korean."""
MOST_ASKED = 16


def ngrams(texts: Iterable[str | None]) -> list[str]:
    """The n-grams of some texts, each once and sorted; those at the end of a word are shorter."""
    found = {
        word[at : at + length]
        for text in texts
        if text
        for word in WORD.findall(text.casefold())
        for at, length in enumerate(map(_length, word))
    }
    return sorted(found)


def asked_ngrams(typed: str) -> tuple[list[str], list[str]]:
    """The n-grams that a text must have which holds what was typed; where all words are too short for one, the beginnings
    that some of its n-grams must have.

    Of long inputs only so many are asked: they narrow it down enough.
    """
    whole: dict[str, None] = {}
    beginnings: dict[str, None] = {}
    for word in WORD.findall(typed.casefold()):
        lengths = list(map(_length, word))
        inside = [word[at : at + length] for at, length in enumerate(lengths) if at + length <= len(word)]
        if inside:
            whole.update(dict.fromkeys(inside))
        else:
            beginnings[word] = None
    return list(whole)[:MOST_ASKED], [] if whole else list(beginnings)[:MOST_ASKED]


def _length(letter: str) -> int:
    return SHORT if DENSE.match(letter) else LONG
