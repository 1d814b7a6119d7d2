"""What designers are told about their tables before release."""

import pytest

from engine.dmn import DmnError, check, read_decisions
from tests.dmn.tables import table

AMOUNT, CHANNEL = ("amount", "number"), ("channel", "string")


def problems(source, **given):
    """Code, row and column of everything found."""
    found = check(read_decisions(source, "t.dmn", lenient=True), **given)
    return [(problem.code, problem.row, problem.column) for problem in found]


def test_a_whole_table_has_no_problems():
    source = table("UNIQUE", [AMOUNT], [("< 10", '"a"'), ("[10..20]", '"b"'), ("> 20", '"c"')])

    assert problems(source) == []


def test_overlapping_rules_under_unique_are_told_with_an_example():
    source = table("UNIQUE", [AMOUNT], [("<= 10", '"a"'), (">= 10", '"b"')])

    found = check(read_decisions(source))

    assert [(problem.code, problem.row) for problem in found] == [("dmn.overlap", 2)]
    assert found[0].message == "rules 1 and 2 both match: 10"


def test_overlapping_rules_with_one_answer_are_fine_under_any():
    assert problems(table("ANY", [AMOUNT], [("<= 10", '"a"'), (">= 10", '"a"')])) == []
    assert problems(table("ANY", [AMOUNT], [("<= 10", '"a"'), (">= 10", '"b"')])) == [("dmn.overlap", 2, 0)]


def test_gaps_are_told():
    source = table("UNIQUE", [AMOUNT, CHANNEL], [("< 10", "-", '"a"'), (">= 10", '"web"', '"b"')])

    messages = [problem.message for problem in check(read_decisions(source))]

    assert messages == ["no rule matches: 10, (any other)"]


def test_a_gap_filled_by_a_default_is_none():
    source = table("UNIQUE", [AMOUNT], [("< 10", '"a"')], default='"x"')

    assert problems(source) == []


def test_rules_after_a_rule_that_takes_all_are_never_reached():
    source = table("FIRST", [AMOUNT], [("< 10", '"a"'), ("-", '"b"'), ("> 5", '"c"')])

    assert problems(source) == [("dmn.unreachable", 3, 0)]


def test_a_rule_covered_by_several_earlier_ones_is_never_reached():
    source = table("FIRST", [AMOUNT], [("< 10", '"a"'), (">= 10", '"b"'), ("[5..15]", '"c"')])

    assert problems(source) == [("dmn.unreachable", 3, 0)]


def test_null_is_a_value_of_its_own():
    source = table("FIRST", [CHANNEL], [("not(null)", '"a"'), ("null", '"b"')])

    assert problems(source) == []


def test_cells_that_cannot_be_read_are_told_with_row_and_column():
    source = table("UNIQUE", [AMOUNT, CHANNEL], [("< 10", '"a', '"x"'), ("> >", "-", "1 +")])

    assert problems(source) == [("feel.syntax", 1, 2), ("feel.syntax", 2, 1), ("feel.syntax", 2, 3)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (('"many"', "-", '"x"'), [("dmn.type", 1, 1)]),
        (("-", "5", '"x"'), [("dmn.type", 1, 2)]),
        (("-", "-", "5"), [("dmn.type", 1, 3)]),
        (("< amount2", "-", '"x"'), [("dmn.unknown_name", 0, 0)]),
        (("-", "-", "find(1)"), [("dmn.unknown_function", 0, 0)]),
    ],
)
def test_wrong_types_and_unknown_names_are_told(rule, expected):
    source = table("FIRST", [AMOUNT, CHANNEL], [rule, ("-", "-", '"rest"')][: 1 if rule[0] == "-" else 2])

    assert problems(source, names=["amount", "channel"]) == expected


def test_names_and_functions_the_caller_supplies_are_known():
    source = table("FIRST", [AMOUNT], [("-", "add working days(today(), limit)")], output="date")

    assert problems(source, names=["amount", "limit"], functions=["add working days"]) == []


def test_a_value_outside_the_output_values_is_told():
    source = table("FIRST", [AMOUNT], [("-", '"grey"')], values='"black", "white"')

    assert problems(source) == [("dmn.value", 1, 2)]


def test_cells_of_more_than_constants_claim_nothing():
    source = table("UNIQUE", [AMOUNT], [("? > limit", '"a"'), ("< 10", '"b"')])

    assert problems(source, names=["amount", "limit"]) == []


def test_a_column_that_asks_nothing_is_told():
    asked = table("UNIQUE", [("", "number")], [("< 10", '"a"'), (">= 10", '"b"')])
    empty = table("UNIQUE", [AMOUNT, ("", "number")], [("-", "-", '"a"')])

    (certain,) = check(read_decisions(asked))
    (doubtful,) = check(read_decisions(empty))

    assert (certain.code, certain.column, certain.certain) == ("dmn.column", 1, True)
    assert (doubtful.code, doubtful.column, doubtful.certain) == ("dmn.column", 2, False)


def test_a_type_that_is_not_there_is_told_with_its_column():
    source = table("FIRST", [("amount", "nmber")], [("-", "1")], output="integer")

    found = [(problem.code, problem.column, problem.certain) for problem in check(read_decisions(source))]

    assert sorted(found) == [("dmn.type", 1, False), ("dmn.type", 2, False)]


def test_a_text_without_its_marks_is_told_where_others_have_theirs():
    source = table("FIRST", [AMOUNT], [("< 10", "high"), ("-", '"low"')])

    (problem,) = check(read_decisions(source))

    assert (problem.code, problem.row, problem.column) == ("dmn.unknown_name", 1, 2)
    assert problem.message == "high is a name nothing here supplies; a text stands in quotation marks"


def test_a_name_that_is_read_is_no_text_without_marks():
    source = table("FIRST", [("high", "string")], [('"x"', "high"), ("-", '"low"')])

    assert [code for code, _, _ in problems(source, names={"high"})] == []


@pytest.mark.parametrize("place", ["inputExpression", "inputEntry", "outputEntry"])
def test_other_languages_are_refused_in_tables_too(place):
    source = table("FIRST", [AMOUNT], [("-", '"a"')]).decode()

    with pytest.raises(DmnError) as refused:
        read_decisions(source.replace(f"<{place}", f'<{place} expressionLanguage="groovy"').encode(), "t.dmn")

    assert refused.value.code == "dmn.language"
