"""Rules about ways without a flow: links, compensation, cancelled transactions, and where a token may begin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from engine.bpmn.rules.problems import Caught, Place, Problem, definitions, link_name
from engine.bpmn.xml import local

THROW, CATCH = "intermediateThrowEvent", "intermediateCatchEvent"


def links(place: Place) -> Mapping[str, list[str]]:
    """Where links lead, by the ids of their throwing events."""
    return {
        node.get("id") or "": [arrivals[-1].get("id") or ""]
        for (kind, name), throwing in place.links.items()
        if kind == THROW and (arrivals := place.links.get((CATCH, name)))
        for node in throwing
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


def _link(place: Place, node: etree._Element) -> Iterator[Problem]:
    name, throws = link_name(node), local(node) == THROW
    if not name:
        yield place.diagram.problem(node, "link", "the link event has no name")
        return
    catching, throwing = len(place.links.get((CATCH, name), ())), len(place.links.get((THROW, name), ()))
    if throws and not catching:
        yield place.diagram.problem(node, "link", f"there is no link catch event named {name!r} here")
    elif not throws and catching > 1:
        yield place.diagram.problem(node, "link", f"another link catch event is named {name!r}, too")
    elif not throws and not throwing:
        yield place.diagram.problem(node, "link", f"no link throw event named {name!r} leads here")
    if throws and place.outgoing(node.get("id")):
        yield place.diagram.problem(node, "link", "no flow may lead out of a link throw event")
    if not throws and place.is_led_to(node.get("id")):
        yield place.diagram.problem(node, "link", "no flow may lead into a link catch event")


def _compensation(place: Place, node: etree._Element) -> Iterator[Problem]:
    if local(node) == "boundaryEvent":
        yield from _compensation_boundary(place, node)
        return
    activity = definitions(node)[0].get("activityRef")
    if activity is None or _is_undone(place.caught, activity):
        return
    # what is thrown inside an event subprocess compensates around it
    if not place.is_event_subprocess or not _is_undone(place.caught_around, activity):
        yield place.diagram.problem(
            node, "compensation", f"{activity!r} has no compensation event in the same place"
        )


def _is_undone(caught: Caught, activity: str | None) -> bool:
    return (activity, "compensate", None) in caught


def _compensation_boundary(place: Place, node: etree._Element) -> Iterator[Problem]:
    ends = place.associations.get(node.get("id"), ())
    handlers = [place.nodes[end] for end in ends if end in place.nodes]
    if len(handlers) != 1 or handlers[0].get("isForCompensation") != "true":
        yield place.diagram.problem(
            node, "compensation", "one association has to lead from it to a compensation handler"
        )
    if place.outgoing(node.get("id")):
        yield place.diagram.problem(node, "compensation", "no flow leads out of a compensation event")
    if place.caught[node.get("attachedToRef"), "compensate", None] > 1:
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
    if (place.holder.get("id"), "cancel", None) not in place.caught_around:
        yield place.diagram.problem(node, "cancel", "its transaction has no cancel event on its border")


def handler(place: Place, node: etree._Element) -> Iterator[Problem]:
    if node.get("isForCompensation") != "true":
        return
    id, diagram = node.get("id"), place.diagram
    if place.outgoing(id) or place.is_led_to(id):
        yield diagram.problem(node, "compensation", "no flow leads into or out of a compensation handler")
    if id not in place.associated:
        yield diagram.problem(node, "compensation", "no compensation event leads to this handler")
    if _is_undone(place.caught, id):
        yield diagram.problem(node, "compensation", "a compensation handler cannot be compensated itself")


OTHERS: Mapping[str, Callable[[Place, etree._Element], Iterator[Problem]]] = {
    "link": _link,
    "compensate": _compensation,
    "cancel": _cancel,
}
