"""Where a parser stands: looking ahead, names, nesting, and errors that say what was expected."""

from __future__ import annotations

from collections.abc import Mapping

from engine.feel.errors import FeelSyntaxError, position
from engine.feel.lexer import END, NUMBER, SYMBOL, WORD, Token, tokens
from engine.feel.names import Known, adjacent_words
from engine.feel.types import Type

DEEPEST = 40
LONGEST_NAME = 60  # words and symbols of a name that is looked for ahead
SMALL = frozenset(
    {"and", "between", "else", "every", "for", "if", "in", "or", "return", "satisfies", "some", "then"}
)
NAME_SYMBOLS = frozenset("+-*/.'") | {"**", ".."}


class Cursor:
    """A text as tokens, and the place reached in them."""

    def __init__(self, text: str, known: Known, built_in: Known, types: Mapping[str, Type]) -> None:
        self.text = text
        self.found = tokens(text)
        self.at = 0
        self.depth = 0
        self.scopes = [known]
        self.built_in = built_in
        self.types = types
        self.members = Known()
        self.in_interval = 0
        self.interval_ends: dict[int, bool] = {}

    @property
    def here(self) -> Token:
        """The token that comes next."""
        return self.found[self.at]

    def is_symbol(self, text: str, ahead: int = 0) -> bool:
        """Whether the token is this symbol."""
        index = self.at + ahead
        if index >= len(self.found):
            return False
        token = self.found[index]
        return token.kind == SYMBOL and token.text == text

    def is_word(self, text: str, ahead: int = 0) -> bool:
        """Whether the token is this word."""
        index = self.at + ahead
        if index >= len(self.found):
            return False
        token = self.found[index]
        return token.kind == WORD and token.text == text

    def take(self, symbol: str) -> bool:
        """Step over the symbol if it is here."""
        token = self.found[self.at]
        if token.text == symbol and token.kind == SYMBOL:
            self.at += 1
            return True
        return False

    def take_word(self, word: str) -> bool:
        """Step over the word if it is here."""
        token = self.found[self.at]
        if token.text == word and token.kind == WORD:
            self.at += 1
            return True
        return False

    def expect(self, symbol: str) -> None:
        """Step over the symbol, or say that it was expected."""
        if not self.take(symbol):
            raise self.error(f"expected {symbol!r}")

    def expect_word(self, word: str) -> None:
        """Step over the keyword, or say that it was expected."""
        if not self.take_word(word):
            raise self.error(f"expected {word!r}")

    def finish(self) -> None:
        """The text must end here."""
        if self.here.kind != END:
            raise self.error("expected an operator or the end")

    def error(self, message: str, at: int | None = None) -> FeelSyntaxError:
        """A syntax error here: what was expected and what stands there."""
        token = self.here
        line, column = position(self.text, token.at if at is None else at)
        if at is None:
            message += ", but the text ends" if token.kind == END else f", found {token.text!r}{_hint(token)}"
        return FeelSyntaxError(message, line=line, column=column)

    def deeper(self) -> None:
        """One more level of nesting; the caller takes it back."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error(f"nested more than {DEEPEST} deep", self.here.at)

    def open_scope(self, *names: str) -> Known:
        """Local names; the caller closes the scope."""
        known = Known(names)
        self.scopes.append(known)
        return known

    def close_scope(self) -> None:
        """The innermost local names are forgotten."""
        self.scopes.pop()

    # names

    def known_here(self) -> tuple[str, int] | None:
        """The longest name known at this token, built-in ones included, and how many tokens it takes."""
        best = self.variable_here()
        match = self.built_in.match(self.found, self.at)
        if match is None or (best is not None and best[1] >= match[1]):
            return best
        if self.is_symbol("(", match[1]) or match[1] == adjacent_words(self.found, self.at):
            return match
        return best

    def variable_here(self) -> tuple[str, int] | None:
        """The longest known name that is not built in; of the same length, a local one."""
        best: tuple[str, int] | None = None
        for known in reversed(self.scopes):
            match = known.match(self.found, self.at)
            if match is not None and (best is None or match[1] > best[1]):
                best = match
        return best

    def taken_name(self, count: int) -> str:
        """Step over tokens that make one name; the name has single spaces."""
        first, last = self.found[self.at], self.found[self.at + count - 1]
        self.at += count
        return first.text if count == 1 else " ".join(self.text[first.at : last.end].split())

    def name_until(self, symbol: str) -> int:
        """How many tokens from here make a name that ends before the symbol; zero if none do."""
        return self._name_before(SYMBOL, symbol, self.at)

    def name_until_word(self, word: str, start: int) -> int:
        """How many tokens from ``start`` make a name that ends before the keyword; zero if none do."""
        return self._name_before(WORD, word, start)

    def _name_before(self, kind: str, text: str, start: int) -> int:
        if self.found[start].kind != WORD:
            return 0
        index = start
        while index - start <= LONGEST_NAME:
            token = self.found[index]
            if token.kind == kind and token.text == text and index > start:
                return index - start
            if token.kind not in (WORD, NUMBER) and not (token.kind == SYMBOL and token.text in NAME_SYMBOLS):
                return 0
            index += 1
        return 0


def _hint(found: Token) -> str:
    """What somebody meant who knows other languages."""
    if found.text == "'":
        return ' (a text stands in double quotation marks: ")'
    small = found.text.lower()
    return f" (write {small!r} in small letters)" if found.text != small and small in SMALL else ""
