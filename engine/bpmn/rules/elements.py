"""Rules about single elements: what cannot run, what is missing, what does not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from engine.bpmn.bindings import BINDINGS, TAGGED
from engine.bpmn.expressions import RESERVED
from engine.bpmn.extensions import Extensions, read_extensions
from engine.bpmn.rules.problems import Known, Place, Problem, definition_kind, definitions
from engine.bpmn.xml import BPMN, ZEEBE, extension, local

EVENTS: Mapping[str, frozenset[str]] = {
    "startEvent": frozenset({"none", "message", "timer", "signal", "error", "escalation"}),
    "endEvent": frozenset(
        {"none", "message", "signal", "error", "escalation", "terminate", "compensate", "cancel"}
    ),
    "intermediateCatchEvent": frozenset({"message", "timer", "signal", "link"}),
    "intermediateThrowEvent": frozenset({"none", "message", "signal", "escalation", "link", "compensate"}),
    "boundaryEvent": frozenset({"message", "timer", "signal", "error", "escalation", "compensate", "cancel"}),
}
IGNORED = frozenset({"executionListeners", "taskListeners"})

ACTIVITY_KINDS = frozenset(
    {
        *("task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask"),
        *("businessRuleTask", "callActivity", "subProcess", "transaction", "adHocSubProcess"),
    }
)

Rule = Callable[[Place, etree._Element, Extensions, Known], Iterator[Problem]]


def check(place: Place, node: etree._Element, known: Known) -> Iterator[Problem]:
    """All rules about one flow node."""
    kind, found = local(node), read_extensions(node)
    if not node.get("id"):
        yield place.diagram.problem(node, "id", "it has no id")
    yield from _unsupported(place, node, found)
    if kind in EVENTS or kind == "receiveTask":
        yield from _event(place, node, kind, found, known)
    yield from _names(place, node, found)
    yield from _loop(place, node)
    yield from _handler(place, node)
    rule = RULES.get(kind)
    if rule is not None:
        yield from rule(place, node, found, known)


def _unsupported(place: Place, node: etree._Element, found: Extensions) -> Iterator[Problem]:
    diagram, kind = place.diagram, local(node)
    if kind == "complexGateway":
        yield diagram.problem(node, "unsupported", f"{a(kind)} cannot run")
    if kind == "adHocSubProcess" and "taskDefinition" in found.elements:
        yield diagram.problem(
            node, "unsupported", "an ad-hoc subprocess is led by its list, not by an operation"
        )
    for definition in definitions(node):
        if definition.get("parallelMultiple") == "true" or node.get("parallelMultiple") == "true":
            yield diagram.problem(node, "unsupported", "an event of several definitions cannot run")
    if node.find(f"{BPMN}standardLoopCharacteristics") is not None:
        yield diagram.problem(
            node, "unsupported", "standard loops cannot run; draw the loop or use a multi-instance"
        )
    for name in found.elements:
        if name in IGNORED:
            yield diagram.problem(node, "unsupported", f"zeebe:{name} cannot run")
    holder = node.find(f"{BPMN}extensionElements")
    for child in holder if holder is not None else ():
        if (
            str(child.tag).startswith(ZEEBE)
            and local(child) in IGNORED
            and local(child) not in found.elements
        ):
            yield diagram.problem(node, "unsupported", f"zeebe:{local(child)} cannot run")
    for tag in ("dataInputAssociation", "dataOutputAssociation", "ioSpecification"):
        for child in node.findall(f"{BPMN}{tag}"):
            yield diagram.warning(
                child, "data", f"a {tag} is drawn and does nothing; use input and output mappings"
            )


def _event(
    place: Place, node: etree._Element, kind: str, found: Extensions, known: Known
) -> Iterator[Problem]:
    diagram = place.diagram
    if kind == "receiveTask":
        yield from _message(place, node, node)
        return
    happening = definition_kind(node)
    if len(definitions(node)) > 1:
        yield diagram.problem(node, "unsupported", "several event definitions on one event cannot run")
    elif happening not in EVENTS[kind]:
        what = "an event that waits for nothing" if happening == "none" else f"{a(happening)} event"
        yield diagram.problem(node, "unsupported", f"{what} cannot stand here ({kind})")
    elif happening == "timer":
        yield from _timer(place, node, found)
        if kind == "startEvent" and place.kind == "process" and found.properties.get("clock"):
            yield diagram.problem(
                node, "timer", "a process has no complaint before it starts: no clock either"
            )
    elif happening == "message":
        if kind in ("endEvent", "intermediateThrowEvent"):
            yield from _sent(place, node, found, known)
        else:
            yield from _message(place, node, definitions(node)[0])
    elif happening in ("signal", "error", "escalation"):
        yield from _reference(place, node, definitions(node)[0], happening)
    elif happening in OTHERS:
        yield from OTHERS[happening](place, node)


def a(word: str) -> str:
    """A word with its article."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _timer(place: Place, node: etree._Element, found: Extensions) -> Iterator[Problem]:
    definition = definitions(node)[0]
    times = [child for child in definition if local(child).startswith("time") and (child.text or "").strip()]
    if not times and not found.properties.get("clock"):
        yield place.diagram.problem(node, "timer", "the timer has no time")
    if len(times) > 1:
        yield place.diagram.problem(node, "timer", "the timer has more than one time")
    if local(node) == "boundaryEvent" or place.is_event_subprocess:
        interrupting = node.get("cancelActivity", node.get("isInterrupting", "true")) == "true"
    else:
        interrupting = local(node) != "startEvent"
    if any(local(child) == "timeCycle" for child in times) and interrupting:
        yield place.diagram.problem(node, "timer", "a cycle repeats only on an event that does not interrupt")
    if found.properties.get("clock") == "any" and interrupting:
        yield place.diagram.problem(node, "timer", 'a timer bound to clock "any" must not interrupt')


