"""What becomes of a value that is kept as JSON: the same as on a database, so that nothing works in memory alone."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

_AS_THEY_ARE = frozenset({int, float, bool, type(None)})


def as_json(value: Any) -> Any:
    """The value as it comes back from a JSON column; raises TypeError for what JSON has no word for.

    Text loses its enum, moments become ISO 8601, tuples become lists, and a decimal without a fraction is a whole
    number.
    """
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return {str(name): as_json(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return [as_json(item) for item in sorted(value)]
    if isinstance(value, int):
        return int(value)
    raise TypeError(f"{kind.__name__} is not a JSON value.")


def _number(value: Decimal) -> Any:
    if not value.is_finite():
        raise TypeError(f"JSON has no number {value}.")
    exponent = value.as_tuple().exponent
    return int(value) if isinstance(exponent, int) and exponent >= 0 and value.adjusted() <= 30 else value
