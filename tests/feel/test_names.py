"""Which names an expression reads, with spaces and operators in them."""

import pytest

from engine.feel import FeelSyntaxError, compile_expression, compile_unary_tests


@pytest.mark.parametrize(
    ("text", "known", "names"),
    [
        ("amount + 1", (), {"amount"}),
        ("first name + last name", (), {"first name", "last name"}),
        ("pre-bureau risk - 1", ("pre-bureau risk",), {"pre-bureau risk"}),
        ("a-b", (), {"a", "b"}),
        ("a-b", ("a-b", "a", "b"), {"a-b"}),
        ("a - b", ("a-b",), {"a-b"}),  # white space does not matter
        ("complaint.amount > limit", ("complaint.amount",), {"complaint", "limit"}),
        ("for i in items return i + tax", (), {"items", "tax"}),
        ("some i in items satisfies i = j", (), {"items", "j"}),
        ("{a: b, c: a}.c", (), {"b"}),
        ("function(a, b) a + b + c", (), {"c"}),
        ("items[price > limit]", (), {"items"}),
        ("items[price > limit]", ("limit",), {"items", "limit"}),
        ("count(items) + today().year", (), {"items"}),
        ("date and time(x)", (), {"x"}),
        ("if a then b else c", (), {"a", "b", "c"}),
        ("a between b and c", (), {"a", "b", "c"}),
        ("投诉.金额 > 限额", (), {"投诉", "限额"}),
        ("🐎 + 1", (), {"🐎"}),
    ],
)
def test_an_expression_tells_the_root_names_it_reads(text, known, names):
    assert compile_expression(text, known).names == names


def test_names_that_may_be_entries_of_items_are_told_apart():
    expression = compile_expression("items[price > limit]")

    assert expression.item_names == {"price", "limit"}


def test_an_entry_of_an_item_comes_before_a_name_outside():
    scope = {"items": [{"price": 5}, {"other": 1}], "price": 9, "limit": 4}

    assert compile_expression("items[price > limit]").evaluate(scope) == [{"price": 5}, {"other": 1}]


def test_two_values_side_by_side_after_a_known_name_are_refused():
    with pytest.raises(FeelSyntaxError, match="expected an operator or the end, found 'high'"):
        compile_expression("amount high", ("amount",))


def test_a_cell_tells_names_but_not_the_question_mark():
    assert compile_unary_tests("? > limit, < other").names == {"limit", "other"}


def test_a_scope_is_asked_only_for_what_is_read():
    asked = []

    class Scope(dict[str, int]):
        def get(self, name, default=None):
            asked.append(name)
            return 1

        def __iter__(self):
            raise AssertionError("the scope was iterated")

    assert compile_expression("a + a * b").evaluate(Scope()) == 2
    assert set(asked) == {"a", "b"}


def test_the_same_text_and_names_are_compiled_once():
    assert compile_expression("a + 1", ["x y"]) is compile_expression("a + 1", ("x y",))
    assert compile_expression("a + 1") is not compile_expression("a + 1", ("x y",))
