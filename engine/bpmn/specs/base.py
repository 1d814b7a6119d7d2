"""What all flow nodes have in common: they run when a token is taken from the queue, and pass it on when done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin

from engine.bpmn.expressions import Value
from engine.bpmn.extensions import Extensions, Map
from engine.bpmn.failures import Failed
from engine.bpmn.limits import kept
from engine.bpmn.scopes import merged

if TYPE_CHECKING:
    from engine.bpmn.specs.compensation import Undo
    from engine.bpmn.specs.events import BoundaryEvent
    from engine.bpmn.specs.process import ProcessSpec
    from engine.bpmn.tokens import Token


class Flow(NamedTuple):
    """A sequence flow out of a node."""

    id: str
    name: str
    target: FlowNode
    condition: Value | None


@dataclass(frozen=True, slots=True)
class About:
    """What the diagram says about a node, whatever its kind."""

    element: str
    name: str
    kind: str
    lane: str | None
    extensions: Extensions


class MappingLine(NamedTuple):
    """A compiled line of an input or output mapping: `root` and `path` are the target split at its dots."""

    root: str
    path: list[str]
    source: Value


def mappings(lines: Iterable[Map]) -> list[MappingLine]:
    """Compiled mapping lines."""
    made = []
    for line in lines:
        root, *path = line.target.split(".")
        made.append(MappingLine(root, path, Value(line.source)))
    return made


class FlowNode(BpmnSpecMixin):
    """A node of the graph. `_run` says True (done), or None (the token waits); what fails raises before it changes."""

    shown: ClassVar[bool] = True
    around: FlowNode | None = None
    attached: Sequence[FlowNode] = ()
    compensated_by: BoundaryEvent | None = None
    undo: Undo | None = None
    undoable = False
    hears_inside: ClassVar[bool] = True
    """Whether event subprocesses listen in the level a token of this node holds."""

    def __init__(self, wf_spec: ProcessSpec, name: str, about: About) -> None:
        super().__init__(wf_spec, name, bpmn_name=about.name, lane=about.lane)
        self.bpmn_id = about.element
        self.about = about
        self.process: ProcessSpec = wf_spec
        self.flows: list[Flow] = []
        self.default: str | None = None
        self.incoming: list[str] = []
        self.inputs_map = mappings(about.extensions.inputs)
        self.outputs_map = mappings(about.extensions.outputs)
        self.writes_complaint = any(line.root == "complaint" for line in self.outputs_map)

    def add_flow(self, id: str, name: str, target: FlowNode, condition: Value | None) -> None:
        """Connect a following node."""
        self.connect(target)
        self.flows.append(Flow(id, name, target, condition))
        target.incoming.append(id)

    def ready(self) -> None:
        """Called once when all flows are connected."""
        self.is_conditional = any(flow.condition is not None for flow in self.flows)

    # the library's protocol: Token.run calls _run, and then _on_complete

    def _run(self, token: Token) -> bool | None:
        token.going = self.choose(token)
        return True

    def _on_complete(self, token: Token) -> None:
        token.workflow.run.go(token)

    # of those that hold a level

    def level_of(self, token: Token, process: str, definitions: Any) -> tuple[ProcessSpec, int]:
        """The spec and the scope of the level a token of this node holds."""
        raise AssertionError(f"{self} holds no level")

    def may_close(self, token: Token) -> bool:
        """Whether the level of this token is done when nothing inside is open."""
        return True

    def finish(self, token: Token) -> None:
        """The level of this token is done."""
        raise AssertionError(f"{self} holds no level")

    def happened(self, token: Token, got: Any, again: dict[str, Any] | None) -> None:
        """What its token waited for has happened; `again` is what a repeating timer remembers next."""
        raise AssertionError(f"{self} waits for nothing")

    def choose(self, token: Token) -> list[Flow]:
        """The flows a token takes out of here: all, or those whose condition holds, or the default."""
        if not self.is_conditional:
            return self.flows
        run, number = token.workflow.run, token.workflow.number
        chosen = [
            flow
            for flow in self.flows
            if flow.id != self.default
            and (flow.condition is None or run.evaluate(flow.condition, number) is True)
        ]
        if not chosen:
            chosen = [flow for flow in self.flows if flow.id == self.default]
        if not chosen:
            raise Failed("gateway.no_way", "No condition holds, and there is no default flow.")
        return chosen

    # variables

    def open_locals(self, token: Token) -> None:
        """Evaluate the input mappings into a scope of the token's own."""
        if not self.inputs_map:
            return
        run = token.workflow.run
        run.scopes.open(token.id, token.workflow.number)
        for line in self.inputs_map:
            found = kept(line.root, run.evaluate(line.source, token.id))
            if line.path:
                found = merged(run.scopes.find(token.id, line.root), line.path, found)
            run.scopes.put(token.id, line.root, found)

    def outwards(self, token: Token) -> int:
        """The scope results go to: the item's own in a multi-instance, else the one around the node."""
        return token.workflow.number

    def give(self, token: Token, payload: Mapping[str, Any] | None) -> None:
        """Results, plain JSON, to variables: by the output mappings, else each to the nearest scope that has it."""
        run = token.workflow.run
        if self.outputs_map:
            self._map_outputs(token, payload)
        elif payload:
            run.scopes.write_all(token.scope, payload)

    def _map_outputs(self, token: Token, payload: Mapping[str, Any] | None) -> None:
        run, to = token.workflow.run, self.outwards(token)
        facts: list[tuple[str, Any]] = []
        found: dict[str, Any] = {}
        for line in self.outputs_map:
            result = kept(line.root, run.evaluate(line.source, token.scope, payload))
            if line.root == "complaint":
                facts.append((".".join(line.path), result))
            elif line.path:
                base = found[line.root] if line.root in found else run.scopes.find(to, line.root)
                found[line.root] = merged(base, line.path, result)
            else:
                found[line.root] = result
        for name, result in found.items():
            run.scopes.write(to, name, result)
        for name, result in facts:
            run.command.write_complaint(name, result)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"
