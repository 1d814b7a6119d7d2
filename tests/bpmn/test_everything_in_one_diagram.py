"""One diagram with nearly every element, walked through by several roads; the instance is loaded anew for each step."""

from datetime import timedelta
from typing import Any

import pytest
from marshmallow import Schema, fields

from engine.operations.registry import BpmnError, Operation
from engine.ports import UnitOfWork
from tests.builders.diagrams import (
    boundary,
    diagram,
    each,
    end,
    error,
    event_subprocess,
    flow,
    flows,
    mapping,
    message,
    named_message,
    node,
    process,
    service,
    start,
    subprocess,
    timer,
    user,
    zeebe,
)
from tests.builders.running import Bank


class Payment(Schema):
    kind = fields.String(required=True)


class Paid(Schema):
    paid = fields.Integer()
    secret = fields.Integer()


def pay(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> dict[str, Any]:
    assert inputs == {"kind": "card"}
    return {"paid": 77, "secret": 1}


def refuse_to_pay(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> None:
    raise BpmnError("NO_FUNDS", "the account is empty")


VARIABLES: dict[str, Any] = {
    "amount": 500,
    "severity": "major",
    "caseId": 7,
    "depts": ["IT", "Cards", "Legal"],
    "positions": [{"amount": 1}, {"amount": 2}],
    "wait": "PT1H",
}

ITEM: dict[str, Any] = {"inputElement": "dept"}
MAIN = process(
    "p",
    start(),
    user("intake"),
    node("exclusiveGateway", "grave", default="grave_low"),
    user("low"),
    end("end_low"),
    node("parallelGateway", "fork"),
    user("one"),
    user("two"),
    node("parallelGateway", "join"),
    user(
        "in_turn",
        mapping([("=pos.amount * 2", "double")]),
        body=each(
            "=positions",
            sequential=True,
            inputElement="pos",
            outputCollection="in_turn",
            outputElement="=answer",
        ),
    ),
    user(
        "vote",
        body=each(
            "=depts",
            enough="=numberOfCompletedInstances >= 2",
            outputCollection="votes",
            outputElement="={d: dept, v: vote}",
            **ITEM,
        ),
    ),
    subprocess(
        "reviews_of_all",
        start("r1")
        + user("review", mapping(outputs=[("=text", "review")]))
        + end("r2")
        + flows("r1", "review", "r2"),
        mapping([("=null", "local")]),
        loop=each("=depts", outputCollection="reviews", outputElement="=review", **ITEM),
    ),
    boundary("too_late", "reviews_of_all", timer("Duration", "P5D")),
    user("late"),
    subprocess(
        "one_by_one",
        start("q1") + user("question") + end("q2") + flows("q1", "question", "q2"),
        loop=each(
            "=depts",
            sequential=True,
            outputCollection="asked",
            outputElement="=dept + string(loopCounter)",
            **ITEM,
        ),
    ),
    node("exclusiveGateway", "meet"),
    node(
        "callActivity",
        "refund",
        zeebe(
            "calledElement",
            processId="child",
            propagateAllChildVariables="false",
            propagateAllParentVariables="false",
        ),
        mapping([("=amount", "sum")], [("=paid", "refund.paid")]),
    ),
    node("eventBasedGateway", "first"),
    node("intermediateCatchEvent", "five_hours", body=timer("Duration", "PT5H")),
    node("intermediateCatchEvent", "one_hour", body=timer("Duration", "=wait")),
    user("slow"),
    user("fast"),
    boundary("reminders", "fast", timer("Cycle", "R2/PT1H"), interrupting=False),
    user("remind"),
    end("end_remind"),
    end(),
    event_subprocess(
        "more",
        message("M1"),
        user("read_more") + end("me") + flows("more_start", "read_more", "me"),
        interrupting=False,
    ),
    event_subprocess(
        "withdrawn",
        message("M2"),
        user("say_goodbye") + end("we") + flows("withdrawn_start", "say_goodbye", "we"),
    ),
    flows("start", "intake", "grave", "low", "end_low"),
    flow("grave", "fork", '=amount > 100 and severity = "major"'),
    flows(
        "fork", "one", "join", "in_turn", "vote", "reviews_of_all", "one_by_one", "meet", "refund", "first"
    ),
    flows("fork", "two", "join"),
    flows("too_late", "late", "meet"),
    flows("first", "five_hours", "slow", "end"),
    flows("first", "one_hour", "fast", "end"),
    flows("reminders", "remind", "end_remind"),
)
CHILD = process(
    "child",
    start("cs"),
    service("pay", "payment", mapping([('="card"', "kind")])),
    boundary("no_funds", "pay", error("E1")),
    user("pay_by_hand"),
    end("ce"),
    end("ce2"),
    flows("cs", "pay", "ce"),
    flows("no_funds", "pay_by_hand", "ce2"),
)
DIAGRAM = diagram(
    MAIN,
    CHILD,
    named_message("M1", "more", "=caseId"),
    named_message("M2", "withdraw", "=caseId"),
    '<bpmn:error id="E1" errorCode="NO_FUNDS"/>\n',
)


@pytest.fixture(params=[0, 100], ids=["loaded each time", "kept in memory"])
def bank(request: pytest.FixtureRequest) -> Bank:
    operation = Operation("payment", "Pay", Payment, Paid, pay)
    made = Bank(DIAGRAM, operations={"payment": operation}, hydrated=request.param)
    made.start("p", **VARIABLES)
    return made


def to_the_reviews(bank: Bank) -> None:
    bank.do("intake", note="n")
    bank.do("one", shared="a", only_one=1)
    bank.do("two", shared="b")
    bank.do("in_turn", answer="x")
    bank.do("in_turn", answer="y")
    bank.do("vote", vote=1)
    bank.do("vote", vote=2)


def to_the_end(bank: Bank) -> None:
    bank.fire()
    assert bank.open == ["fast"]
    bank.fire()
    bank.fire()
    assert bank.open == ["fast", "remind", "remind"]
    assert bank.timers == []
    bank.do("fast")
    bank.do("remind")
    assert bank.open == ["remind"]
    bank.do("remind")
    assert bank.is_over
    assert bank.subscriptions == []
    assert bank.incidents == []


def test_the_default_flow_is_taken_when_no_condition_holds() -> None:
    bank = Bank(DIAGRAM, operations={"payment": Operation("payment", "Pay", Payment, Paid, pay)})
    bank.start("p", **{**VARIABLES, "amount": 1})

    bank.do("intake")

    assert bank.open == ["low"]


def test_parallel_branches_share_their_scope(bank: Bank) -> None:
    bank.do("intake")
    bank.do("one", shared="a", only_one=1)

    bank.do("two", shared="b")

    assert (bank.variables()["shared"], bank.variables()["only_one"]) == ("b", 1)


def test_a_sequential_item_sees_its_own_locals_and_leaves_only_its_result(bank: Bank) -> None:
    bank.do("intake")
    bank.do("one")
    bank.do("two")
    assert bank.task("in_turn").inputs == {
        "loopCounter": 1,
        "pos": {"amount": 1},
        "answer": None,
        "double": 2,
    }

    bank.do("in_turn", answer="x")
    assert bank.task("in_turn").inputs["double"] == 4
    bank.do("in_turn", answer="y")

    assert bank.variables()["in_turn"] == ["x", "y"]
    assert "answer" not in bank.variables()
    assert "pos" not in bank.variables()


def test_a_completion_condition_ends_the_others(bank: Bank) -> None:
    to_the_reviews(bank)

    assert bank.variables()["votes"] == [{"d": "IT", "v": 1}, {"d": "Cards", "v": 2}, None]
    assert bank.open == ["review", "review", "review"]


def test_every_road_to_the_end(bank: Bank) -> None:
    to_the_reviews(bank)
    assert bank.subscriptions == [("more", "7"), ("withdraw", "7")]
    for number in range(3):
        bank.do("review", text=f"r{number}")
    assert bank.variables()["reviews"] == ["r0", "r1", "r2"]
    assert bank.timers == []
    for _ in range(3):
        assert bank.open == ["question"]
        bank.do("question")
    assert bank.variables()["asked"] == ["IT1", "Cards2", "Legal3"]
    assert bank.variables()["refund"] == {"paid": 77}
    assert "secret" not in bank.variables()
    assert "sum" not in bank.variables()
    hours = [(timer.due_at - bank.store.now) / timedelta(hours=1) for timer in bank.timers if timer.due_at]
    assert hours == [1, 5]

    to_the_end(bank)


def test_an_interrupting_timer_ends_a_multi_instance_subprocess(bank: Bank) -> None:
    to_the_reviews(bank)
    assert not bank.tell("more", "8")
    assert bank.tell("more", "7", info=1)
    assert bank.tell("more", "7", info=2)
    assert bank.open == ["read_more", "read_more", "review", "review", "review"]
    bank.do("review", text="ok")
    bank.do("read_more")
    bank.do("read_more", extra=3)
    assert bank.variables()["extra"] == 3

    bank.fire()

    assert bank.open == ["late"]
    assert "reviews" not in bank.variables()
    bank.do("late")
    to_the_end(bank)


def test_an_interrupting_message_ends_everything_else(bank: Bank) -> None:
    to_the_reviews(bank)

    assert bank.tell("withdraw", "7", why="w")

    assert bank.open == ["say_goodbye"]
    assert bank.timers == []
    assert bank.subscriptions == []
    assert not bank.tell("withdraw", "7")
    bank.do("say_goodbye")
    assert bank.is_over
    assert bank.store.tables.scopes == {}


def test_an_error_thrown_by_an_operation_takes_the_boundary_event() -> None:
    bank = Bank(DIAGRAM, operations={"payment": Operation("payment", "Pay", Payment, Paid, refuse_to_pay)})
    bank.start("p", **VARIABLES)
    to_the_reviews(bank)
    for _ in range(3):
        bank.do("review", text="t")
    for _ in range(3):
        bank.do("question")

    assert bank.open == ["pay_by_hand"]

    bank.do("pay_by_hand", paid=5)
    assert bank.variables()["refund"] == {"paid": 5}
    assert len(bank.timers) == 2
