"""JSON whose objects know the line they begin on, so that a refusal can name it."""

import json
from decimal import Decimal
from json import decoder, scanner
from typing import Any


class Placed(dict[str, Any]):
    """An object of a JSON text, with the line of its opening brace."""

    line: int = 1


class NotJson(Exception):
    """The text is not JSON that may be read; `line` is where."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def _refuse_constant(name: str) -> Any:
    raise NotJson(f"{name} is not a JSON number", 1)


def _unique(pairs: list[tuple[str, Any]]) -> Placed:
    found = Placed(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotJson(f'"{twice}" stands twice in one object', 1)
    return found


class _Decoder(json.JSONDecoder):
    """The library's own decoder in Python, which is told where each object begins."""

    def __init__(self, text: str) -> None:
        super().__init__(object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=Decimal)
        self._text = text
        self._object = decoder.JSONObject  # type: ignore[attr-defined]
        self.parse_object = self._placed
        self.scan_once = scanner.py_make_scanner(self)  # type: ignore[attr-defined]

    def _placed(self, place: tuple[str, int], *how: Any) -> tuple[Any, int]:
        line = self._text.count("\n", 0, place[1]) + 1
        try:
            found, end = self._object(place, *how)
        except NotJson as error:
            raise NotJson(error.reason, max(error.line, line)) from None
        if isinstance(found, Placed):
            found.line = line
        return found, end


def read_json(content: bytes) -> Any:
    """The value of a JSON text in UTF-8; raises NotJson."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotJson("the file is not UTF-8 text", content.count(b"\n", 0, error.start) + 1) from None
    try:
        return _Decoder(text).decode(text)
    except json.JSONDecodeError as error:
        raise NotJson(f"this is not JSON: {error.msg}", error.lineno) from None
    except RecursionError:
        raise NotJson("the objects are nested too deeply", 1) from None
    except ValueError:
        raise NotJson("a number has too many digits", 1) from None
