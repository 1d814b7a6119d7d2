"""Fifty disputes of one customer: each asks the merchant, waits for one of two answers or two days, and decides.

The shape is that of Camunda's public benchmark of a bank that handles disputes; model, words and values are our own. The
called process gets every variable of the calling one, as a call activity does unless it is told otherwise.
"""

import json
from functools import cache
from typing import Any

from marshmallow import fields

from engine.domain.running import OutboxMessage
from engine.operations import Operation
from engine.operations.registry import Inputs, operation
from engine.ports import UnitOfWork
from tests.builders import diagrams as d

DISPUTES = 50
UNANSWERED = 5
"""Every fifth merchant does not answer within two days."""
PAYLOAD_BYTES = 11_000
RULES = (
    ('"accepted"', "-", '"refund"'),
    ('"contested"', "&gt; 100", '"investigate"'),
    ('"contested"', "-", '"write off"'),
    ("-", "-", '"refund for want of an answer"'),
)


class AskInput(Inputs):
    """Whom to ask."""

    id = fields.String(required=True)


@operation("merchant.ask", input=AskInput)
def ask(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> None:
    """Ask the merchant about a payment; the question leaves through the outbox."""
    work.send(OutboxMessage("merchant.ask", f"ask-{inputs['id']}", dict(inputs), work.now, complaint_id))


OPERATIONS: dict[str, Operation] = {ask.name: ask}


def files() -> dict[str, bytes]:
    """What is released: both processes and the decision."""
    return {"disputes.bpmn": d.diagram(_root()), "dispute.bpmn": _dispute(), "outcome.dmn": _decision()}


def variables(root: int) -> dict[str, Any]:
    """The disputes of a root, and the case they belong to: eleven kilobytes of JSON."""
    return {"disputes": _disputes(root), "case": _case()}


def _disputes(root: int) -> list[dict[str, Any]]:
    return [
        {"id": f"{root}-{number}", "amount": 7 * number, "merchant": f"Merchant {number}"}
        for number in range(DISPUTES)
    ]


@cache
def _case() -> dict[str, Any]:
    """What fills the payload up; made once, so that measuring its length is no part of what is measured."""
    case: dict[str, Any] = {"customer": {"name": "Li Hua", "since": "2011-03-04"}, "statements": []}
    while len(json.dumps({"disputes": _disputes(0), "case": case})) < PAYLOAD_BYTES:
        number = len(case["statements"])
        case["statements"].append({"line": number, "booked": "2026-11-02", "text": "Card payment abroad"})
    return case


def answer(number: int) -> str | None:
    """The message a merchant answers with; None where nothing comes in time."""
    if number % UNANSWERED == UNANSWERED - 1:
        return None
    return "contested" if number % 3 == 0 else "accepted"


def _root() -> str:
    each = d.node(
        "callActivity",
        "each",
        d.zeebe("calledElement", processId="dispute", propagateAllChildVariables="false"),
        d.mapping(outputs=[("=outcome", "outcome")]),
        body=d.each(
            "=disputes", inputElement="dispute", outputCollection="outcomes", outputElement="=outcome"
        ),
        name="Each dispute",
    )
    return d.process("disputes", d.start(), each, d.end(), d.flows("start", "each", "end"))


def _dispute() -> bytes:
    caught = [
        d.node("intermediateCatchEvent", name, body=d.message(f"message_{name}"), name=name.capitalize())
        for name in ("accepted", "contested")
    ]
    asked = d.node(
        "sendTask",
        "ask",
        d.zeebe("taskDefinition", type="merchant.ask"),
        d.mapping([("=dispute.id", "id")]),
        name="Ask the merchant",
    )
    decided = d.node(
        "businessRuleTask",
        "decide",
        d.zeebe("calledDecision", decisionId="outcome", resultVariable="outcome"),
        name="Decide",
    )
    return d.diagram(
        *[d.named_message(f"message_{name}", name, "=dispute.id") for name in ("accepted", "contested")],
        d.process(
            "dispute",
            d.start(),
            asked,
            d.node("eventBasedGateway", "race", name="What comes first?"),
            *caught,
            d.node(
                "intermediateCatchEvent", "silence", body=d.timer("Duration", "P2D"), name="Two days passed"
            ),
            d.node("exclusiveGateway", "met"),
            decided,
            d.end(),
            d.flows("start", "ask", "race"),
            *[d.flows("race", name, "met") for name in ("accepted", "contested", "silence")],
            d.flows("met", "decide", "end"),
        ),
    )


def _decision() -> bytes:
    rows = "".join(
        f'<rule id="r{number}"><inputEntry><text>{answer}</text></inputEntry><inputEntry><text>{amount}</text>'
        f"</inputEntry><outputEntry><text>{outcome}</text></outputEntry></rule>"
        for number, (answer, amount, outcome) in enumerate(RULES)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="D" namespace="urn:d">'
        '<decision id="outcome" name="Outcome"><decisionTable hitPolicy="FIRST">'
        '<input><inputExpression typeRef="string"><text>answer</text></inputExpression></input>'
        '<input><inputExpression typeRef="number"><text>dispute.amount</text></inputExpression></input>'
        f'<output name="outcome" typeRef="string"/>{rows}</decisionTable></decision></definitions>'
    ).encode()
