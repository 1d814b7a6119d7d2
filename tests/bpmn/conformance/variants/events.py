"""Start, intermediate and end events."""

from tests.bpmn.conformance.variant import (
    ERROR,
    ESCALATION,
    LOOK,
    SIGNAL,
    Variant,
    branch,
    drawing,
    files_of,
    line,
)
from tests.builders.diagrams import (
    TERMINATE,
    boundary,
    end,
    error,
    escalation,
    extensions,
    flows,
    mapping,
    message,
    named_message,
    node,
    process,
    signal,
    start,
    subprocess,
    timer,
    user,
    zeebe,
)

M = named_message("M", "note", '="k"')
PLAIN_M = '<bpmn:message id="M" name="note"/>\n'


def link(name: str) -> str:
    """A link definition on an event."""
    return f'<bpmn:linkEventDefinition name="{name}"/>'


def jump(*throws: str) -> str:
    """Links from these throwing events to one catching event before a user task."""
    return "".join(node("intermediateThrowEvent", id, body=link("over there")) for id in throws) + node(
        "intermediateCatchEvent", "land", body=link("over there")
    )


def listener(definition: str, roots: str) -> bytes:
    """A process that throws and one branch that waits for it."""
    return drawing(
        start()
        + node("parallelGateway", "fork")
        + node("intermediateCatchEvent", "wait", body=definition)
        + node("intermediateThrowEvent", "send", body=definition)
        + end("heard")
        + end("sent")
        + flows("start", "fork", "wait", "heard")
        + flows("fork", "send", "sent"),
        roots=roots,
    )


def begun(definition: str, *parts: str, roots: str = "") -> bytes:
    """A process that begins with an event."""
    return drawing(line(*parts, LOOK, begin=start("begin", extensions(*[]) + definition)), roots=roots)


PUBLISH = zeebe("publishMessage", correlationKey='="k"')

