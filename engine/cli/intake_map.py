"""How the columns of a file become a complaint: the map, read from YAML or the one that ships."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from engine.domain.complaint import Channel
from engine.domain.errors import RedressError

FIELDS = (
    "text",
    "wish",
    "product",
    "amount",
    "currency",
    "customer_name",
    "customer_email",
    "customer_phone",
    "contact_by",
    "external_reference",
)
"""What a column may fill of the form that imported complaints go through."""

KNOWN = frozenset({"key", "received_on", "channel", *FIELDS})


class MapRefused(RedressError):
    """This map cannot be used."""

    code = "map_refused"


class RowRefused(RedressError):
    """This row cannot be read."""

    code = "row_refused"


@dataclass(frozen=True, slots=True)
class Rule:
    """Where one value comes from: the first of these columns that is not empty, put into other words, or a default."""

    columns: tuple[str, ...] = ()
    values: Mapping[str, str] | None = None
    default: str | None = None
    formats: tuple[str, ...] = ()

    def of(self, row: Mapping[str, str]) -> str | None:
        """The value this rule finds in a row."""
        found = next((text for column in self.columns if (text := row.get(column, "").strip())), None)
        if found is not None and self.values is not None:
            found = self.values.get(found)
        return self.default if found is None else found


@dataclass(frozen=True, slots=True)
class Map:
    """A whole map: the name of the source, which its keys belong to, and the rules."""

    source: str
    rules: Mapping[str, Rule]

    def missing_in(self, columns: list[str]) -> list[str]:
        """What a file with these columns could not give: a text, that is, in any of its columns."""
        wanted = self.rules["text"].columns
        return [] if set(wanted) & set(columns) else list(wanted)


@dataclass(frozen=True, slots=True)
class Row:
    """One complaint of a file, as typed into a form, and the key that makes it count once."""

    key: str
    typed: Mapping[str, str]
    channel: Channel
    received_at: datetime | None


CFPB = Map(
    "cfpb",
    {
        "key": Rule(("Complaint ID", "complaint_id")),
        "text": Rule(("Consumer complaint narrative", "complaint_what_happened", "Issue", "issue")),
        "received_on": Rule(
            ("Date received", "date_received"), formats=("%Y/%m/%d", "%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d")
        ),
        "channel": Rule(
            ("Submitted via", "submitted_via"),
            {
                "Web": "portal",
                "Phone": "hotline",
                "Postal mail": "letter",
                "Fax": "letter",
                "Email": "email",
                "Referral": "regulator",
                "Web Referral": "regulator",
            },
            "portal",
        ),
        "product": Rule(
            ("Product", "product"),
            {
                "Bank account or service": "account",
                "Checking or savings account": "account",
                "Consumer Loan": "loan",
                "Credit card": "credit_card",
                "Credit card or prepaid card": "credit_card",
                "Debt collection": "loan",
                "Money transfer, virtual currency, or money service": "payment",
                "Mortgage": "mortgage",
                "Payday loan": "loan",
                "Payday loan, title loan, or personal loan": "loan",
                "Student loan": "loan",
                "Vehicle loan or lease": "loan",
            },
            "other",
        ),
        "external_reference": Rule(("Complaint ID", "complaint_id")),
        "contact_by": Rule(default="post"),
        "currency": Rule(default="USD"),
    },
)
"""The columns of the public complaint database of the US Consumer Financial Protection Bureau, in both its spellings."""


def read_map(path: Path) -> Map:
    """A map from a YAML file: `source`, then for each field a column, a list of columns, or a rule; raises MapRefused."""
    try:
        # every word stays a word: a column may be named No, On or 1
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise MapRefused(f"{path} is no YAML: {error}") from None
    if not isinstance(content, dict) or "text" not in content:
        raise MapRefused(f"{path} must say which column holds the text of a complaint, as `text: Narrative`.")
    if unknown := sorted(str(name) for name in content if name != "source" and name not in KNOWN):
        raise MapRefused(f"{path} maps {', '.join(unknown)}; a file can give {', '.join(sorted(KNOWN))}.")
    rules = {name: _rule(path, name, given) for name, given in content.items() if name != "source"}
    return Map(str(content.get("source", path.stem)), rules)


def _rule(path: Path, name: str, given: Any) -> Rule:
    if isinstance(given, str):
        return Rule((given,))
    if isinstance(given, list) and all(isinstance(column, str) for column in given):
        return Rule(tuple(given))
    if isinstance(given, dict) and not given.keys() - {"columns", "column", "values", "default", "formats"}:
        columns: Any = given.get("columns", given.get("column", ()))
        values = given.get("values")
        if values is None or isinstance(values, dict):
            return Rule(
                (columns,) if isinstance(columns, str) else tuple(columns),
                {str(k): str(v) for k, v in values.items()} if values else None,
                None if given.get("default") is None else str(given["default"]),
                tuple(given.get("formats", ())),
            )
    raise MapRefused(
        f"{path}: {name} must be a column, a list of columns, or columns with values, default and formats."
    )


def read_row(map_: Map, row: Mapping[str, str], *, occurrence: int) -> Row:
    """One row under a map; raises RowRefused. `occurrence` tells rows apart that are equal and have no key."""
    if any("\x00" in value for value in row.values()):
        raise RowRefused("it holds a NUL character")
    if any(_is_broken(value) for value in row.values()):
        raise RowRefused("it is not UTF-8")
    typed = {name: found for name in FIELDS if name in map_.rules and (found := map_.rules[name].of(row))}
    if "text" not in typed:
        raise RowRefused(f"it has no text in {' or '.join(map_.rules['text'].columns)}")
    return Row(
        f"file:{map_.source}:{_key(map_, row, occurrence)}",
        typed,
        _channel(map_.rules.get("channel"), row),
        _received(map_.rules.get("received_on"), row),
    )


def _is_broken(value: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in value)


def _key(map_: Map, row: Mapping[str, str], occurrence: int) -> str:
    if "key" not in map_.rules:
        content = "\x1f".join(f"{name}\x1e{value}" for name, value in row.items())
        return f"{sha256(content.encode()).hexdigest()[:32]}:{occurrence}"
    found = map_.rules["key"].of(row)
    if found is None:
        raise RowRefused(f"it has no key in {' or '.join(map_.rules['key'].columns)}")
    return found


def _channel(rule: Rule | None, row: Mapping[str, str]) -> Channel:
    found = rule.of(row) if rule else None
    if found is None:
        return Channel.PORTAL
    try:
        return Channel(found)
    except ValueError:
        raise RowRefused(f"{found!r} is no channel") from None


def _received(rule: Rule | None, row: Mapping[str, str]) -> datetime | None:
    """The day in the file as noon UTC (the same day in every zone a bank works in), or the moment, where it has one."""
    found = rule.of(row) if rule else None
    if rule is None or found is None:
        return None
    for format in rule.formats:
        try:
            return datetime.combine(datetime.strptime(found, format).date(), time(12), UTC)  # noqa: DTZ007
        except ValueError:
            continue
    try:
        moment = datetime.fromisoformat(found)
    except ValueError:
        raise RowRefused(f"{found!r} is no date") from None
    if moment.tzinfo is None:
        return datetime.combine(date(moment.year, moment.month, moment.day), time(12), UTC)
    return moment.astimezone(UTC)
