"""Compensation events and handlers, and transactions that are cancelled."""

from tests.bpmn.conformance.variant import ERROR, LOOK, Step, Variant, branch, drawing, files_of, line
from tests.bpmn.conformance.variants.boundary import BEFORE, CALLED, ROOTS, WAITING, transaction
from tests.builders.diagrams import (
    boundary,
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
    script,
    start,
    subprocess,
    user,
    zeebe,
)

CANCEL = "<bpmn:cancelEventDefinition/>"
M = named_message("M", "note", '="k"')


def compensate(activity: str | None = None) -> str:
    """A compensation definition on a throwing event."""
    ref = f' activityRef="{activity}"' if activity else ""
    return f"<bpmn:compensateEventDefinition{ref}/>"


def undone(activity: str, handler: str, handler_id: str | None = None) -> str:
    """A compensation event on an activity, and its handler beside it."""
    id = handler_id or f"undo_{activity}"
    event = node(
        "boundaryEvent", f"on_{activity}", body="<bpmn:compensateEventDefinition/>", attachedToRef=activity
    )
    line_ = f'<bpmn:association id="to_{id}" sourceRef="on_{activity}" targetRef="{id}" associationDirection="One"/>\n'
    return event + handler + line_


def marked(part: str) -> str:
    """An activity as a compensation handler."""
    head, rest = part.split(">", 1)
    return f'{head} isForCompensation="true">{rest}'


def undo_task(activity: str) -> str:
    """A user task that undoes an activity."""
    return undone(activity, marked(user(f"undo_{activity}")))


THROW = node("intermediateThrowEvent", "throw", body=compensate())
A, B = node("task", "a"), node("task", "b")

HANDLERS: list[tuple[str, str, list[Step], list[str]]] = [
    ("a script task", script("undo_a", "=1", "x"), [], ["undo_a"]),
    ("a manual task", node("manualTask", "undo_a"), [], ["undo_a"]),
    ("a send task", node("sendTask", "undo_a", zeebe("taskDefinition", type="echo")), [], ["undo_a"]),
    (
        "a service task outside",
        node("serviceTask", "undo_a", zeebe("taskDefinition", type="look_up")),
        [("deliver",)],
        ["undo_a"],
    ),
    ("a receive task", node("receiveTask", "undo_a", messageRef="M"), [("tell", "note")], ["undo_a"]),
    (
        "a subprocess",
        subprocess("undo_a", line(user("u"), begin=start("s"), finish=end("e"))),
        [("do", "u")],
        ["s", "u", "e", "undo_a"],
    ),
    (
        "a call activity",
        node("callActivity", "undo_a", zeebe("calledElement", processId="q")),
        [("do", "u")],
        ["s", "u", "e", "undo_a"],
    ),
    (
        "a multi-instance",
        user("undo_a", body=each("=[1, 2]")),
        [("do", "undo_a"), ("do", "undo_a")],
        ["undo_a", "undo_a", "undo_a"],
    ),
]
"""What may undo an activity, what ends it, and what is done then."""

