"""Whatever a file is like, it is answered: with problems or without, never with a traceback, and in bounded work."""

from collections.abc import Callable

import pytest

from engine.bpmn.definitions import Definitions
from engine.checks import Problem, check
from engine.checks.checking import MOST_PROBLEMS
from tests.builders import hostile
from tests.builders.checking import a_table
from tests.builders.diagrams import HEAD, diagram, end, flow, flows, node, process, start

PLAIN = diagram(process("p", start(), end(), flows("start", "end")))
SEVERAL = 600


def rules(problems: list[Problem]) -> set[str]:
    return {problem.rule for problem in problems} - {"many"}


def answered(content: bytes, file: str = "x.bpmn") -> list[Problem]:
    """What is said; a diagram without an error must also be one that can be loaded."""
    found = check({file: content}, {})
    assert len(found) <= MOST_PROBLEMS + 1
    if file.endswith(".bpmn") and all(problem.severity == "warning" for problem in found):
        Definitions(1, {file: content})
    return found


@pytest.mark.parametrize("name", hostile.LARGE)
def test_a_large_file_is_answered(name: str) -> None:
    make, expected = hostile.LARGE[name]

    assert rules(answered(make(SEVERAL))) == expected


def very_large(name: str) -> tuple[list[Problem], frozenset[str]]:
    """What is said of ten thousand nodes, and what should be."""
    make, expected = hostile.LARGE[name]
    found = check({"x.bpmn": make(10_000)}, {})
    # what comes after the first thousand problems is not told
    return found, expected if len(found) <= MOST_PROBLEMS else expected & rules(found)


@pytest.mark.parametrize("name", sorted(hostile.LARGE.keys() - hostile.SLOW))
def test_ten_thousand_nodes_are_answered(name: str) -> None:
    found, expected = very_large(name)

    assert rules(found) == expected


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(hostile.SLOW))
def test_ten_thousand_nodes_that_take_longer_are_answered(name: str) -> None:
    found, expected = very_large(name)

    assert rules(found) == expected


def test_gateways_that_lead_anywhere_are_answered() -> None:
    assert answered(hostile.tangle(400))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Document is empty"),
        (b"   \n", "this is not XML"),
        (b"\x00\x01\x02PK\x03\x04" * 50, "this is not XML"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "this is not XML"),
        ("<a>\ud800</a>".encode("utf-8", "surrogatepass"), "this is not XML"),
        (b"<?xml version='1.0' encoding='no-such'?><a/>", "encoding"),
        (b"<a>" * 5_000, "this is not XML"),
        (b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', "DOCTYPE"),
        (b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;&b;</a>', "DOCTYPE"),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><a/>', "DOCTYPE"),
        (b"<a/>", "the root element is not bpmn:definitions"),
        (b'{"type": "default"}', "this is not XML"),
    ],
)
def test_what_is_no_diagram_is_one_sentence(content: bytes, words: str) -> None:
    (problem,) = answered(content)

    assert problem.rule == "xml"
    assert words in problem.message


@pytest.mark.parametrize(
    "encoded",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("UTF-8", "UTF-16").encode("utf-16"),
        lambda text: text.replace("UTF-8", "GB18030").encode("gb18030"),
        lambda text: text.replace("UTF-8", "ISO-8859-1").encode("latin-1", "xmlcharrefreplace"),
    ],
)
def test_a_diagram_in_another_encoding_is_read(encoded: Callable[[str], bytes]) -> None:
    text = PLAIN.decode().replace('id="end"', 'id="end" name="Ärger 投诉"')

    assert answered(encoded(text)) == []


@pytest.mark.parametrize(
    "id", ["投诉", "a b", "a.b-c", "😀", "&quot;&lt;&amp;", "x" * 100_000, "=1", "#0", "a&#10;b"]
)
def test_ids_may_be_odd(id: str) -> None:
    content = PLAIN.replace(b'id="end"', f'id="{id}"'.encode()).replace(
        b'targetRef="end"', f'targetRef="{id}"'.encode()
    )

    assert answered(content) == []


def test_an_attribute_may_be_huge() -> None:
    content = PLAIN.replace(b'id="end"', b'id="end" name="' + b"x" * 9_000_000 + b'"')

    assert answered(content) == []


def test_a_huge_condition_is_refused_without_being_read() -> None:
    gateway = node("exclusiveGateway", "g", name="?", default="g_end")
    ways = (
        flows("start", "g")
        + flow("g", "end", name="No")
        + flow("g", "t", "=" + "a+" * 2_000_000 + "1", name="Yes")
    )

    found = answered(diagram(process("p", start(), gateway, node("task", "t"), end(), ways)))

    assert {problem.rule for problem in found if problem.severity == "error"} == {"feel"}
    assert all(len(problem.message) < 400 for problem in found)


def test_an_element_with_very_many_attributes_is_refused() -> None:
    many = b" ".join(b'a%d="1"' % number for number in range(50_000))

    (problem,) = answered(PLAIN.replace(b'id="end"', b'id="end" ' + many))

    assert problem.message == "an element has more than 100 attributes"


def test_an_empty_diagram_has_nothing_to_run() -> None:
    assert answered(f"{HEAD}</bpmn:definitions>".encode()) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"{",
        b"[" * 50_000,
        b'{"a": ' * 50_000,
        b"[]",
        b"null",
        b'{"components": 1}',
        b'{"type": "default", "id": "x", "schemaVersion": 18, "components": [1, null, [], {}]}',
        b'{"n": ' + b"9" * 100_000 + b"}",
    ],
)
def test_what_is_no_form_is_told(content: bytes) -> None:
    assert rules(answered(content, "x.form")) == {"form"}


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", b"<a/>", b"<a>" * 5_000, b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>']
)
def test_what_is_no_decision_is_told(content: bytes) -> None:
    found = answered(content, "x.dmn")

    assert len(found) == 1
    assert found[0].rule.startswith("dmn.")


@pytest.mark.parametrize(("count", "expected"), [(150, {"dmn.gap", "dmn.overlap"}), (600, {"dmn.too_large"})])
def test_a_table_of_very_many_rules_is_answered(count: int, expected: set[str]) -> None:
    table = a_table("x", ("complaint.amount", "complaint.people_affected"), ("a", "b"), "UNIQUE")[
        "decisions/x.dmn"
    ]
    before, rule, after = table.partition(b'<rule id="x_rule">')
    one, closing, rest = after.partition(b"</rule>")
    rules_ = [
        rule.replace(b"x_rule", b"rule%d" % n)
        + one.replace(b"<text>-</text>", b"<text>[%d..%d]</text>" % (n, n + 5))
        + closing
        for n in range(count)
    ]

    assert rules(answered(before + b"".join(rules_) + rest, "x.dmn")) == expected
