"""What a designer should know of forms: all that refuses them, words that are missing, names that nobody supplies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from engine.bpmn.expressions import RESERVED
from engine.bpmn.rules.problems import Problem
from engine.checks.house import FORM_CONTEXT
from engine.checks.inference import Miss, infer
from engine.checks.levels import Node
from engine.checks.names import unknown_member, unwritable
from engine.checks.shapes import NOTHING, Shape, of_keys
from engine.checks.variables import Variables
from engine.domain.suggesting import meant
from engine.feel import syntax
from forms.components import Component, FormDefinition
from forms.problems import components_of, problems_of


class Forms:
    """The forms of a set of files by id, the ids of those that cannot be read, and what is wrong with them."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.by_id: dict[str, FormDefinition] = {}
        self.ids: set[str] = set()
        self.problems: list[Problem] = []
        for file, content in sorted(files.items()):
            if file.endswith(".form"):
                self._add(file, content)

    def _add(self, file: str, content: bytes) -> None:
        form, refusals = problems_of(content, file)
        for error in refusals:
            self.problems.append(Problem(file, error.line, error.component or "", "form", error.reason))
        self.ids.add(PurePosixPath(file).stem if form is None else form.id)
        if form is None:
            return
        other = self.by_id.setdefault(form.id, form)
        if other is not form:
            message = f"the form {form.id!r} stands in {other.file}, too"
            self.problems.append(Problem(file, 1, form.id, "duplicate", message))


def check_words(form: FormDefinition) -> Iterator[Problem]:
    """What people read: a help at each field, and English, whose Chinese stands in the catalog."""
    for component in components_of(form):
        name = component.key or component.id
        if component.is_field and not component.description:
            message = "the field has no help: say in its description what to write, and why it is asked"
            yield Problem(form.file, component.line, name, "help", message, "warning")
        own = (*component.words(),) if not component.components else (component.label, component.description)
        if any(_is_chinese(word) for word in own):
            message = "words of a form are English; their Chinese belongs into the catalog"
            yield Problem(form.file, component.line, name, "language", message, "warning")


def _is_chinese(words: str) -> bool:
    return any("\u3400" <= sign <= "\u9fff" for sign in words)


def check_keys(form: FormDefinition, variables: Variables) -> Iterator[Problem]:
    """What its answers are written to."""
    for component in form.fields():
        root, _, path = component.key.partition(".")
        if root == "complaint" and path and not component.readonly:
            message = unwritable(path, variables)
            if message:
                yield Problem(form.file, component.line, component.key, "member", message)
        elif root in RESERVED and not (root == "complaint" and path):
            message = f"the answer would hide the {root} that expressions see; choose another key"
            yield Problem(form.file, component.line, component.key, "reserved", message)


def misses_of(
    form: FormDefinition, variables: Variables, task: Node | None
) -> Iterator[tuple[Component, Miss]]:
    """What its expressions read in vain when this task asks it, or when it is asked on a page of its own."""
    own = of_keys(form.keys)
    given: Mapping[str, Shape] = {}
    unknown = False
    if task is not None:
        place = variables.places[task]
        if place.inside is not place.around:
            given, unknown = place.inside.names, place.inside.open
    context = {**FORM_CONTEXT, **given}
    if task is not None or not _registers_a_complaint(form, variables):
        context["complaint"] = variables.house.complaint

    def see(name: str) -> Shape | None:
        if name in own or name in context:
            return own.get(name, NOTHING) | context.get(name, NOTHING)
        return Shape(open=True) if unknown else None

    for component in components_of(form):
        for condition in _conditions(component):
            for miss in infer(condition, see)[1]:
                yield component, miss


def _registers_a_complaint(form: FormDefinition, variables: Variables) -> bool:
    return any(form.id in start.forms for start in variables.house.starts.values())


def _conditions(component: Component) -> Iterator[syntax.Node]:
    """The trees of its own expressions, not of those inside it."""
    inside = {id(each) for inner in component.components for each in inner.conditions()}
    for condition in component.conditions():
        if id(condition) not in inside:
            yield condition.expression.tree


def check_names(
    form: FormDefinition, variables: Variables, tasks: list[Node], *, at_the_form: bool
) -> Iterator[Problem]:
    """What its expressions read and nobody supplies.

    What neither a field nor any task that asks it supplies is told at the form, if that is to be told of; what
    single tasks do not give it, at these tasks.
    """
    asking: list[Node | None] = [*tasks] if tasks else [None]
    by_task = [{_key(*found): found for found in misses_of(form, variables, task)} for task in asking]
    common = set(by_task[0]).intersection(*by_task[1:]) if at_the_form else set()
    for key in (key for key in by_task[0] if key in common):
        component, miss = by_task[0][key]
        told = unknown_member(miss) if miss.path else _in_vain(miss, form, tasks)
        rule = "member" if miss.path else "name"
        yield Problem(form.file, component.line, component.key or component.id, rule, told)
    for task, found in zip(asking, by_task, strict=True):
        if task is not None:
            yield from _of_task(task, form, [found[key] for key in found if key not in common])


def _key(component: Component, miss: Miss) -> tuple[str, str, str]:
    return component.id, miss.name, miss.path


def _in_vain(miss: Miss, form: FormDefinition, tasks: list[Node]) -> str:
    known = {*(key.split(".")[0] for key in form.keys), "complaint", *FORM_CONTEXT}
    told = f"it reads {miss.name!r}{meant(miss.name, known)}; no field of this form is called so"
    if not tasks:
        return told
    listed = ", ".join(dict.fromkeys(task.id for task in tasks))
    return f"{told}, and no input mapping of {listed} gives it: a form sees the inputs of its task alone"


def _of_task(task: Node, form: FormDefinition, found: list[tuple[Component, Miss]]) -> Iterator[Problem]:
    """What the form of this task shows or asks, and this task does not give it."""
    diagram = task.level.diagram
    names: dict[str, list[str]] = {}
    for component, miss in found:
        name = component.key or component.id
        if miss.path:
            told = f"its form {form.id!r}, {name}: {unknown_member(miss)}"
            yield diagram.warning(task.element, "member", told)
        else:
            names.setdefault(miss.name, []).append(name)
    for name, places in names.items():
        listed = ", ".join(dict.fromkeys(places))
        told = f"its form {form.id!r} reads {name!r} ({listed}); without an input mapping it is null there"
        yield diagram.warning(task.element, "name", told)
