"""YAML whose values know their line: words stay words, and only what looks like a number, true, false or null is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import yaml

from engine.domain.errors import RedressError

LARGEST_FILE = 300_000
MOST_VALUES = 50_000
KNOWN = "tag:yaml.org,2002:"
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}


class ScenarioRefused(RedressError):
    """These scenarios cannot be played."""

    code = "scenario_refused"

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}", file=file, line=line, reason=reason)


@dataclass(frozen=True, slots=True)
class Placed:
    """A value and the line it stands on: text, number, truth value, null, a list or a mapping of placed values."""

    value: Any
    line: int

    def plain(self) -> Any:
        """The value without lines."""
        if isinstance(self.value, dict):
            return {name: item.plain() for name, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value


def read_yaml(content: bytes, file: str) -> Placed:
    """The document of a file; raises ScenarioRefused."""
    if len(content) > LARGEST_FILE:
        raise ScenarioRefused(file, 1, f"the file has more than {LARGEST_FILE:,} bytes")
    try:
        node = yaml.compose(content.decode("utf-8-sig"), Loader=yaml.SafeLoader)
        if node is None:
            raise ScenarioRefused(file, 1, "the file is empty")
        return _Reader(file).value(node)
    except UnicodeDecodeError:
        raise ScenarioRefused(file, 1, "the file is not UTF-8 text") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "it cannot be read"
        raise ScenarioRefused(file, mark.line + 1 if mark else 1, f"this is not YAML: {reason}") from None
    except RecursionError:
        raise ScenarioRefused(file, 1, "it is nested too deeply") from None


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.left = MOST_VALUES

    def value(self, node: yaml.Node) -> Placed:
        line = node.start_mark.line + 1
        self.left -= 1
        if self.left < 0:
            raise ScenarioRefused(self.file, line, f"the file has more than {MOST_VALUES:,} values")
        if not str(node.tag).startswith(KNOWN) or "python" in node.tag:
            raise ScenarioRefused(self.file, line, f"a tag as {node.tag!r} is not known here")
        if isinstance(node, yaml.MappingNode):
            return Placed(dict(self.entries(node)), line)
        if isinstance(node, yaml.SequenceNode):
            return Placed([self.value(item) for item in node.value], line)
        return Placed(_scalar(node), line)

    def entries(self, node: yaml.MappingNode) -> Iterator[tuple[str, Placed]]:
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise ScenarioRefused(self.file, line, "a name is one or more words, not a list or mapping")
            if key.value == "<<" and key.style is None:
                raise ScenarioRefused(self.file, line, "names are not merged here: write them out")
            if key.value in seen:
                raise ScenarioRefused(self.file, line, f"{key.value!r} stands here twice")
            seen.add(key.value)
            yield str(key.value), Placed(self.value(value).value, line)


def _scalar(node: Any) -> Any:
    text: str = node.value
    if node.style is not None:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _WHOLE.fullmatch(text):
        return int(text)
    return Decimal(text) if _NUMBER.fullmatch(text) else text
