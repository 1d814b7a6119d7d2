"""The entries of a form-js object, each of the kind it must be, or a refusal that names file, line and component."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

from forms.errors import FormDefinitionError
from forms.placed_json import Placed

LONGEST_WORDS = 2_000
_INSTEAD: Mapping[str, str] = {
    "button": "the page has its own buttons",
    "html": "HTML from a form is not shown; use a text",
    "valuesKey": 'write valuesExpression, such as "=departments"',
}


class Entries:
    """Reads entries of the objects of one file. `item` is the component a refusal names, `holder` what has the entry."""

    def __init__(self, file: str) -> None:
        self.file = file

    def object(self, item: Placed, name: str) -> Placed:
        """An object; an empty one where there is none."""
        value = item.get(name)
        if value is None:
            return Placed()
        if not isinstance(value, Placed):
            self.refuse(item, f"{name} must be an object")
        return value

    def words(self, item: Placed, holder: Mapping[str, Any], name: str) -> str:
        """Words that people read, and translators translate."""
        value = holder.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > LONGEST_WORDS:
            self.refuse(item, f"{name} must be a text of at most {LONGEST_WORDS} characters")
        if "{{" in value or (value.startswith("=") and name != "text"):
            self.refuse(item, f"{name} must be plain words, for it is translated")
        return value.strip()

    def plain(self, item: Placed, holder: Mapping[str, Any], name: str) -> str:
        """Plain words for the browser."""
        value = holder.get(name, "")
        if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9_.,/*+ -]{0,200}", value):
            self.refuse(item, f"{name} must be plain words of a-z, 0-9 and _ . , / * + -")
        return value

    def flag(self, item: Placed, holder: Mapping[str, Any], name: str) -> bool:
        """True or false; false where there is none."""
        value = holder.get(name, False)
        if not isinstance(value, bool):
            self.refuse(item, f"{name} must be true or false")
        return value

    def count(self, item: Placed, holder: Mapping[str, Any], name: str) -> int | None:
        """A whole number, not below 0."""
        value = holder.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 1_000_000:
            self.refuse(item, f"{name} must be a whole number, not below 0")
        return value

    def number(self, item: Placed, holder: Mapping[str, Any], name: str) -> Decimal | None:
        """A number."""
        value = holder.get(name)
        if value is None:
            return None
        if (
            not isinstance(value, int | Decimal)
            or isinstance(value, bool)
            or not -(10**15) <= value <= 10**15
        ):
            self.refuse(item, f"{name} must be a number")
        return Decimal(value)

    def known(self, holder: Placed, known: frozenset[str], what: str, item: Placed | None = None) -> None:
        """Refuse every entry that is not one of these."""
        for name in holder:
            if name not in known:
                self.refuse(item or holder, f"{name[:40]!r} in {what}: {self.instead(name)}")

    def instead(self, name: str) -> str:
        """What to write instead of something that cannot be shown."""
        return _INSTEAD.get(name, "Redress cannot show it")

    def refuse(self, item: Placed, reason: str) -> NoReturn:
        """This cannot be shown."""
        component = item.get("key") or item.get("id")
        named = component[:100] if isinstance(component, str) else None
        raise FormDefinitionError(reason, file=self.file, line=item.line, component=named)
