"""Where a name is found at run time, decided when the expression is compiled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.feel.runtime import Code, Frame
from engine.feel.values import plain


class Layer:
    """Names one frame holds: fixed ones, or (``dynamic``) the entries of whatever context an item is."""

    __slots__ = ("dynamic", "names", "parent")

    def __init__(self, parent: Layer | None, names: Iterable[str] = (), *, dynamic: bool = False) -> None:
        self.parent = parent
        self.names = set(names)
        self.dynamic = dynamic


def is_local(layer: Layer | None, name: str) -> bool:
    """Whether some layer certainly holds the name."""
    while layer is not None:
        if name in layer.names:
            return True
        layer = layer.parent
    return False


def behind_items(layer: Layer | None) -> bool:
    """Whether the name could be an entry of an item that is being filtered."""
    while layer is not None:
        if layer.dynamic:
            return True
        layer = layer.parent
    return False


def lookup(layer: Layer | None, name: str) -> Code:
    """Code that reads a name from the nearest frame that has it, at last from the caller's scope."""
    hops = 0
    items: list[int] = []
    while layer is not None and name not in layer.names:
        if layer.dynamic:
            items.append(hops)
        hops += 1
        layer = layer.parent
    certain = _at(hops, name)
    return _through_items(items, name, certain) if items else certain


def _at(hops: int, name: str) -> Code:
    if hops == 0:

        def here(frame: Frame) -> Any:
            value = frame.names.get(name)
            return value if type(value) is not float else plain(value)

        return here

    def further(frame: Frame) -> Any:
        for _ in range(hops):
            frame = frame.parent  # type: ignore[assignment]
        value = frame.names.get(name)
        return value if type(value) is not float else plain(value)

    return further


def _through_items(items: list[int], name: str, certain: Code) -> Code:
    def search(frame: Frame) -> Any:
        candidate, passed = frame, 0
        for hops in items:
            for _ in range(hops - passed):
                candidate = candidate.parent  # type: ignore[assignment]
            passed = hops
            if name in candidate.names:
                return plain(candidate.names[name])
        return certain(frame)

    return search
