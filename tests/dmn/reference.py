"""A slow evaluator of decision tables, written straight from DMN 1.5 §8.2 and §8.3, to compare with."""

import re
from typing import Any

from engine.dmn.xml import parse
from engine.feel import compile_expression, compile_unary_tests


def answer(source, inputs):
    """The answer of the only table of a file, without any of the shortcuts of the real one."""
    read: Any = parse(source)
    table = read.child("decision").child("decisionTable")
    asked = [_value(column.child("inputExpression"), inputs) for column in table.all("input")]
    output = table.child("output")
    hits = []
    for rule in table.all("rule"):
        cells = [entry.text_of("text") for entry in rule.all("inputEntry")]
        if all(_passes(cell, value, inputs) for cell, value in zip(cells, asked, strict=True)):
            hits.append(_value(rule.child("outputEntry"), inputs))
    if not hits:
        return _without(table, output, inputs)
    return _POLICIES[table.get("hitPolicy")](hits, output, table.get("aggregation"))


def _value(element, inputs):
    return compile_expression(element.text_of("text")).evaluate(inputs)


def _passes(cell, value, inputs):
    if cell == "-":
        return True
    negated = re.fullmatch(r"not\((.*)\)", cell)
    if negated:
        result = compile_unary_tests(negated.group(1)).evaluate(value, inputs)
        return result is False
    return compile_unary_tests(cell).evaluate(value, inputs) is True


def _without(table, output, inputs):
    default = output.child("defaultOutputEntry")
    if default is not None:
        return _value(default, inputs)
    if table.get("hitPolicy") != "COLLECT":
        return None
    return {"": [], "COUNT": 0}.get(table.get("aggregation"))


def _order(output):
    listed = output.child("outputValues").text_of("text")
    return [compile_expression(text).evaluate({}) for text in listed.split(",")]


def _by_order(hits, output):
    order = _order(output)
    return sorted(hits, key=lambda hit: order.index(hit) if hit in order else len(order))


def _collect(hits, output, aggregation):
    if not aggregation:
        return hits
    together: Any = {"COUNT": len, "SUM": sum, "MIN": min, "MAX": max}[aggregation]
    return together(hits)


_POLICIES = {
    "UNIQUE": lambda hits, output, _: hits[0] if len(hits) == 1 else None,
    "ANY": lambda hits, output, _: hits[0] if all(hit == hits[0] for hit in hits) else None,
    "FIRST": lambda hits, output, _: hits[0],
    "PRIORITY": lambda hits, output, _: _by_order(hits, output)[0],
    "OUTPUT ORDER": lambda hits, output, _: _by_order(hits, output),
    "RULE ORDER": lambda hits, output, _: hits,
    "COLLECT": _collect,
}
