"""Every sentence a form may say about an answer, as msgids for the catalog; no logic lives here."""

from collections.abc import Callable
from typing import Any, Self

REQUIRED = "Please answer this."
REQUIRED_CHOICE = "Choose one."
REQUIRED_TICK = "Tick this to go on."
REQUIRED_CHOICES = "Choose at least one."
NOT_TEXT = "This is not text."
TOO_LONG = "This is too long: %(length)s characters, and %(limit)s fit here."
TOO_SHORT = "This is too short: write at least %(limit)s characters."
NOT_A_NUMBER = "Write a number, such as 1,234.50."
NOT_WHOLE = "Write a whole number."
TOO_MANY_DECIMALS = "Write at most %(limit)s digits after the point."
TOO_SMALL = "This may not be less than %(limit)s."
TOO_LARGE = "This may not be more than %(limit)s."
NOT_A_DATE = "Write a date as year-month-day, such as 2026-03-31."
TOO_EARLY = "The earliest date is %(limit)s."
TOO_LATE = "The latest date is %(limit)s."
NOT_AN_OPTION = "Choose one of the options."
NOT_A_TICK = "Tick this or leave it empty."
NOT_AN_EMAIL = "Write an e-mail address, such as name@example.com."
NOT_A_PHONE = "Write a telephone number with digits, such as +86 138 0000 0000."
WRONG_PATTERN = "This does not have the form asked for."

ALL = tuple(value for name, value in dict(globals()).items() if name.isupper() and isinstance(value, str))


class Message(str):
    """A sentence in English that remembers its msgid and values, so that it can be said in another language."""

    msgid: str
    values: dict[str, Any]

    def __new__(cls, msgid: str, **values: Any) -> Self:
        self = super().__new__(cls, msgid % values if values else msgid)
        self.msgid = msgid
        self.values = values
        return self

    def said_by(self, gettext: Callable[[str], str]) -> str:
        """The sentence in the language of this gettext."""
        text = gettext(self.msgid)
        return text % self.values if self.values else text


def say(message: str, gettext: Callable[[str], str]) -> str:
    """A message of a form, or a plain sentence from elsewhere, in the language of this gettext."""
    return message.said_by(gettext) if isinstance(message, Message) else gettext(message)
