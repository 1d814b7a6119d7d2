"""What design.md promises of every line: one commit, one clock, no foreign code, and a sentence on top."""

import ast
import re

import pytest

from tests.architecture.sources import calls, files, relative, tree

CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.localtime",
    "time.gmtime",
}


def test_the_only_commit_stands_among_the_transactions() -> None:
    committing = [
        relative(path)
        for path in files()
        if "migrations" not in path.parts
        for call in calls(path)
        if call.endswith(".commit")
    ]

    assert committing == ["engine/store/transactions.py"]


def test_the_clock_is_read_in_one_file() -> None:
    reading = {relative(path) for path in files() for call in calls(path) if call in CLOCKS}

    assert reading == {"engine/runtime/clock.py"}


@pytest.mark.parametrize("forbidden", ["eval", "exec", "compile", "__import__", "pickle.loads", "os.system"])
def test_no_text_becomes_code(forbidden: str) -> None:
    assert [relative(path) for path in files() if forbidden in calls(path)] == []


def test_every_module_says_in_a_sentence_what_lives_in_it() -> None:
    silent = [relative(path) for path in files() if not ast.get_docstring(tree(path))]

    assert silent == []


def test_nothing_is_left_for_later() -> None:
    """No comment puts something off, and no function is only promised."""
    later = re.compile(r"#.*\b(TODO|FIXME|XXX)\b|raise NotImplementedError")

    assert [relative(path) for path in files() if later.search(path.read_text(encoding="utf-8"))] == []
