"""Small diagrams written in Python: one element a line, in the dialect of the modeler, without a drawing."""

from collections.abc import Iterable
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="redress">\n'
)


def attributes(**pairs: object) -> str:
    """XML attributes; None is left out, a trailing underscore is dropped (`id_` for `id`)."""
    return "".join(f" {name.rstrip('_')}={quoteattr(str(v))}" for name, v in pairs.items() if v is not None)


def zeebe(name: str, /, **pairs: object) -> str:
    """One zeebe element."""
    return f"<zeebe:{name}{attributes(**pairs)}/>"


def mapping(inputs: Iterable[tuple[str, str]] = (), outputs: Iterable[tuple[str, str]] = ()) -> str:
    """An ioMapping: pairs of source and target."""
    lines = [zeebe("input", source=source, target=target) for source, target in inputs]
    lines += [zeebe("output", source=source, target=target) for source, target in outputs]
    return f"<zeebe:ioMapping>{''.join(lines)}</zeebe:ioMapping>"


def properties(**pairs: str) -> str:
    """zeebe:properties."""
    items = "".join(zeebe("property", name=name, value=value) for name, value in pairs.items())
    return f"<zeebe:properties>{items}</zeebe:properties>"


def headers(**pairs: str) -> str:
    """zeebe:taskHeaders."""
    items = "".join(zeebe("header", key=name, value=value) for name, value in pairs.items())
    return f"<zeebe:taskHeaders>{items}</zeebe:taskHeaders>"


def extensions(*parts: str) -> str:
    """Extension elements."""
    joined = "".join(parts)
    return f"<bpmn:extensionElements>{joined}</bpmn:extensionElements>" if joined else ""


def node(tag: str, id: str, *parts: str, body: str = "", **pairs: object) -> str:
    """Any flow node: `parts` are zeebe elements, `body` what else stands inside."""
    return f"<bpmn:{tag}{attributes(id=id, **pairs)}>{extensions(*parts)}{body}</bpmn:{tag}>\n"


def user(
    id: str, *parts: str, role: str = "handler", form: str | None = None, body: str = "", name: str = ""
) -> str:
    """A user task for a role."""
    given = [zeebe("assignmentDefinition", candidateGroups=role)]
    if form is not None:
        given.append(zeebe("formDefinition", formId=form))
    return node("userTask", id, *given, *parts, body=body, name=name or id.replace("_", " ").capitalize())


def service(id: str, type: str, *parts: str, body: str = "", retries: str | None = None) -> str:
    """A service task."""
    return node(
        "serviceTask", id, zeebe("taskDefinition", type=type, retries=retries), *parts, body=body, name=id
    )


def script(id: str, expression: str, result: str) -> str:
    """A FEEL script task."""
    return node("scriptTask", id, zeebe("script", expression=expression, resultVariable=result), name=id)


def start(id: str = "start", body: str = "", **pairs: object) -> str:
    """A start event."""
    return node("startEvent", id, body=body, **pairs)


def end(id: str = "end", body: str = "", *parts: str) -> str:
    """An end event."""
    return node("endEvent", id, *parts, body=body)


def timer(kind: str, text: str) -> str:
    """A timer definition; `kind` is Date, Duration or Cycle."""
    inner = f'<bpmn:time{kind} xsi:type="bpmn:tFormalExpression">{escape(text)}</bpmn:time{kind}>'
    return f"<bpmn:timerEventDefinition>{inner}</bpmn:timerEventDefinition>"


def message(ref: str) -> str:
    """A message definition on an event."""
    return f'<bpmn:messageEventDefinition messageRef="{ref}"/>'


def signal(ref: str) -> str:
    """A signal definition on an event."""
    return f'<bpmn:signalEventDefinition signalRef="{ref}"/>'


def error(ref: str | None = None) -> str:
    """An error definition on an event."""
    return f"<bpmn:errorEventDefinition{attributes(errorRef=ref)}/>"


def escalation(ref: str | None = None) -> str:
    """An escalation definition on an event."""
    return f"<bpmn:escalationEventDefinition{attributes(escalationRef=ref)}/>"


