"""Tasks: of every kind, with mappings, flows, bindings; operations inside and outside."""

from tests.bpmn.conformance.variant import ERROR, ESCALATION, LOOK, Variant, branch, drawing, line
from tests.builders.diagrams import (
    boundary,
    end,
    error,
    escalation,
    flow,
    flows,
    headers,
    mapping,
    named_message,
    node,
    script,
    service,
    start,
    user,
    zeebe,
)

M = named_message("M", "note", '="k"')
DECISION = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="redress">
  <decision id="double" name="Double"><variable name="double"/>
  <literalExpression><text>n * 2</text></literalExpression></decision>
</definitions>
"""
RULE = node("businessRuleTask", "rule", zeebe("calledDecision", decisionId="double", resultVariable="twice"))
VALUE = mapping([("=n", "value")], [("=value", "found")])

VARIANTS = [
    Variant("user task", "for a role", drawing(line(user("u"))), [("do", "u")], ["start", "u", "end"]),
    Variant(
        "user task",
        "for named people",
        drawing(line(node("userTask", "u", zeebe("assignmentDefinition", candidateUsers="ann"), name="U"))),
        [("do", "u")],
        ["start", "u", "end"],
    ),
    Variant(
        "user task",
        "for one assignee in FEEL",
        drawing(
            line(
                node(
                    "userTask",
                    "u",
                    zeebe("assignmentDefinition", candidateGroups="handler", assignee="=who"),
                    name="U",
                )
            )
        ),
        [("do", "u")],
        ["start", "u", "end"],
        begin={"who": "ann"},
    ),
    Variant(
        "user task",
        "for one assignee alone",
        drawing(line(node("userTask", "u", zeebe("assignmentDefinition", assignee="ann"), name="U"))),
        [("do", "u")],
        ["start", "u", "end"],
    ),
    Variant(
        "user task",
        "answers become variables",
        drawing(line(user("u"), LOOK)),
        [("do", "u", {"a": 1, "b__c": 2})],
        ["start", "u"],
        {"a": 1, "b": {"c": 2}},
        open=["look"],
    ),
    Variant(
        "user task",
        "input mappings make locals",
        drawing(line(user("u", mapping([("=n + 1", "m")])), LOOK)),
        [("do", "u", {"m": 9})],
        ["start", "u"],
        {"n": 1},
        open=["look"],
        begin={"n": 1},
    ),
    Variant(
        "user task",
        "output mappings say what goes out",
        drawing(line(user("u", mapping(outputs=[("=a + 1", "b"), ("=b", "c.d")])), LOOK)),
        [("do", "u", {"a": 1})],
        ["start", "u"],
        {"b": 2, "c": {"d": None}},
        open=["look"],
    ),
    Variant(
        "manual task", "passed at once", drawing(line(node("manualTask", "m"))), path=["start", "m", "end"]
    ),
    Variant(
        "manual task",
        "with output mapping",
        drawing(line(node("manualTask", "m", mapping(outputs=[("=1", "a")])), LOOK)),
        path=["start", "m"],
        variables={"a": 1},
        open=["look"],
    ),
    Variant("undefined task", "passed at once", drawing(line(node("task", "t"))), path=["start", "t", "end"]),
    Variant(
        "service task",
        "calls an operation",
        drawing(line(service("s", "echo", VALUE), LOOK)),
        path=["start", "s"],
        variables={"n": 3, "found": 3},
        open=["look"],
        begin={"n": 3},
    ),
    Variant(
        "service task",
        "operation named in FEEL, result variable",
        drawing(line(service("s", "=which", mapping([("=n", "value")]), headers(resultVariable="r")), LOOK)),
        path=["start", "s"],
        variables={"n": 3, "which": "echo", "r": {"value": 3}},
        open=["look"],
        begin={"n": 3, "which": "echo"},
    ),
    Variant(
        "service task",
        "fails, and is tried again after its back-off",
        drawing(
            line(
                service(
                    "s", "fail", mapping([("=fixed", "value")]), headers(retryBackoff="PT1H"), retries="2"
                )
            )
        ),
        [("wait", {"minutes": 59}), ("wait", {"minutes": 2})],
        ["start"],
        incidents=["s: operation.failed"],
    ),
    Variant(
        "service task",
        "throws an error that is caught",
        drawing(
            line(service("s", "throw")),
            boundary("caught", "s", error("E")),
            branch("caught", user("mend")),
            roots=ERROR,
        ),
        [("do", "mend")],
        ["start", "caught", "mend", "mend_end"],
    ),
    Variant(
        "service task",
        "throws an error nobody catches",
        drawing(line(service("s", "throw"))),
        path=["start"],
        incidents=["s: error.uncaught"],
    ),
    Variant(
        "service task",
        "escalates and goes on",
        drawing(
            line(
                service("s", "escalate", mapping([('="X"', "code"), ("=7", "value")], [("=value", "got")])),
                LOOK,
            ),
            boundary("told", "s", escalation("X"), interrupting=False),
            branch("told", user("head")),
            roots=ESCALATION,
        ),
        path=["start", "s", "told"],
        variables={"code": "X", "message": "Look at this.", "got": 7},
        open=["head", "look"],
    ),
    Variant(
        "service task",
        "escalates and is interrupted",
        drawing(
            line(service("s", "escalate", mapping([('="X"', "code")])), LOOK),
            boundary("told", "s", escalation("X")),
            branch("told", user("head")),
            roots=ESCALATION,
        ),
        path=["start", "told"],
        open=["head"],
    ),
    Variant(
        "service task",
        "work outside completes later",
        drawing(line(service("s", "look_up", VALUE), LOOK)),
        [("deliver",)],
        ["start", "s"],
        {"n": 3, "found": "found 3"},
        open=["look"],
        begin={"n": 3},
    ),
    Variant(
        "service task",
        "work outside throws an error",
        drawing(
            line(service("s", "look_up.throws")),
            boundary("caught", "s", error("E")),
            branch("caught", user("mend")),
            roots=ERROR,
        ),
        [("deliver",)],
        ["start", "caught"],
        open=["mend"],
    ),
    Variant(
        "service task",
        "work outside is an incident after its last try",
        drawing(line(service("s", "look_up.never", headers(retryBackoff="PT1H"), retries="2"))),
        [("deliver",), ("wait", {"minutes": 61}), ("deliver",)],
        ["start"],
        incidents=["s: operation.failed"],
    ),
    Variant(
        "send task",
        "sends by an operation",
        drawing(line(node("sendTask", "s", zeebe("taskDefinition", type="echo")))),
        path=["start", "s", "end"],
    ),
    Variant(
        "send task",
        "publishes a message",
        drawing(
            '<bpmn:startEvent id="start"/>'
            + node("parallelGateway", "fork")
            + node("receiveTask", "r", messageRef="M")
            + node("sendTask", "s", zeebe("publishMessage", correlationKey='="k"'), messageRef="M")
            + end("r_end")
            + end("s_end")
            + flows("start", "fork", "r", "r_end")
            + flows("fork", "s", "s_end"),
            roots=M,
        ),
        [("deliver",)],
        ["start", "fork", "s", "s_end", "r", "r_end"],
    ),
    Variant(
        "receive task",
        "waits for a message with its key",
        drawing(line(node("receiveTask", "r", messageRef="M"), LOOK), roots=M),
        [("tell_nobody", "note", "other"), ("tell", "note", "k", {"a": 1})],
        ["start", "r"],
        {"a": 1},
        open=["look"],
    ),
    Variant(
        "script task",
        "FEEL into a variable",
        drawing(line(script("s", "=n * 2", "twice"), LOOK)),
        path=["start", "s"],
        variables={"n": 2, "twice": 4},
        open=["look"],
        begin={"n": 2},
    ),
    Variant(
        "script task",
        "by an operation",
        drawing(line(node("scriptTask", "s", zeebe("taskDefinition", type="echo")))),
        path=["start", "s", "end"],
    ),
    Variant(
        "business rule task",
        "asks a decision",
        drawing(line(RULE, LOOK)),
        path=["start", "rule"],
        variables={"n": 4, "twice": 8},
        open=["look"],
        begin={"n": 4},
        files={"double.dmn": DECISION},
    ),
    Variant(
        "business rule task",
        "by an operation",
        drawing(line(node("businessRuleTask", "rule", zeebe("taskDefinition", type="echo")))),
        path=["start", "rule", "end"],
    ),
    Variant(
        "flows",
        "several out of an activity, all are taken",
        drawing(line(user("u")), branch("u", user("v"))),
        [("do", "u")],
        ["start", "u", "end"],
        open=["v"],
    ),
    Variant(
        "flows",
        "several into an activity, once for each token",
        drawing(
            start()
            + node("parallelGateway", "fork")
            + node("task", "a")
            + node("task", "b")
            + node("task", "c")
            + end()
            + flows("start", "fork", "a", "c", "end")
            + flows("fork", "b", "c")
        ),
        path=["start", "fork", "a", "b", "c", "c", "end", "end"],
    ),
    Variant(
        "flows",
        "conditions and a default out of an activity",
        drawing(
            start()
            + node("task", "t", default="t_c")
            + "".join(node("task", id) + end(f"{id}_end") + flows(id, f"{id}_end") for id in "abc")
            + flows("start", "t")
            + flow("t", "a", "=n > 1")
            + flow("t", "b", "=n > 2")
            + flow("t", "c")
        ),
        path=["start", "t", "a", "b", "a_end", "b_end"],
        begin={"n": 3},
    ),
    Variant(
        "flows",
        "the default where no condition holds",
        drawing(
            start()
            + node("task", "t", default="t_b")
            + "".join(node("task", id) + end(f"{id}_end") + flows(id, f"{id}_end") for id in "ab")
            + flows("start", "t")
            + flow("t", "a", "=n > 1")
            + flow("t", "b")
        ),
        path=["start", "t", "b", "b_end"],
        begin={"n": 1},
    ),
    Variant(
        "flows",
        "a condition behind an event",
        drawing(
            start()
            + node("intermediateThrowEvent", "e")
            + end("a")
            + end("b")
            + flows("start", "e")
            + flow("e", "a", "=n > 1")
            + flow("e", "b", "=n > 2")
        ),
        path=["start", "e", "a"],
        begin={"n": 2},
    ),
]
