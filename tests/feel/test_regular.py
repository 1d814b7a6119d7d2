"""Regular expressions: words are found by Python's own machine, everything else by ours, and both agree."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import Environment, compile_expression
from engine.feel.errors import FeelError
from engine.feel.regular import _plain, _program
from engine.feel.regular.machine import search
from engine.feel.runtime import Run

WORDS = st.text("abIi é行|()? -", max_size=12)


@given(pattern=WORDS, text=st.text("abABiI é行- ", max_size=20), flags=st.sampled_from(["", "i"]))
def test_both_machines_find_the_same(pattern: str, text: str, flags: str) -> None:
    plain = _plain(pattern, flags)
    if plain is None:
        return
    program = _program(pattern, flags)
    assert program is not None

    found = search(program, text, 0, Run(Environment(steps=1_000_000)))

    assert (found is not None) == (plain.search(text) is not None)


@pytest.mark.parametrize("pattern", ["a*", "a+", "(a|b){2}", "[ab]", "a.c", "^a", "a??", r"\d", "a?" * 9])
def test_what_could_run_away_or_means_something_else_is_left_to_our_machine(pattern: str) -> None:
    assert _plain(pattern, "") is None


def test_a_long_story_is_looked_through_for_many_words_within_the_budget() -> None:
    words = "|".join(f"leak{number} ?of data" for number in range(8))
    expression = compile_expression('count(for i in 1..40 return matches(story, words, "i"))')

    assert expression.evaluate({"story": "I was at the counter. " * 900, "words": words}) == 40


def test_our_own_machine_is_stopped_by_the_budget() -> None:
    expression = compile_expression('matches(text, "(x+x+)+y")')

    with pytest.raises(FeelError):
        expression.evaluate({"text": "x" * 15_000}, Environment(steps=2_000))


def test_python_and_xpath_mean_the_same_by_a_plain_pattern() -> None:
    assert re.search("log ?in|呵呵", "cannot login") is not None
    assert compile_expression('matches("cannot login", "log ?in|呵呵")').evaluate({}) is True