def _sent(place: Place, node: etree._Element, found: Extensions, known: Known) -> Iterator[Problem]:
    """A message is sent by an operation, or published to other instances."""
    if "publishMessage" not in found.elements or "taskDefinition" in found.elements:
        yield from _task_definition(place, node, found, known)
        return
    holder = node if local(node) == "sendTask" else definitions(node)[0]
    message = place.diagram.roots.get(holder.get("messageRef") or "")
    if message is None or local(message) != "message" or not message.get("name"):
        yield place.diagram.problem(node, "message", "it publishes no message that this file names")
    if found.get("publishMessage", "correlationKey") is None:
        yield place.diagram.problem(
            node, "message-key", "zeebe:publishMessage has no correlationKey: nobody would get it"
        )


def links(place: Place) -> Mapping[str, list[str]]:
    """Where links lead, by the ids of their throwing events."""
    catching = {
        _link_name(node): id
        for id, node in place.nodes.items()
        if local(node) == "intermediateCatchEvent" and definition_kind(node) == "link"
    }
    return {
        id: [catching[_link_name(node)]]
        for id, node in place.nodes.items()
        if local(node) == "intermediateThrowEvent"
        and definition_kind(node) == "link"
        and _link_name(node) in catching
    }


def entrances(place: Place) -> list[str]:
    """Nodes that begin without a flow into them: starts, event subprocesses, handlers, and all that may of an ad-hoc."""
    led_to = {flow.get("targetRef") for flow in place.flows}
    return [
        id
        for id, node in place.nodes.items()
        if local(node) == "startEvent"
        or node.get("triggeredByEvent") == "true"
        or node.get("isForCompensation") == "true"
        or (place.kind == "adHocSubProcess" and id not in led_to and local(node) != "boundaryEvent")
    ]


def _link_name(node: etree._Element) -> str:
    return " ".join((definitions(node)[0].get("name") or "").split())