TERMINATE = "<bpmn:terminateEventDefinition/>"


def boundary(id: str, on: str, definition: str, *parts: str, interrupting: bool = True) -> str:
    """A boundary event."""
    return node(
        "boundaryEvent",
        id,
        *parts,
        body=definition,
        attachedToRef=on,
        cancelActivity=str(interrupting).lower(),
    )


def each(items: str, *, sequential: bool = False, enough: str | None = None, **loop: str) -> str:
    """Multi-instance characteristics, for `body`."""
    completion = f"<bpmn:completionCondition>{escape(enough)}</bpmn:completionCondition>" if enough else ""
    inside = extensions(zeebe("loopCharacteristics", inputCollection=items, **loop)) + completion
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">{inside}'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def subprocess(id: str, inside: str, *parts: str, loop: str = "") -> str:
    """An embedded subprocess."""
    return f'<bpmn:subProcess id="{id}">{extensions(*parts)}{loop}\n{inside}</bpmn:subProcess>\n'


def event_subprocess(
    id: str, definition: str, inside: str, *, interrupting: bool = True, starts: tuple[str, ...] = ()
) -> str:
    """An event subprocess; its start event is "<id>_start" and leads to the first id of `inside` by a flow drawn there."""
    begin = start(f"{id}_start", extensions(*starts) + definition, isInterrupting=str(interrupting).lower())
    return f'<bpmn:subProcess id="{id}" triggeredByEvent="true">\n{begin}{inside}</bpmn:subProcess>\n'


def flow(
    source: str, target: str, when: str | None = None, *, id: str | None = None, name: str | None = None
) -> str:
    """A sequence flow, named "source_target" unless it has an id."""
    condition = ""
    if when is not None:
        condition = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{escape(when)}</bpmn:conditionExpression>'
    named = attributes(id=id or f"{source}_{target}", name=name, sourceRef=source, targetRef=target)
    return f"<bpmn:sequenceFlow{named}>{condition}</bpmn:sequenceFlow>\n"


def flows(*ids: str) -> str:
    """A chain of plain flows."""
    return "".join(flow(a, b) for a, b in pairwise(ids))


def named_message(id: str, name: str, key: str | None = None) -> str:
    """A message of the file."""
    inside = "" if key is None else extensions(zeebe("subscription", correlationKey=key))
    return f'<bpmn:message id="{id}" name="{name}">{inside}</bpmn:message>\n'


def process(id: str, *parts: str, name: str | None = None) -> str:
    """An executable process."""
    return f"<bpmn:process{attributes(id=id, name=name, isExecutable='true')}>\n{''.join(parts)}</bpmn:process>\n"


def diagram(*parts: str) -> bytes:
    """A whole file: processes, and the messages, errors and escalations they refer to."""
    return f"{HEAD}{''.join(parts)}</bpmn:definitions>\n".encode()


def link(name: str) -> str:
    """A link definition on an event."""
    return f'<bpmn:linkEventDefinition name="{name}"/>'


def ad_hoc(id: str, inside: str, *parts: str, enough: str | None = None, **list_: str) -> str:
    """An ad-hoc subprocess; `list_` are the attributes of its zeebe:adHoc."""
    completion = f"<bpmn:completionCondition>{escape(enough)}</bpmn:completionCondition>" if enough else ""
    marks = extensions(zeebe("adHoc", **list_), *parts)
    return f'<bpmn:adHocSubProcess id="{id}">{marks}\n{inside}{completion}</bpmn:adHocSubProcess>\n'


def undoing(activity: str, handler: str) -> str:
    """A compensation event on an activity, and what undoes it, a task with this id."""
    event = boundary(f"on_{activity}", activity, "<bpmn:compensateEventDefinition/>")
    ends = f'sourceRef="on_{activity}" targetRef="{handler}"'
    return (
        event
        + node("task", handler, isForCompensation="true")
        + f'<bpmn:association id="to_{handler}" {ends} associationDirection="One"/>\n'
    )
