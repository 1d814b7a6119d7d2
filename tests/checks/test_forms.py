"""What is said of forms: all that refuses them, words that are missing, names nobody supplies."""

import json
from typing import Any

import pytest

from engine.checks import Problem, check
from tests.builders.checking import a_form, line
from tests.builders.diagrams import diagram, each, mapping, process, user


def said(*keys: str, beside: dict[str, bytes] | None = None, **more: Any) -> list[Problem]:
    """What is said of a form."""
    return check(a_form("ask", *keys, **more), beside or {})


def hiding(condition: str) -> dict[str, Any]:
    return {"conditional": {"hide": condition}}


def test_a_form_that_is_whole_gives_nothing_to_say() -> None:
    assert said("amount", "person.name", "complaint.wish", field_person_name=hiding("=amount = null")) == []


def test_every_component_that_is_refused_is_told_and_not_the_first_alone() -> None:
    form = json.loads(a_form("ask", "a", "b", "b", "c", "d")["forms/ask.form"])
    form["components"][0]["type"] = "slider"
    form["components"][3]["label"] = ""
    form["components"][4]["conditional"] = {"hide": "=a ="}
    content = json.dumps(form, indent=1).encode()

    found = check({"x.form": content}, {})

    assert [(problem.rule, problem.element, problem.severity) for problem in found] == [
        ("form", "a", "error"),
        ("form", "b", "error"),
        ("form", "c", "error"),
        ("form", "d", "error"),
    ]
    assert [content.decode().splitlines()[(problem.line or 0) - 1].strip() for problem in found] == ["{"] * 4


def test_components_in_groups_are_looked_at_too() -> None:
    inner = {"type": "slider", "id": "s", "key": "x", "label": "X"}
    group = {"type": "group", "id": "g", "label": "Group", "components": [inner]}
    form = {"type": "default", "id": "ask", "schemaVersion": 18, "components": [group]}

    assert [p.element for p in check({"x.form": json.dumps(form).encode()}, {})] == ["x"]


def test_a_field_without_help_and_words_in_chinese_are_doubtful() -> None:
    found = said("a", "b", field_a={"description": ""}, field_b={"label": "金额"})

    assert [(p.rule, p.element, p.severity) for p in found] == [
        ("help", "a", "warning"),
        ("language", "b", "warning"),
    ]


def test_the_chinese_of_a_group_is_told_where_it_stands() -> None:
    inner = json.loads(a_form("ask", "a")["forms/ask.form"])["components"][0] | {"label": "金额"}
    group = {"type": "group", "id": "g", "label": "Group", "components": [inner]}
    form = {"type": "default", "id": "ask", "schemaVersion": 18, "components": [group]}

    assert [p.element for p in check({"x.form": json.dumps(form).encode()}, {})] == ["a"]


def test_a_form_stands_in_one_file() -> None:
    one = a_form("ask", "a")["forms/ask.form"]

    (problem,) = check({"a.form": one, "b.form": one}, {})

    assert (problem.file, problem.rule) == ("b.form", "duplicate")
    assert problem.message == "the form 'ask' stands in a.form, too"


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("complaint.wihs", "the complaint has no 'wihs': did you mean 'wish'?"),
        ("complaint.number", "complaint.number can be read, but not written by a process"),
        ("complaint", "the answer would hide the complaint that expressions see; choose another key"),
        ("now", "the answer would hide the now that expressions see; choose another key"),
    ],
)
def test_an_answer_is_written_where_it_can_be(key: str, message: str) -> None:
    (problem,) = said(key)

    assert (problem.element, problem.severity, problem.message) == (key, "error", message)


def test_a_condition_reads_fields_the_complaint_and_the_departments() -> None:
    conditions = [
        "=person.name = null",
        "=complaint.amount > 1",
        "=count(departments) = 0",
        '=language = "en"',
    ]

    for condition in conditions:
        assert said("person.name", "a", field_a=hiding(condition)) == []


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        (
            "=preson.name = null",
            "it reads 'preson': did you mean 'person'?; no field of this form is called so",
        ),
        ("=person.nmae = null", "person has no 'nmae': did you mean 'name'?"),
        ("=complaint.amuont = 1", "complaint has no 'amuont': did you mean 'amount'?"),
    ],
)
def test_a_condition_that_reads_in_vain_is_told(condition: str, message: str) -> None:
    (problem,) = said("person.name", "a", field_a=hiding(condition))

    assert (problem.element, problem.severity, problem.message) == ("a", "error", message)


def asking(*parts: str) -> dict[str, bytes]:
    return {"x.bpmn": diagram(process("p", line(user("task", *parts, form="ask"))))}


READS = a_form("ask", "a", field_a=hiding("=hint.text = null"))


def test_a_form_sees_the_inputs_of_its_task() -> None:
    given = asking(mapping([("={text: 1}", "hint")]))

    assert check(READS, given) == []
    assert check(given, READS) == []


def test_what_no_task_gives_it_is_told_at_the_form() -> None:
    (problem,) = check(READS, asking())

    assert (problem.file, problem.rule, problem.element, problem.severity) == (
        "forms/ask.form",
        "name",
        "a",
        "error",
    )
    assert "no input mapping of task gives it: a form sees the inputs of its task alone" in problem.message


def test_what_one_task_does_not_give_it_is_told_at_the_task() -> None:
    parts = line(user("task", mapping([("={text: 1}", "hint")]), form="ask"), user("other", form="ask"))
    diagrams = {"x.bpmn": diagram(process("p", parts))}

    (problem,) = check({**READS, **diagrams}, {})

    assert (problem.file, problem.rule, problem.element, problem.severity) == (
        "x.bpmn",
        "name",
        "other",
        "warning",
    )
    assert problem.message == "its form 'ask' reads 'hint' (a); without an input mapping it is null there"


def test_a_form_that_is_not_checked_itself_is_told_at_the_task() -> None:
    assert [(p.file, p.rule, p.severity) for p in check(asking(), READS)] == [("x.bpmn", "name", "warning")]
    wrong = asking(mapping([("={words: 1}", "hint")]))
    assert [(p.file, p.rule) for p in check(wrong, READS)] == [("x.bpmn", "member")]


def test_the_form_of_an_item_sees_the_item() -> None:
    parts = line(user("task", form="ask", body=each("=[{text: 1}]", inputElement="hint")))

    assert check({"x.bpmn": diagram(process("p", parts))}, READS) == []


def test_a_form_that_registers_a_complaint_sees_none_yet() -> None:
    form = a_form("complaint", "text", field_text=hiding("=complaint.amount = 1"))

    assert [p.rule for p in check(form, {})] == ["name"]
