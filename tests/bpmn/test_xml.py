"""Reading diagrams: every way of XML Schema to say yes and no, and nothing else."""

import pytest

from engine.bpmn.xml import BPMN, TRUTHS, read_xml
from engine.domain.errors import DefinitionRefused
from tests.builders.diagrams import diagram, end, flows, process, start

CONTENT = diagram(process("p", start(), end(), flows("start", "end")))


def executable(word: str) -> str | None:
    """What is read where a diagram says that it is executable in this way."""
    process = read_xml(CONTENT.replace(b'isExecutable="true"', f'isExecutable="{word}"'.encode()), "x.bpmn")[
        0
    ]
    return process.get("isExecutable")


@pytest.mark.parametrize(
    ("word", "expected"), [("1", "true"), (" true ", "true"), ("0", "false"), ("false", "false")]
)
def test_yes_and_no_are_read_in_every_way_they_may_be_written(word: str, expected: str) -> None:
    assert executable(word) == expected


@pytest.mark.parametrize("name", sorted(TRUTHS))
def test_another_word_is_refused_at_its_place(name: str) -> None:
    content = CONTENT.replace(b'id="start"', f'id="start" {name}="flase"'.encode())

    with pytest.raises(DefinitionRefused) as refused:
        read_xml(content, "x.bpmn")

    assert refused.value.details["element"] == "start"
    assert refused.value.details["reason"] == f"{name} is true or false, not 'flase'"


def test_words_of_other_vendors_are_left_alone() -> None:
    other = CONTENT.replace(
        b"<bpmn:startEvent", b'<x:box xmlns:x="urn:x" isExecutable="perhaps"/><bpmn:startEvent'
    )

    assert read_xml(other, "x.bpmn").find(f"{BPMN}process") is not None
