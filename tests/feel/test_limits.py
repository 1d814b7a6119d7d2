"""Budgets: whatever an expression asks for, it ends, and the error says which budget was spent."""

import sys

import pytest

from engine.feel import (
    Environment,
    FeelError,
    FeelLimitExceeded,
    FeelSyntaxError,
    compile_expression,
    compile_unary_tests,
)
from engine.feel.cursor import DEEPEST
from engine.feel.lexer import LARGEST_SOURCE
from engine.feel.runtime import DEFAULT, Run


def evaluate(text, environment=DEFAULT):
    """The value of an expression without a scope."""
    return compile_expression(text).evaluate({}, environment)


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000000000 return i",
        "for a in 1..1000, b in 1..1000, c in 1..1000 return a",
        "some x in 1..1000000000 satisfies x < 0",
        "every x in 1..1000000000 satisfies x > 0",
        "count(for i in 1..1000000000 return null)",
        "(for i in [1..1000000000] return i)[1]",
        "sort(for i in 1..20000 return -i)",
        "distinct values(for i in 1..20000 return i)",
        "(for i in 1..40 return [partial, partial]) = (for i in 1..40 return [partial, partial])",
        "flatten(for i in 1..25 return [partial, partial])",
        'string join(for i in 1..100000 return "aaaaaaaaaa")',
        'replace(string join(for i in 1..5000 return "a"), "a", "' + "b" * 100 + '")',
        'matches(string join(for i in 1..9000 return "a"), "(a|aa)+\\\\1$")',
        "for i in 1..20000 return 2 ** 0.5",
    ],
)
def test_the_budget_of_steps_ends_what_would_not_end(text):
    with pytest.raises(FeelLimitExceeded) as caught:
        evaluate(text)

    assert caught.value.code == "feel.limit"


@pytest.mark.parametrize(
    "text",
    [
        "{f: function(n) f(n + 1), r: f(1)}.r",
        "(function(f) f(f))(function(f) f(f))",
    ],
)
def test_functions_call_each_other_only_so_deep(text):
    with pytest.raises(FeelLimitExceeded, match="deep"):
        evaluate(text)


@pytest.mark.parametrize(
    "opening",
    ["(", "[", "{a:", "-", "not(", "1 + (", "x in (", "[1..x[", "]1..", "if true then ", "f(", "for i in "],
)
def test_deep_nesting_is_refused_when_it_is_read(opening):
    with pytest.raises(FeelSyntaxError):
        compile_expression(opening * 1000)


def test_nesting_up_to_the_limit_is_read():
    depth = DEEPEST - 1

    assert evaluate("(" * depth + "1" + ")" * depth) == 1


def test_long_chains_need_no_depth():
    assert evaluate(" + ".join(["1"] * 1000)) == 1000
    assert evaluate(" or ".join(["false"] * 1000)) is False


def test_a_text_longer_than_the_limit_is_refused():
    with pytest.raises(FeelSyntaxError, match="longer than"):
        compile_expression('"' + "x" * LARGEST_SOURCE + '"')


def test_strings_grow_only_to_the_size_the_environment_allows():
    text = '"' + "x" * 60 + '" + "' + "y" * 60 + '"'

    assert evaluate(text, Environment(size=120)) is not None
    with pytest.raises(FeelLimitExceeded, match="more than 100 parts"):
        evaluate(text, Environment(size=100))


def test_a_tower_of_powers_is_a_number_or_null():
    assert evaluate("9 ** 9 ** 9") == evaluate("(9 ** 9) ** 9")
    assert evaluate("9 ** (9 ** 9)") is None


def test_the_caller_sets_the_steps():
    text = "sum(for i in 1..100 return i)"

    assert evaluate(text, Environment(steps=1_000)) == 5050
    with pytest.raises(FeelLimitExceeded, match="more than 200 steps"):
        evaluate(text, Environment(steps=200))


def test_a_regular_expression_that_explodes_elsewhere_is_answered():
    assert evaluate('matches("' + "a" * 60 + '!", "^(a+)+$")') is False


@pytest.mark.parametrize("text", ["1e999999999999999999999", "-1e7000", '"\\', '"abc', "/* x", "\x00", "#"])
def test_what_is_no_token_is_refused_with_its_place(text):
    with pytest.raises(FeelError) as caught:
        compile_expression(text)

    assert caught.value.line == 1
    assert caught.value.column is not None


def test_a_run_counts_down():
    run = Run(Environment(steps=10))

    run.spend(10)

    with pytest.raises(FeelLimitExceeded):
        run.spend(1)


def lines_run(text):
    """How many lines of Python reading a text takes: the same on every machine, however busy it is."""
    count = 0

    def step(frame, event, argument):
        nonlocal count
        count += 1
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        compile_expression(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("part", ["for a*", "some a+", "every a-"])
def test_keywords_that_turn_out_to_be_names_cost_no_more_the_more_there_are(part):
    assert lines_run(part * 600 + "1") < 2.2 * lines_run(part * 300 + "1")


def _fails(*arguments):
    raise ValueError("no")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("1 +\n count(for i in 1..100000 return i)", 2, 8),  # the loop, not what it stands in
        ("some i in 1..1000000 satisfies i < 0", 1, 1),
        ("{a: 1, b: (for i in 1..9000 return i)[item > 0]}", 1, 12),
        ("{f: function(n) f(n + 1), r: f(0)}.r", 1, 17),
        ('"a" + string(now())', 1, 14),
        ("1 + count([\nfails(1)])", 2, 1),
        ("x = y", 1, 1),
    ],
)
def test_an_error_of_a_run_says_where_in_the_text(text, line, column):
    nested = [list(range(300)) for _ in range(300)]
    environment = Environment(functions={"fails": _fails})

    with pytest.raises(FeelError) as caught:
        compile_expression(text).evaluate({"x": nested, "y": nested}, environment)

    assert (caught.value.line, caught.value.column) == (line, column)
    assert str(caught.value).endswith(f" (line {line}, column {column})")


def test_a_cell_says_where_too():
    with pytest.raises(FeelError) as caught:
        compile_unary_tests("< 1, count(for i in 1..100000 return i)").evaluate(5, {})

    assert (caught.value.line, caught.value.column) == (1, 12)
