"""How fast FEEL and DMN are, beside SpiffWorkflow's own DMN: one line of JSON each, microseconds in the median."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

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
    for text in ENDLESS:
        rows[f"refused: {text[:20]}"] = median(lambda text=text: _refused(text), 5)  # type: ignore[misc]
    for name, microseconds in rows.items():
        sys.stdout.write(json.dumps({"what": name, "median_us": microseconds}) + "\n")


if __name__ == "__main__":
    main()
