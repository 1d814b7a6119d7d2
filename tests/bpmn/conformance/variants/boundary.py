"""Boundary events: every kind, interrupting or not, on every kind of activity that waits or can throw."""

from tests.bpmn.conformance.variant import ERROR, ESCALATION, SIGNAL, Step, Variant, branch, files_of, line
from tests.builders.diagrams import (
    boundary,
    each,
    end,
    error,
    escalation,
    flows,
    mapping,
    message,
    named_message,
    node,
    process,
    script,
    service,
    signal,
    start,
    subprocess,
    timer,
    user,
    zeebe,
)

M = named_message("M", "note", '="k"')
R = named_message("R", "reply", '="r"')
ROOTS = M + R + SIGNAL + ERROR + ESCALATION
TWO = each("=[1, 2]", inputElement="i")
IN_TURN = each("=[1, 2]", sequential=True, inputElement="i")
WORK = start("s") + user("u") + end("e") + flows("s", "u", "e")
CALLED = process("q", WORK)
CALL = zeebe("calledElement", processId="q")
AD_HOC = zeebe("adHoc", activeElementsCollection='=["u"]')


def ad_hoc(id: str, inside: str, marks: str = AD_HOC, loop: str = "") -> str:
    """An ad-hoc subprocess."""
    return (
        f'<bpmn:adHocSubProcess id="{id}"><bpmn:extensionElements>{marks}</bpmn:extensionElements>'
        f"{loop}{inside}</bpmn:adHocSubProcess>\n"
    )


def transaction(id: str, inside: str, loop: str = "") -> str:
    """A transaction."""
    return f'<bpmn:transaction id="{id}">{loop}\n{inside}</bpmn:transaction>\n'


# What waits: how it is drawn, what ends it, and what is done then.
WAITING: dict[str, tuple[str, list[Step], list[str]]] = {
    "user task": (user("host"), [("do", "host")], ["host"]),
    "service task outside": (service("host", "look_up"), [("deliver",)], ["host"]),
    "receive task": (node("receiveTask", "host", messageRef="R"), [("tell", "reply", "r")], ["host"]),
    "subprocess": (subprocess("host", WORK), [("do", "u")], ["u", "e", "host"]),
    "transaction": (transaction("host", WORK), [("do", "u")], ["u", "e", "host"]),
    "call activity": (node("callActivity", "host", CALL), [("do", "u")], ["u", "e", "host"]),
    "ad-hoc subprocess": (ad_hoc("host", user("u")), [("do", "u")], ["u", "host"]),
    "multi-instance task": (user("host", body=TWO), [("do", "host")] * 2, ["host"] * 3),
    "sequential multi-instance task": (user("host", body=IN_TURN), [("do", "host")] * 2, ["host"] * 3),
    "multi-instance subprocess": (
        subprocess("host", WORK, loop=TWO),
        [("do", "u")] * 2,
        ["u", "e", "host", "u", "e", "host", "host"],
    ),
    "multi-instance call": (
        node("callActivity", "host", CALL, body=TWO),
        [("do", "u")] * 2,
        ["u", "e", "host", "u", "e", "host", "host"],
    ),
    "multi-instance ad-hoc": (
        ad_hoc("host", user("u"), loop=TWO),
        [("do", "u")] * 2,
        ["u", "host", "u", "host", "host"],
    ),
}
# What is gone through before something waits inside.
BEFORE = {name: ["s"] for name in ("subprocess", "transaction", "call activity")} | {
    name: ["s", "s"] for name in ("multi-instance subprocess", "multi-instance call")
}
HAPPENING = {
    "timer": (timer("Duration", "PT1H"), ("wait", {"hours": 1})),
    "message": (message("M"), ("tell", "note", "k")),
    "signal": (signal("S"), ("tell_signal", "news")),
}


def drawn(host: str, definition: str, *, interrupting: bool) -> bytes:
    """An activity with an event on its border."""
    return files_of(
        process(
            "p",
            line(host),
            boundary("event", "host", definition, interrupting=interrupting),
            branch("event", user("other")),
        ),
        *([CALLED] if 'processId="q"' in host else []),
        roots=ROOTS,
    )


def waiting() -> list[Variant]:
    """Timer, message and signal on everything that waits."""
    made = []
    for kind, (definition, step) in HAPPENING.items():
        for host, (body, work, passed) in WAITING.items():
            begun = ["start", *BEFORE.get(host, [])]
            made.append(
                Variant(
                    f"{kind} boundary event",
                    f"interrupting, on {host}",
                    drawn(body, definition, interrupting=True),
                    [step],
                    [*begun, "event"],
                    open=["other"],
                )
            )
            made.append(
                Variant(
                    f"{kind} boundary event",
                    f"not interrupting, on {host}",
                    drawn(body, definition, interrupting=False),
                    [step, *work],
                    [*begun, "event", *passed, "end"],
                    open=["other"],
                )
            )
    return made


CODE_X = mapping([('="X"', "code")])
ENDS = {
    "error": (start("s") + end("e", error("E")) + flows("s", "e"), service("t", "throw"), error("E")),
    "escalation": (
        start("s") + end("e", escalation("X")) + flows("s", "e"),
        service("t", "escalate", CODE_X),
        escalation("X"),
    ),
}


