"""What may stand where in an expression (DMN 1.5 §10.3.1.2, grammar rules 2 to 55)."""

import pytest

from engine.feel import compile_expression
from engine.feel.printer import print_expression


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + if true then 1 else 2", 2),  # any expression may be an operand
        ("1 + if false then 1 else 2 + 3", 6),
        ("-if true then 1 else 2", -1),
        ("true and if true then true else false", True),
        ("false or some i in [1] satisfies i = 1", True),
        ("[3] = for i in [3] return i", True),
        ("[1, 2][item > if true then 1 else 0]", [2]),
        ("1 in if true then [1] else []", True),
    ],
)
def test_an_expression_with_a_keyword_may_be_an_operand(text, expected):
    assert compile_expression(text).evaluate({}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-1.5 instance of number", True),  # the sign belongs to the number
        ("-1 instance of string", False),
        ("-(1 instance of number)", None),
        ("- x instance of number", None),  # asked before it is negated
        ("(-x) instance of number", True),
        ("1 + 1 instance of number", None),
    ],
)
def test_the_sign_of_a_number_is_asked_with_it(text, expected):
    expression = compile_expression(text)
    again = compile_expression(print_expression(expression.tree))

    assert expression.evaluate({"x": 1}) is expected
    assert again.tree == expression.tree


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("[0-9-.]", "-", True),  # after a range a hyphen stands for itself
        (r"[\\d-.]", "-", True),
        ("[a-c-e]", "d", False),
        ("[-a]", "-", True),
        ("[a-]", "-", True),
        ("[+-.]", ",", True),  # a range
        ("[a-z-[b]]", "b", False),  # without b
        ("[--a]", "-", None),  # a hyphen is no end of a range
        ("[%--]", "-", None),
        ("[b-a]", "a", None),
    ],
)
def test_a_hyphen_in_a_character_class(pattern, text, expected):
    assert compile_expression(f'matches("{text}", "{pattern}")').evaluate({}) is expected
