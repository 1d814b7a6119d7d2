"""The texts of a diagram: `=` begins FEEL, anything else is what it says."""

from collections.abc import Mapping
from typing import Any

from engine.feel import Environment, Expression, compile_expression, to_json

RESERVED = frozenset({"complaint", "now", "done_by"})
FUNCTIONS = frozenset(
    {"add working days", "add working time", "working days between", "is working day", "unit name"}
)
_PLAIN = frozenset({str, int, bool, type(None)})


class Value:
    """A compiled text. `expression` is None for a constant, which stands in `text`.

    `name` is the variable it reads, if it only reads one or an entry of one.
    """

    __slots__ = ("expression", "name", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        stripped = text.strip()
        self.expression: Expression | None = None
        self.name: str | None = None
        if stripped.startswith("="):
            self.expression = compile_expression(stripped[1:], FUNCTIONS)
            parts = stripped[1:].strip().split(".")
            self.name = parts[0] if all(part.isidentifier() for part in parts) else None

    def of(self, names: Mapping[str, Any], environment: Environment) -> Any:
        """The value over what is visible."""
        if self.expression is None:
            return self.text
        return self.expression.evaluate(names, environment)


def value(text: str | None) -> Value | None:
    """A compiled text, or None where there is none."""
    return None if text is None or not text.strip() else Value(text)


def condition(text: str) -> Value:
    """A condition is FEEL with or without the leading `=`."""
    stripped = text.strip()
    return Value(stripped if stripped.startswith("=") else f"={stripped}")


def plain(found: Any) -> Any:
    """A value as it is kept in a scope: plain JSON."""
    return found if type(found) in _PLAIN else to_json(found)
