"""Hostile variables are values like any other, within limits that name themselves."""

from datetime import UTC
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn.limits import (
    DEEPEST_VALUE,
    LARGEST_PAYLOAD,
    LARGEST_VALUE,
    LONGEST_NAME,
    kept,
    kept_all,
)
from engine.domain.errors import LimitExceeded, ValueRefused
from engine.feel import FeelError, to_json
from engine.runtime.clock import MovableClock
from tests.builders.diagrams import (
    diagram,
    end,
    flows,
    mapping,
    message,
    named_message,
    node,
    process,
    script,
    start,
    user,
)
from tests.builders.durable import DurableBank

HOSTILE = {
    "typename": "engine.bpmn.run.Run",
    "__class__": "__import__('os')",
    "__proto__": {"typename": "x"},
    "data_objects": [],
    "constructor": {"prototype": {"__reduce__": ["os.system", "id"]}},
    "": {"": ""},
    "$ref": "#/",
    "a.b": 1,
    "键": "值\x00\ud7ff",
}


def nested(depth: int) -> Any:
    """Lists inside one another."""
    found: Any = 1
    for _ in range(depth):
        found = [found]
    return found


def test_hostile_keys_are_values_like_any_other(sqlite_url: str, clock: MovableClock) -> None:
    bank = DurableBank(sqlite_url, clock)
    bank.release(
        diagram(
            process(
                "p",
                start(),
                user("u"),
                script("s", "=customer", "copy"),
                user("look"),
                flows("start", "u", "s", "look"),
            )
        )
    )
    id = bank.start(__class__="x", typename=HOSTILE)

    bank.do("u", customer=HOSTILE)

    assert bank.variables(id) == {
        "__class__": "x",
        "typename": HOSTILE,
        "customer": HOSTILE,
        "copy": HOSTILE,
    }
    bank.close()


@pytest.mark.parametrize(
    ("value", "limit"),
    [
        ("x" * (LARGEST_VALUE + 1), LARGEST_VALUE),
        (["x" * 1000] * 1000, LARGEST_VALUE),
        ({str(number): number for number in range(100_000)}, LARGEST_VALUE),
        (nested(DEEPEST_VALUE + 1), DEEPEST_VALUE),
        (nested(50_000), DEEPEST_VALUE),
        ({"a": nested(DEEPEST_VALUE)}, DEEPEST_VALUE),
    ],
    ids=["long text", "long list", "wide context", "deep", "very deep", "deep in a context"],
)
def test_what_is_too_much_is_refused_with_the_limit_and_the_variable(value: Any, limit: int) -> None:
    with pytest.raises(LimitExceeded) as refused:
        kept("story", value)

    assert str(limit) in refused.value.message
    assert "'story'" in refused.value.message
    assert refused.value.details["limit"] == limit


def test_just_within_the_limits_is_kept() -> None:
    assert kept("a", "x" * LARGEST_VALUE) == "x" * LARGEST_VALUE
    assert kept("a", nested(DEEPEST_VALUE)) == nested(DEEPEST_VALUE)


def test_names_and_whole_payloads_have_limits_too() -> None:
    half = "x" * (LARGEST_VALUE - 1)

    with pytest.raises(LimitExceeded, match=str(LONGEST_NAME)):
        kept("n" * (LONGEST_NAME + 1), 1)
    with pytest.raises(LimitExceeded, match=str(LARGEST_PAYLOAD)):
        kept_all({"a": half, "b": half, "c": half})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=30,
    )
)
@settings(max_examples=200, deadline=None)
def test_any_small_json_is_kept_as_it_is(value: Any) -> None:
    assert kept("a", value) == value


class Text(str):
    """A text of another class, as libraries hand them out."""


@given(
    st.recursive(
        st.none()
        | st.floats()
        | st.decimals(allow_nan=False, allow_infinity=False, places=3)
        | st.dates()
        | st.datetimes(timezones=st.just(UTC))
        | st.timedeltas()
        | st.text().map(Text),
        lambda inner: (
            st.lists(inner)
            | st.lists(inner).map(tuple)
            | st.dictionaries(st.text() | st.integers(), inner)
            | st.dictionaries(st.text(), inner).map(MappingProxyType)
        ),
        max_leaves=30,
    )
)
@settings(max_examples=200, deadline=None)
def test_values_become_the_json_that_feel_makes_of_them(value: Any) -> None:
    made = kept("a", value)

    assert repr(made) == repr(to_json(value))


def test_what_is_kept_is_a_copy() -> None:
    given = {"list": [{"a": 1}]}

    made = kept_all({"given": given})
    given["list"][0]["a"] = 2

    assert made == {"given": {"list": [{"a": 1}]}}


def test_very_many_parts_are_left_to_what_feel_writes() -> None:
    with pytest.raises(FeelError):
        kept("many", [""] * 250_000)


@pytest.fixture
def bank(sqlite_url: str, clock: MovableClock) -> Any:
    opened = DurableBank(sqlite_url, clock)
    opened.release(
        diagram(
            process(
                "p",
                start(),
                user("u"),
                node("intermediateCatchEvent", "wait", body=message("M")),
                script("s", "=for i in 1..n return long", "all"),
                end(),
                flows("start", "u", "wait", "s", "end"),
            ),
            named_message("M", "note", '="k"'),
        )
    )
    yield opened
    opened.close()


def test_a_command_from_outside_that_brings_too_much_is_refused_and_nothing_is_lost(
    bank: DurableBank,
) -> None:
    with pytest.raises(LimitExceeded):
        bank.start(deep=nested(1000))
    bank.start(n=1)
    with pytest.raises(LimitExceeded):
        bank.do("u", long="x" * (LARGEST_VALUE + 1))
    assert bank.open == ["u"]
    bank.do("u", long="x")
    with pytest.raises(LimitExceeded):
        bank.tell("note", "k", deep=nested(1000))
    assert bank.tell("note", "k")


def test_a_step_that_makes_too_much_is_an_incident(bank: DurableBank) -> None:
    bank.start(n=20, long="x" * 100_000)
    bank.do("u")

    bank.tell("note", "k")

    assert bank.incidents == ["s: limit_exceeded"]
    with bank.work() as work:
        (incident,) = work.processes.incidents()
    assert "'all'" in incident.message
    assert str(LARGEST_VALUE) in incident.message


def test_a_mapping_that_makes_too_much_is_an_incident(bank: DurableBank) -> None:
    task = node("task", "t", mapping(outputs=[("=for i in 1..20 return long", "all")]))
    bank.release(diagram(process("q", start("s"), task, end("e"), flows("s", "t", "e"))))

    bank.start("q", long="x" * 100_000)

    assert bank.incidents == ["t: limit_exceeded"]


@pytest.mark.parametrize(
    "variables",
    [
        {"v": "half \ud800"},
        {"v": ["deep", {"in": "\udfff"}]},
        {"v": {"\ud83d": 1}},
        {"half \ud800": 1},
    ],
    ids=repr,
)
def test_half_a_character_is_refused_in_a_sentence_that_can_be_kept(variables: dict[str, Any]) -> None:
    with pytest.raises(ValueRefused, match="half a character") as refused:
        kept_all(variables)
    with pytest.raises(ValueRefused, match="half a character"):
        kept(*variables.popitem())

    assert refused.value.message.isascii()


def test_whole_characters_of_every_script_are_kept() -> None:
    said = {"键": "值 \U0001f600 \x00 \ud7ff", "emoji": {"\U0001f600": ["\U0001f600"]}}

    assert kept_all(said) == said
