"""What cannot run, and how it is refused: file, line, element, rule, reason."""

from tests.bpmn.conformance.variant import ERROR, ESCALATION, Refused, drawing, line
from tests.bpmn.conformance.variants.boundary import ad_hoc, transaction
from tests.bpmn.conformance.variants.compensation import CANCEL, compensate, marked, undo_task
from tests.bpmn.conformance.variants.events import link
from tests.builders.diagrams import (
    boundary,
    each,
    end,
    error,
    event_subprocess,
    flows,
    message,
    named_message,
    node,
    service,
    start,
    subprocess,
    timer,
    user,
    zeebe,
)

M = named_message("M", "note", '="k"')
CONDITION = (
    "<bpmn:conditionalEventDefinition><bpmn:condition>=x</bpmn:condition></bpmn:conditionalEventDefinition>"
)
TASK = node("task", "t")
LOOP = '<bpmn:standardLoopCharacteristics testBefore="true"/>'
INNER = start("s") + end("e") + flows("s", "e")


def with_rest(part: str) -> str:
    """A plain way beside the part."""
    return line(TASK) + part


REFUSED = [
    Refused(
        "complex gateway",
        "any",
        drawing(line(node("complexGateway", "g"))),
        "g",
        "unsupported",
        "a complexGateway cannot run",
    ),
    Refused(
        "standard loop",
        "on a task",
        drawing(line(node("task", "t", body=LOOP))),
        "t",
        "unsupported",
        "standard loops",
    ),
    Refused(
        "standard loop",
        "on a subprocess",
        drawing(line(subprocess("sub", INNER, loop=LOOP))),
        "sub",
        "unsupported",
        "standard loops",
    ),
    *[
        Refused(
            "conditional event",
            where,
            drawing(part),
            at,
            "unsupported",
            "a conditional event cannot stand here",
        )
        for where, part, at in [
            ("start", line(begin=start("b", CONDITION)), "b"),
            ("intermediate catch", line(node("intermediateCatchEvent", "e", body=CONDITION)), "e"),
            ("boundary", line(user("u")) + boundary("b", "u", CONDITION) + end("f") + flows("b", "f"), "b"),
            (
                "event subprocess",
                with_rest(event_subprocess("esp", CONDITION, end("z") + flows("esp_start", "z"))),
                "esp_start",
            ),
        ]
    ],
    Refused(
        "multiple event",
        "intermediate catch",
        drawing(
            line(node("intermediateCatchEvent", "e", body=message("M") + timer("Duration", "PT1H"))), roots=M
        ),
        "e",
        "unsupported",
        "several event definitions on one event cannot run",
    ),
    Refused(
        "multiple event",
        "parallel multiple",
        drawing(
            line(
                node(
                    "intermediateCatchEvent",
                    "e",
                    body=message("M") + timer("Duration", "PT1H"),
                    parallelMultiple="true",
                )
            ),
            roots=M,
        ),
        "e",
        "unsupported",
        "several event definitions on one event cannot run",
    ),
    Refused(
        "intermediate catch event",
        "none",
        drawing(line(node("intermediateCatchEvent", "e"))),
        "e",
        "unsupported",
        "an event that waits for nothing cannot stand here (intermediateCatchEvent)",
    ),
    *[
        Refused(
            "intermediate catch event",
            kind,
            drawing(line(node("intermediateCatchEvent", "e", body=d)), roots=ERROR),
            "e",
            "unsupported",
            "cannot stand here",
        )
        for kind, d in [("error", error("E")), ("compensation", compensate()), ("cancel", CANCEL)]
    ],
    Refused(
        "intermediate throw event",
        "error",
        drawing(line(node("intermediateThrowEvent", "e", body=error("E"))), roots=ERROR),
        "e",
        "unsupported",
        "an error event cannot stand here",
    ),
    *[
        Refused(
            "start event",
            kind,
            drawing(line(begin=start("b", d)), roots=ERROR + ESCALATION),
            "b",
            "unsupported",
            "cannot",
        )
        for kind, d in [
            ("error, of a process", error("E")),
            ("escalation, of a process", '<bpmn:escalationEventDefinition escalationRef="X"/>'),
            ("compensation", compensate()),
        ]
    ],
    Refused(
        "start event",
        "timer bound to a clock of the complaint, of a process",
        drawing(
            line(
                begin=node(
                    "startEvent",
                    "b",
                    '<zeebe:properties><zeebe:property name="clock" value="outer"/></zeebe:properties>',
                    body="<bpmn:timerEventDefinition/>",
                )
            )
        ),
        "b",
        "timer",
        "no clock either",
    ),
    Refused(
        "start event",
        "message, of a subprocess",
        drawing(line(subprocess("sub", line(begin=start("s", message("M")), finish=end("e")))), roots=M),
        "s",
        "start",
        "a subprocess starts plainly",
    ),
    Refused(
        "event subprocess",
        "without an event",
        drawing(with_rest(event_subprocess("esp", "", end("z") + flows("esp_start", "z")))),
        "esp_start",
        "start",
        "an event subprocess starts with an event",
    ),
    Refused(
        "event subprocess",
        "compensation",
        drawing(with_rest(event_subprocess("esp", compensate(), end("z") + flows("esp_start", "z")))),
        "esp_start",
        "start",
        "an event subprocess starts with an event",
    ),
    Refused(
        "event subprocess",
        "error that does not interrupt",
        drawing(
            with_rest(
                event_subprocess("esp", error("E"), end("z") + flows("esp_start", "z"), interrupting=False)
            ),
            roots=ERROR,
        ),
        "esp_start",
        "start",
        "an error always interrupts",
    ),
    Refused(
        "boundary event",
        "terminate",
        drawing(
            line(user("u"))
            + boundary("b", "u", "<bpmn:terminateEventDefinition/>")
            + end("f")
            + flows("b", "f")
        ),
        "b",
        "unsupported",
        "a terminate event cannot stand here",
    ),
    Refused(
        "boundary event",
        "two for the same error",
        drawing(
            line(service("u", "echo"))
            + boundary("b", "u", error("E"))
            + boundary("c", "u", error("E"))
            + end("f")
            + flows("b", "f")
            + flows("c", "f"),
            roots=ERROR,
        ),
        "b",
        "error",
        "another event here catches",
    ),
    Refused(
        "boundary event",
        "an error code in FEEL",
        drawing(
            line(service("u", "echo")) + boundary("b", "u", error("E")) + end("f") + flows("b", "f"),
            roots='<bpmn:error id="E" errorCode="=x"/>\n',
        ),
        "b",
        "error",
        "names its error as a text",
    ),
    Refused(
        "boundary event",
        "cycle that interrupts",
        drawing(line(user("u")) + boundary("b", "u", timer("Cycle", "R/PT1H")) + end("f") + flows("b", "f")),
        "b",
        "timer",
        "a cycle repeats only",
    ),
    Refused(
        "cancel event",
        "on the border of what is no transaction",
        drawing(line(subprocess("sub", INNER)) + boundary("b", "sub", CANCEL) + end("f") + flows("b", "f")),
        "b",
        "unsupported",
        "a cancel event stands on a transaction only",
    ),
    Refused(
        "cancel event",
        "end outside a transaction",
        drawing(line(finish=end("z", CANCEL))),
        "z",
        "unsupported",
        "a cancel end event stands in a transaction only",
    ),
    Refused(
        "cancel event",
        "end in a transaction without a cancel event on its border",
        drawing(line(transaction("sub", start("s") + end("e", CANCEL) + flows("s", "e")))),
        "e",
        "cancel",
        "its transaction has no cancel event",
    ),
    Refused(
        "compensation",
        "an event without a handler",
        drawing(line(TASK) + node("boundaryEvent", "b", body=compensate(), attachedToRef="t")),
        "b",
        "compensation",
        "one association has to lead",
    ),
    Refused(
        "compensation",
        "a handler without an event",
        drawing(line(TASK) + marked(user("undo"))),
        "undo",
        "compensation",
        "no compensation event leads to this handler",
    ),
    Refused(
        "compensation",
        "a handler with a flow out of it",
        drawing(line(TASK) + undo_task("t") + end("f") + flows("undo_t", "f")),
        "undo_t",
        "compensation",
        "no flow leads into or out of a compensation handler",
    ),
    Refused(
        "compensation",
        "of an activity that has no compensation event",
        drawing(line(TASK, node("intermediateThrowEvent", "e", body=compensate("t")))),
        "e",
        "compensation",
        "has no compensation event in the same place",
    ),
    Refused(
        "compensation",
        "of an activity in another place",
        drawing(
            line(
                subprocess("sub", line(TASK, begin=start("s"), finish=end("z")) + undo_task("t")),
                node("intermediateThrowEvent", "e", body=compensate("t")),
            )
        ),
        "e",
        "compensation",
        "has no compensation event in the same place",
    ),
    Refused(
        "link event",
        "that leads nowhere",
        drawing(start() + node("intermediateThrowEvent", "e", body=link("x")) + flows("start", "e")),
        "e",
        "link",
        "there is no link catch event named 'x' here",
    ),
    Refused(
        "link event",
        "into another place",
        drawing(
            start()
            + node("intermediateThrowEvent", "e", body=link("x"))
            + flows("start", "e")
            + subprocess(
                "sub",
                start("s")
                + end("z")
                + flows("s", "z")
                + node("intermediateCatchEvent", "c", body=link("x"))
                + end("y")
                + flows("c", "y"),
            )
            + flows("start", "sub")
        ),
        "e",
        "link",
        "there is no link catch event named 'x' here",
    ),
    Refused(
        "link event",
        "two that catch the same name",
        drawing(
            start()
            + node("intermediateThrowEvent", "e", body=link("x"))
            + flows("start", "e")
            + "".join(
                node("intermediateCatchEvent", id, body=link("x")) + end(f"{id}_end") + flows(id, f"{id}_end")
                for id in ("c1", "c2")
            )
        ),
        "c1",
        "link",
        "another link catch event is named 'x', too",
    ),
    Refused(
        "link event",
        "without a name",
        drawing(start() + node("intermediateThrowEvent", "e", body=link("")) + flows("start", "e")),
        "e",
        "link",
        "the link event has no name",
    ),
    Refused(
        "ad-hoc subprocess",
        "with a start event",
        drawing(line(ad_hoc("x", user("u") + start("s") + flows("s", "u")))),
        "x",
        "ad-hoc",
        "has no startEvent",
    ),
    Refused(
        "ad-hoc subprocess",
        "without an activity",
        drawing(line(ad_hoc("x", ""))),
        "x",
        "ad-hoc",
        "has at least one activity",
    ),
    Refused(
        "ad-hoc subprocess",
        "led by an operation",
        drawing(line(ad_hoc("x", user("u"), zeebe("taskDefinition", type="echo")))),
        "x",
        "unsupported",
        "is led by its list",
    ),
    *[
        Refused(
            "listeners",
            kind,
            drawing(line(user("u", f"<zeebe:{kind}/>"))),
            "u",
            "unsupported",
            f"zeebe:{kind} cannot run",
        )
        for kind in ("executionListeners", "taskListeners")
    ],
    Refused(
        "multi-instance",
        "without a collection",
        drawing(line(node("task", "t", body="<bpmn:multiInstanceLoopCharacteristics/>"))),
        "t",
        "multi-instance",
        "needs an inputCollection",
    ),
    Refused(
        "user task",
        "for nobody",
        drawing(line(node("userTask", "u", name="U"))),
        "u",
        "role",
        "nobody would see the task",
    ),
    Refused(
        "user task",
        "a form elsewhere",
        drawing(line(user("u", zeebe("formDefinition", externalReference="x")))),
        "u",
        "unsupported",
        "forms elsewhere",
    ),
    Refused(
        "user task",
        "a form inside the diagram",
        drawing(line(user("u", zeebe("formDefinition", formKey="camunda-forms:bpmn:x")))),
        "u",
        "unsupported",
        "forms elsewhere",
    ),
    Refused(
        "call activity",
        "a process that is not there",
        drawing(line(node("callActivity", "c", zeebe("calledElement", processId="nowhere")))),
        "c",
        "call",
        "there is no process 'nowhere'",
    ),
    Refused(
        "call activity",
        "a binding without its tag",
        drawing(
            line(node("callActivity", "c", zeebe("calledElement", processId="p", bindingType="versionTag")))
        ),
        "c",
        "binding",
        "a binding by versionTag names the tag",
    ),
    Refused(
        "call activity",
        "a binding that does not exist",
        drawing(line(node("callActivity", "c", zeebe("calledElement", processId="p", bindingType="newest")))),
        "c",
        "binding",
        "there is no bindingType 'newest'",
    ),
    Refused(
        "service task",
        "an operation that does not exist",
        drawing(line(service("s", "nothing"))),
        "s",
        "operation",
        "there is no operation 'nothing'",
    ),
    Refused(
        "message event",
        "published without a key",
        drawing(
            line(node("intermediateThrowEvent", "e", "<zeebe:publishMessage/>", body=message("M"))), roots=M
        ),
        "e",
        "message-key",
        "has no correlationKey",
    ),
    Refused(
        "message event",
        "without a correlation key",
        drawing(
            line(node("intermediateCatchEvent", "e", body=message("M"))),
            roots='<bpmn:message id="M" name="note"/>\n',
        ),
        "e",
        "message-key",
        "has no correlation key",
    ),
    Refused(
        "event-based gateway",
        "with a task behind it",
        drawing(
            start()
            + node("eventBasedGateway", "g")
            + user("u")
            + node("intermediateCatchEvent", "e", body=timer("Duration", "PT1H"))
            + flows("start", "g", "u")
            + flows("g", "e")
        ),
        "g_u",
        "gateway",
        "only events may stand",
    ),
    Refused(
        "signal event",
        "without a signal",
        drawing(line(node("intermediateCatchEvent", "e", body="<bpmn:signalEventDefinition/>"))),
        "e",
        "signal",
        "it refers to no signal",
    ),
    Refused(
        "sequential multi-instance",
        "an output collection without its element",
        drawing(line(user("u", body=each("=l", sequential=True, outputCollection="o")))),
        "u",
        "multi-instance",
        "go together",
    ),
    Refused(
        "process",
        "with nothing that starts it",
        drawing(user("u")),
        "p",
        "start",
        "there is no start event",
    ),
    Refused(
        "flow",
        "to nowhere",
        drawing(line(TASK) + flows("t", "nowhere")),
        "t_nowhere",
        "flow",
        "is not a node",
    ),
    Refused(
        "node",
        "nobody reaches",
        drawing(line(TASK) + user("lost")),
        "lost",
        "unreachable",
        "no path from a start",
    ),
]
