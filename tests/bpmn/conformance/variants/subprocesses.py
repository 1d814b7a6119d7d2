"""Embedded subprocesses, transactions, call activities, event subprocesses."""

from collections.abc import Callable

from tests.bpmn.conformance.variant import ERROR, ESCALATION, LOOK, SIGNAL, Variant, drawing, files_of, line
from tests.bpmn.conformance.variants.boundary import ad_hoc, transaction
from tests.builders.diagrams import (
    TERMINATE,
    each,
    end,
    error,
    escalation,
    event_subprocess,
    flows,
    mapping,
    message,
    named_message,
    node,
    process,
    service,
    signal,
    start,
    subprocess,
    timer,
    user,
    zeebe,
)

M = named_message("M", "note", '="k"')
ROOTS = M + SIGNAL + ERROR + ESCALATION
INNER = start("s") + user("u") + end("e") + flows("s", "u", "e")
HEARD = user("heard") + end("heard_end") + flows("esp_start", "heard", "heard_end")


def called(*, give: str | None = None, take: str | None = None, maps: str = "", inside: str = INNER) -> bytes:
    """A process that calls another."""
    call = node(
        "callActivity",
        "call",
        zeebe(
            "calledElement",
            processId="q",
            propagateAllParentVariables=give,
            propagateAllChildVariables=take,
        ),
        *([maps] if maps else []),
    )
    return files_of(process("p", line(call, LOOK)), process("q", inside))


def with_event(definition: str, *, interrupting: bool = True, work: str = "") -> str:
    """A user task beside an event subprocess."""
    return line(work or user("work")) + event_subprocess("esp", definition, HEARD, interrupting=interrupting)


EVENTS = {
    "message": (message("M"), ("tell", "note", "k", {"a": 1})),
    "signal": (signal("S"), ("tell_signal", "news", {"a": 1})),
    "timer": (timer("Duration", "PT1H"), ("wait", {"hours": 1})),
}
INSIDE_OF: dict[str, Callable[[str], str]] = {
    "a subprocess": lambda inside: subprocess("outer", inside),
    "a transaction": lambda inside: transaction("outer", inside),
    "a multi-instance subprocess": lambda inside: subprocess("outer", inside, loop=each("=[1]")),
}


def inner_line(definition: str, *, interrupting: bool) -> str:
    """What stands inside a subprocess: a user task beside an event subprocess."""
    drawn = line(user("work"), begin=start("s"), finish=end("e"))
    return drawn + event_subprocess("esp", definition, HEARD, interrupting=interrupting)


def event_variants() -> list[Variant]:
    """Message, signal and timer, interrupting or not, in the process and inside others."""
    made = []
    for kind, (definition, step) in EVENTS.items():
        made += [
            Variant(
                f"{kind} event subprocess",
                "interrupting",
                drawing(with_event(definition), roots=ROOTS),
                [step, ("do", "heard")],
                ["start", "esp_start", "heard", "heard_end", "esp"],
            ),
            Variant(
                f"{kind} event subprocess",
                "not interrupting",
                drawing(with_event(definition, interrupting=False), roots=ROOTS),
                [step, ("do", "work"), ("do", "heard")],
                ["start", "esp_start", "work", "end", "heard", "heard_end", "esp"],
            ),
        ]
        for where, around in INSIDE_OF.items():
            items = 2 if where.startswith("a multi") else 1
            for interrupting in (True, False):
                how = "interrupting" if interrupting else "not interrupting"
                steps = [step, ("do", "heard")] if interrupting else [step, ("do", "heard"), ("do", "work")]
                rest = [] if interrupting else ["work", "e"]
                made.append(
                    Variant(
                        f"{kind} event subprocess",
                        f"{how}, in {where}",
                        drawing(line(around(inner_line(definition, interrupting=interrupting))), roots=ROOTS),
                        steps,
                        [
                            "start",
                            "s",
                            "esp_start",
                            "heard",
                            "heard_end",
                            "esp",
                            *rest,
                            *["outer"] * items,
                            "end",
                        ],
                    )
                )
    return made


CATCHES = {
    "error": (error("E"), service("work", "throw"), True),
    "escalation": (escalation("X"), service("work", "escalate", mapping([('="X"', "code")])), True),
    "escalation that goes on": (
        escalation("X"),
        service("work", "escalate", mapping([('="X"', "code")])),
        False,
    ),
}

