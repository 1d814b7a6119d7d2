"""Every word that people read is there in Chinese: pages, forms, diagrams, decisions, refusals."""

import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOG = ROOT / "web" / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "_gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
}


@pytest.fixture(scope="module")
def words() -> dict[Any, str]:
    """Everything that has to be said, and where it stands first."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found: dict[Any, str] = {}
    for name, _line, message, _comments, _context in extract_from_dir(ROOT, methods, options, KEYWORDS):
        found.setdefault(message, name)
    return found


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    with CATALOG.open("rb") as file:
        return read_po(file, locale="zh_Hans_CN")


def test_every_word_is_there_in_chinese(words: dict[str, str], catalog: Catalog) -> None:
    said = {message.id: message.string for message in catalog if message.id}
    missing = {word: where for word, where in words.items() if not any(_all(said.get(word)))}

    assert missing == {}


@pytest.mark.parametrize(
    "folder", ["forms/definitions", "workflows", "web/templates", "web/desk", "engine/domain"]
)
def test_words_are_looked_for_where_they_stand(words: dict[str, str], folder: str) -> None:
    assert [word for word, where in words.items() if where.startswith(folder)]


def test_placeholders_are_the_same_in_both_languages(catalog: Catalog) -> None:
    def placeholders(texts: Any) -> set[str]:
        return {found for text in _all(texts) for found in re.findall(r"%\((\w+)\)s", text)}

    wrong = [
        message.id
        for message in catalog
        if message.id and placeholders(message.id) != placeholders(message.string)
    ]

    assert wrong == []


def _all(texts: Any) -> tuple[Any, ...]:
    return tuple(texts) if isinstance(texts, list | tuple) else (texts,)
