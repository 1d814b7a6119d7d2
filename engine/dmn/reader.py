"""DMN 1.1 to 1.5 XML to the values of ``model``; what cannot be understood is refused with its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.dmn import model
from engine.dmn.errors import DmnError
from engine.dmn.xml import Element, parse

VERSIONS = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "http://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "http://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
    "http://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
FEEL_PREFIX = "feel"


def read_definitions(source: bytes, file: str = "") -> model.Definitions:
    """One DMN file."""
    root = parse(source, file)
    if root.name != "definitions" or root.namespace not in VERSIONS:
        raise DmnError(
            "dmn.version", "not a DMN 1.1 to 1.5 file", file=file, line=root.line, element=root.name
        )
    return model.Definitions(
        id=root.get("id"),
        name=root.get("name"),
        namespace=root.get("namespace"),
        file=file,
        imports=tuple(_import(element) for element in root.all("import")),
        types=tuple(_item_definition(element) for element in root.all("itemDefinition")),
        inputs=tuple(_input_data(element) for element in root.all("inputData")),
        decisions=tuple(_decision(element) for element in root.all("decision")),
        knowledge=tuple(_knowledge(element) for element in root.all("businessKnowledgeModel")),
        services=tuple(_service(element) for element in root.all("decisionService")),
    )


def refuse(element: Element, code: str, message: str) -> DmnError:
    """An error at an element."""
    name = element.get("id") or element.get("name") or element.name
    return DmnError(code, message, file=element.file, line=element.line, element=name)


def _import(element: Element) -> model.Import:
    kind = element.get("importType")
    if "/DMN/" in kind:  # the namespace of any version, or the place of its schema
        kind = "dmn"
    return model.Import(
        element.get("name"), element.get("namespace"), element.get("locationURI"), kind, element.line
    )


def type_ref(text: str | None) -> str:
    """A type reference without the prefix of the FEEL namespace (1.1 wrote ``feel:string``)."""
    text = (text or "").strip()
    prefix, colon, rest = text.partition(":")
    return rest if colon and " " not in prefix else text


def _declared(element: Element) -> str:
    """The type of an element, whether an attribute (1.2 and on) or a child (1.1 item definitions)."""
    return type_ref(element.get("typeRef") or element.text_of("typeRef"))


def _texts(element: Element, name: str) -> str:
    child = element.child(name)
    return "" if child is None else (child.text_of("text") or "").strip()


def _item_definition(element: Element) -> model.ItemDefinition:
    function = element.child("functionItem")
    return model.ItemDefinition(
        name=element.get("name"),
        type_ref=_declared(element),
        collection=element.get("isCollection") == "true",
        allowed=_texts(element, "allowedValues"),
        constraint=_texts(element, "typeConstraint"),
        components=tuple(_item_definition(child) for child in element.all("itemComponent")),
        function=None if function is None else _function_item(function),
        line=element.line,
    )


def _function_item(element: Element) -> tuple[tuple[model.Parameter, ...], str]:
    parameters = tuple(_parameter(child) for child in element.all("parameters"))
    return parameters, type_ref(element.get("outputTypeRef"))


def _parameter(element: Element) -> model.Parameter:
    return model.Parameter(element.get("name"), _declared(element))


def _variable_type(element: Element) -> str:
    variable = element.child("variable")
    return "" if variable is None else _declared(variable)


def _id(element: Element) -> str:
    """The id, or the name where a file gives no ids."""
    return element.get("id") or element.get("name")


def _name(element: Element) -> str:
    """The name an element is known by in expressions: its variable's, else its own."""
    variable = element.child("variable")
    return (variable.get("name") if variable is not None else "") or element.get("name")


def _input_data(element: Element) -> model.InputData:
    return model.InputData(
        _id(element), _name(element), element.get("name"), _variable_type(element), element.line
    )


def _requires(element: Element) -> tuple[str, ...]:
    """References to everything an element requires, in their order."""
    found: list[str] = []
    for child in element.children:
        if child.name in ("informationRequirement", "knowledgeRequirement"):
            found.extend(target.get("href") for target in child.children if target.get("href"))
    return tuple(found)


def _decision(element: Element) -> model.Decision:
    return model.Decision(
        id=_id(element),
        name=_name(element),
        label=element.get("name"),
        type_ref=_variable_type(element),
        question=element.text_of("question") or "",
        description=element.text_of("description") or "",
        expression=first_expression(element),
        requires=_requires(element),
        line=element.line,
    )


def _knowledge(element: Element) -> model.Knowledge:
    logic = element.child("encapsulatedLogic")
    return model.Knowledge(
        id=_id(element),
        name=_name(element),
        label=element.get("name"),
        type_ref=_variable_type(element),
        function=None if logic is None else _function(logic),
        requires=_requires(element),
        line=element.line,
    )


def _hrefs(element: Element, name: str) -> tuple[str, ...]:
    return tuple(child.get("href") for child in element.all(name))


def _service(element: Element) -> model.Service:
    return model.Service(
        id=_id(element),
        name=_name(element),
        label=element.get("name"),
        type_ref=_variable_type(element),
        output_decisions=_hrefs(element, "outputDecision"),
        encapsulated=_hrefs(element, "encapsulatedDecision"),
        input_decisions=_hrefs(element, "inputDecision"),
        input_data=_hrefs(element, "inputData"),
        line=element.line,
    )


# boxed expressions


def first_expression(element: Element) -> model.Boxed | None:
    """The boxed expression among the children, if any."""
    for child in element.children:
        reader = _EXPRESSIONS.get(child.name)
        if reader is not None and child.namespace in VERSIONS:
            found: model.Boxed = reader(child)
            return found
    return None


