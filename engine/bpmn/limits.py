"""How much one variable and one command may bring into an instance; what is more is refused with the limit's own words.

Within these, any JSON is plain content: keys mean nothing to the engine, whatever they are called.
"""

from collections.abc import Mapping
from typing import Any

from engine.bpmn.expressions import plain
from engine.domain.errors import LimitExceeded, ValueRefused

LARGEST_VALUE = 1_000_000
"""Characters of JSON one variable may have."""
LARGEST_PAYLOAD = 2_000_000
"""Characters of JSON that come with one start, answer, message or result."""
DEEPEST_VALUE = 100
"""Lists and contexts inside one another in one variable."""
LONGEST_NAME = 256
"""Characters of a variable's name."""

_SMALL = frozenset({int, bool, type(None)})


def kept(name: str, found: Any) -> Any:
    """A value as it is kept under this name, plain JSON; raises LimitExceeded for too much, ValueRefused for no text."""
    _measured(name, found)
    return plain(found)


def kept_all(found: Mapping[str, Any] | None) -> dict[str, Any]:
    """Everything that came along, plain JSON; raises LimitExceeded for too much alone or together, ValueRefused for no text."""
    if not found:
        return {}
    made, total = {}, 0
    for name, value in found.items():
        total += _measured(name, value)
        made[name] = plain(value)
    if total > LARGEST_PAYLOAD:
        raise LimitExceeded(
            f"The variables together have {total} characters of JSON; at most {LARGEST_PAYLOAD} come with one step.",
            limit=LARGEST_PAYLOAD,
        )
    return made


def _measured(name: str, found: Any) -> int:
    if len(name) > LONGEST_NAME:
        raise LimitExceeded(
            f"The variable {name[:40]!r}… has a name of {len(name)} characters; at most {LONGEST_NAME} are kept.",
            limit=LONGEST_NAME,
        )
    _require_text(name, name)
    kind = type(found)
    if kind in _SMALL:
        return 8
    size = len(found) if kind is str else _size(name, found)
    if size > LARGEST_VALUE:
        raise _too_large(name)
    if kind is str:
        _require_text(name, found)
    return size


def _size(name: str, found: Any) -> int:
    """About how many characters of JSON; stops as soon as it is too much, and needs no stack for depth."""
    size = 0
    todo: list[tuple[Any, int]] = [(found, 1)]
    while todo:
        value, depth = todo.pop()
        if depth > DEEPEST_VALUE and isinstance(value, Mapping | list | tuple):
            raise LimitExceeded(
                f"The variable {name!r} is nested more than {DEEPEST_VALUE} deep.", limit=DEEPEST_VALUE
            )
        if isinstance(value, str):
            size += len(value) + 2
            _require_text(name, value)
        elif isinstance(value, Mapping):
            keys = "".join(map(str, value))
            size += 2 + len(keys) + 4 * len(value)
            _require_text(name, keys)
            todo += [(inner, depth + 1) for inner in value.values()]
        elif isinstance(value, list | tuple):
            size += 2 + len(value)
            todo += [(inner, depth + 1) for inner in value]
        else:
            size += 8
        if size > LARGEST_VALUE:
            raise _too_large(name)
    return size


def _require_text(name: str, text: str) -> None:
    """Refuse half of a surrogate pair: Python holds it, but no database and no JSON does."""
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueRefused(
            f"The variable {name!a} holds half a character, which is no text.", field=ascii(name)
        ) from None


def _too_large(name: str) -> LimitExceeded:
    return LimitExceeded(
        f"The variable {name!r} has more than {LARGEST_VALUE} characters of JSON.", limit=LARGEST_VALUE
    )