def _link(place: Place, node: etree._Element) -> Iterator[Problem]:
    name, throws = _link_name(node), local(node) == "intermediateThrowEvent"
    if not name:
        yield place.diagram.problem(node, "link", "the link event has no name")
        return
    others = [
        other
        for other in place.of_kind("intermediateCatchEvent", "intermediateThrowEvent")
        if other is not node and definition_kind(other) == "link" and _link_name(other) == name
    ]
    catching = [other for other in others if local(other) == "intermediateCatchEvent"]
    if throws and not catching:
        yield place.diagram.problem(node, "link", f"there is no link catch event named {name!r} here")
    elif not throws and catching:
        yield place.diagram.problem(node, "link", f"another link catch event is named {name!r}, too")
    elif not throws and not others:
        yield place.diagram.problem(node, "link", f"no link throw event named {name!r} leads here")
    if throws and place.outgoing(node.get("id")):
        yield place.diagram.problem(node, "link", "no flow may lead out of a link throw event")
    if not throws and any(flow.get("targetRef") == node.get("id") for flow in place.flows):
        yield place.diagram.problem(node, "link", "no flow may lead into a link catch event")


def _compensation(place: Place, node: etree._Element) -> Iterator[Problem]:
    if local(node) == "boundaryEvent":
        yield from _compensation_boundary(place, node)
        return
    activity = definitions(node)[0].get("activityRef")
    if activity is not None:
        attached = [
            event
            for event in [*_around(place), *place.of_kind("boundaryEvent")]
            if event.get("attachedToRef") == activity and definition_kind(event) == "compensate"
        ]
        if not attached:
            yield place.diagram.problem(
                node, "compensation", f"{activity!r} has no compensation event in the same place"
            )


def _around(place: Place) -> list[etree._Element]:
    """The boundary events around an event subprocess: what is thrown inside compensates there."""
    holder = place.holder.getparent() if place.is_event_subprocess else None
    return [] if holder is None else holder.findall(f"{BPMN}boundaryEvent")


def _compensation_boundary(place: Place, node: etree._Element) -> Iterator[Problem]:
    ends = [
        association.get("targetRef")
        for association in place.holder.findall(f"{BPMN}association")
        if association.get("sourceRef") == node.get("id")
    ]
    handlers = [place.nodes[end] for end in ends if end in place.nodes]
    if len(handlers) != 1 or handlers[0].get("isForCompensation") != "true":
        yield place.diagram.problem(
            node, "compensation", "one association has to lead from it to a compensation handler"
        )
    if place.outgoing(node.get("id")):
        yield place.diagram.problem(node, "compensation", "no flow leads out of a compensation event")
    same = [
        event
        for event in place.of_kind("boundaryEvent")
        if event.get("attachedToRef") == node.get("attachedToRef") and definition_kind(event) == "compensate"
    ]
    if len(same) > 1:
        yield place.diagram.problem(node, "compensation", "an activity has one compensation event")


def _cancel(place: Place, node: etree._Element) -> Iterator[Problem]:
    if local(node) == "boundaryEvent":
        host = place.nodes.get(node.get("attachedToRef") or "")
        if host is None or local(host) != "transaction":
            yield place.diagram.problem(node, "unsupported", "a cancel event stands on a transaction only")
        if node.get("cancelActivity", "true") != "true":
            yield place.diagram.problem(node, "boundary", "a cancel always interrupts")
        return
    if place.kind != "transaction":
        yield place.diagram.problem(node, "unsupported", "a cancel end event stands in a transaction only")
        return
    around = place.holder.getparent()
    catching = [] if around is None else around.findall(f"{BPMN}boundaryEvent")
    if not any(
        event.get("attachedToRef") == place.holder.get("id") and definition_kind(event) == "cancel"
        for event in catching
    ):
        yield place.diagram.problem(node, "cancel", "its transaction has no cancel event on its border")


