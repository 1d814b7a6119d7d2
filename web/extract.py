"""Finds the words of forms, diagrams and refusals for the catalog, so that one catalog covers screens and drawings."""

import ast
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, cast

from lxml import etree

from forms.definitions import read_form

Found = tuple[int, str | None, str, list[str]]

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
# Names that only the engine reads; people never see them.
TECHNICAL = {BPMN + tag for tag in ("message", "error", "signal", "escalation", "definitions", "category")}


def words_of_form(file: BinaryIO, _keywords: Any, _tags: Any, options: Any) -> Iterator[Found]:
    """Labels, helps and options of a .form file."""
    form = read_form(file.read(), getattr(file, "name", "a form"))
    for component in form.components:
        for text in component.words():
            yield component.line, None, text, []


def names_of_diagram(file: BinaryIO, _keywords: Any, _tags: Any, options: Any) -> Iterator[Found]:
    """Names of the elements of a .bpmn file."""
    tree = etree.parse(file, etree.XMLParser(resolve_entities=False, no_network=True))
    for element in tree.iter(f"{BPMN}*"):
        name = " ".join(str(element.get("name") or "").split())
        if name and element.tag not in TECHNICAL:
            yield cast(int, element.sourceline or 0), None, name, []


def words_of_decisions(file: BinaryIO, _keywords: Any, _tags: Any, options: Any) -> Iterator[Found]:
    """Names, labels and notes of a .dmn file, and the sentences its rules give."""
    tree = etree.parse(file, etree.XMLParser(resolve_entities=False, no_network=True))
    for element in tree.iter("{*}decision", "{*}input", "{*}output", "{*}text", "{*}description"):
        where = cast(int, element.sourceline or 0)
        for text in _texts_of_decision(element):
            yield where, None, text, []


def _texts_of_decision(element: etree._Element) -> Iterator[str]:
    tag = etree.QName(element).localname
    if tag == "decision":
        yield str(element.get("name") or "")
    elif tag == "description":
        yield from filter(None, [" ".join((element.text or "").split())])
    elif tag in ("input", "output"):
        yield from filter(None, [str(element.get("label") or "")])
    else:
        around, text = element.getparent(), (element.text or "").strip()
        inside = "" if around is None else etree.QName(around).localname
        if inside == "annotationEntry" and text:
            yield text
        elif inside == "outputEntry" and text.startswith('"') and " " in text:
            yield text.strip('"')


def refusals(file: BinaryIO, _keywords: Any, _tags: Any, options: Any) -> Iterator[Found]:
    """What a module refuses with: sentences given to exceptions, and the docstrings that are their messages."""
    tree = ast.parse(file.read())
    errors: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(
            "Error" in ast.unparse(base) or ast.unparse(base) in errors for base in node.bases
        ):
            errors.add(node.name)
            yield from ((node.lineno, None, text, []) for text in _texts([_docstring(node)]))
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield from ((node.lineno, None, text, []) for text in _texts(node.exc.args[:1]))


def constants(file: BinaryIO, _keywords: Any, _tags: Any, options: Any) -> Iterator[Found]:
    """The sentences a module keeps under names in capitals, alone or in tables."""
    for node in ast.parse(file.read()).body:
        if isinstance(node, ast.Assign) and all(
            isinstance(t, ast.Name) and t.id.isupper() for t in node.targets
        ):
            yield from ((node.lineno, None, text, []) for text in _texts(_kept(node.value)))


def _kept(value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(value, ast.Dict):
        yield from value.values
    elif isinstance(value, ast.Tuple):
        yield from value.elts
    else:
        yield value


def _docstring(node: ast.ClassDef) -> ast.expr | None:
    first = node.body[0] if node.body else None
    return first.value if isinstance(first, ast.Expr) else None


def _texts(nodes: Iterable[ast.expr | None]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.value
