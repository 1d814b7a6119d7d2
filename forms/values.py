"""From what was typed to typed values: one marshmallow field for each kind of component, forgiving in form alone."""

import re
import unicodedata
from abc import abstractmethod
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from marshmallow import Schema, ValidationError, fields

from forms import messages
from forms.components import CHOICES, LISTS, TEXTS, Component, FormDefinition
from forms.messages import Message
from forms.patterns import fits

LONGEST_LINE = 200
LONGEST_TEXT = 5_000
MOST_CHOSEN = 300
_LONGEST_NUMBER = 40
_MOST_DIGITS = 15
_FEWEST_PHONE_DIGITS, _MOST_PHONE_DIGITS = 5, 18

_UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NUMBER = re.compile(r"(-?)([0-9]+|[0-9]{1,3}(?:[, ][0-9]{3})+)(?:\.([0-9]+))?")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_LOCAL_PART = re.compile(r"[^\s@,;:<>()\[\]\"\\]{1,64}")
_DOMAIN = re.compile(r"[^\s@,;:<>()\[\]\"\\/.]{1,63}")
_PHONE = re.compile(r"\+?[0-9() .\-/]+")
_SPACES = dict.fromkeys((sign for sign in range(128) if chr(sign).isspace()), " ")
_YES = frozenset({"true", "on", "1", "yes"})
_NO = frozenset({"false", "off", "0", "no", ""})


def refusal(msgid: str, **values: Any) -> ValidationError:
    """A sentence at a field."""
    return ValidationError([Message(msgid, **values)])


def is_empty(typed: Any) -> bool:
    """Whether nothing was typed: nothing at all, only spaces, or a list of nothing."""
    if isinstance(typed, str):
        return not (typed if typed.isprintable() else _UNKEEPABLE.sub("", typed)).strip()
    return typed is None or (isinstance(typed, list | tuple) and all(item == "" for item in typed))


def grouped(number: Decimal | int) -> str:
    """A number as people write it: 1,234.5."""
    return f"{number:,f}" if isinstance(number, Decimal) else f"{number:,}"


T = TypeVar("T")