def _inside(element: Element, name: str) -> model.Boxed | None:
    child = element.child(name)
    return None if child is None else first_expression(child)


def _head(element: Element) -> tuple[str, int, str]:
    return element.get("id"), element.line, _declared(element)


def _literal(element: Element) -> model.Literal:
    language = element.get("expressionLanguage")
    text = (element.text_of("text") or "").strip()
    return model.Literal(*_head(element), text, "" if "feel" in language.lower() else language)


def _context(element: Element) -> model.Context:
    entries = []
    for child in element.all("contextEntry"):
        variable = child.child("variable")
        name = "" if variable is None else variable.get("name")
        kind = "" if variable is None else _declared(variable)
        entries.append(model.Entry(name, kind, first_expression(child), child.line))
    return model.Context(*_head(element), tuple(entries))


def _list(element: Element) -> model.Items:
    items = (first_expression_in(child) for child in element.children)
    return model.Items(*_head(element), tuple(item for item in items if item is not None))


def first_expression_in(element: Element) -> model.Boxed | None:
    """The element itself read as a boxed expression."""
    reader = _EXPRESSIONS.get(element.name)
    return None if reader is None else reader(element)


def _relation(element: Element) -> model.Relation:
    columns = tuple(child.get("name") for child in element.all("column"))
    rows = []
    for row in element.all("row"):
        cells = [first_expression_in(child) for child in row.children]
        rows.append(tuple(cell for cell in cells if cell is not None))
    return model.Relation(*_head(element), columns, tuple(rows))


def _function(element: Element) -> model.FunctionDefinition:
    kind = (element.get("kind") or "FEEL").upper()
    parameters = tuple(_parameter(child) for child in element.all("formalParameter"))
    return model.FunctionDefinition(*_head(element), kind, parameters, first_expression(element))


def _invocation(element: Element) -> model.Invocation:
    bindings = []
    for child in element.all("binding"):
        parameter = child.child("parameter")
        name = "" if parameter is None else parameter.get("name")
        bindings.append((name, first_expression(child)))
    function = next((f for f in (first_expression_in(c) for c in element.children) if f is not None), None)
    return model.Invocation(*_head(element), function, tuple(bindings))


def _conditional(element: Element) -> model.Conditional:
    return model.Conditional(
        *_head(element), _inside(element, "if"), _inside(element, "then"), _inside(element, "else")
    )


def _iterator(element: Element) -> model.Iterator:
    body = _inside(element, "return" if element.name == "for" else "satisfies")
    variable = element.get("iteratorVariable")
    return model.Iterator(*_head(element), element.name, variable, _inside(element, "in"), body)


def _filter(element: Element) -> model.Filter:
    return model.Filter(*_head(element), _inside(element, "in"), _inside(element, "match"))


def _table(element: Element) -> model.Table:
    policy = (element.get("hitPolicy") or "UNIQUE").upper()
    if policy not in _POLICIES:
        raise refuse(element, "dmn.hit_policy", f"there is no hit policy {policy!r}")
    outputs = tuple(_output(child) for child in element.all("output"))
    return model.Table(
        *_head(element),
        hit_policy=policy,
        aggregation=(element.get("aggregation")).upper(),
        orientation=element.get("preferredOrientation") or "Rule-as-Row",
        output_label=element.get("outputLabel"),
        inputs=tuple(_input(child) for child in element.all("input")),
        outputs=outputs,
        annotations=tuple(child.get("name") for child in element.all("annotation")),
        rules=tuple(_rule(child) for child in element.all("rule")),
    )


_POLICIES = frozenset({"UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"})


def _input(element: Element) -> model.Input:
    expression = element.child("inputExpression")
    if expression is not None:
        _require_feel(expression)
    text = "" if expression is None else (expression.text_of("text") or "").strip()
    kind = "" if expression is None else _declared(expression)
    return model.Input(
        element.get("id"), element.line, element.get("label"), text, kind, _texts(element, "inputValues")
    )


def _output(element: Element) -> model.Output:
    return model.Output(
        id=element.get("id"),
        line=element.line,
        name=element.get("name"),
        label=element.get("label"),
        type_ref=_declared(element),
        values=_texts(element, "outputValues"),
        default=_texts(element, "defaultOutputEntry"),
    )


def _rule(element: Element) -> model.Rule:
    annotations = tuple(child.text_of("text") or "" for child in element.all("annotationEntry"))
    return model.Rule(
        id=element.get("id"),
        line=element.line,
        inputs=tuple(_cell(child) for child in element.all("inputEntry")),
        outputs=tuple(_cell(child) for child in element.all("outputEntry")),
        description=element.text_of("description") or "",
        annotations=annotations,
    )


def _require_feel(element: Element) -> None:
    language = element.get("expressionLanguage")
    if language and "feel" not in language.lower():
        raise refuse(
            element, "dmn.language", f"the expression language {language!r} is refused; only FEEL is read"
        )


def _cell(element: Element) -> model.Cell:
    _require_feel(element)
    return model.Cell(element.get("id"), element.line, (element.text_of("text") or "").strip())


_EXPRESSIONS: dict[str, Callable[[Element], Any]] = {
    "literalExpression": _literal,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "functionDefinition": _function,
    "invocation": _invocation,
    "conditional": _conditional,
    "for": _iterator,
    "some": _iterator,
    "every": _iterator,
    "filter": _filter,
    "decisionTable": _table,
}
