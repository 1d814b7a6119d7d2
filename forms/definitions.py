"""Reads form-js JSON into a FormDefinition, and refuses what cannot be shown with file, line, component and reason."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

from engine.feel import FeelError, compile_expression, syntax
from forms.components import CHOICES, LISTS, TEXTS, Component, Condition, FormDefinition, Option
from forms.entries import LONGEST_WORDS, Entries
from forms.errors import FormDefinitionError
from forms.patterns import is_pattern
from forms.placed_json import NotJson, Placed, read_json

__all__ = ["FormDefinition", "FormDefinitionError", "read_form"]

SCHEMA_VERSION = 18
LARGEST_FILE = 256 * 1024
MOST_COMPONENTS = 200
MOST_OPTIONS = 300
DEEPEST_GROUP = 4
COLUMNS = 16
LONGEST_ANSWER = 50_000
LONGEST_WITH_PATTERN = 500

_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_ROOT = frozenset(
    [
        "type",
        "id",
        "schemaVersion",
        "components",
        "exporter",
        "executionPlatform",
        "executionPlatformVersion",
        "versionTag",
    ]
)
_ALWAYS = frozenset(["type", "id", "layout", "conditional", "properties"])
_ASKS = frozenset(["key", "label", "description", "validate", "disabled", "readonly", "defaultValue"])
_OF_TYPE: Mapping[str, frozenset[str]] = {
    "textfield": _ASKS | {"appearance"},
    "textarea": _ASKS,
    "number": _ASKS | {"appearance", "decimalDigits", "increment", "serializeToString"},
    "checkbox": _ASKS,
    "select": _ASKS | {"values", "valuesExpression", "searchable"},
    "radio": _ASKS | {"values", "valuesExpression"},
    "checklist": _ASKS | {"values", "valuesExpression"},
    "taglist": _ASKS | {"values", "valuesExpression"},
    "datetime": (_ASKS - {"label", "defaultValue"}) | {"subtype", "dateLabel"},
    "filepicker": frozenset(["key", "label", "description", "accept", "multiple"]),
    "group": frozenset(["label", "description", "components", "showOutline", "verticalAlignment", "path"]),
    "separator": frozenset(),
    "text": frozenset({"text"}),
}
_TEXT_RULES = frozenset(["required", "minLength", "maxLength", "pattern", "validationType"])
_VALIDATE: Mapping[str, frozenset[str]] = {
    "textfield": _TEXT_RULES,
    "textarea": _TEXT_RULES - {"pattern", "validationType"},
    "number": frozenset(["required", "min", "max", "validationType"]),
}
_PROPERTIES = frozenset(
    [
        "why",
        "required_if",
        "required_message",
        "pattern_message",
        "min_date",
        "max_date",
        "initial",
        "autocomplete",
    ]
)


def read_form(content: bytes, file: str) -> FormDefinition:
    """The form of a .form file; raises FormDefinitionError."""
    return FormReader(file).form(parse_form(content, file), sha256(content).hexdigest())


def parse_form(content: bytes, file: str) -> Placed:
    """The object of a .form file, not yet looked at; raises FormDefinitionError."""
    if len(content) > LARGEST_FILE:
        raise FormDefinitionError(f"the file is larger than {LARGEST_FILE // 1024} KB", file=file)
    try:
        found = read_json(content)
    except NotJson as error:
        raise FormDefinitionError(error.reason, file=file, line=error.line) from None
    if not isinstance(found, Placed):
        raise FormDefinitionError("a form is a JSON object", file=file, line=1)
    return found


class FormReader(Entries):
    """One form on its way from JSON to frozen values."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.ids: set[str] = set()
        self.keys: frozenset[str] = frozenset()
        self.asked: list[str] = []
        self.seen = 0

    def form(self, found: Placed, content_hash: str) -> FormDefinition:
        self.known(found, _ROOT, "a form")
        if found.get("type") != "default":
            self.refuse(found, 'the type of a form is "default"')
        if found.get("schemaVersion") != SCHEMA_VERSION:
            self.refuse(found, f"schemaVersion must be {SCHEMA_VERSION}")
        form_id = found.get("id")
        if not isinstance(form_id, str) or not _ID.fullmatch(form_id):
            self.refuse(found, "the form needs an id of letters, digits and _")
        self.keys = frozenset(_keys(found, DEEPEST_GROUP + 1))
        components = self._components(found, 0)
        self._no_answer_inside_another(found)
        return FormDefinition(form_id, self.file, content_hash, components)

    def _components(self, found: Placed, depth: int) -> tuple[Component, ...]:
        listed = found.get("components")
        if not isinstance(listed, list):
            self.refuse(found, "components must be a list")
        if depth > DEEPEST_GROUP:
            self.refuse(found, f"groups may be nested {DEEPEST_GROUP} deep")
        return tuple(self.component(item, found, depth) for item in listed)

    def component(self, item: Any, around: Placed, depth: int) -> Component:
        """One component of a form or group; raises FormDefinitionError."""
        if not isinstance(item, Placed):
            self.refuse(around, "a component must be an object")
        self.seen += 1
        if self.seen > MOST_COMPONENTS:
            self.refuse(item, f"a form may have {MOST_COMPONENTS} components")
        kind = item.get("type")
        if not isinstance(kind, str) or kind not in _OF_TYPE:
            self.refuse(item, f"type {str(kind)[:40]!r}: {self.instead(str(kind))}")
        self.known(item, _ALWAYS | _OF_TYPE[kind], f"a {kind}")
        identifier = item.get("id")
        if not isinstance(identifier, str) or not _ID.fullmatch(identifier):
            self.refuse(item, "every component needs an id of letters, digits and _")
        if identifier in self.ids:
            self.refuse(item, "this id stands twice")
        self.ids.add(identifier)
        return self._built(item, kind, identifier, depth)

    def _built(self, item: Placed, kind: str, identifier: str, depth: int) -> Component:
        properties = self.object(item, "properties")
        self.known(properties, _PROPERTIES, "properties", item)
        conditional = self.object(item, "conditional")
        self.known(conditional, frozenset({"hide"}), "conditional", item)
        appearance = self.object(item, "appearance")
        self.known(appearance, frozenset({"prefixAdorner", "suffixAdorner"}), "appearance", item)
        hide = self._condition(item, conditional, "hide")
        text = self.words(item, item, "text")
        text_from = self._condition(item, item, "text") if text.startswith("=") else None
        shown: dict[str, Any] = {
            "type": kind,
            "id": identifier,
            "line": item.line,
            "label": self.words(item, item, "dateLabel" if kind == "datetime" else "label"),
            "text": "" if text_from else text,
            "text_from": text_from,
            "description": self.words(item, item, "description"),
            "why": self.words(item, properties, "why"),
            "required_message": self.words(item, properties, "required_message"),
            "pattern_message": self.words(item, properties, "pattern_message"),
            **self._place(item),
            "prefix": self.words(item, appearance, "prefixAdorner"),
            "suffix": self.words(item, appearance, "suffixAdorner"),
            "hide": hide,
        }
        if kind == "group":
            return Component(**shown, components=self._group(item, depth))
        if kind in ("separator", "text"):
            return Component(**shown)
        return Component(**shown, **self._asking(item, kind, properties, str(shown["label"])))

    def _place(self, item: Placed) -> dict[str, Any]:
        """Where it stands beside others: form-js has rows of sixteen columns."""
        layout = self.object(item, "layout")
        self.known(layout, frozenset({"row", "columns"}), "layout", item)
        columns = self.count(item, layout, "columns")
        if columns is not None and not 1 <= columns <= COLUMNS:
            self.refuse(item, f"a row has {COLUMNS} columns")
        return {"row": self.plain(item, layout, "row"), "columns": columns}

    def _group(self, item: Placed, depth: int) -> tuple[Component, ...]:
        if item.get("path"):
            self.refuse(item, "a group's path is not used: write the whole key at each field")
        return self._components(item, depth + 1)

    def _asking(self, item: Placed, kind: str, properties: Mapping[str, Any], label: str) -> dict[str, Any]:
        key = item.get("key")
        if not isinstance(key, str) or len(key) > 100 or not _KEY.fullmatch(key):
            self.refuse(item, "the key must be words of a-z, 0-9 and _, joined by points")
        if key in self.asked:
            self.refuse(item, f"the key {key} stands twice")
        if not label:
            self.refuse(item, "a field needs a label")
        if kind == "filepicker":
            return {
                "key": key,
                "accept": self.plain(item, item, "accept"),
                "multiple": item.get("multiple") is True,
            }
        rules = self.object(item, "validate")
        self.known(rules, _VALIDATE.get(kind, frozenset({"required"})), "validate", item)
        asking = {
            "key": key,
            "required": self.flag(item, rules, "required"),
            "required_if": self._condition(item, properties, "required_if"),
            "readonly": self.flag(item, item, "readonly") or self.flag(item, item, "disabled"),
            "initial": self._before_answers(item, properties, "initial"),
            "autocomplete": self.plain(item, properties, "autocomplete"),
            **self._limits(item, kind, rules, properties),
            **self._choices(item, kind),
        }
        asking["default"] = self._default(item, kind, asking["options"])
        self.asked.append(key)
        return asking

    def _limits(
        self, item: Placed, kind: str, rules: Mapping[str, Any], properties: Mapping[str, Any]
    ) -> dict[str, Any]:
        limits: dict[str, Any] = {
            "min_length": self.count(item, rules, "minLength"),
            "max_length": self.count(item, rules, "maxLength"),
            "minimum": self.number(item, rules, "min"),
            "maximum": self.number(item, rules, "max"),
            "decimal_digits": self.count(item, item, "decimalDigits"),
            "min_date": self._condition(item, properties, "min_date"),
            "max_date": self._condition(item, properties, "max_date"),
        }
        if kind != "datetime" and (limits["min_date"] or limits["max_date"]):
            self.refuse(item, "min_date and max_date belong to a date")
        if kind == "datetime" and item.get("subtype") != "date":
            self.refuse(item, "only the subtype date can be shown")
        for low, high in (("min_length", "max_length"), ("minimum", "maximum")):
            if limits[low] is not None and limits[high] is not None and limits[low] > limits[high]:
                self.refuse(item, "the lower limit is above the upper one")
        if (limits["max_length"] or 0) > LONGEST_ANSWER:
            self.refuse(item, f"an answer may have {LONGEST_ANSWER} characters")
        return limits | self._shape(item, kind, rules, limits)

    def _shape(
        self, item: Placed, kind: str, rules: Mapping[str, Any], limits: Mapping[str, Any]
    ) -> dict[str, Any]:
        pattern = rules.get("pattern") or ""
        if pattern and not (isinstance(pattern, str) and is_pattern(pattern)):
            self.refuse(item, "the pattern is no regular expression that can be checked in bounded time")
        if pattern and (limits["max_length"] or LONGEST_ANSWER) > LONGEST_WITH_PATTERN:
            self.refuse(item, f"a field with a pattern needs a maxLength of at most {LONGEST_WITH_PATTERN}")
        shape = rules.get("validationType") or ""
        if shape not in ({"", "custom", "email", "phone"} if kind in TEXTS else {"", "custom"}):
            self.refuse(item, "validationType may be email, phone or custom")
        return {"pattern": pattern, "kind": "" if shape == "custom" else shape}

    def _choices(self, item: Placed, kind: str) -> dict[str, Any]:
        options_from = self._condition(item, item, "valuesExpression")
        listed = item.get("values")
        if kind not in CHOICES | LISTS:
            return {"options": (), "options_from": None}
        if (listed is None) == (options_from is None):
            self.refuse(item, "the options stand either in values or in valuesExpression")
        if options_from is not None:
            return {"options": (), "options_from": options_from}
        if not isinstance(listed, list) or not 0 < len(listed) <= MOST_OPTIONS:
            self.refuse(item, f"values must be a list of 1 to {MOST_OPTIONS} options")
        options = tuple(self._option(item, entry) for entry in listed)
        if len({option.value for option in options}) != len(options):
            self.refuse(item, "an option stands twice")
        return {"options": options, "options_from": None}

    def _option(self, item: Placed, entry: Any) -> Option:
        if not isinstance(entry, Placed) or set(entry) != {"label", "value"}:
            self.refuse(item, "an option has a label and a value")
        value, label = entry["value"], entry["label"]
        if not isinstance(value, str) or not 0 < len(value) <= 100 or value != value.strip():
            self.refuse(item, "the value of an option is a text of 1 to 100 characters")
        if not isinstance(label, str) or not 0 < len(label) <= 200:
            self.refuse(item, "the label of an option is a text of 1 to 200 characters")
        return Option(value, label)

    def _default(
        self, item: Placed, kind: str, options: Iterable[Option]
    ) -> str | bool | tuple[str, ...] | None:
        value = item.get("defaultValue")
        if value is None:
            return None
        values = {option.value for option in options}
        if kind == "checkbox" and isinstance(value, bool):
            return value
        if kind in TEXTS and isinstance(value, str) and len(value) <= LONGEST_WORDS:
            return value
        if kind == "number" and isinstance(value, int | Decimal) and not isinstance(value, bool):
            return str(value)
        if kind in CHOICES and isinstance(value, str) and value in values:
            return value
        if (
            kind in LISTS
            and isinstance(value, list)
            and all(isinstance(one, str) and one in values for one in value)
        ):
            return tuple(value)
        self.refuse(item, "defaultValue does not fit the field")

    def _condition(self, item: Placed, holder: Mapping[str, Any], name: str) -> Condition | None:
        found = self._before_answers(item, holder, name)
        if found is None:
            return None
        reads = frozenset(_reads(found.expression.tree, self.keys))
        later = sorted(reads.difference(self.asked))
        if later:
            self.refuse(item, f"{name} reads {later[0]}, which is not asked before it")
        return Condition(found.expression, reads)

    def _before_answers(self, item: Placed, holder: Mapping[str, Any], name: str) -> Condition | None:
        """An expression over the context alone: nothing is answered yet when it is evaluated."""
        text = holder.get(name)
        if text is None or text == "":
            return None
        if not isinstance(text, str) or not text.startswith("="):
            self.refuse(item, f'{name} must be a FEEL expression that begins with "="')
        try:
            return Condition(compile_expression(text[1:]), frozenset())
        except FeelError as error:
            self.refuse(item, f"{name}: {error}")

    def _no_answer_inside_another(self, found: Placed) -> None:
        for key in self.asked:
            inside = next((other for other in self.asked if other.startswith(f"{key}.")), None)
            if inside:
                self.refuse(found, f"the key {inside} lies inside the key {key}")


def _keys(found: Placed, depth: int) -> Iterable[str]:
    listed = found.get("components")
    for item in listed if isinstance(listed, list) and depth else ():
        if isinstance(item, Placed):
            if isinstance(item.get("key"), str) and item.get("type") != "filepicker":
                yield item["key"]
            yield from _keys(item, depth - 1)


def _reads(node: syntax.Node, keys: frozenset[str]) -> Iterable[str]:
    """The form's own answers an expression looks at: the answer named, or all below the name."""
    path = _dotted(node)
    if path is None:
        for inner in syntax.children(node):
            yield from _reads(inner, keys)
        return
    for key in keys:
        if f"{path}.".startswith(f"{key}.") or key.startswith(f"{path}."):
            yield key


def _dotted(node: syntax.Node) -> str | None:
    if isinstance(node, syntax.Name):
        return node.name
    if isinstance(node, syntax.Path):
        source = _dotted(node.source)
        return None if source is None else f"{source}.{node.member}"
    return None