VARIANTS = [
    Variant("start event", "none", drawing(line()), path=["start", "end"]),
    Variant(
        "start event",
        "message",
        begun(message("M"), roots=PLAIN_M),
        [("tell", "note", "k", {"a": 1})],
        ["begin"],
        open=["look"],
        begin=None,
    ),
    Variant(
        "start event",
        "message with output mapping",
        drawing(
            line(LOOK, begin=start("begin", extensions(mapping(outputs=[("=a + 1", "b")])) + message("M"))),
            roots=PLAIN_M,
        ),
        [("start_told", "p", "note", {"a": 1})],
        ["begin"],
        open=["look"],
        begin=None,
    ),
    Variant(
        "start event",
        "signal",
        begun(signal("S"), roots=SIGNAL),
        [("tell_signal", "news")],
        ["begin"],
        open=["look"],
        begin=None,
    ),
    Variant(
        "start event",
        "timer, a date",
        begun(timer("Date", '=now + duration("P1D")')),
        [("wait", {"hours": 23}), ("wait", {"hours": 1}), ("wait", {"hours": 48})],
        ["begin"],
        open=["look"],
        begin=None,
    ),
    Variant(
        "start event",
        "timer, a duration",
        begun(timer("Duration", "PT1H")),
        [("wait", {"hours": 1})],
        ["begin"],
        open=["look"],
        begin=None,
    ),
    Variant(
        "start event",
        "timer, a cycle repeats",
        drawing(line(begin=start("begin", timer("Cycle", "R3/PT1H")))),
        [("wait", {"hours": 1}), ("wait", {"hours": 1}), ("wait", {"hours": 9}), ("wait", {"hours": 9})],
        ["begin", "end"] * 3,
        begin=None,
    ),
    Variant(
        "start event",
        "several in one process",
        drawing(
            start("plain"),
            start("told", message("M")),
            start("heard", signal("S")),
            start("due", timer("Duration", "PT1H")),
            node("exclusiveGateway", "here"),
            end(),
            flows("plain", "here", "end"),
            *[flows(id, "here") for id in ("told", "heard", "due")],
            roots=PLAIN_M + SIGNAL,
        ),
        [("tell", "note"), ("tell_signal", "news"), ("wait", {"hours": 1})],
        [id for begin in ("plain", "told", "heard", "due") for id in (begin, "here", "end")],
    ),
    Variant(
        "intermediate throw event",
        "none",
        drawing(line(node("intermediateThrowEvent", "e"))),
        path=["start", "e", "end"],
    ),
    Variant(
        "intermediate catch event",
        "message",
        drawing(
            line(
                node("intermediateCatchEvent", "e", mapping(outputs=[("=a", "b")]), body=message("M")), LOOK
            ),
            roots=M,
        ),
        [("tell", "note", "k", {"a": 1})],
        ["start", "e"],
        {"b": 1},
        open=["look"],
    ),
    Variant(
        "intermediate catch event",
        "message by names in FEEL",
        drawing(
            line(node("intermediateCatchEvent", "e", body=message("M"))),
            roots=named_message("M", "=&quot;note &quot; + n", "=n"),
        ),
        [("tell", "note a", "a")],
        ["start", "e", "end"],
        begin={"n": "a"},
    ),
    Variant(
        "intermediate catch event",
        "a key that is null",
        drawing(
            line(node("intermediateCatchEvent", "e", body=message("M"))),
            roots=named_message("M", "note", "=n"),
        ),
        path=["start"],
        incidents=["e: message.no_key"],
    ),
    Variant(
        "intermediate catch event",
        "signal",
        drawing(line(node("intermediateCatchEvent", "e", body=signal("S")), LOOK), roots=SIGNAL),
        [("tell_signal", "news", {"a": 1})],
        ["start", "e"],
        {"a": 1},
        open=["look"],
    ),
    *[
        Variant(
            "intermediate catch event",
            f"timer, {what}",
            drawing(line(node("intermediateCatchEvent", "e", body=timer(shape, text)))),
            [("wait", {"minutes": 59}), ("wait", {"minutes": 1})],
            ["start", "e", "end"],
            begin={"n": 60},
        )
        for what, shape, text in [
            ("a duration", "Duration", "PT1H"),
            ("a duration in FEEL", "Duration", '=duration("PT" + string(n) + "M")'),
            ("a date in FEEL", "Date", '=now + duration("PT1H")'),
        ]
    ],
    Variant(
        "intermediate catch event",
        "timer that cannot be read",
        drawing(line(node("intermediateCatchEvent", "e", body=timer("Duration", "=soon")))),
        path=["start"],
        incidents=["e: timer.unreadable"],
    ),
    Variant(
        "link events",
        "from one place to another",
        drawing(
            start() + jump("leap") + user("u") + end() + flows("start", "leap") + flows("land", "u", "end")
        ),
        [("do", "u")],
        ["start", "leap", "land", "u", "end"],
    ),
    Variant(
        "link events",
        "several lead to one",
        drawing(
            start()
            + node("parallelGateway", "fork")
            + jump("leap", "hop")
            + end()
            + flows("start", "fork", "leap")
            + flows("fork", "hop")
            + flows("land", "end")
        ),
        path=["start", "fork", "leap", "hop", "land", "land", "end", "end"],
    ),
    Variant(
        "link events",
        "in a subprocess",
        drawing(
            line(
                subprocess(
                    "sub", start("s") + jump("leap") + end("e") + flows("s", "leap") + flows("land", "e")
                )
            )
        ),
        path=["start", "s", "leap", "land", "e", "sub", "end"],
    ),
    Variant(
        "link events",
        "an inclusive join waits for a token that will leap",
        drawing(
            start()
            + node("parallelGateway", "fork")
            + user("a")
            + user("b")
            + jump("leap")
            + node("inclusiveGateway", "join")
            + end()
            + flows("start", "fork", "a", "join", "end")
            + flows("fork", "b", "leap")
            + flows("land", "join")
        ),
        [("do", "a"), ("do", "b")],
        ["start", "fork", "a", "b", "leap", "land", "join", "end"],
    ),
    Variant(
        "intermediate throw event",
        "signal",
        listener(signal("S"), SIGNAL),
        [("deliver",)],
        ["start", "fork", "send", "sent", "wait", "heard"],
    ),
    Variant(
        "intermediate throw event",
        "signal with what its input mappings say",
        files_of(
            process(
                "p", line(node("intermediateThrowEvent", "send", mapping([("=n", "a")]), body=signal("S")))
            ),
            process("q", line(user("heard"), begin=start("begin", signal("S")), finish=end("e"))),
            roots=SIGNAL,
        ),
        [("deliver",)],
        ["start", "send", "end", "begin"],
        open=["heard"],
        begin={"n": 1},
    ),
    Variant(
        "intermediate throw event",
        "message by an operation",
        drawing(
            line(
                node("intermediateThrowEvent", "e", zeebe("taskDefinition", type="echo"), body=message("M"))
            ),
            roots=M,
        ),
        path=["start", "e", "end"],
    ),
    Variant(
        "intermediate throw event",
        "message published",
        files_of(
            process(
                "p",
                line(node("intermediateThrowEvent", "e", PUBLISH, mapping([("=n", "a")]), body=message("M"))),
            ),
            process("q", line(user("heard"), begin=start("begin", message("M")), finish=end("e2"))),
            roots=M,
        ),
        [("deliver",)],
        ["start", "e", "end", "begin"],
        open=["heard"],
        begin={"n": 1},
    ),
    Variant(
        "intermediate throw event",
        "escalation nobody catches",
        drawing(line(node("intermediateThrowEvent", "e", body=escalation("X"))), roots=ESCALATION),
        path=["start", "e", "end"],
    ),
    Variant(
        "intermediate throw event",
        "escalation out of a subprocess",
        drawing(
            line(
                subprocess(
                    "sub",
                    line(
                        node("intermediateThrowEvent", "e", body=escalation("X")),
                        user("u"),
                        begin=start("s"),
                        finish=end("z"),
                    ),
                )
            ),
            boundary("told", "sub", escalation("X"), interrupting=False),
            branch("told", user("head")),
            roots=ESCALATION,
        ),
        [("do", "u")],
        ["start", "s", "e", "told", "u", "z", "sub", "end"],
        open=["head"],
    ),
    Variant(
        "end event",
        "message by an operation",
        drawing(
            line(finish=node("endEvent", "e", zeebe("taskDefinition", type="echo"), body=message("M"))),
            roots=M,
        ),
        path=["start", "e"],
    ),
    Variant(
        "end event",
        "message published",
        files_of(
            process("p", line(finish=node("endEvent", "e", PUBLISH, body=message("M")))),
            process("q", line(user("heard"), begin=start("begin", message("M")), finish=end("e2"))),
            roots=M,
        ),
        [("deliver",)],
        ["start", "e", "begin"],
        open=["heard"],
    ),
    Variant(
        "end event",
        "signal",
        files_of(
            process("p", line(finish=end("e", signal("S")))),
            process("q", line(user("heard"), begin=start("begin", signal("S")), finish=end("e2"))),
            roots=SIGNAL,
        ),
        [("deliver",)],
        ["start", "e", "begin"],
        open=["heard"],
    ),
    Variant(
        "end event",
        "error nobody catches",
        drawing(line(finish=end("e", error("E"))), roots=ERROR),
        path=["start"],
        incidents=["e: error.uncaught"],
    ),
    Variant(
        "end event",
        "escalation nobody catches",
        drawing(line(finish=end("e", escalation("X"))), roots=ESCALATION),
        path=["start", "e"],
    ),
    Variant(
        "end event",
        "terminate ends all that is open",
        drawing(
            start()
            + node("parallelGateway", "fork")
            + user("a")
            + user("b")
            + end("e", TERMINATE)
            + end("f")
            + flows("start", "fork", "a", "e")
            + flows("fork", "b", "f")
        ),
        [("do", "a")],
        ["start", "fork", "a", "e"],
    ),
]