OTHERS: Mapping[str, Callable[[Place, etree._Element], Iterator[Problem]]] = {
    "link": _link,
    "compensate": _compensation,
    "cancel": _cancel,
}


def _message(place: Place, node: etree._Element, definition: etree._Element) -> Iterator[Problem]:
    message = place.diagram.roots.get(definition.get("messageRef") or "")
    if message is None or local(message) != "message":
        yield place.diagram.problem(
            node, "message", f"the message {definition.get('messageRef')!r} is not in this file"
        )
        return
    if not message.get("name"):
        yield place.diagram.problem(node, "message", "its message has no name")
    subscription = extension(message, "subscription")
    key = None if subscription is None else subscription.get("correlationKey")
    begins = local(node) == "startEvent" and not place.is_event_subprocess
    if not key and not begins:
        yield place.diagram.problem(
            node,
            "message-key",
            f"the message {message.get('name')!r} has no correlation key (zeebe:subscription)",
        )


def _reference(
    place: Place, node: etree._Element, definition: etree._Element, kind: str
) -> Iterator[Problem]:
    reference = definition.get(f"{kind}Ref")
    if reference is None:
        throws = local(node) in ("endEvent", "intermediateThrowEvent")
        if kind == "signal" or (kind == "error" and throws):
            yield place.diagram.problem(node, kind, f"it refers to no {kind}")
        return
    found = place.diagram.roots.get(reference)
    attribute = "name" if kind == "signal" else f"{kind}Code"
    if found is None or local(found) != kind:
        yield place.diagram.problem(node, kind, f"the {kind} {reference!r} is not in this file")
    elif not found.get(attribute):
        yield place.diagram.problem(node, kind, f"its {kind} has no {attribute}")
    elif kind != "signal" and local(node) in ("startEvent", "boundaryEvent"):
        if (found.get(attribute) or "").strip().startswith("="):
            yield place.diagram.problem(
                node, kind, f"an event that catches names its {kind} as a text, not in FEEL"
            )
        yield from _caught_twice(place, node, kind, found.get(attribute))


def _caught_twice(place: Place, node: etree._Element, kind: str, code: str | None) -> Iterator[Problem]:
    def caught(event: etree._Element) -> str | None:
        reference = place.diagram.roots.get(definitions(event)[0].get(f"{kind}Ref") or "")
        return None if reference is None else reference.get(f"{kind}Code")

    same = [
        event
        for event in place.of_kind("boundaryEvent")
        if event is not node
        and event.get("attachedToRef") == node.get("attachedToRef")
        and definition_kind(event) == kind
        and caught(event) == code
    ]
    if local(node) == "boundaryEvent" and same:
        yield place.diagram.problem(node, kind, f"another event here catches the {kind} {code!r}, too")


def _handler(place: Place, node: etree._Element) -> Iterator[Problem]:
    if node.get("isForCompensation") != "true":
        return
    id, diagram = node.get("id"), place.diagram
    if place.outgoing(id) or any(flow.get("targetRef") == id for flow in place.flows):
        yield diagram.problem(node, "compensation", "no flow leads into or out of a compensation handler")
    ends = [a.get("targetRef") for a in place.holder.findall(f"{BPMN}association")]
    if id not in ends:
        yield diagram.problem(node, "compensation", "no compensation event leads to this handler")
    if any(
        event.get("attachedToRef") == id and definition_kind(event) == "compensate"
        for event in place.of_kind("boundaryEvent")
    ):
        yield diagram.problem(node, "compensation", "a compensation handler cannot be compensated itself")


def _binding(place: Place, node: etree._Element, found: Extensions, element: str) -> Iterator[Problem]:
    kind = found.get(element, "bindingType")
    tag = found.get(element, "versionTag")
    if kind is not None and kind not in BINDINGS:
        yield place.diagram.problem(
            node, "binding", f"there is no bindingType {kind!r}: {', '.join(BINDINGS)}"
        )
    elif kind == TAGGED and tag is None:
        yield place.diagram.problem(node, "binding", "a binding by versionTag names the tag")
    elif kind != TAGGED and tag is not None:
        yield place.diagram.problem(node, "binding", "a versionTag needs the bindingType versionTag")


