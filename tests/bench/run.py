"""`make bench`: Redress beside other engines, and how it bears size; `make bench PARTS="w1 http"` measures some parts.

Prints tables and writes build/bench.json. Contestants run in processes of their own, in turn; figures are medians.
"""

import json
import sys
import time
from typing import Any

from rich.console import Console

from tests.bench.others import BUILD
from tests.bench.parts import PARTS
from tests.bench.runs import Runs

WRITTEN = BUILD / "bench.json"


def main(names: list[str]) -> None:
    """Measure these parts, or all."""
    unknown = sorted(set(names) - set(PARTS))
    if unknown:
        raise SystemExit(f"There is no part {', '.join(unknown)}; there are {', '.join(PARTS)}.")
    out = Console(width=None if sys.stdout.isatty() else 120)
    BUILD.mkdir(exist_ok=True)
    began = time.monotonic()
    figures: dict[str, Any] = {}
    with Runs(out) as runs:
        for name in names or PARTS:
            out.print(f"{name} (after {time.monotonic() - began:.0f} s)")
            figures |= PARTS[name](runs)
    # Parts that were not measured now keep what they had.
    kept = json.loads(WRITTEN.read_text()) if names and WRITTEN.exists() else {}
    WRITTEN.write_text(json.dumps(_rounded({**kept, **figures}), indent=2, ensure_ascii=False) + "\n")
    out.print(f"Written to build/{WRITTEN.name} after {time.monotonic() - began:.0f} s.")


def _rounded(figures: Any) -> Any:
    if isinstance(figures, dict):
        return {name: _rounded(figure) for name, figure in figures.items()}
    return round(figures, 3) if isinstance(figures, float) else figures


if __name__ == "__main__":
    main(sys.argv[1:])
