"""Which language and time zone a page is written in; the choice is kept in a cookie, else the person's, else the browser's."""

from datetime import datetime
from decimal import Decimal

import flask_babel
from flask import g, request

ENGLISH = "en"
CHINESE = "zh_Hans_CN"
LANGUAGES = {ENGLISH: "English", CHINESE: "中文"}
TAGS = {ENGLISH: "en", CHINESE: "zh-Hans-CN"}
COOKIE = "language"

babel = flask_babel.Babel()


def known(language: str | None) -> str | None:
    """The catalog for a language tag as browsers and people write it: zh, zh-CN and zh-Hans are one."""
    if not language:
        return None
    first = language.replace("_", "-").split("-")[0].lower()
    return {"zh": CHINESE, "en": ENGLISH}.get(first)


def chosen() -> str:
    """The language of this request."""
    person = g.get("person")
    return (
        known(request.cookies.get(COOKIE))
        or known(person.language if person else None)
        or next((found for tag, _ in request.accept_languages if (found := known(tag))), ENGLISH)
    )


def is_chinese() -> bool:
    """Whether this page is in Chinese."""
    return chosen() == CHINESE


def translate(name: str | None) -> str:
    """A name from a diagram, form or row in the language of the page; the catalog knows it by its English."""
    return gettext(name) if name else ""


def called(thing: object) -> str:
    """The name of a unit or person in the language of the page."""
    return local(thing, "name") if thing is not None else ""


def local(row: object, field: str) -> str:
    """A field of a row that may have a Chinese twin, in the language of the page."""
    own = getattr(row, f"{field}_zh", "") if is_chinese() else ""
    return str(own or getattr(row, field, "") or "")


def gettext(text: str, **values: object) -> str:
    """A sentence of ours in the language of the page."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, num: int) -> str:
    """A sentence of ours that counts."""
    return str(flask_babel.ngettext(one, many, num))


def lazy_gettext(text: str) -> object:
    """A sentence of ours that waits for a page to know its language."""
    found: object = flask_babel.lazy_gettext(text)
    return found


def write_moment(at: datetime, pattern: str) -> str:
    """A moment by a CLDR pattern, in the language and time zone of the page."""
    return str(flask_babel.format_datetime(at, pattern))


def write_amount(amount: Decimal, currency: str) -> str:
    """An amount of money as the language of the page writes it."""
    return str(flask_babel.format_currency(amount, currency))
