"""Context functions (DMN 1.5 §10.3.4.10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.feel.builtins.registry import as_context, as_items, as_text, built_in, single
from engine.feel.runtime import Run
from engine.feel.values import CONTEXT, LIST, STRING, kind, plain

_BY_KEY: Mapping[str, Callable[[Any], bool]] = {
    "key": lambda value: kind(single(value)) is not LIST,
}


@built_in("get value", "m", "key", alternatives=(("m", "keys"),), named=_BY_KEY)
def get_value(run: Run, m: Any, key: Any) -> Any:
    """The value of an entry, or of an entry deeper down when a list of keys is given."""
    context = as_context(m)
    if kind(key) is LIST and len(key) != 1:
        return _deep_value(context, key)
    name = as_text(key)
    return None if context is None or name is None else plain(context.get(name))


def _deep_value(context: Any, keys: Any) -> Any:
    if not keys:
        return None
    for key in keys:
        if kind(context) is not CONTEXT or kind(key) is not STRING:
            return None
        context = plain(context.get(key))
    return context


@built_in("get entries", "m")
def get_entries(run: Run, m: Any) -> list[Any] | None:
    """A list of contexts with key and value."""
    context = as_context(m)
    if context is None:
        return None
    run.spend(len(context))
    return [{"key": key, "value": plain(context[key])} for key in context]


@built_in("context", "entries")
def context(run: Run, entries: Any) -> dict[str, Any] | None:
    """A context made of entries with key and value; null when one lacks them or a key repeats."""
    made: dict[str, Any] = {}
    found = as_items(entries)
    if found is None:
        return None
    for entry in found:
        if kind(entry) is not CONTEXT or "key" not in entry or "value" not in entry:
            return None
        key = entry["key"]
        if kind(key) is not STRING or key in made:
            return None
        made[key] = plain(entry["value"])
    return made


@built_in(
    "context put",
    "context",
    "key",
    "value",
    alternatives=(("context", "keys", "value"),),
    named=_BY_KEY,
)
def context_put(run: Run, context: Any, key: Any, value: Any) -> dict[str, Any] | None:
    """The context with one entry more or changed, perhaps deeper down along a list of keys."""
    keys = list(key) if kind(key) is LIST else [key]
    if not keys or any(kind(name) is not STRING for name in keys):
        return None
    return _put(run, as_context(context), keys, value)


def _put(run: Run, context: Any, keys: list[str], value: Any) -> dict[str, Any] | None:
    run.spend(1)
    if kind(context) is not CONTEXT or len(keys) > 100:
        return None
    made = dict(context)
    if len(keys) == 1:
        made[keys[0]] = value
        return made
    inner = _put(run, context.get(keys[0]), keys[1:], value)
    if inner is None:
        return None
    made[keys[0]] = inner
    return made


@built_in("context merge", "contexts")
def context_merge(run: Run, contexts: Any) -> dict[str, Any] | None:
    """The entries of all contexts; of the same key, the last."""
    made: dict[str, Any] = {}
    found = as_items(contexts)
    if found is None:
        return None
    for item in found:
        if kind(item) is not CONTEXT:
            return None
        run.spend(len(item) + 1)
        made.update(item)
    return made
