"""Rules about single elements: what cannot run, what is missing, what does not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from engine.bpmn.extensions import Extensions, read_extensions
from engine.bpmn.rules import plain_values
from engine.bpmn.rules.events import EVENTS, check_event, sent
from engine.bpmn.rules.jumps import handler
from engine.bpmn.rules.problems import Known, Place, Problem, definitions
from engine.bpmn.rules.references import binding, missing, target, task_definition, with_article
from engine.bpmn.xml import BPMN, ZEEBE, local
from engine.domain.suggesting import meant

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
        yield from check_event(place, node, kind, found, known)
    yield from _names(place, node, found)
    yield from plain_values.check(place, node, found)
    yield from _loop(place, node)
    yield from handler(place, node)
    rule = RULES.get(kind)
    if rule is not None:
        yield from rule(place, node, found, known)


def _unsupported(place: Place, node: etree._Element, found: Extensions) -> Iterator[Problem]:
    diagram, kind = place.diagram, local(node)
    if kind == "complexGateway":
        yield diagram.problem(node, "unsupported", f"{with_article(kind)} cannot run")
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
        yield from target(place, node, result, "ad-hoc")


def _names(place: Place, node: etree._Element, found: Extensions) -> Iterator[Problem]:
    for line in found.inputs:
        yield from target(place, node, line.target, "input")
    for line in found.outputs:
        if not line.target.startswith("complaint."):
            yield from target(place, node, line.target, "output")
    results = {
        "script": found.get("script", "resultVariable"),
        "calledDecision": found.get("calledDecision", "resultVariable"),
        "header": found.headers.get("resultVariable"),
    }
    for name in results.values():
        if name is not None:
            yield from target(place, node, name, "result")


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
            yield from target(place, node, name, "multi-instance")


def _user_task(place: Place, node: etree._Element, found: Extensions, known: Known) -> Iterator[Problem]:
    diagram = place.diagram
    group = found.get("assignmentDefinition", "candidateGroups")
    people = found.get("assignmentDefinition", "candidateUsers")
    if group is None:
        if people is None and found.get("assignmentDefinition", "assignee") is None:
            yield diagram.problem(
                node,
                "role",
                "it has no candidateGroups, no candidateUsers and no assignee: nobody would see the task",
            )
    elif not group.strip().startswith("="):
        yield from _role(place, node, group.strip(), known)
    yield from _form(place, node, found, known)
    if not node.get("name"):
        yield diagram.warning(node, "label", "the task has no name for the inbox")


def _form(place: Place, node: etree._Element, found: Extensions, known: Known) -> Iterator[Problem]:
    diagram = place.diagram
    for elsewhere in ("externalReference", "formKey"):
        if found.get("formDefinition", elsewhere) is not None:
            message = (
                f"forms elsewhere ({elsewhere}) cannot be shown; make it a .form file and name its formId"
            )
            yield diagram.problem(node, "unsupported", message)
            return
    yield from binding(place, node, found, "formDefinition")
    form = found.get("formDefinition", "formId")
    if form is None:
        yield diagram.warning(node, "form", "it has no form: the person can only say that it is done")
    elif not form.startswith("=") and known.forms is not None and form not in known.forms:
        yield from missing(
            place,
            node,
            found,
            "formDefinition",
            "form",
            f"there is no form {form!r}{meant(form, known.forms)}",
        )


def _role(place: Place, node: etree._Element, role: str, known: Known) -> Iterator[Problem]:
    diagram = place.diagram
    if "," in role:
        yield diagram.problem(node, "role", "a task has one role; candidateGroups names several")
        return
    if known.roles is not None and role not in known.roles:
        yield diagram.problem(node, "role", f"there is no role {role!r}{meant(role, known.roles)}")
        return
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


def _computed(place: Place, node: etree._Element, found: Extensions, known: Known) -> Iterator[Problem]:
    """Script and business rule tasks may be done by an operation, too."""
    diagram = place.diagram
    if "taskDefinition" in found.elements:
        yield from task_definition(place, node, found, known)
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
            message = f"there is no decision {decision!r}{meant(decision, known.decisions)}"
            yield from missing(place, node, found, "calledDecision", "decision", message)
        yield from binding(place, node, found, "calledDecision")
    else:
        yield diagram.problem(node, "missing", f"a {local(node)} needs a zeebe definition of what it does")


def _call(place: Place, node: etree._Element, found: Extensions, known: Known) -> Iterator[Problem]:
    process = found.get("calledElement", "processId")
    if process is None:
        yield place.diagram.problem(node, "call", "zeebe:calledElement with a processId is missing")
    elif not process.startswith("=") and process not in known.processes:
        message = f"there is no process {process!r}{meant(process, known.processes)}"
        yield from missing(place, node, found, "calledElement", "call", message)
    yield from binding(place, node, found, "calledElement")


RULES: Mapping[str, Rule] = {
    "userTask": _user_task,
    "serviceTask": task_definition,
    "sendTask": sent,
    "adHocSubProcess": _ad_hoc,
    "scriptTask": _computed,
    "businessRuleTask": _computed,
    "callActivity": _call,
}