def _missing(
    place: Place, node: etree._Element, found: Extensions, element: str, rule: str, message: str
) -> Iterator[Problem]:
    """What is referred to is not here: an error, unless an earlier release may have it under a tag."""
    if found.get(element, "bindingType") == TAGGED:
        yield place.diagram.warning(node, rule, f"{message} in these files; an earlier release must have it")
    else:
        yield place.diagram.problem(node, rule, message)


def _ad_hoc(place: Place, node: etree._Element, found: Extensions, known: Known) -> Iterator[Problem]:
    diagram = place.diagram
    inside = [local(child) for child in node if str(child.tag).startswith(BPMN)]
    for kind in ("startEvent", "endEvent"):
        if kind in inside:
            yield diagram.problem(node, "ad-hoc", f"an ad-hoc subprocess has no {kind}")
    if not any(kind in ACTIVITY_KINDS for kind in inside):
        yield diagram.problem(node, "ad-hoc", "an ad-hoc subprocess has at least one activity")
    active = found.get("adHoc", "activeElementsCollection")
    if active is not None and not active.strip().startswith("="):
        yield diagram.problem(node, "ad-hoc", "activeElementsCollection is a list in FEEL")
    result, element = found.get("adHoc", "outputCollection"), found.get("adHoc", "outputElement")
    if (result is None) != (element is None):
        yield diagram.problem(node, "ad-hoc", "outputCollection and outputElement go together")
    if result is not None:
        yield from _target(place, node, result, "ad-hoc")


def _names(place: Place, node: etree._Element, found: Extensions) -> Iterator[Problem]:
    for line in found.inputs:
        yield from _target(place, node, line.target, "input")
    for line in found.outputs:
        if not line.target.startswith("complaint."):
            yield from _target(place, node, line.target, "output")
    results = {
        "script": found.get("script", "resultVariable"),
        "calledDecision": found.get("calledDecision", "resultVariable"),
        "header": found.headers.get("resultVariable"),
    }
    for name in results.values():
        if name is not None:
            yield from _target(place, node, name, "result")


def _target(place: Place, node: etree._Element, target: str, what: str) -> Iterator[Problem]:
    root, *path = target.split(".")
    if not root or (not all(path) and path):
        yield place.diagram.problem(node, "mapping", f"the {what} name {target!r} is not a name")
    elif root in RESERVED:
        yield place.diagram.problem(
            node, "reserved", f"{target!r} would hide the {root} that expressions see; choose another name"
        )


def _loop(place: Place, node: etree._Element) -> Iterator[Problem]:
    loop = node.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if loop is None:
        return
    diagram, found = place.diagram, read_extensions(loop)
    if not (found.get("loopCharacteristics", "inputCollection") or "").strip().startswith("="):
        yield diagram.problem(
            node, "multi-instance", "zeebe:loopCharacteristics needs an inputCollection in FEEL"
        )
    result, element = (
        found.get("loopCharacteristics", "outputCollection"),
        found.get("loopCharacteristics", "outputElement"),
    )
    if (result is None) != (element is None):
        yield diagram.problem(node, "multi-instance", "outputCollection and outputElement go together")
    for name in (found.get("loopCharacteristics", "inputElement"), result):
        if name is not None:
            yield from _target(place, node, name, "multi-instance")


