"""Expressions as a whole: values, names, nulls and errors."""

import pytest

from engine.feel import FeelSyntaxError, compile_expression


def evaluate(text, scope=None):
    """The value of an expression over a scope."""
    return compile_expression(text).evaluate(scope or {})


def test_a_condition_over_the_scope_is_true_or_false():
    scope = {"severity": "major", "amount": 60000}

    assert evaluate('severity = "major" and amount > 50000', scope) is True


def test_a_missing_name_is_null():
    assert evaluate("nobody knows me") is None


def test_a_syntax_error_says_what_was_expected_and_where():
    with pytest.raises(FeelSyntaxError, match=r"expected a value, but the text ends") as caught:
        compile_expression("1 +\n2 *")

    assert (caught.value.line, caught.value.column) == (2, 4)
