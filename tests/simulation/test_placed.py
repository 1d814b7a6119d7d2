"""YAML whose values know their line."""

from decimal import Decimal
from typing import Any

import pytest

from engine.simulation.placed import ScenarioRefused, read_yaml


def refused(content: bytes) -> str:
    """What is said of it."""
    with pytest.raises(ScenarioRefused) as caught:
        read_yaml(content, "cases.yaml")
    return caught.value.message


def test_every_value_knows_its_line() -> None:
    placed = read_yaml(b"a: 1\nb:\n  - x\n  - {c: y}\n", "cases.yaml")

    items = placed.value["b"].value
    assert (placed.value["a"].line, items[0].line, items[1].value["c"].line) == (1, 3, 4)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("2.50", Decimal("2.50")),
        ("007", "007"),
        ("1e3", "1e3"),
        ("0x10", "0x10"),
        ("12:30", "12:30"),
        ("2026-11-23", "2026-11-23"),
        ("'12'", "12"),
        ('"true"', "true"),
        (".inf", ".inf"),
        ("9" * 40, "9" * 40),
    ],
)
def test_words_stay_words_and_numbers_keep_their_digits(written: str, value: Any) -> None:
    assert read_yaml(f"a: {written}\n".encode(), "cases.yaml").plain() == {"a": value}


def test_what_is_written_once_can_be_meant_twice() -> None:
    assert read_yaml(b"a: &x {b: 1}\nc: *x\n", "cases.yaml").plain() == {"a": {"b": 1}, "c": {"b": 1}}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "cases.yaml:1: the file is empty"),
        (b"# nothing\n", "cases.yaml:1: the file is empty"),
        (b"a: 1\na: 2\n", "cases.yaml:2: 'a' stands here twice"),
        (b"a: 1\n? [b]\n: 2\n", "cases.yaml:2: a name is one or more words, not a list or mapping"),
        (b"a: &x {b: 1}\nc:\n  <<: *x\n", "cases.yaml:3: names are not merged here: write them out"),
        (b"a: 1\nb: [\n", "cases.yaml:3: this is not YAML: "),
        (b"a: \xff\xfe\n", "cases.yaml:1: the file is not UTF-8 text"),
        (b"a: 1\nb: !!python/object/apply:os.system [ls]\n", "cases.yaml:2: a tag as '"),
        (b"a: !mine 3\n", "cases.yaml:1: a tag as '!mine' is not known here"),
        (b"--- 1\n--- 2\n", "cases.yaml:2: this is not YAML: "),
        (b"a: \x00\n", "cases.yaml:1: this is not YAML"),
    ],
)
def test_what_cannot_be_read_is_refused_where_it_stands(content: bytes, reason: str) -> None:
    assert refused(content).startswith(reason)


def test_a_file_that_grows_while_it_is_read_is_cut_off() -> None:
    lines = [b"a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]".encode() for n in range(1, 12)]

    assert refused(b"\n".join(lines)).endswith("the file has more than 50,000 values")


def test_a_list_in_itself_and_a_deep_one_are_refused() -> None:
    assert "nested too deeply" in refused(b"a: &a [*a]")
    assert "nested too deeply" in refused(b"a: " + b"[" * 2_000 + b"]" * 2_000)


def test_a_large_file_is_not_read_at_all() -> None:
    assert refused(b"#" * 300_001) == "cases.yaml:1: the file has more than 300,000 bytes"