class Reader(fields.Field[T]):
    """Reads what was typed for one component, when something was; whether it may be missing is asked in `checking`."""

    @abstractmethod
    def read(self, typed: Any) -> T:
        """The typed value; raises ValidationError with a sentence for the person."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **how: Any) -> T:
        return self.read(value)


class Text(Reader[str]):
    """Text without what no database keeps; line ends become one kind, the spaces around it go."""

    def __init__(self, component: Component, **how: Any) -> None:
        super().__init__(**how)
        self.component = component
        self.longest = component.max_length or (
            LONGEST_LINE if component.type == "textfield" else LONGEST_TEXT
        )

    def read(self, typed: Any) -> str:
        if not isinstance(typed, str):
            raise refusal(messages.NOT_TEXT)
        component = self.component
        # What can be printed has no line ends and nothing that must go: most texts, and quickly asked.
        text = typed.strip() if typed.isprintable() else self._tidy(typed)
        if len(text) > self.longest:
            raise refusal(messages.TOO_LONG, length=grouped(len(text)), limit=grouped(self.longest))
        shortest = component.min_length
        if shortest is not None and len(text) < shortest:
            raise refusal(messages.TOO_SHORT, limit=grouped(shortest))
        if component.kind:
            text = _email(text) if component.kind == "email" else _phone(text)
        if component.pattern and not fits(text, component.pattern):
            raise refusal(component.pattern_message or messages.WRONG_PATTERN)
        return text

    def _tidy(self, typed: str) -> str:
        text = _UNKEEPABLE.sub("", typed.replace("\r\n", "\n").replace("\r", "\n")).strip()
        return " ".join(text.splitlines()) if self.component.type == "textfield" else text


def _email(text: str) -> str:
    address = unicodedata.normalize("NFKC", text)
    local, at, domain = address.rpartition("@")
    parts = domain.split(".")
    right = at and len(address) <= 254 and len(parts) > 1 and _LOCAL_PART.fullmatch(local)
    if not right or not all(_DOMAIN.fullmatch(part) for part in parts):
        raise refusal(messages.NOT_AN_EMAIL)
    return address


def _phone(text: str) -> str:
    number = unicodedata.normalize("NFKC", text)
    digits = sum(character.isdigit() for character in number)
    if not _PHONE.fullmatch(number) or not _FEWEST_PHONE_DIGITS <= digits <= _MOST_PHONE_DIGITS:
        raise refusal(messages.NOT_A_PHONE)
    return number


class Amount(Reader[Decimal]):
    """A number: 1,234.50, with full-width or other digits too; never a float, an infinity or a boolean."""

    def __init__(self, component: Component, **how: Any) -> None:
        super().__init__(**how)
        self.component = component

    def read(self, typed: Any) -> Decimal:
        number = self._read(typed)
        digits = self.component.decimal_digits
        if digits is not None:
            _refuse_decimals(number, digits)
        low, high = self.component.minimum, self.component.maximum
        if low is not None and number < low:
            raise refusal(messages.TOO_SMALL, limit=grouped(low))
        if high is not None and number > high:
            raise refusal(messages.TOO_LARGE, limit=grouped(high))
        return number

    def _read(self, value: Any) -> Decimal:
        if type(value) is str and value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS:
            return Decimal(value)  # as most people write most numbers
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            raise refusal(messages.NOT_A_NUMBER)
        if not isinstance(value, str):
            value = _written(value)
        if len(value) > _LONGEST_NUMBER:
            raise refusal(messages.NOT_A_NUMBER)
        found = _NUMBER.fullmatch(_plain_digits(value).strip())
        if found is None:
            raise refusal(messages.NOT_A_NUMBER)
        sign, whole, part = found.groups()
        whole = whole.replace(",", "").replace(" ", "")
        if len(whole) > _MOST_DIGITS:
            raise refusal(messages.NOT_A_NUMBER)
        part = (part or "").rstrip("0")
        return Decimal(f"{sign}{whole}.{part}" if part else f"{sign}{whole}")


def _refuse_decimals(number: Decimal, most: int) -> None:
    _, _, exponent = number.as_tuple()
    if isinstance(exponent, int) and -exponent > most:
        raise refusal(messages.NOT_WHOLE) if most == 0 else refusal(messages.TOO_MANY_DECIMALS, limit=most)


def _written(number: int | float | Decimal) -> str:
    """A number in figures; nothing for one that is not finite or has very many."""
    if isinstance(number, int):
        return str(number) if number.bit_length() <= 64 else ""
    exact = Decimal(str(number))
    return format(exact, "f") if exact.is_finite() and abs(exact.adjusted()) <= _MOST_DIGITS else ""


def _plain_digits(text: str) -> str:
    """Full-width signs and the digits of any script as the plain ones; any space as a space."""
    if text.isascii():
        return text.translate(_SPACES)
    plain = unicodedata.normalize("NFKC", text).replace("\u2212", "-")
    return "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else " " if sign.isspace() else sign
        for sign in plain
    )


class Day(Reader[date]):
    """A date in ISO form."""

    def read(self, typed: Any) -> date:
        if isinstance(typed, date) and not isinstance(typed, datetime):
            return typed
        if not isinstance(typed, str) or len(typed) > _LONGEST_NUMBER:
            raise refusal(messages.NOT_A_DATE)
        found = _DAY.fullmatch(_plain_digits(typed).strip())
        try:
            day = date(*map(int, found.groups())) if found else None
        except ValueError:
            day = None
        if day is None or not 1900 <= day.year <= 2200:
            raise refusal(messages.NOT_A_DATE)
        return day


class Tick(Reader[bool]):
    """A box that is ticked or not."""

    def read(self, typed: Any) -> bool:
        if isinstance(typed, bool):
            return typed
        word = typed.strip().lower() if isinstance(typed, str) and len(typed) < _LONGEST_NUMBER else None
        if word in _YES or word in _NO:
            return word in _YES
        raise refusal(messages.NOT_A_TICK)


class Choice(Reader[str]):
    """The value of one option."""

    def read(self, typed: Any) -> str:
        if not isinstance(typed, str):
            raise refusal(messages.NOT_AN_OPTION)
        return typed.strip()


class Choices(Reader[list[str]]):
    """The values of several options, each once."""

    def read(self, typed: Any) -> list[str]:
        chosen = [typed] if isinstance(typed, str) else typed
        if not isinstance(chosen, list | tuple) or len(chosen) > MOST_CHOSEN:
            raise refusal(messages.NOT_AN_OPTION)
        if not all(isinstance(one, str) for one in chosen):
            raise refusal(messages.NOT_AN_OPTION)
        return list(dict.fromkeys(one.strip() for one in chosen if one.strip()))


def schema_of(form: FormDefinition) -> type[Schema]:
    """The marshmallow schema of a form: a field for each answer, under the answer's own name."""
    return Schema.from_dict(dict(fields_of(form)), name=f"{form.id}_form")


def fields_of(form: FormDefinition) -> dict[str, Reader[Any]]:
    """The marshmallow field of each answer, in the order they are asked."""
    return {component.key: _field(component) for component in form.fields()}


def _field(component: Component) -> Reader[Any]:
    how: dict[str, Any] = {
        "data_key": component.key,
        "required": component.required,
        "allow_none": not component.required,
        "metadata": {"description": component.label},
    }
    if component.type in TEXTS:
        return Text(component, **how)
    if component.type == "number":
        return Amount(component, **how)
    if component.type == "datetime":
        return Day(**how)
    if component.type == "checkbox":
        return Tick(**how)
    how["metadata"]["enum"] = [option.value for option in component.options]
    if component.type in CHOICES:
        return Choice(**how)
    assert component.type in LISTS
    return Choices(**how)
