"""Which variables each place of a set of processes may see, and what each node gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.bpmn.expressions import RESERVED, Value, condition
from engine.bpmn.extensions import Map
from engine.bpmn.rules.texts import MOST_TOKENS, tokens_in
from engine.checks.events import CATCHING, declared_names, named_by
from engine.checks.house import House
from engine.checks.inference import infer
from engine.checks.levels import Level, Node, Process
from engine.checks.places import Place, item_names
from engine.checks.scopes import ANY_NAMES, NO_NAMES, Names, Scope
from engine.checks.shapes import ANY, NOTHING, Shape, of_keys
from engine.dmn import DecisionModel
from engine.feel import Expression, FeelError
from forms.components import FormDefinition

COUNTS = Names(
    {
        name: ANY
        for name in (
            "numberOfInstances",
            "numberOfActiveInstances",
            "numberOfCompletedInstances",
            "numberOfTerminatedInstances",
        )
    }
)


@dataclass(frozen=True)
class Definitions:
    """What the processes may refer to, by id."""

    forms: Mapping[str, FormDefinition]
    decisions: Mapping[str, DecisionModel]
    decision_shapes: Mapping[str, Shape]


@dataclass(eq=False)
class Variables:
    """The scopes of all processes; `engine.checks.settling` fills them.

    `given` are the names each process begins with, `writers` the nodes that may write a name of a process, `thrown` what
    goes with the messages and signals that processes send, by kind and name.
    """

    house: House
    definitions: Definitions
    processes: Mapping[str, Process]
    roots: dict[str, Scope] = field(default_factory=dict)
    levels: dict[Level, Scope] = field(default_factory=dict)
    places: dict[Node, Place] = field(default_factory=dict)
    given: dict[Scope, set[str]] = field(default_factory=dict)
    writers: dict[tuple[Scope, str], set[Node]] = field(default_factory=dict)
    thrown: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    user_tasks: Shape = NOTHING
    _compiled: dict[str, Expression | None] = field(default_factory=dict)
    _tokens: int = 0

    def compiled(self, text: str | None, *, always: bool = False) -> Expression | None:
        """The FEEL of a text of a diagram; None for plain words and for what cannot be read, which is told elsewhere.

        `always`: with or without the leading "=", as conditions are.
        """
        if text is None or not (always or text.strip().startswith("=")):
            return None
        if text not in self._compiled:
            self._tokens += tokens_in(text)
            try:
                # the rules refuse a file with more
                made = None if self._tokens > MOST_TOKENS else condition(text) if always else Value(text)
                self._compiled[text] = None if made is None else made.expression
            except FeelError:
                self._compiled[text] = None
        return self._compiled[text]

    def see(self, scope: Scope, extra: Names = NO_NAMES) -> Callable[[str], Shape | None]:
        """What an expression sees from a scope, with what came along laid over it."""

        def seen(name: str) -> Shape | None:
            if name in RESERVED:
                return {"complaint": self.house.complaint, "done_by": self.user_tasks}.get(name, ANY)
            if name in extra.shapes:
                return extra.shapes[name]
            found = scope.see(name)
            return ANY if found is None and extra.open else found

        return seen

    def shape(self, text: str, scope: Scope, extra: Names = NO_NAMES) -> Shape:
        """The shape of the value of a text."""
        expression = self.compiled(text)
        return ANY if expression is None else infer(expression.tree, self.see(scope, extra))[0]

    def inputs_of(self, node: Node) -> Iterator[tuple[Map, Scope]]:
        """The input mappings, each with the scope it is worked out in: the lines before it have been, later ones not."""
        inside = self.places[node].inside
        own = {"loopCounter", *(item_names(node) if node.loop is not None else ())}
        scope = Scope(inside.parent, {name: inside.names[name] for name in own if name in inside.names})
        for line in node.extensions.inputs:
            yield line, scope
            root = line.target.split(".")[0]
            scope = Scope(scope.parent, {**scope.names, root: inside.names.get(root, NOTHING)})

    # what comes out of a node

    def result(self, node: Node) -> Names:
        """The variables a node's own work gives, before its output mappings."""
        kind, extensions = node.kind, node.extensions
        if kind == "userTask":
            return self._answers(extensions.get("formDefinition", "formId"))
        if "taskDefinition" in extensions.elements:
            return self._outputs(node)
        if "script" in extensions.elements:
            return self._script(node)
        if "calledDecision" in extensions.elements:
            return self._decision(node)
        if kind == "callActivity":
            return self._called(node)
        return self.payload(node) if kind in CATCHING else NO_NAMES

    def _answers(self, form: str | None) -> Names:
        if form is None:
            return NO_NAMES
        found = self.definitions.forms.get(form)
        if found is None:
            return ANY_NAMES
        keys = [component.key for component in found.fields() if not component.readonly]
        return Names(of_keys(key for key in keys if not key.startswith("complaint.")))

    def _outputs(self, node: Node) -> Names:
        type_ = node.extensions.get("taskDefinition", "type") or ""
        operation = self.house.operations.get(type_)
        if operation is None:
            return ANY_NAMES
        shapes = {field.data_key or name: ANY for name, field in operation.output().fields.items()}
        under = node.extensions.headers.get("resultVariable")
        return Names({under: Shape(shapes)} if under else shapes)

    def _script(self, node: Node) -> Names:
        text = node.extensions.get("script", "expression") or ""
        name = node.extensions.get("script", "resultVariable") or "result"
        return Names({name: self.shape(text, self.places[node].inside)})

    def _decision(self, node: Node) -> Names:
        decision = node.extensions.get("calledDecision", "decisionId") or ""
        name = node.extensions.get("calledDecision", "resultVariable") or "result"
        return Names({name: self.definitions.decision_shapes.get(decision, ANY)})

    def _called(self, node: Node) -> Names:
        called = node.extensions.get("calledElement", "processId") or ""
        takes = node.extensions.get("calledElement", "propagateAllChildVariables") != "false"
        if not takes and not node.extensions.outputs:
            return NO_NAMES
        root = self.roots.get(called)
        return ANY_NAMES if root is None else Names(root.names, root.open)

    def payload(self, node: Node) -> Names:
        """The variables that come with what an event waits for."""
        happening = node.happening
        if happening == "message":
            return self._message(node)
        if happening == "timer":
            return Names({"warning": self.house.warning}) if _any_clock(node) else NO_NAMES
        if happening == "error":
            return Names({"code": ANY, "message": ANY})
        if happening == "escalation":
            return Names({"code": ANY, "message": ANY})
        return self._signal(node) if happening == "signal" else NO_NAMES

    def _message(self, node: Node) -> Names:
        declared = declared_names(node)
        if declared is not None:
            return Names({name: ANY for name in declared})
        name = named_by(node)
        known, sent = self.house.messages.get(name), self.thrown.get(("message", name))
        if known is None and sent is None:
            return ANY_NAMES
        return Names({**({} if known is None else known.members), **dict.fromkeys(sent or (), ANY)})

    def _signal(self, node: Node) -> Names:
        declared = declared_names(node)
        if declared is not None:
            return Names({name: ANY for name in declared})
        sent = self.thrown.get(("signal", named_by(node)))
        return ANY_NAMES if sent is None else Names(dict.fromkeys(sent, ANY))


def _any_clock(node: Node) -> bool:
    return node.extensions.properties.get("clock") == "any"
