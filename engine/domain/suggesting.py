"""The word somebody meant: the nearest of those that are known."""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

MOST_KNOWN = 2_000
MOST = 100
LONGEST = 60


def meant(word: str, known: Iterable[str]) -> str:
    """`: did you mean 'amount'?`, or nothing where no known word is near."""
    words = [str(each) for each in islice(known, MOST_KNOWN + 1)]
    if len(word) > LONGEST or len(words) > MOST_KNOWN:
        return ""
    near = {each for each in words if abs(len(each) - len(word)) <= max(2, len(word) // 2)}
    candidates = sorted(near, key=lambda each: (abs(len(each) - len(word)), each))[:MOST]
    lowered = {each.lower(): each for each in reversed(candidates)}
    found = get_close_matches(word.lower(), lowered, n=1, cutoff=0.6)
    return f": did you mean {lowered[found[0]]!r}?" if found else ""
