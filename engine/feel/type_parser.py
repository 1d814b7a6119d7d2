"""Reading type names (grammar rule 55): basic, list, range, context and function types, named ones."""

from __future__ import annotations

from engine.feel.cursor import Cursor
from engine.feel.lexer import WORD
from engine.feel.names import Known, adjacent_words
from engine.feel.types import BASIC, Type

_BASIC_NAMES = Known(BASIC)


class TypeParser(Cursor):
    """The part of the parser that reads types."""

    def parse_type(self, depth: int = 0) -> Type:
        """A type."""
        if depth > 20:
            raise self.error("types are nested too deeply")
        if self.found[self.at].kind != WORD:
            raise self.error("expected a type")
        name = self._type_name()
        if self.is_symbol("<") and name in ("list", "range", "context", "function"):
            return self._parametrised(name, depth)
        if name in self.types:
            return self.types[name]
        return BASIC.get(name) or Type(name, known=False)

    def _type_name(self) -> str:
        named = Known(self.types).match(self.found, self.at) if self.types else None
        basic = _BASIC_NAMES.match(self.found, self.at)
        best = max((match for match in (named, basic) if match), key=lambda match: match[1], default=None)
        if best is not None:
            self.at += best[1]
            return best[0]
        name = self.taken_name(adjacent_words(self.found, self.at))
        while self.is_symbol(".") and self.found[self.at + 1].kind == WORD:
            self.at += 1
            name += "." + self.taken_name(adjacent_words(self.found, self.at))
        return name

    def _parametrised(self, name: str, depth: int) -> Type:
        self.expect("<")
        if name == "context":
            return self._context_type(depth)
        if name == "function":
            return self._function_type(depth)
        element = self.parse_type(depth + 1)
        self.expect(">")
        return Type(name, element=element)

    def _context_type(self, depth: int) -> Type:
        fields: list[tuple[str, Type]] = []
        while not self.take(">"):
            if fields:
                self.expect(",")
            count = self.name_until(":")
            if not count:
                raise self.error("expected a name")
            name = self.taken_name(count)
            self.expect(":")
            fields.append((name, self.parse_type(depth + 1)))
        return Type("context", fields=tuple(fields))

    def _function_type(self, depth: int) -> Type:
        parameters: list[Type] = []
        while not self.take(">"):
            if parameters:
                self.expect(",")
            parameters.append(self.parse_type(depth + 1))
        if not self.take("->"):
            raise self.error("expected '->'")
        return Type("function", parameters=tuple(parameters), result=self.parse_type(depth + 1))