VARIANTS = [
    Variant(
        "embedded subprocess",
        "a scope of its own",
        drawing(line(subprocess("sub", INNER, mapping([("=n", "m")], [("=m", "back")])), LOOK)),
        [("do", "u", {"m": 5, "x": 1})],
        ["start", "s", "u", "e", "sub"],
        {"n": 1, "back": 5, "x": 1},
        open=["look"],
        begin={"n": 1},
    ),
    Variant(
        "embedded subprocess",
        "ends when nothing inside is open",
        drawing(
            line(
                subprocess(
                    "sub",
                    start("s")
                    + node("parallelGateway", "fork")
                    + user("u")
                    + user("v")
                    + flows("s", "fork", "u")
                    + flows("fork", "v"),
                )
            )
        ),
        [("do", "v"), ("do", "u")],
        ["start", "s", "fork", "v", "u", "sub", "end"],
    ),
    Variant(
        "embedded subprocess",
        "terminate ends it alone",
        drawing(
            line(
                subprocess(
                    "sub",
                    start("s")
                    + node("parallelGateway", "fork")
                    + user("u")
                    + user("v")
                    + end("e", TERMINATE)
                    + flows("s", "fork", "u", "e")
                    + flows("fork", "v"),
                ),
                LOOK,
            )
        ),
        [("do", "u")],
        ["start", "s", "fork", "u", "e", "sub"],
        open=["look"],
    ),
    Variant(
        "embedded subprocess",
        "nested three deep",
        drawing(
            line(
                subprocess(
                    "one",
                    line(
                        subprocess(
                            "two", line(subprocess("three", INNER), begin=start("s2"), finish=end("e2"))
                        ),
                        begin=start("s1"),
                        finish=end("e1"),
                    ),
                )
            )
        ),
        [("do", "u")],
        ["start", "s1", "s2", "s", "u", "e", "three", "e2", "two", "e1", "one", "end"],
    ),
    Variant(
        "transaction",
        "ends well",
        drawing(line(transaction("sub", INNER))),
        [("do", "u")],
        ["start", "s", "u", "e", "sub", "end"],
    ),
    Variant(
        "call activity",
        "gives and takes all variables",
        called(),
        [("do", "u", {"x": 1, "n": 2})],
        ["start", "s", "u", "e", "call"],
        {"n": 2, "x": 1},
        open=["look"],
        begin={"n": 1},
    ),
    Variant(
        "call activity",
        "takes nothing back",
        called(take="false"),
        [("do", "u", {"x": 1})],
        ["start", "s", "u", "e", "call"],
        {"n": 1},
        open=["look"],
        begin={"n": 1},
    ),
    Variant(
        "call activity",
        "output mappings alone",
        called(take="false", maps=mapping(outputs=[("=x", "back")])),
        [("do", "u", {"x": 1, "y": 2})],
        ["start", "s", "u", "e", "call"],
        {"n": 1, "back": 1},
        open=["look"],
        begin={"n": 1},
    ),
    Variant(
        "call activity",
        "gives its input mappings alone",
        called(
            give="false",
            maps=mapping([("=n + 1", "m")]),
            inside=line(
                node("task", "t", mapping(outputs=[("=[n, m]", "seen")])), begin=start("s"), finish=end("e")
            ),
        ),
        [],
        ["start", "s", "t", "e", "call"],
        {"n": 1, "seen": [None, 2]},
        open=["look"],
        begin={"n": 1},
    ),
    Variant(
        "call activity",
        "called by a name in FEEL",
        files_of(
            process("p", line(node("callActivity", "call", zeebe("calledElement", processId="=which")))),
            process("q", INNER),
        ),
        [("do", "u")],
        ["start", "s", "u", "e", "call", "end"],
        begin={"which": "q"},
    ),
    Variant(
        "call activity",
        "a process that is not there",
        files_of(
            process("p", line(node("callActivity", "call", zeebe("calledElement", processId="=which"))))
        ),
        path=["start"],
        incidents=["call: call.unknown"],
        begin={"which": "nowhere"},
    ),
    *event_variants(),
    *[
        Variant(
            f"{kind} event subprocess",
            "interrupting" if interrupting else "not interrupting",
            drawing(with_event(definition, work=work, interrupting=interrupting), roots=ROOTS),
            path=["start", *([] if interrupting else ["work", "end"]), "esp_start"],
            open=["heard"],
        )
        for kind, (definition, work, interrupting) in CATCHES.items()
    ],
    Variant(
        "message event subprocess",
        "repeated",
        drawing(with_event(message("M"), interrupting=False), roots=ROOTS),
        [("tell", "note"), ("tell", "note"), ("do", "work")],
        ["start", "esp_start", "esp_start", "work", "end"],
        open=["heard", "heard"],
    ),
    Variant(
        "timer event subprocess",
        "a cycle repeats",
        drawing(with_event(timer("Cycle", "R2/PT1H"), interrupting=False)),
        [("wait", {"hours": 1}), ("wait", {"hours": 1}), ("wait", {"hours": 1})],
        ["start", "esp_start", "esp_start"],
        open=["heard", "heard", "work"],
    ),
    Variant(
        "message event subprocess",
        "in a called process",
        files_of(
            process("p", line(node("callActivity", "call", zeebe("calledElement", processId="q")))),
            process("q", inner_line(message("M"), interrupting=True)),
            roots=ROOTS,
        ),
        [("tell", "note"), ("do", "heard")],
        ["start", "s", "esp_start", "heard", "heard_end", "esp", "call", "end"],
    ),
    Variant(
        "message event subprocess",
        "in an ad-hoc subprocess",
        drawing(
            line(ad_hoc("outer", user("u") + event_subprocess("esp", message("M"), HEARD))),
            roots=ROOTS,
        ),
        [("tell", "note"), ("do", "heard")],
        ["start", "esp_start", "heard", "heard_end", "esp", "outer", "end"],
    ),
    Variant(
        "error event subprocess",
        "catches what a subprocess inside throws",
        drawing(
            line(subprocess("sub", start("s") + end("e", error("E")) + flows("s", "e")))
            + event_subprocess("esp", error(), HEARD),
            roots=ROOTS,
        ),
        path=["start", "s", "e", "esp_start"],
        open=["heard"],
    ),
    Variant(
        "message event subprocess",
        "what came with it stays in it",
        drawing(
            line(user("work")) + event_subprocess("esp", message("M"), HEARD, interrupting=False),
            roots=ROOTS,
        ),
        [("tell", "note", "k", {"a": 1}), ("do", "heard", {"a": 2})],
        ["start", "esp_start", "heard", "heard_end", "esp"],
        {},
        open=["work"],
    ),
]
