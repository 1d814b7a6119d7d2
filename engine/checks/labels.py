"""Rule `label`: a gateway asks a question, and every way out of it answers."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.rules.problems import Problem
from engine.checks.levels import Level


def check(level: Level) -> Iterator[Problem]:
    """Flows without an answer; gateways without a question are told by the rules that every diagram must keep."""
    for gateway in level.of_kind("exclusiveGateway", "inclusiveGateway"):
        if len(gateway.outgoing) < 2:
            continue
        for flow in gateway.outgoing:
            if not (flow.element.get("name") or "").strip():
                message = f"this way out of {gateway.id} has no answer as its name"
                yield level.diagram.warning(flow.element, "label", message)
