"""How much one variable and one command may bring into an instance; what is more is refused with the limit's own words.

Within these, any JSON is plain content: keys mean nothing to the engine, whatever they are called.
"""

from collections.abc import Mapping
from decimal import Decimal
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

_NUMBERS = frozenset({int, bool, type(None), Decimal, float})
_CONTAINERS = (Mapping, list, tuple)
_AS_IT_IS = frozenset({str, int, bool, type(None), float})
_FEW_PARTS = 500_000
"""Characters below which a value has fewer parts than FEEL writes as JSON at all: each has two, and a comma."""


def kept(name: str, found: Any) -> Any:
    """A value as it is kept under this name, plain JSON; raises LimitExceeded for too much, ValueRefused for no text."""
    return _plain(found, _measured(name, found))


def kept_all(found: Mapping[str, Any] | None) -> dict[str, Any]:
    """Everything that came along, plain JSON; raises LimitExceeded for too much alone or together, ValueRefused for no text."""
    if not found:
        return {}
    made, total = {}, 0
    for name, value in found.items():
        size = _measured(name, value)
        total += size
        made[name] = value if type(value) in _AS_IT_IS else _plain(value, size)
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
    if kind in _NUMBERS:
        return 8
    size = len(found) if kind is str else _size(name, found)
    if size > LARGEST_VALUE:
        raise _too_large(name)
    if kind is str:
        _require_text(name, found)
    return size


def _size(name: str, found: Any) -> int:
    """About how many characters of JSON; stops as soon as it is too much, and needs no stack for depth."""
    size, depth, here = 0, 0, [found]
    while here:
        depth += 1
        deeper: list[Any] = []
        for value in here:
            kind = type(value)
            if kind is str:
                size += len(value) + 2
                if not value.isascii():
                    _require_text(name, value)
            elif kind in _NUMBERS:
                size += 8
            elif kind is dict or kind is list or isinstance(value, _CONTAINERS):
                if depth > DEEPEST_VALUE:
                    raise _too_deep(name)
                parts = value.values() if kind is dict or isinstance(value, Mapping) else value
                size += 2 + (len(value) if parts is value else _size_of_names(name, value))
                if size > LARGEST_VALUE:
                    raise _too_large(name)
                deeper += parts
            elif isinstance(value, str):
                size += len(value) + 2
                _require_text(name, value)
            else:
                size += 8
        if size > LARGEST_VALUE:
            raise _too_large(name)
        here = deeper
    return size


def _size_of_names(name: str, found: Mapping[Any, Any]) -> int:
    try:
        names = "".join(found)
    except TypeError:  # a name that is no text is written as one
        names = "".join(map(str, found))
    _require_text(name, names)
    return len(names) + 4 * len(found)


def _plain(found: Any, size: int) -> Any:
    return _copied(found) if size < _FEW_PARTS else plain(found)


def _copied(found: Any) -> Any:
    """What `plain` makes of a measured value, without asking again for every part how deep it is and how many."""
    kind = type(found)
    if kind in _AS_IT_IS:
        return found
    if kind is dict:
        return {
            str(key): value if type(value) in _AS_IT_IS else _copied(value) for key, value in found.items()
        }
    if kind is list:
        return [value if type(value) in _AS_IT_IS else _copied(value) for value in found]
    return plain(found)


def _too_deep(name: str) -> LimitExceeded:
    return LimitExceeded(
        f"The variable {name!r} is nested more than {DEEPEST_VALUE} deep.", limit=DEEPEST_VALUE
    )


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
