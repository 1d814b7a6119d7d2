"""Text to tokens: numbers, strings, operators and words (DMN 1.5 grammar rules 27 to 37)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.feel.errors import FeelSyntaxError, position

NUMBER = "number"
STRING = "string"
WORD = "word"
SYMBOL = "symbol"
END = "end"

LARGEST_SOURCE = 16_000
MOST_OPEN = 80
_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}

_SPACE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_START = (
    r"?A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    r"\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_START_CLASS = f"(?![{_SPACE}])[{_START}]"
_PART_CLASS = f"(?![{_SPACE}])[{_START}0-9\xb7\u0300-\u036f\u203f\u2040]"
_TOKEN = re.compile(
    rf"""
    (?P<skip>(?:[{_SPACE}]+|//[^\n\r]*|/\*.*?\*/)+)
  | (?P<symbol>\.\.|\*\*|->|<=|>=|!=)
  | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)
  | (?P<string>"(?:[^"\\\n\r]|\\.)*")
  | (?P<word>{_START_CLASS}(?:{_PART_CLASS})*)
  | (?P<other>[-+*/=<>(){{}}\[\],.:@'])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "'": "'"}
_OTHER_LANGUAGES = {
    "&&": " (FEEL says 'and')",
    "||": " (FEEL says 'or')",
    "!": " (FEEL says 'not(…)')",
    "${": " (an expression stands by itself, without '${' and '}')",
    "#{": " (an expression stands by itself, without '#{' and '}')",
    "“": ' (quotation marks are straight: ")',
    "”": ' (quotation marks are straight: ")',
}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text from ``at`` to ``end``."""

    kind: str
    text: str
    at: int
    end: int


def tokens(text: str) -> list[Token]:
    """All tokens of a text, with one of kind ``end`` to close."""
    if len(text) > LARGEST_SOURCE:
        raise FeelSyntaxError(f"the expression is longer than {LARGEST_SOURCE} characters", line=1, column=1)
    found: list[Token] = []
    at = open_brackets = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unreadable(text, at)
        kind = match.lastgroup
        end = match.end()
        if kind == "other":
            kind = SYMBOL
        if kind != "skip":
            assert kind is not None
            token = Token(kind, match.group(), at, end)
            found.append(token)
            if kind == SYMBOL and token.text in _BRACKETS:
                open_brackets += _BRACKETS[token.text]
                if abs(open_brackets) > MOST_OPEN:
                    line, column = position(text, at)
                    raise FeelSyntaxError(f"nested more than {MOST_OPEN} deep", line=line, column=column)
        at = end
    found.append(Token(END, "", len(text), len(text)))
    return found


def _unreadable(text: str, at: int) -> FeelSyntaxError:
    line, column = position(text, at)
    if text[at] == '"':
        return FeelSyntaxError("this string has no closing quotation mark", line=line, column=column)
    if text.startswith("/*", at):
        return FeelSyntaxError("this comment has no end", line=line, column=column)
    hint = next((hint for sign, hint in _OTHER_LANGUAGES.items() if text.startswith(sign, at)), "")
    return FeelSyntaxError(f"unexpected character {text[at]!r}{hint}", line=line, column=column)


def unescape(literal: str) -> str:
    """The text a string literal stands for; surrogate pairs become one code point."""
    body = literal[1:-1]
    if "\\" not in body:
        return body
    replaced = _ESCAPE.sub(_escaped, body)
    return replaced.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _escaped(match: re.Match[str]) -> str:
    four, six, letter = match.groups()
    if four is not None:
        return chr(int(four, 16))
    if six is not None:
        code = int(six, 16)
        return chr(code) if code <= 0x10FFFF else match.group()
    return _PLAIN.get(letter, "\\" + letter)
