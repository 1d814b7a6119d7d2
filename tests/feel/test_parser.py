"""What may stand where in an expression (DMN 1.5 §10.3.1.2, grammar rules 2 to 55)."""

import pytest

from engine.feel import FeelSyntaxError, compile_expression, compile_unary_tests
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


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("a == 5", 4, "FEEL compares with one '='"),
        ("a <> 5", 4, "unequal is '!='"),
        ("a =< 5", 4, "at most is '<='"),
        ("a => 5", 4, "at least is '>='"),
        ("a > 1 and < 5", 11, "write the value again"),
        ("a < 1 or > 5", 10, "write the value again"),
        ("a && b", 3, "FEEL says 'and'"),
        ("a || b", 3, "FEEL says 'or'"),
        ("!a", 1, "FEEL says 'not(…)'"),
        ("${a}", 1, "without '${' and '}'"),
        ("a = 'card'", 5, "double quotation marks"),
        ("a = “card”", 5, "quotation marks are straight"),
        ("1 > 2 AND true", 7, "'and' in small letters"),
        ("1 + > 2", 5, "expected a value"),
    ],
)
def test_what_other_languages_write_is_refused_with_the_word_of_this_one(text, column, words):
    with pytest.raises(FeelSyntaxError) as refused:
        compile_expression(text)

    assert words in refused.value.message
    assert refused.value.column == column


@pytest.mark.parametrize("cell", ["== 5", "> > 5", "< 5 and > 1"])
def test_a_cell_has_one_comparison_sign(cell):
    with pytest.raises(FeelSyntaxError):
        compile_unary_tests(cell)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5 in > 3", True), ("5 in (> 3, < 1)", True), ("(> 3) = (> 3)", True), ("count([> 3, < 1])", 2)],
)
def test_a_comparison_without_a_left_side_may_stand_by_itself(text, expected):
    assert compile_expression(text).evaluate({}) == expected