VARIANTS = [
    Variant(
        "compensation throw event",
        "all that was completed, at once",
        drawing(line(A, B, THROW) + undo_task("a") + undo_task("b")),
        [("do", "undo_b"), ("do", "undo_a")],
        ["start", "a", "b", "on_a", "on_b", "undo_b", "undo_a", "throw", "end"],
    ),
    Variant(
        "compensation throw event",
        "waits until the handlers are done",
        drawing(line(A, THROW, LOOK) + undo_task("a")),
        path=["start", "a", "on_a"],
        open=["undo_a"],
    ),
    Variant(
        "compensation throw event",
        "nothing to undo: passed at once",
        drawing(line(THROW, A) + undo_task("a")),
        path=["start", "throw", "a", "end"],
    ),
    Variant(
        "compensation throw event",
        "one activity by activityRef",
        drawing(
            line(A, B, node("intermediateThrowEvent", "throw", body=compensate("a")))
            + undo_task("a")
            + undo_task("b")
        ),
        [("do", "undo_a")],
        ["start", "a", "b", "on_a", "undo_a", "throw", "end"],
    ),
    Variant(
        "compensation throw event",
        "one after the other by activityRef",
        drawing(
            line(
                A,
                B,
                node("intermediateThrowEvent", "first", body=compensate("b")),
                node("intermediateThrowEvent", "then", body=compensate("a")),
            )
            + undo_task("a")
            + undo_task("b")
        ),
        [("do", "undo_b"), ("do", "undo_a")],
        ["start", "a", "b", "on_b", "undo_b", "first", "on_a", "undo_a", "then", "end"],
    ),
    Variant(
        "compensation throw event",
        "each activity is undone once",
        drawing(line(A, THROW, node("intermediateThrowEvent", "again", body=compensate())) + undo_task("a")),
        [("do", "undo_a")],
        ["start", "a", "on_a", "undo_a", "throw", "again", "end"],
    ),
    Variant(
        "compensation throw event",
        "completed twice, undone twice",
        drawing(
            start()
            + node("exclusiveGateway", "round")
            + user("a")
            + node("exclusiveGateway", "again", default="again_throw", name="Again?")
            + THROW
            + end()
            + flows("start", "round", "a", "again", "throw", "end")
            + flow("again", "round", "=more")
            + undo_task("a")
        ),
        [("do", "a", {"more": True}), ("do", "a", {"more": False}), ("do", "undo_a"), ("do", "undo_a")],
        [
            *("start", "round", "a", "again", "round", "a", "again", "on_a", "on_a"),
            *("undo_a", "undo_a", "throw", "end"),
        ],
    ),
    Variant(
        "compensation throw event",
        "what is still active is not undone",
        drawing(
            start()
            + node("parallelGateway", "fork")
            + user("a")
            + user("b")
            + THROW
            + end()
            + end("f")
            + flows("start", "fork", "a", "throw", "end")
            + flows("fork", "b", "f")
            + undo_task("a")
            + undo_task("b")
        ),
        [("do", "a"), ("do", "undo_a")],
        ["start", "fork", "a", "on_a", "undo_a", "throw", "end"],
        open=["b"],
    ),
    Variant(
        "compensation throw event",
        "what was interrupted is not undone",
        drawing(
            line(user("a"), LOOK),
            boundary("stop", "a", message("M")),
            node("intermediateThrowEvent", "throw", body=compensate()),
            end("f"),
            flows("stop", "throw", "f"),
            undo_task("a"),
            roots=M,
        ),
        [("tell", "note")],
        ["start", "stop", "throw", "f"],
    ),
    Variant(
        "compensation throw event",
        "what a completed subprocess did, and its own handler",
        drawing(
            line(
                subprocess(
                    "sub",
                    line(A, node("task", "c"), begin=start("s"), finish=end("e"))
                    + undo_task("a")
                    + undo_task("c"),
                ),
                THROW,
            )
            + undo_task("sub")
        ),
        [("do", "undo_c"), ("do", "undo_sub"), ("do", "undo_a")],
        [
            *("start", "s", "a", "c", "e", "sub", "on_sub", "on_a", "on_c"),
            *("undo_c", "undo_sub", "undo_a", "throw", "end"),
        ],
    ),
    Variant(
        "compensation throw event",
        "two subprocesses deep",
        drawing(
            line(
                subprocess(
                    "outer",
                    line(
                        subprocess("inner", line(A, begin=start("s2"), finish=end("e2")) + undo_task("a")),
                        begin=start("s"),
                        finish=end("e"),
                    ),
                ),
                THROW,
            )
        ),
        [("do", "undo_a")],
        ["start", "s", "s2", "a", "e2", "inner", "e", "outer", "on_a", "undo_a", "throw", "end"],
    ),
    Variant(
        "compensation throw event",
        "inside a subprocess, what was done outside stays",
        drawing(
            line(
                A,
                subprocess(
                    "sub",
                    line(node("task", "c"), THROW, begin=start("s"), finish=end("e")) + undo_task("c"),
                ),
            )
            + undo_task("a")
        ),
        [("do", "undo_c")],
        ["start", "a", "s", "c", "on_c", "undo_c", "throw", "e", "sub", "end"],
    ),
    Variant(
        "compensation throw event",
        "variables of a completed subprocess are seen by its handlers",
        drawing(
            line(
                subprocess(
                    "sub",
                    line(A, begin=start("s"), finish=end("e"))
                    + undone(
                        "a",
                        marked(
                            node(
                                "scriptTask",
                                "undo_a",
                                zeebe("script", expression="=secret + n", resultVariable="seen"),
                            )
                        ),
                    ),
                    mapping([("=n * 10", "secret")]),
                ),
                node("task", "later", mapping(outputs=[("=5", "n")])),
                THROW,
                LOOK,
            )
        ),
        path=["start", "s", "a", "e", "sub", "later", "on_a", "undo_a", "throw"],
        variables={"n": 5, "seen": 15},
        open=["look"],
        begin={"n": 1},
    ),
    Variant(
        "compensation throw event",
        "stops at a called process, whose call has a handler",
        files_of(
            process(
                "p",
                line(node("callActivity", "call", zeebe("calledElement", processId="q")), THROW)
                + undo_task("call"),
            ),
            process("q", line(A, begin=start("s"), finish=end("e")) + undo_task("a")),
        ),
        [("do", "undo_call")],
        ["start", "s", "a", "e", "call", "on_call", "undo_call", "throw", "end"],
    ),
    Variant(
        "compensation throw event",
        "a multi-instance activity once",
        drawing(line(node("task", "a", body=each("=[1, 2]")), THROW) + undo_task("a")),
        [("do", "undo_a")],
        ["start", "a", "a", "a", "on_a", "undo_a", "throw", "end"],
    ),
    Variant(
        "compensation throw event",
        "inside the items of a multi-instance subprocess, each with its own variables",
        drawing(
            line(
                subprocess(
                    "sub",
                    line(A, begin=start("s"), finish=end("e"))
                    + undone("a", marked(user("undo_a", mapping([("=i", "place")])))),
                    loop=each("=[1, 2]", sequential=True, inputElement="i"),
                ),
                THROW,
            )
        ),
        [("do_item", "undo_a", 2), ("do_item", "undo_a", 1)],
        [
            *("start", "s", "a", "e", "sub", "s", "a", "e", "sub", "sub"),
            *("on_a", "on_a", "undo_a", "undo_a", "throw", "end"),
        ],
    ),
    Variant(
        "compensation throw event",
        "from an event subprocess, what was done around it",
        drawing(
            line(A, user("u"))
            + undo_task("a")
            + event_subprocess(
                "esp",
                message("M"),
                node("task", "c") + THROW + end("z") + flows("esp_start", "c", "throw", "z") + undo_task("c"),
            ),
            roots=M,
        ),
        [("tell", "note"), ("do", "undo_a"), ("do", "undo_c")],
        [
            *("start", "a", "esp_start", "c", "on_a", "on_c"),
            *("undo_a", "undo_c", "throw", "z", "esp"),
        ],
    ),
    Variant(
        "compensation throw event",
        "after an error, from the event subprocess that caught it",
        drawing(
            line(A, subprocess("sub", start("s") + end("e", error("E")) + flows("s", "e")))
            + undo_task("a")
            + event_subprocess("esp", error("E"), end("z", compensate()) + flows("esp_start", "z")),
            roots=ERROR,
        ),
        [("do", "undo_a")],
        ["start", "a", "s", "e", "esp_start", "on_a", "undo_a", "z", "esp"],
    ),
    Variant(
        "compensation throw event",
        "an error of a handler is caught around",
        drawing(
            line(A, THROW)
            + undone("a", marked(node("serviceTask", "undo_a", zeebe("taskDefinition", type="throw"))))
            + event_subprocess("esp", error("E"), user("mend") + end("z") + flows("esp_start", "mend", "z")),
            roots=ERROR,
        ),
        steps=[("do", "mend")],
        path=["start", "a", "on_a", "esp_start", "mend", "z", "esp"],
    ),
    Variant(
        "compensation end event",
        "undoes and ends",
        drawing(line(A, finish=end("z", compensate())) + undo_task("a")),
        [("do", "undo_a")],
        ["start", "a", "on_a", "undo_a", "z"],
    ),
    Variant(
        "compensation end event",
        "one activity by activityRef",
        drawing(line(A, B, finish=end("z", compensate("b"))) + undo_task("a") + undo_task("b")),
        [("do", "undo_b")],
        ["start", "a", "b", "on_b", "undo_b", "z"],
    ),
    *[
        Variant(
            "compensation handler",
            what,
            files_of(
                process("p", line(A, THROW, LOOK) + undone("a", marked(handler))),
                *(
                    [process("q", line(user("u"), begin=start("s"), finish=end("e")))]
                    if "processId" in handler
                    else []
                ),
                roots=M,
            ),
            steps,
            ["start", "a", "on_a", *path, "throw"],
            open=["look"],
        )
        for what, handler, steps, path in HANDLERS
    ],
    *[
        Variant(
            "compensation boundary event",
            f"on {host}",
            files_of(
                process("p", line(body, THROW) + undo_task("host")),
                *([CALLED] if 'processId="q"' in body else []),
                roots=ROOTS,
            ),
            [*work, ("do", "undo_host")],
            ["start", *BEFORE.get(host, []), *done, "on_host", "undo_host", "throw", "end"],
        )
        for host, (body, work, done) in WAITING.items()
    ],
    Variant(
        "cancel end event",
        "ends what is open, undoes what was done, leaves by the border",
        drawing(
            line(
                transaction(
                    "sub",
                    start("s")
                    + node("parallelGateway", "fork")
                    + A
                    + user("u")
                    + user("open")
                    + end("e", CANCEL)
                    + end("f")
                    + flows("s", "fork", "a", "u", "e")
                    + flows("fork", "open", "f")
                    + undo_task("a"),
                )
            ),
            boundary("cancelled", "sub", CANCEL),
            branch("cancelled", user("other")),
        ),
        [("do", "u"), ("do", "undo_a")],
        ["start", "s", "fork", "a", "u", "on_a", "undo_a", "e", "cancelled"],
        open=["other"],
    ),
    Variant(
        "cancel end event",
        "with nothing to undo leaves at once",
        drawing(
            line(transaction("sub", start("s") + end("e", CANCEL) + flows("s", "e"))),
            boundary("cancelled", "sub", CANCEL),
            branch("cancelled", user("other")),
        ),
        path=["start", "s", "e", "cancelled"],
        open=["other"],
    ),
    Variant(
        "cancel end event",
        "of one item cancels a multi-instance transaction",
        drawing(
            line(
                transaction(
                    "sub",
                    start("s") + user("u") + end("e", CANCEL) + flows("s", "u", "e"),
                    loop=each("=[1, 2]"),
                )
            ),
            boundary("cancelled", "sub", CANCEL),
            branch("cancelled", user("other")),
        ),
        [("do", "u")],
        ["start", "s", "s", "u", "e", "cancelled"],
        open=["other"],
    ),
]
