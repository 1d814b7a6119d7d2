"""Which variables each place of a set of processes may see: found once by letting every write of every process happen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn.expressions import RESERVED, Value, condition
from engine.bpmn.extensions import Map, read_extensions
from engine.bpmn.rules.texts import MOST_TOKENS, tokens_in
from engine.checks.house import House
from engine.checks.inference import infer
from engine.checks.levels import Level, Node, Process
from engine.checks.scopes import ANY_NAMES, NO_NAMES, Names, Scope
from engine.checks.shapes import ANY, NOTHING, Shape, nested, of_keys, of_names
from engine.dmn import DecisionModel
from engine.feel import Expression, FeelError
from forms.components import FormDefinition

ROUNDS = 15
MOST_WRITES = 500_000
DECLARED = "variables"
"""The property of a start event, a message or an event that waits for one: the names that come with it."""

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
CATCHING = frozenset({"startEvent", "boundaryEvent", "intermediateCatchEvent", "receiveTask"})
PASSING_BY = frozenset({"startEvent", "endEvent", "intermediateThrowEvent", "boundaryEvent"})
"""Events that pass by: their input mappings, if somebody drew any, are not worked out (but for a message's operation)."""


@dataclass(frozen=True)
class Definitions:
    """What the processes may refer to, by id."""

    forms: Mapping[str, FormDefinition]
    decisions: Mapping[str, DecisionModel]
    decision_shapes: Mapping[str, Shape]


@dataclass(eq=False, slots=True)
class Place:
    """The scopes of one node: `around` is its level's; `inside` the one its own texts look into first.

    They differ where it has variables of its own. `items` is the scope of a multi-instance around its items.
    """

    around: Scope
    inside: Scope
    items: Scope | None = None


@dataclass(eq=False)
class Variables:
    """The scopes of all processes, settled.

    `given` are the names each process begins with, `writers` the nodes that may write a name of a process.
    """

    house: House
    definitions: Definitions
    processes: Mapping[str, Process]
    roots: dict[str, Scope] = field(default_factory=dict)
    levels: dict[Level, Scope] = field(default_factory=dict)
    places: dict[Node, Place] = field(default_factory=dict)
    given: dict[Scope, set[str]] = field(default_factory=dict)
    writers: dict[tuple[Scope, str], set[Node]] = field(default_factory=dict)
    user_tasks: Shape = NOTHING
    _compiled: dict[str, Expression | None] = field(default_factory=dict)
    _given: set[tuple[Scope, Scope]] = field(default_factory=set)
    _writes: int = 0
    _tokens: int = 0

    @classmethod
    def of(cls, processes: Iterable[Process], house: House, definitions: Definitions) -> Variables:
        """The variables of these processes, which may call one another."""
        made = cls(house, definitions, {process.id: process for process in processes})
        made._open_scopes()
        made._settle()
        return made

    # looking

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
        own = {"loopCounter", *(_item_names(node) if node.loop is not None else ())}
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
            return Names({"code": ANY})
        return NO_NAMES

    def _message(self, node: Node) -> Names:
        message = node.refers_to()
        declared = declared_names(node)
        if declared is not None:
            return Names({name: ANY for name in declared})
        known = self.house.messages.get("" if message is None else message.get("name") or "")
        return ANY_NAMES if known is None else Names(known.members)

    # settling

    def _open_scopes(self) -> None:
        tasks: dict[str, Shape] = {}
        for process in self.processes.values():
            root = self.roots[process.id] = self.levels[process.top] = Scope()
            self.given[root] = set()
            for level in process.levels:
                if level.owner is not None:
                    self.levels[level] = self.places[level.owner].inside
                for node in level.nodes.values():
                    self.places[node] = _place(node, self.levels[level])
                    if node.kind == "userTask":
                        tasks[node.id] = ANY
        self.user_tasks = Shape(tasks)

    def _settle(self) -> None:
        for process in self.processes.values():
            self._begin(process)
        for _ in range(ROUNDS):
            before = self._everything()
            self._given.clear()
            for node in (node for process in self.processes.values() for node in process.nodes()):
                self._happen(node)
                if self._writes > MOST_WRITES:
                    break
            if self._writes > MOST_WRITES:
                break
            if self._everything() == before:
                return
        for root in self.roots.values():  # it did not settle: nothing is claimed of any name
            root.open = True

    def _everything(self) -> list[tuple[dict[str, Shape], bool]]:
        scopes = [*self.roots.values(), *(place.inside for place in self.places.values())]
        return [(dict(scope.names), scope.open) for scope in dict.fromkeys(scopes)]

    def _begin(self, process: Process) -> None:
        """What comes with the start of a process from outside."""
        root = self.roots[process.id]
        start = self.house.starts.get(process.id)
        if start is not None:
            further = dict(self._further(start.forms, start.not_passed_on))
            for name, shape in {**of_names(start.names).members, **further}.items():
                root.have(name, shape)
            root.have("intake", Shape(further))
        for node in process.top.of_kind("startEvent"):
            declared = declared_names(node)
            for name in declared or ():
                root.have(name, ANY)
            told = start is not None and _message_name(node) == start.message
            if node.happening == "message" and declared is None and not told:
                root.write_all(self.payload(node))
        for name in declared_by(process.top.element):
            root.have(name, ANY)
        self.given[root] |= root.names.keys()

    def _further(self, forms: Iterable[str], not_passed_on: frozenset[str]) -> Iterator[tuple[str, Shape]]:
        for id in forms:
            form = self.definitions.forms.get(id)
            if form is not None:
                yield from of_keys(key for key in form.keys if key not in not_passed_on).items()

    def _happen(self, node: Node) -> None:
        """All a node may write."""
        place, result = self.places[node], self.result(node)
        self._inputs(node, place)
        if node.kind == "startEvent":
            owner = node.level.owner
            if owner is not None and owner.is_event_subprocess:
                scope = self.levels[node.level]
                scope.open = scope.open or result.open
                for name, shape in result.shapes.items():
                    scope.have(name, shape)
            if node.extensions.outputs:
                self._outputs_of(node.extensions.outputs, place, place.around, NO_NAMES)
            return
        if node.extensions.outputs:
            self._note(node, {line.target.split(".")[0] for line in node.extensions.outputs})
            towards = place.inside if node.loop is not None else place.around
            self._outputs_of(node.extensions.outputs, place, towards, result)
        else:
            self._writes += len(result.shapes)
            place.inside.write_all(result)
            self._note(node, result.shapes)
        if node.loop is not None:
            self._collect(node, place)
        if node.kind == "callActivity":
            self._hand_over(node, place)

    def _note(self, node: Node, names: Iterable[str]) -> None:
        root = self.places[node].around.outermost
        for name in names:
            self.writers.setdefault((root, name), set()).add(node)

    def _inputs(self, node: Node, place: Place) -> None:
        if place.inside is place.around:
            return
        loop = node.loop
        item = None if loop is None else loop.get("loopCharacteristics", "inputElement")
        if loop is not None and item is not None:
            text = loop.get("loopCharacteristics", "inputCollection") or ""
            place.inside.have(item, self.shape(text, place.around))
        for line, scope in self.inputs_of(node):
            root, *path = line.target.split(".")
            place.inside.have(root, nested(path, self.shape(line.source, scope)))

    def _outputs_of(self, lines: Iterable[Map], place: Place, towards: Scope, result: Names) -> None:
        for line in lines:
            root, *path = line.target.split(".")
            if root and root not in RESERVED:
                towards.write(root, nested(path, self.shape(line.source, place.inside, result)))

    def _collect(self, node: Node, place: Place) -> None:
        assert node.loop is not None
        name = node.loop.get("loopCharacteristics", "outputCollection")
        text = node.loop.get("loopCharacteristics", "outputElement")
        if name is not None and text is not None and place.items is not None:
            shape = self.shape(text, place.inside)
            place.items.have(name, shape)
            place.around.write(name, shape)
            self._note(node, (name,))

    def _hand_over(self, node: Node, place: Place) -> None:
        """A called process begins with what its caller sees, or with the inputs alone."""
        called = node.extensions.get("calledElement", "processId") or ""
        gives_all = node.extensions.get("calledElement", "propagateAllParentVariables") != "false"
        # which process a computed id means is not known: it may be any that nobody calls by its name
        roots = [self.roots[called]] if called in self.roots else []
        if called.startswith("="):
            roots = list(self.roots.values())
        for root in roots:
            self._give(root, Names(place.inside.names, place.inside.open))
            around = place.inside.parent
            if gives_all and around is not None and (root, around) not in self._given:
                self._given.add((root, around))  # what several calls from one place see is the same
                self._give(root, around.visible())

    def _give(self, root: Scope, names: Names) -> None:
        self._writes += len(names.shapes)
        root.open = root.open or names.open
        self.given[root] |= names.shapes.keys()
        for name, shape in names.shapes.items():
            root.have(name, shape)


def declared_by(element: etree._Element) -> tuple[str, ...]:
    """The names an element says that come with it, by its property `variables`."""
    return _split(_properties_of(element).get(DECLARED))


def declared_names(node: Node) -> tuple[str, ...] | None:
    """The names an event, or its message, says that come with it; None where neither says anything."""
    message = node.refers_to() if node.happening == "message" else None
    for properties in (node.extensions.properties, _properties_of(message)):
        if DECLARED in properties:
            return _split(properties[DECLARED])
    return None


def _properties_of(element: etree._Element | None) -> Mapping[str, str]:
    return {} if element is None else read_extensions(element).properties


def _split(names: str | None) -> tuple[str, ...]:
    return tuple(name for each in (names or "").split(",") if (name := each.strip()))


def _any_clock(node: Node) -> bool:
    return node.extensions.properties.get("clock") == "any"


def _message_name(node: Node) -> str | None:
    message = node.refers_to() if node.happening == "message" else None
    return None if message is None else message.get("name")


def _place(node: Node, around: Scope) -> Place:
    inputs = [line.target.split(".")[0] for line in node.extensions.inputs]
    if node.loop is not None:
        items = Scope(around)
        inside = Scope(items, {name: NOTHING for name in (*inputs, *_item_names(node))})
        inside.have("loopCounter", ANY)
        collection = node.loop.get("loopCharacteristics", "outputCollection")
        if collection is not None:
            items.have(collection)
        return Place(around, inside, items)
    passing_by = node.kind in PASSING_BY and "taskDefinition" not in node.extensions.elements
    holds = node.kind in ("subProcess", "transaction", "adHocSubProcess", "callActivity")
    if holds or (inputs and not passing_by):
        return Place(around, Scope(around, {name: NOTHING for name in inputs}))
    return Place(around, around)


def _item_names(node: Node) -> Iterator[str]:
    assert node.loop is not None
    item = node.loop.get("loopCharacteristics", "inputElement")
    if item is not None:
        yield item
    text = (node.loop.get("loopCharacteristics", "outputElement") or "").strip()
    if text.startswith("=") and text[1:].strip().isidentifier():
        yield text[1:].strip()