def _user_task(place: Place, node: etree._Element, found: Extensions, known: Known) -> Iterator[Problem]:
    diagram = place.diagram
    group = found.get("assignmentDefinition", "candidateGroups")
    people = found.get("assignmentDefinition", "candidateUsers")
    if group is None:
        if people is None:
            yield diagram.problem(
                node, "role", "it has no candidateGroups and no candidateUsers: nobody would see the task"
            )
    elif not group.strip().startswith("="):
        yield from _role(place, node, group.strip(), known)
    yield from _binding(place, node, found, "formDefinition")
    form = found.get("formDefinition", "formId")
    if form is None:
        yield diagram.warning(node, "form", "it has no form: the person can only say that it is done")
    elif not form.startswith("=") and known.forms is not None and form not in known.forms:
        yield from _missing(place, node, found, "formDefinition", "form", f"there is no form {form!r}")
    if found.get("formDefinition", "externalReference") is not None:
        yield diagram.problem(node, "unsupported", "forms elsewhere (externalReference) cannot be shown")
    if not node.get("name"):
        yield diagram.warning(node, "label", "the task has no name for the inbox")


def _role(place: Place, node: etree._Element, role: str, known: Known) -> Iterator[Problem]:
    diagram = place.diagram
    if "," in role:
        yield diagram.problem(node, "role", "a task has one role; candidateGroups names several")
        return
    if known.roles is not None and role not in known.roles:
        yield diagram.problem(node, "role", f"there is no role {role!r}")
    lane = diagram.lanes.get(node.get("id") or "")
    if lane is not None and known.roles is not None:
        named = {_as_role(lane.get("name") or ""), _as_role(lane.get("id") or "").removeprefix("lane_")}
        shown = named & known.roles
        if shown and role not in shown:
            yield diagram.problem(
                node, "lane", f"it stands in the lane of {min(shown)!r} and is done by {role!r}"
            )


def _as_role(text: str) -> str:
    return "_".join(text.lower().replace("-", " ").split())


def _task_definition(
    place: Place, node: etree._Element, found: Extensions, known: Known
) -> Iterator[Problem]:
    type_ = found.get("taskDefinition", "type")
    if type_ is None:
        yield place.diagram.problem(node, "operation", "zeebe:taskDefinition with a type is missing")
    elif not type_.startswith("=") and known.operations is not None and type_ not in known.operations:
        yield place.diagram.problem(node, "operation", f"there is no operation {type_!r}")


def _computed(place: Place, node: etree._Element, found: Extensions, known: Known) -> Iterator[Problem]:
    """Script and business rule tasks may be done by an operation, too."""
    diagram = place.diagram
    if "taskDefinition" in found.elements:
        yield from _task_definition(place, node, found, known)
    elif "script" in found.elements:
        if found.get("script", "expression") is None or found.get("script", "resultVariable") is None:
            yield diagram.problem(node, "script", "zeebe:script needs an expression and a resultVariable")
    elif "calledDecision" in found.elements:
        decision = found.get("calledDecision", "decisionId")
        if decision is None or found.get("calledDecision", "resultVariable") is None:
            yield diagram.problem(
                node, "decision", "zeebe:calledDecision needs a decisionId and a resultVariable"
            )
        elif not decision.startswith("=") and decision not in known.decisions:
            yield from _missing(
                place, node, found, "calledDecision", "decision", f"there is no decision {decision!r}"
            )
        yield from _binding(place, node, found, "calledDecision")
    else:
        yield diagram.problem(node, "missing", f"a {local(node)} needs a zeebe definition of what it does")


def _call(place: Place, node: etree._Element, found: Extensions, known: Known) -> Iterator[Problem]:
    process = found.get("calledElement", "processId")
    if process is None:
        yield place.diagram.problem(node, "call", "zeebe:calledElement with a processId is missing")
    elif not process.startswith("=") and process not in known.processes:
        yield from _missing(place, node, found, "calledElement", "call", f"there is no process {process!r}")
    yield from _binding(place, node, found, "calledElement")


RULES: Mapping[str, Rule] = {
    "userTask": _user_task,
    "serviceTask": _task_definition,
    "sendTask": _sent,
    "adHocSubProcess": _ad_hoc,
    "scriptTask": _computed,
    "businessRuleTask": _computed,
    "callActivity": _call,
}
