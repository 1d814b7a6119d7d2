"""A name read before anything wrote it, as far as the drawing proves it."""

import pytest

from tests.builders.checking import a_form, asked, line, only
from tests.builders.diagrams import (
    each,
    end,
    event_subprocess,
    extensions,
    flow,
    flows,
    mapping,
    message,
    named_message,
    node,
    properties,
    script,
    start,
    subprocess,
    user,
)

FORM = a_form("ask", "amount")
ASK = user("ask", form="ask")


def early(*parts: str, roots: str = "") -> list[tuple[str, str]]:
    """Element and message."""
    return [(p.element, p.message) for p in only(asked(*parts, roots=roots, files=FORM), "early")]


def loop(condition: str) -> str:
    """A gateway that asks before the task behind it was ever done."""
    nodes = start() + node("exclusiveGateway", "g", name="?", default="g_ask") + ASK + end()
    return nodes + flows("start", "g", "ask", "g") + flow("g", "end", condition)


def test_a_gateway_before_the_task_that_writes() -> None:
    assert early(loop("=amount > 100")) == [
        ("g_end", "condition: on some way here nothing has written 'amount' yet, and it is null")
    ]


@pytest.mark.parametrize(
    "condition",
    [
        # null has an answer here, too
        "=amount = 100",
        "=amount != null and complaint.amount > 3",
        "=if complaint.fraud then amount > 100 else false",
    ],
)
def test_where_null_makes_no_difference_nothing_is_said(condition: str) -> None:
    assert early(loop(condition)) == []


def test_what_was_written_on_every_way_is_there() -> None:
    assert early(line(ASK, script("s", "=amount + 1", "x"))) == []


def either(joining: str) -> str:
    """Two ways, of which one writes, then a script that reads."""
    kind = {"exclusiveGateway": "g_t"}.get(joining)
    nodes = (
        start() + node(joining, "g", name="?", default=kind) + ASK + node("task", "t") + node(joining, "j")
    )
    when = None if kind is None else "=complaint.fraud"
    ways = flows("start", "g", "t", "j", "s", "end") + flow("g", "ask", when) + flows("ask", "j")
    return nodes + script("s", "=amount + 1", "x") + end() + ways


def test_one_way_of_two_is_not_enough_but_branches_that_are_joined_are() -> None:
    assert [element for element, _ in early(either("exclusiveGateway"))] == ["s"]
    assert early(either("parallelGateway")) == []


def test_a_name_that_is_only_handed_on_may_be_null() -> None:
    handed = node("task", "t", mapping([("=amount", "amount")]))

    assert early(line(handed, ASK)) == []
    assert early(line(node("task", "t", mapping([("=amount + 1", "amount")])), ASK)) != []


def test_what_an_event_may_write_at_any_time_is_not_told() -> None:
    inside = ASK + end("e") + flows("esp_start", "ask", "e")
    roots = named_message("M", "withdrawn", "=string(complaint.id)")
    esp = event_subprocess("esp", message("M"), inside, interrupting=False)

    assert early(line(script("s", "=amount + 1", "x")), esp, roots=roots) == []


ITEM = each("=[1]", outputCollection="o", outputElement="={is_bad: is_bad}", enough="=is_bad")
INSIDE = start("s") + script("look", "=loopCounter > 3", "is_bad") + end("e") + flows("s", "look", "e")


@pytest.mark.parametrize(
    "step",
    [
        subprocess("sub", INSIDE, loop=ITEM),  # what the item has done is read when it is done
        subprocess("sub", INSIDE.replace("loopCounter", "1"), mapping((), [("=not(is_bad)", "seen")])),
        user("ask", form="ask", body=each("=[1]", outputCollection="o", outputElement="={a: amount + 1}")),
    ],
)
def test_what_is_written_inside_is_there_when_it_is_over(step: str) -> None:
    assert early(line(step)) == []


def test_what_an_event_subprocess_waits_for_is_worked_out_before_anything_is_done() -> None:
    roots = named_message("M", "withdrawn", "=card") + named_message("B", "come", "=given")
    inside = node("task", "t") + flows("esp_start", "t")
    begins = start(body=properties_of("given") + message("B"))
    drawn = begins + script("s", '="1"', "card") + end() + flows("start", "s", "end")

    assert early(drawn, event_subprocess("esp", message("M"), inside), roots=roots) == [
        ("M", "message key: it is worked out when the process starts, and nothing has written 'card' by then")
    ]
    assert (
        early(drawn, event_subprocess("esp", message("M"), inside), roots=roots.replace("=card", "=given"))
        == []
    )


def properties_of(names: str) -> str:
    """What a start event is given."""
    return extensions(properties(variables=names))
