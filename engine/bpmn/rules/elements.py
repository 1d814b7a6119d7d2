"""Rules about single elements: what cannot run, what is missing, what does not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from engine.bpmn.expressions import RESERVED
from engine.bpmn.extensions import Extensions, read_extensions
from engine.bpmn.rules.problems import Known, Place, Problem, definition_kind, definitions
from engine.bpmn.xml import BPMN, ZEEBE, extension, local

EVENTS: Mapping[str, frozenset[str]] = {
    "startEvent": frozenset({"none", "message", "timer", "signal", "error", "escalation"}),
    "endEvent": frozenset({"none", "message", "signal", "error", "escalation", "terminate"}),
    "intermediateCatchEvent": frozenset({"message", "timer", "signal"}),
    "intermediateThrowEvent": frozenset({"none", "message", "signal", "escalation"}),
    "boundaryEvent": frozenset({"message", "timer", "signal", "error", "escalation"}),
}
IGNORED = frozenset({"executionListeners", "taskListeners", "adHoc"})

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
    rule = RULES.get(kind)
    if rule is not None:
        yield from rule(place, node, found, known)


def _unsupported(place: Place, node: etree._Element, found: Extensions) -> Iterator[Problem]:
    diagram, kind = place.diagram, local(node)
    if kind in ("complexGateway", "adHocSubProcess"):
        yield diagram.problem(node, "unsupported", f"a {kind} cannot run")
    if node.find(f"{BPMN}standardLoopCharacteristics") is not None:
        yield diagram.problem(
            node, "unsupported", "standard loops cannot run; draw the loop or use a multi-instance"
        )
    if node.get("isForCompensation") == "true":
        yield diagram.problem(node, "unsupported", "compensation cannot run")
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
        what = "an event that waits for nothing" if happening == "none" else f"a {happening} event"
        yield diagram.problem(node, "unsupported", f"{what} cannot stand here ({kind})")
    elif happening == "timer":
        yield from _timer(place, node, found)
    elif happening == "message":
        if kind in ("endEvent", "intermediateThrowEvent"):
            yield from _task_definition(place, node, found, known)
        else:
            yield from _message(place, node, definitions(node)[0])
    elif happening in ("signal", "error", "escalation"):
        yield from _reference(place, node, definitions(node)[0], happening)


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
        interrupting = True
    if any(local(child) == "timeCycle" for child in times) and interrupting:
        yield place.diagram.problem(node, "timer", "a cycle repeats only on an event that does not interrupt")
    if found.properties.get("clock") == "any" and interrupting:
        yield place.diagram.problem(node, "timer", 'a timer bound to clock "any" must not interrupt')


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
    if group is None:
        yield diagram.problem(node, "role", "it has no candidateGroups: nobody would see the task")
    elif not group.strip().startswith("="):
        yield from _role(place, node, group.strip(), known)
    if found.get("assignmentDefinition", "candidateUsers") is not None:
        yield diagram.problem(
            node, "unsupported", "candidateUsers cannot run; name a role in candidateGroups"
        )
    form = found.get("formDefinition", "formId")
    if form is None:
        yield diagram.warning(node, "form", "it has no form: the person can only say that it is done")
    elif not form.startswith("=") and known.forms is not None and form not in known.forms:
        yield diagram.problem(node, "form", f"there is no form {form!r}")
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
            yield diagram.problem(node, "decision", f"there is no decision {decision!r}")
    else:
        yield diagram.problem(node, "missing", f"a {local(node)} needs a zeebe definition of what it does")


def _call(place: Place, node: etree._Element, found: Extensions, known: Known) -> Iterator[Problem]:
    process = found.get("calledElement", "processId")
    if process is None:
        yield place.diagram.problem(node, "call", "zeebe:calledElement with a processId is missing")
    elif not process.startswith("=") and process not in known.processes:
        yield place.diagram.problem(node, "call", f"there is no process {process!r}")


RULES: Mapping[str, Rule] = {
    "userTask": _user_task,
    "serviceTask": _task_definition,
    "sendTask": _task_definition,
    "scriptTask": _computed,
    "businessRuleTask": _computed,
    "callActivity": _call,
}