def throwing() -> list[Variant]:
    """Errors and escalations out of everything that can throw them."""
    made = []
    for kind, (inside, task, definition) in ENDS.items():
        called = process("q", inside)
        hosts = {
            "service task": service("host", "throw")
            if kind == "error"
            else service("host", "escalate", CODE_X),
            "subprocess": subprocess("host", inside),
            "transaction": transaction("host", inside),
            "call activity": node("callActivity", "host", CALL),
            "ad-hoc subprocess": ad_hoc("host", task, zeebe("adHoc", activeElementsCollection='=["t"]')),
            "multi-instance task": (
                service("host", "throw", body=each("=[1]"))
                if kind == "error"
                else service("host", "escalate", CODE_X, body=each("=[1]"))
            ),
            "multi-instance subprocess": subprocess("host", inside, loop=each("=[1]")),
            "multi-instance call": node("callActivity", "host", CALL, body=each("=[1]")),
        }
        for host, body in hosts.items():
            has_start = host not in ("service task", "ad-hoc subprocess", "multi-instance task")
            begun = ["start", *(["s"] if has_start else [])]
            for interrupting in (True,) if kind == "error" else (True, False):
                ends = [*(["e"] if has_start else []), "event"]
                thrown = ends if interrupting else _passed_by(host)
                how = "interrupting" if interrupting else "not interrupting"
                made.append(
                    Variant(
                        f"{kind} boundary event",
                        f"{how}, on {host}",
                        files_of(
                            process(
                                "p",
                                line(body),
                                boundary("event", "host", definition, interrupting=interrupting),
                                branch("event", user("other")),
                            ),
                            *([called] if 'processId="q"' in body else []),
                            roots=ROOTS,
                        ),
                        path=[*begun, *thrown],
                        open=["other"],
                    )
                )
    return made


def _passed_by(host: str) -> list[str]:
    """What is done when an escalation does not interrupt: the activity goes on, its event's branch beside it."""
    return {
        "service task": ["host", "event", "end"],
        "subprocess": ["e", "event", "host", "end"],
        "transaction": ["e", "event", "host", "end"],
        "call activity": ["e", "event", "host", "end"],
        "ad-hoc subprocess": ["t", "event", "host", "end"],
        "multi-instance task": ["host", "event", "host", "end"],
        "multi-instance subprocess": ["e", "event", "host", "host", "end"],
        "multi-instance call": ["e", "event", "host", "host", "end"],
    }[host]


PASSED = {
    "undefined task": node("task", "host"),
    "manual task": node("manualTask", "host"),
    "script task": script("host", "=1", "x"),
    "service task inside": service("host", "echo"),
    "send task": node("sendTask", "host", zeebe("taskDefinition", type="echo")),
}

VARIANTS = [
    *waiting(),
    *throwing(),
    *[
        Variant(
            "timer boundary event",
            f"gone with {host}, which is passed at once",
            drawn(body, timer("Duration", "PT1H"), interrupting=True),
            [("wait", {"hours": 2})],
            ["start", "host", "end"],
        )
        for host, body in PASSED.items()
    ],
    Variant(
        "timer boundary event",
        "a cycle repeats",
        drawn(user("host"), timer("Cycle", "R2/PT1H"), interrupting=False),
        [("wait", {"hours": 1}), ("wait", {"hours": 1}), ("wait", {"hours": 5})],
        ["start", "event", "event"],
        open=["host", "other", "other"],
    ),
    Variant(
        "timer boundary event",
        "a date in FEEL",
        drawn(user("host"), timer("Date", '=now + duration("P1D")'), interrupting=True),
        [("wait", {"hours": 23}), ("wait", {"hours": 1})],
        ["start", "event"],
        open=["other"],
    ),
    Variant(
        "message boundary event",
        "not interrupting, heard every time",
        drawn(user("host"), message("M"), interrupting=False),
        [("tell", "note"), ("tell", "note"), ("do", "host")],
        ["start", "event", "event", "host", "end"],
        open=["other", "other"],
    ),
    Variant(
        "error boundary event",
        "one for its code, one for all",
        files_of(
            process(
                "p",
                line(service("host", "throw", mapping([("=which", "code")]))),
                boundary("this", "host", error("E")),
                boundary("all", "host", error()),
                branch("this", node("task", "mend")),
                branch("all", user("other")),
            ),
            roots=ROOTS,
        ),
        path=["start", "all"],
        open=["other"],
        begin={"which": "F"},
    ),
    Variant(
        "error boundary event",
        "a code in FEEL is thrown",
        files_of(
            process(
                "p",
                line(subprocess("host", start("s") + end("e", error("F")) + flows("s", "e"))),
                boundary("event", "host", error("E")),
                branch("event", user("other")),
            ),
            roots=ROOTS + '<bpmn:error id="F" errorCode="=which"/>\n',
        ),
        path=["start", "s", "e", "event"],
        open=["other"],
        begin={"which": "E"},
    ),
    Variant(
        "escalation boundary event",
        "a code in FEEL is thrown",
        files_of(
            process(
                "p",
                line(subprocess("host", start("s") + end("e", escalation("Y")) + flows("s", "e"))),
                boundary("event", "host", escalation("X")),
                branch("event", user("other")),
            ),
            roots=ROOTS + '<bpmn:escalation id="Y" escalationCode="=which"/>\n',
        ),
        path=["start", "s", "e", "event"],
        open=["other"],
        begin={"which": "X"},
    ),
]
