"""How fast FEEL and DMN are, beside SpiffWorkflow and bkflow-feel: JSON lines, microseconds in the median."""

from __future__ import annotations

import importlib
import importlib.util
import json
import statistics
import sys
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.specs.model import DecisionTable, Input, InputEntry, Output, OutputEntry, Rule

from engine.dmn import read_decisions
from engine.feel import FeelError, compile_expression
from engine.feel.expression import build_expression

CONDITION = 'severity = "major" and amount > 50000'
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


def median(work: Callable[[], Any], times: int = 2_000) -> float:
    """Microseconds of the median run."""
    seen = []
    for _ in range(times):
        start = time.perf_counter_ns()
        work()
        seen.append(time.perf_counter_ns() - start)
    return round(statistics.median(seen) / 1000, 2)


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


def bkflow_feel() -> Callable[[], Any] | None:
    """The condition in bkflow-feel, where it is installed."""
    if importlib.util.find_spec("bkflow_feel") is None:
        return None
    parse = importlib.import_module("bkflow_feel.api").parse_expression
    return lambda: parse(CONDITION, {"severity": "major", "amount": 60000})


def _refused(text: str) -> None:
    try:
        compile_expression(text).evaluate({})
    except FeelError:
        return


def main() -> None:
    """Measure and print."""
    scope = {"severity": "major", "amount": 60000}
    inputs = {"a": "k9", "b": 4950, "c": True, "d": {"e": 100}}
    condition, decisions = compile_expression(CONDITION), read_decisions(table())
    rows: dict[str, float] = {
        "feel condition, cached": median(lambda: condition.evaluate(scope)),
        "feel condition, found in the cache": median(lambda: compile_expression(CONDITION).evaluate(scope)),
        "feel parse of 40 characters": median(lambda: build_expression(FORTY, (), {}), 500),
        "dmn table of 50 rules by 4": median(lambda: decisions.evaluate("t", inputs), 500),
        "dmn table explained": median(lambda: decisions.explain("t", inputs), 500),
    }
    assert spiffworkflow()() == {"g": ["g49"]}
    rows["SpiffWorkflow's table of 50 rules by 4"] = median(spiffworkflow(), 50)
    other = bkflow_feel()
    if other is not None:
        rows["bkflow-feel condition"] = median(other, 50)
    for text in ENDLESS:
        rows[f"refused: {text[:20]}"] = median(lambda text=text: _refused(text), 5)  # type: ignore[misc]
    for name, microseconds in rows.items():
        sys.stdout.write(json.dumps({"what": name, "median_us": microseconds}) + "\n")


if __name__ == "__main__":
    main()
