"""How fast FEEL and DMN are, beside SpiffWorkflow's decision tables: JSON lines, microseconds in the median."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.specs.model import DecisionTable, Input, InputEntry, Output, OutputEntry, Rule

from engine.dmn import read_decisions
from engine.feel import FeelError, compile_expression
from engine.feel.expression import build_expression
from tests.bench.feel_condition import CONDITION, SCOPE
from tests.bench.measuring import median_us

FORTY = 'severity = "major" and amount > 50000.00'
ENDLESS = ("9 ** 9 ** 9", "for i in 1..1000000000 return i", "(" * 5_000, '"' + "x" * 1_000_000 + '"')


def table(rules: int = 50) -> bytes:
    """A table of four inputs where only the last rule matches."""
    rows = "".join(
        f'<rule id="r{n}"><inputEntry><text>"k{n % 10}"</text></inputEntry><inputEntry><text>[{n * 100}..{n * 100 + 99}]'
        f"</text></inputEntry><inputEntry><text>{'true' if n % 2 else '-'}</text></inputEntry><inputEntry><text>&gt; {n}"
        f'</text></inputEntry><outputEntry><text>"g{n}"</text></outputEntry></rule>'
        for n in range(rules)
    )
    columns = "".join(
        f'<input><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression></input>'
        for name, kind in (("a", "string"), ("b", "number"), ("c", "boolean"), ("d.e", "number"))
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="D" namespace="urn:d">'
        f'<decision id="t" name="T"><decisionTable hitPolicy="UNIQUE">{columns}<output name="g" typeRef="string"/>'
        f"{rows}</decisionTable></decision></definitions>"
    ).encode()


def spiffworkflow(rules: int = 50) -> Callable[[], Any]:
    """The same table in SpiffWorkflow's own DMN, its cells written as the Python it reads them as."""
    made = DecisionTable("t", "T", "COLLECT")
    columns = [Input(f"i{n}", text, text, text, "") for n, text in enumerate(("a", "b", "c", "e"))]
    output = Output("o", "g", "g", "string")
    for number in range(rules):
        rule = Rule(f"r{number}")
        low = number * 100
        cells = (
            f"'k{number % 10}'",
            f"{low} <= ? <= {low + 99}",
            "True" if number % 2 else None,
            f"> {number}",
        )
        for column, cell in zip(columns, cells, strict=True):
            entry = InputEntry("", column)
            entry.lhs = [cell] if cell else []
            rule.inputEntries.append(entry)
        answer = OutputEntry("", output)
        answer.text = f"'g{number}'"
        rule.outputEntries.append(answer)
        made.rules.append(rule)
    data = {"a": "k9", "b": 4950, "c": True, "e": 100}
    task: Any = SimpleNamespace(data=data, workflow=SimpleNamespace(script_engine=PythonScriptEngine()))
    engine = DMNEngine(made)
    return lambda: engine.result(task)


def _refused(text: str) -> None:
    try:
        compile_expression(text).evaluate({})
    except FeelError:
        return


def main() -> None:
    """Measure and print."""
    inputs = {"a": "k9", "b": 4950, "c": True, "d": {"e": 100}}
    condition, decisions = compile_expression(CONDITION), read_decisions(table())
    rows: dict[str, float] = {
        "feel condition, cached": median_us(lambda: condition.evaluate(SCOPE)),
        "feel condition, found in the cache": median_us(
            lambda: compile_expression(CONDITION).evaluate(SCOPE)
        ),
        "feel parse of 40 characters": median_us(lambda: build_expression(FORTY, (), {}), 500),
        "dmn table of 50 rules by 4": median_us(lambda: decisions.value("t", inputs), 500),
        "dmn table explained": median_us(lambda: decisions.evaluate("t", inputs), 500),
    }
    assert spiffworkflow()() == {"g": ["g49"]}
    rows["SpiffWorkflow's table of 50 rules by 4"] = median_us(spiffworkflow(), 50)
    for text in ENDLESS:
        rows[f"refused: {text[:20]}"] = median_us(lambda text=text: _refused(text), 5)  # type: ignore[misc]
    for name, microseconds in rows.items():
        sys.stdout.write(json.dumps({"what": name, "median_us": microseconds}) + "\n")


if __name__ == "__main__":
    main()
