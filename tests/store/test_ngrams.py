"""N-grams: what was typed is never missed, wherever in a text it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.store.ngrams import MOST_ASKED, asked_ngrams, ngrams

LETTERS = st.text(alphabet="aBcé1 -_.,%吞卡网点ßİ한か", max_size=40)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Card", ["ard", "car", "d", "rd"]),
        # a Chinese word of two characters is an n-gram, at the end of a word one character
        ("吞卡", ["卡", "吞卡"]),
        ("VISA卡", ["a卡", "isa", "sa卡", "vis", "卡"]),
        # marks and blanks part words
        ("C-2026", ["026", "202", "26", "6", "c"]),
        ("…, _ !", []),
    ],
)
def test_words_are_taken_apart_at_each_letter(text: str, expected: list[str]) -> None:
    assert ngrams((text, None)) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("late father", (["lat", "ate", "fat", "ath", "the", "her"], [])),
        ("网点", (["网点"], [])),
        # too short for an n-gram: some n-gram begins with it
        ("li", ([], ["li"])),
        ("卡", ([], ["卡"])),
        # beside longer words short ones are left to the text
        ("R-1000777", (["100", "000", "007", "077", "777"], [])),
        ("100%", (["100"], [])),
        ("?!", ([], [])),
    ],
)
def test_what_is_asked_of_the_index(typed: str, expected: tuple[list[str], list[str]]) -> None:
    assert asked_ngrams(typed) == expected


def test_of_a_long_input_only_some_are_asked() -> None:
    whole, _ = asked_ngrams("abcdefghijklmnopqrstuvwxyz")

    assert len(whole) == MOST_ASKED


@given(before=LETTERS, typed=LETTERS, after=LETTERS)
def test_a_text_that_holds_what_was_typed_has_all_that_is_asked(before: str, typed: str, after: str) -> None:
    held = ngrams((before + typed + after,))

    whole, beginnings = asked_ngrams(typed)

    assert set(whole) <= set(held)
    assert all(any(each.startswith(beginning) for each in held) for beginning in beginnings)
