"""Which names are known: they may hold spaces and operators, so the longest one wins (§10.3.1.5)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from engine.feel.errors import FeelSyntaxError
from engine.feel.lexer import END, NUMBER, WORD, Token, tokens

STOPPING = frozenset({"and", "or", "in", "between", "then", "else", "return", "satisfies", "instance"})
Words = tuple[str, ...]


class Known:
    """A set of names as sequences of token texts, found by their first."""

    __slots__ = ("_by_first", "_names")

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[tuple[Words, str]]] = {}
        self._names: set[str] = set()
        for name in names:
            self.add(name)

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def __bool__(self) -> bool:
        return bool(self._names)

    def add(self, name: str) -> None:
        """One more name."""
        if name in self._names:
            return
        self._names.add(name)
        words = _words(name)
        if not words:
            return
        bucket = self._by_first.setdefault(words[0], [])
        bucket.append((words, name))
        bucket.sort(key=lambda entry: -len(entry[0]))

    def match(self, found: list[Token], at: int) -> tuple[str, int] | None:
        """The longest known name that begins at a token, and how many tokens it takes."""
        bucket = self._by_first.get(found[at].text)
        if bucket is None:
            return None
        for words, name in bucket:
            count = len(words)
            if count == 1 or _same(found, at, words):
                return name, count
        return None


def _same(found: list[Token], at: int, words: Words) -> bool:
    if at + len(words) > len(found):
        return False
    return all(found[at + i].text == word for i, word in enumerate(words))


@lru_cache(maxsize=8192)
def _words(name: str) -> Words:
    try:
        return tuple(token.text for token in tokens(name) if token.kind != END)
    except FeelSyntaxError:
        return ()


def undotted(names: Iterable[str]) -> list[str]:
    """The names, and instead of paths of plain words (``complaint.amount``) their parts."""
    result: list[str] = []
    for name in names:
        parts = name.split(".")
        result.extend(parts if len(parts) > 1 and all(part.isidentifier() for part in parts) else [name])
    return result


def adjacent_words(found: list[Token], at: int) -> int:
    """How many tokens from here on are words side by side, which in FEEL only a name with spaces is."""
    count = 1
    while True:
        token = found[at + count]
        word = token.kind == WORD and token.text not in STOPPING
        if word or (token.kind == NUMBER and token.text.isdigit()):
            count += 1
        else:
            return count
