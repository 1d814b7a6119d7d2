"""Gateways: one way, every way that holds, all ways together, or the event that happens first."""

from __future__ import annotations

from collections import deque
from functools import cached_property
from typing import TYPE_CHECKING

from engine.bpmn.failures import Failed
from engine.bpmn.specs.base import Flow, FlowNode

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token


class ExclusiveGateway(FlowNode):
    """Takes the first flow whose condition holds, else the default; every token that comes passes by itself."""

    def choose(self, token: Token) -> list[Flow]:
        if len(self.flows) < 2 and not self.is_conditional:
            return self.flows
        run, number = token.workflow.run, token.workflow.number
        chosen: Flow | None = None
        for flow in self.flows:
            if flow.id == self.default:
                continue
            if flow.condition is None or run.evaluate(flow.condition, number) is True:
                chosen = flow
                break
        else:
            chosen = next((flow for flow in self.flows if flow.id == self.default), None)
        if chosen is None:
            raise Failed("gateway.no_way", "No condition holds, and there is no default flow.")
        run.command.record("gateway.decided", self.bpmn_id, {"flow": chosen.id, "name": chosen.name})
        return [chosen]


class ParallelGateway(FlowNode):
    """Waits for one token on each incoming flow, then goes all ways. Surplus tokens stay for the next round."""

    def _run(self, token: Token) -> bool | None:
        if len(self.incoming) > 1:
            found: dict[str | None, Token] = {}
            for other in token.workflow.tasks.values():
                if other.task_spec is self and other is not token and other.is_waiting:
                    found.setdefault(other.flow, other)
            if any(flow not in found and flow != token.flow for flow in self.incoming):
                return None
            for flow, other in found.items():
                if flow != token.flow:
                    token.workflow.run.remove(other)
        token.going = self.flows
        return True


class InclusiveGateway(FlowNode):
    """Goes every way whose condition holds; joins when no token on its way can still reach it."""

    def _run(self, token: Token) -> bool | None:
        if len(self.incoming) > 1:
            level = token.workflow
            arrived = [
                t for t in level.tasks.values() if t.task_spec is self and (t is token or t.is_waiting)
            ]
            flows = {t.flow for t in arrived}
            near = frozenset[str]().union(*(self._upstream[flow] for flow in self.incoming if flow in flows))
            far = frozenset[str]().union(
                *(self._upstream[flow] for flow in self.incoming if flow not in flows)
            )
            awaited = far - near
            if any(t.task_spec is not self and _place(t) in awaited for t in level.tasks.values()):
                level.run.joins[token.id] = token
                return None
            going = self.choose(token)
            for other in arrived:
                if other is not token:
                    level.run.remove(other)
            token.going = going
            return True
        token.going = self.choose(token)
        return True

    def choose(self, token: Token) -> list[Flow]:
        chosen = super().choose(token)
        if self.is_conditional:
            detail = {"flows": [flow.id for flow in chosen], "names": [flow.name for flow in chosen]}
            token.workflow.run.command.record("gateway.decided", self.bpmn_id, detail)
        return chosen

    @cached_property
    def _upstream(self) -> dict[str, frozenset[str]]:
        """For each incoming flow: the nodes from which it can be reached without passing this gateway."""
        sources: dict[str, list[str]] = {}
        over: dict[str, str] = {}
        for node in self.process.task_specs.values():
            for flow in node.flows:
                sources.setdefault(flow.target.name, []).append(node.name)
                over[flow.id] = node.name
            for attached in getattr(node, "attached", ()):
                sources.setdefault(attached.name, []).append(node.name)
        result = {}
        for flow_id in self.incoming:
            seen: set[str] = set()
            todo = deque([over[flow_id]])
            while todo:
                name = todo.popleft()
                if name not in seen and name != self.name:
                    seen.add(name)
                    todo.extend(sources.get(name, ()))
            result[flow_id] = frozenset(seen)
        return result


def _place(token: Token) -> str:
    host = token.host
    return str(token.task_spec.name if host is None else host.task_spec.name)


class EventGateway(FlowNode):
    """Waits for the first of the events behind it; the token of the gateway hosts those of the events."""

    def _run(self, token: Token) -> bool | None:
        run = token.workflow.run
        for old in token.hosted:
            run.cancel(old)
        for flow in self.flows:
            run.arm(flow.target, token)
        return None
