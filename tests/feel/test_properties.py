"""Properties that hold of any text, by hypothesis: a value or a FeelError, and print undoes parse."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.feel import Environment, FeelError, compile_expression, compile_unary_tests, format_value, to_json
from engine.feel.builtins import BUILT_IN
from engine.feel.printer import print_expression, print_tests

ENVIRONMENT = Environment(now=datetime(2026, 1, 31, 12, 0, tzinfo=UTC), steps=5_000)
SCOPE = {"a": 1, "b": "text", "c": [1, 2, {"d": 3.5}], "first name": "Ada", "e": {"f": None}, "g-h": True}
KNOWN = frozenset({"first name", "g-h"})
WORDS = [
    *["a", "b", "c", "e", "i", "item", "partial", "?", "first", "name", "g-h", "null", "true", "false"],
    *[
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "function",
        "and",
        "or",
        "not",
        "between",
        "instance",
        "of",
    ],
    *[
        "number",
        "string",
        "list",
        "date",
        '"x"',
        '"2020-01-31"',
        '@"P1D"',
        '@"2020-01-31"',
        "1",
        "2.5",
        ".5",
        "1e3",
        "0",
    ],
    *[
        "+",
        "-",
        "*",
        "/",
        "**",
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ".",
        "..",
        "<",
        ">",
    ],
    *BUILT_IN,
]
QUICK = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
pieces = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)


def _values(inner):
    operators = st.sampled_from(
        ["+", "-", "*", "/", "**", "=", "<", ">=", "and", "or", "between 1 and", "in"]
    )
    functions = st.sampled_from(["count", "sum", "min", "string", "not", "flatten", "mode", "upper case"])
    return st.one_of(
        st.tuples(inner, operators, inner).map(" ".join),
        st.tuples(functions, inner).map(lambda pair: f"{pair[0]}({pair[1]})"),
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.tuples(inner, inner, inner).map(lambda t: f"(if {t[0]} then {t[1]} else {t[2]})"),
        st.tuples(inner, inner).map(lambda t: f"(for i in {t[0]} return {t[1]})"),
        st.tuples(inner, inner).map(lambda t: f"(some i in {t[0]} satisfies {t[1]})"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]})[{t[1]}]"),
        st.tuples(inner, inner).map(lambda t: f"{{k: {t[0]}, l m: {t[1]}}}.l m"),
        st.tuples(inner, inner).map(lambda t: f"[{t[0]} .. {t[1]})"),
        inner.map(lambda text: f"(function(x: number, y z) {text})(1, y z: 2)"),
        inner.map(lambda text: f"-({text})"),
        inner.map(lambda text: f"({text}) instance of list<number>"),
        inner.map(lambda text: f"(<= {text})"),
    )


expressions = st.recursive(
    st.sampled_from(
        ["1", "2.50", '"x"', "null", "true", "a", "first name", "g-h", "c", "e.f", '@"P1Y"', "[]"]
    ),
    _values,
    max_leaves=8,
)


@QUICK
@given(st.one_of(st.text(max_size=60), pieces, expressions))
def test_any_text_gives_a_value_or_a_feel_error(text):
    try:
        value = compile_expression(text, KNOWN).evaluate(SCOPE, ENVIRONMENT)
        format_value(value)
        to_json(value)
    except FeelError:
        pass


@QUICK
@given(st.one_of(st.text(max_size=40), pieces, expressions))
def test_any_cell_gives_a_truth_value_or_a_feel_error(text):
    try:
        result = compile_unary_tests(text, KNOWN).evaluate(1, SCOPE, ENVIRONMENT)
    except FeelError:
        return

    assert result in (True, False, None)


@QUICK
@given(st.one_of(pieces, expressions))
def test_reading_printed_text_gives_the_same_tree(text):
    try:
        tree = compile_expression(text, KNOWN).tree
    except FeelError:
        return

    printed = print_expression(tree)

    assert compile_expression(printed, KNOWN).tree == tree, printed


@QUICK
@given(st.one_of(pieces, expressions))
def test_reading_printed_cells_gives_the_same_tree(text):
    try:
        tree = compile_unary_tests(text, KNOWN).tree
    except FeelError:
        return

    printed = print_tests(tree)

    assert compile_unary_tests(printed, KNOWN).tree == tree, printed


@pytest.mark.parametrize(
    "text",
    [
        "(a + b) * c",
        "a - (b - c)",
        "a - b - c",
        "-(a ** b)",
        "-a ** b",
        "(a ** b) ** c",
        "a and (b or c)",
        "(if a then b else c) + 1",
        "x in (< 3, [4..5), not(x))",
        "[1..(if a then b else c)]",
        "for i in 1..3, j in c return i * j",
        "function(a: list<number>, b) a[item > b].c d",
        '{"a-b": 1, c: 2}.c',
        "(1).b",
        "f(x: 1, y z: 2)[-1]",
        '@"2020-01-31" instance of date and time',
    ],
)
def test_brackets_are_kept_where_they_matter(text):
    tree = compile_expression(text).tree

    assert compile_expression(print_expression(tree)).tree == tree
