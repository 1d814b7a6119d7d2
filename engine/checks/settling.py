"""Finding what every scope may hold: every write of every process happens, again and again, until nothing is new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.bpmn.expressions import RESERVED
from engine.bpmn.extensions import Map
from engine.checks.events import THROWING, declared_by, declared_names, named_by
from engine.checks.house import House
from engine.checks.levels import Node, Process
from engine.checks.places import Place, of_a_flow, place_of
from engine.checks.scopes import NO_NAMES, Names, Scope
from engine.checks.shapes import ANY, Shape, nested, of_keys, of_names
from engine.checks.variables import Definitions, Variables

ROUNDS = 15
MOST_WRITES = 500_000


def settled(processes: Iterable[Process], house: House, definitions: Definitions) -> Variables:
    """The variables of these processes, which may call one another."""
    made = Variables(house, definitions, {process.id: process for process in processes})
    _Settling(made).settle()
    return made


class _Settling:
    def __init__(self, variables: Variables) -> None:
        self.variables = variables
        self._given: set[tuple[Scope, Scope]] = set()
        self._writes = 0

    def settle(self) -> None:
        """Until nothing is new, or there was too much."""
        self._look_for_throwers()
        self._open_scopes()
        for process in self.variables.processes.values():
            self._begin(process)
        for _ in range(ROUNDS):
            if self._round():
                return
            if self._writes > MOST_WRITES:
                break
        for root in self.variables.roots.values():  # it did not settle: nothing is claimed of any name
            root.open = True

    def _round(self) -> bool:
        """Whether nothing was new."""
        before = self._everything()
        self._given.clear()
        for node in (node for process in self.variables.processes.values() for node in process.nodes()):
            self._happen(node)
            if self._writes > MOST_WRITES:
                return False
        return self._everything() == before

    def _open_scopes(self) -> None:
        tasks: dict[str, Shape] = {}
        for process in self.variables.processes.values():
            root = self.variables.roots[process.id] = self.variables.levels[process.top] = Scope()
            self.variables.given[root] = set()
            for level in process.levels:
                if level.owner is not None:
                    inside = self.variables.places[level.owner].inside
                    self.variables.levels[level] = (
                        of_a_flow(level.owner, inside) if level.is_ad_hoc else inside
                    )
                for node in level.nodes.values():
                    self.variables.places[node] = place_of(node, self.variables.levels[level])
                    if node.kind == "userTask":
                        tasks[node.id] = ANY
        self.variables.user_tasks = Shape(tasks)

    def _look_for_throwers(self) -> None:
        """What processes send themselves: with a signal or a published message go the inputs of what throws it."""
        thrown = self.variables.thrown
        for node in (node for process in self.variables.processes.values() for node in process.nodes()):
            by_operation = "taskDefinition" in node.extensions.elements
            if node.kind in THROWING and node.happening in ("message", "signal") and not by_operation:
                sent = thrown.setdefault((node.happening, named_by(node)), set())
                sent.update(line.target.split(".")[0] for line in node.extensions.inputs)
        if any(name.startswith("=") for _, name in thrown):
            thrown.clear()  # one of them may be any message: what comes with it is not known

    def _everything(self) -> list[tuple[dict[str, Shape], bool]]:
        scopes = [
            *self.variables.levels.values(),
            *(place.inside for place in self.variables.places.values()),
        ]
        return [(dict(scope.names), scope.open) for scope in dict.fromkeys(scopes)]

    def _begin(self, process: Process) -> None:
        """What comes with the start of a process from outside."""
        root = self.variables.roots[process.id]
        start = self.variables.house.starts.get(process.id)
        if start is not None:
            further = dict(self._further(start.forms, start.not_passed_on))
            for name, shape in {**of_names(start.names).members, **further}.items():
                root.have(name, shape)
            root.have("intake", Shape(further))
        for node in process.top.of_kind("startEvent"):
            declared = declared_names(node)
            for name in declared or ():
                root.have(name, ANY)
            told = start is not None and node.happening == "message" and named_by(node) == start.message
            if node.happening == "message" and declared is None and not told:
                root.write_all(self.variables.payload(node))
        for name in declared_by(process.top.element):
            root.have(name, ANY)
        self.variables.given[root] |= root.names.keys()

    def _further(self, forms: Iterable[str], not_passed_on: frozenset[str]) -> Iterator[tuple[str, Shape]]:
        for id in forms:
            form = self.variables.definitions.forms.get(id)
            if form is not None:
                yield from of_keys(key for key in form.keys if key not in not_passed_on).items()

    def _happen(self, node: Node) -> None:
        """All a node may write."""
        place, result = self.variables.places[node], self.variables.result(node)
        self._inputs(node, place)
        if node.kind == "startEvent":
            owner = node.level.owner
            if owner is not None and owner.is_event_subprocess:
                scope = self.variables.levels[node.level]
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
        if node.kind == "adHocSubProcess":
            self._collect_flows(node, place)
        if node.kind == "callActivity":
            self._hand_over(node, place)

    def _note(self, node: Node, names: Iterable[str]) -> None:
        root = self.variables.places[node].around.outermost
        for name in names:
            self.variables.writers.setdefault((root, name), set()).add(node)

    def _inputs(self, node: Node, place: Place) -> None:
        if place.inside is place.around:
            return
        loop = node.loop
        item = None if loop is None else loop.get("loopCharacteristics", "inputElement")
        if loop is not None and item is not None:
            text = loop.get("loopCharacteristics", "inputCollection") or ""
            place.inside.have(item, self.variables.shape(text, place.around))
        for line, scope in self.variables.inputs_of(node):
            root, *path = line.target.split(".")
            place.inside.have(root, nested(path, self.variables.shape(line.source, scope)))

    def _outputs_of(self, lines: Iterable[Map], place: Place, towards: Scope, result: Names) -> None:
        for line in lines:
            root, *path = line.target.split(".")
            if root and root not in RESERVED:
                towards.write(root, nested(path, self.variables.shape(line.source, place.inside, result)))

    def _collect(self, node: Node, place: Place) -> None:
        assert node.loop is not None
        name = node.loop.get("loopCharacteristics", "outputCollection")
        text = node.loop.get("loopCharacteristics", "outputElement")
        if name is not None and text is not None and place.items is not None:
            shape = self.variables.shape(text, place.inside)
            place.items.have(name, shape)
            place.around.write(name, shape)
            self._note(node, (name,))

    def _collect_flows(self, node: Node, place: Place) -> None:
        """The list an ad-hoc subprocess makes of what its flows give."""
        name = node.extensions.get("adHoc", "outputCollection")
        text = node.extensions.get("adHoc", "outputElement")
        if name is not None and text is not None and node.inner is not None:
            shape = self.variables.shape(text, self.variables.levels[node.inner])
            place.inside.have(name, shape)
            if node.loop is None:
                place.around.write(name, shape)
                self._note(node, (name,))

    def _hand_over(self, node: Node, place: Place) -> None:
        """A called process begins with what its caller sees, or with the inputs alone."""
        called = node.extensions.get("calledElement", "processId") or ""
        gives_all = node.extensions.get("calledElement", "propagateAllParentVariables") != "false"
        # which process a computed id means is not known: it may be any that nobody calls by its name
        roots = [self.variables.roots[called]] if called in self.variables.roots else []
        if called.startswith("="):
            roots = list(self.variables.roots.values())
        for root in roots:
            self._give(root, Names(place.inside.names, place.inside.open))
            around = place.inside.parent
            if gives_all and around is not None and (root, around) not in self._given:
                self._given.add((root, around))  # what several calls from one place see is the same
                self._give(root, around.visible())

    def _give(self, root: Scope, names: Names) -> None:
        self._writes += len(names.shapes)
        root.open = root.open or names.open
        self.variables.given[root] |= names.shapes.keys()
        for name, shape in names.shapes.items():
            root.have(name, shape)
