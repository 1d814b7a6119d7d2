"""Hit policies, defaults and aggregators, and agreement with a slow reference evaluator."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dmn import check, read_decisions
from tests.dmn.reference import answer
from tests.dmn.tables import table

AMOUNT, CHANNEL, OPEN = ("amount", "number"), ("channel", "string"), ("open", "boolean")
AGGREGATIONS = ["SUM", "MIN", "MAX", "COUNT"]
POLICIES = ["UNIQUE", "ANY", "FIRST", "PRIORITY", "OUTPUT ORDER", "RULE ORDER", "COLLECT"]


def ask(source, **inputs):
    """The answer of the one decision."""
    return read_decisions(source).value("answer", inputs)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("UNIQUE", None),  # two rules match
        ("ANY", None),  # with different answers
        ("FIRST", 3),
        ("PRIORITY", 5),  # listed before 3
        ("OUTPUT ORDER", [5, 3]),
        ("RULE ORDER", [3, 5]),
        ("COLLECT", [3, 5]),
    ],
)
def test_each_hit_policy_answers_in_its_own_way(policy, expected):
    source = table(
        policy, [AMOUNT], [("> 1", "3"), ("> 2", "5"), ("> 9", "7")], output="number", values="7, 5, 3"
    )

    assert ask(source, amount=4) == expected


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", 8), ("MIN", 3), ("MAX", 5), ("COUNT", 2)])
def test_collect_aggregates(aggregation, expected):
    rules = [("> 1", "3"), ("> 2", "5"), ("> 9", "7")]
    source = table("COLLECT", [AMOUNT], rules, output="number", aggregation=aggregation)

    assert ask(source, amount=4) == expected


@pytest.mark.parametrize("aggregation", ["SUM", "MIN", "MAX"])
@pytest.mark.parametrize("answers", [('"a"', "1"), ("[1]", "[2]"), ("true", "false"), ("null", "1")])
def test_what_cannot_be_aggregated_is_null(aggregation, answers):
    source = table(
        "COLLECT", [AMOUNT], [("-", answer) for answer in answers], output="", aggregation=aggregation
    )

    assert ask(source, amount=4) is None


def test_strings_have_a_least_and_a_greatest_but_no_sum():
    answers = [
        ask(table("COLLECT", [AMOUNT], [("-", '"b"'), ("-", '"a"')], aggregation=a), amount=4)
        for a in AGGREGATIONS
    ]

    assert answers == [None, "a", "b", 2]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [('"white"', "white"), ('"grey"', None), ("null", None)],  # not among the output values (§8.2)
)
def test_an_answer_outside_the_output_values_is_null(answer, expected):
    assert ask(table("FIRST", [AMOUNT], [("-", answer)], values='"black", "white"'), amount=1) == expected


def test_a_default_outside_the_output_values_is_null():
    assert (
        ask(table("FIRST", [AMOUNT], [("> 5", '"black"')], values='"black"', default='"grey"'), amount=1)
        is None
    )


def test_a_cell_that_asks_of_a_missing_value_does_not_match():
    source = table("FIRST", [AMOUNT], [("? > 5", '"big"'), ("-", '"rest"')])

    assert ask(source, amount=None) == "rest"


def test_the_default_answers_when_no_rule_does():
    assert ask(table("FIRST", [AMOUNT], [("> 1", '"a"')], default='"none"'), amount=0) == "none"


def test_several_strings_in_a_cell_match_each():
    source = table("FIRST", [CHANNEL], [('"card", "loan"', '"a"'), ("-", '"b"')])

    assert [ask(source, channel=channel) for channel in ("card", "loan", "web", None)] == ["a", "a", "b", "b"]


def test_a_cell_may_speak_of_the_value_and_of_other_names():
    source = table("FIRST", [AMOUNT], [("? * 2 > limit and ? < 100", '"a"'), ("-", '"b"')])

    assert ask(source, amount=6, limit=10) == "a"
    assert ask(source, amount=5, limit=10) == "b"


def test_an_input_of_the_wrong_type_is_a_problem_and_no_answer():
    model = read_decisions(table("FIRST", [AMOUNT], [("-", '"a"')]))

    explanation = model.evaluate("answer", {"amount": "much"})

    assert explanation.value is None
    assert explanation.record.tables[0].problem == "amount is not of the type number."


def test_an_output_of_the_wrong_type_is_null():
    assert ask(table("FIRST", [AMOUNT], [("-", '"a"')], output="number"), amount=1) is None


def test_floats_of_json_are_exact_decimals():
    assert ask(table("FIRST", [AMOUNT], [("0.3", '"a"')]), amount=0.3) == "a"
    assert ask(table("FIRST", [AMOUNT], [("-", "amount * 3")], output="number"), amount=0.1) == Decimal("0.3")


number_cells = st.one_of(
    st.just("-"),
    st.integers(0, 6).map(str),
    st.tuples(st.sampled_from(["<", "<=", ">", ">="]), st.integers(0, 6)).map(lambda t: f"{t[0]} {t[1]}"),
    st.tuples(st.sampled_from("[("), st.integers(0, 3), st.integers(3, 6), st.sampled_from("])")).map(
        lambda t: f"{t[0]}{t[1]}..{t[2]}{t[3]}"
    ),
    st.lists(st.integers(0, 6).map(str), min_size=2, max_size=3).map(", ".join),
    st.integers(0, 6).map(lambda n: f"not({n})"),
    st.integers(0, 6).map(lambda n: f"? + {n} > 6"),
)
text_cells = st.one_of(
    st.just("-"),
    st.sampled_from(
        ['"a"', '"b"', '"a", "b"', 'not("a")', 'not("a", "b")', "null", "not(null)", 'contains(?, "a")']
    ),
)
flag_cells = st.sampled_from(["-", "true", "false", "not(true)", "null"])
answers = st.sampled_from(["1", "2", "3"])
rules = st.lists(st.tuples(number_cells, text_cells, flag_cells, answers), min_size=1, max_size=6)
inputs = st.fixed_dictionaries(
    {
        "amount": st.one_of(st.none(), st.integers(-1, 7), st.sampled_from([Decimal("2.5"), 3.5])),
        "channel": st.sampled_from([None, "a", "b", "c", "ab"]),
        "open": st.sampled_from([None, True, False]),
    }
)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(POLICIES),
    st.sampled_from(["", "SUM", "MIN", "MAX", "COUNT"]),
    rules,
    inputs,
    st.booleans(),
)
def test_tables_agree_with_the_reference(policy, aggregation, rules, inputs, has_default):
    source = table(
        policy,
        [AMOUNT, CHANNEL, OPEN],
        rules,
        output="number",
        values="3, 1, 2, 0",
        default="0" if has_default else "",
        aggregation=aggregation if policy == "COLLECT" else "",
    )

    assert read_decisions(source).value("answer", inputs) == answer(source, inputs)


@settings(max_examples=100, deadline=None)
@given(rules.map(lambda rules: [rule for rule in rules if "?" not in rule[0] + rule[1]]), inputs)
def test_a_table_without_gaps_or_overlaps_always_has_one_answer(rules, inputs):
    source = table("UNIQUE", [AMOUNT, CHANNEL, OPEN], rules, output="number")
    codes = {problem.code for problem in check(read_decisions(source))}
    whole = None not in inputs.values()

    if rules and whole and not codes & {"dmn.gap", "dmn.overlap"}:
        assert read_decisions(source).value("answer", inputs) is not None
