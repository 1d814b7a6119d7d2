"""Reading values: literals, names, brackets, lists, contexts, and what is hung on them (rules 33 to 60)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from decimal import Decimal

from engine.feel import syntax
from engine.feel.errors import FeelSyntaxError
from engine.feel.lexer import NUMBER, STRING, SYMBOL, WORD, Token, unescape
from engine.feel.literals import parse_temporal
from engine.feel.names import STOPPING, adjacent_words
from engine.feel.numbers import DECIMAL128, settle
from engine.feel.type_parser import TypeParser

LONGEST_PATH = 40
LITERALS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None}


class ValueParser(TypeParser):
    """The part of the parser that reads what binds tightest."""

    @abstractmethod
    def parse_expression(self) -> syntax.Node:
        """Any expression; the operators are read by the parser itself."""

    @abstractmethod
    def parse_keyword(self) -> syntax.Node | None:
        """An expression that begins with a keyword, when one stands here."""

    @abstractmethod
    def parse_endpoint(self) -> syntax.Node:
        """What may stand at an end of an interval."""

    def parse_postfix(self, source: syntax.Node) -> syntax.Node:
        count = 0
        while self.here.kind == SYMBOL:
            if self.take("."):
                source = syntax.Path(source.at, source, self.parse_member())
            elif self.is_symbol("[") and not self.opens_interval_end():
                self.at += 1
                condition = self.parse_condition()
                self.expect("]")
                source = syntax.Filter(source.at, source, condition)
            elif self.take("("):
                source = self.parse_arguments(source)
            else:
                break
            count += 1
            if count > LONGEST_PATH:
                raise self.error(f"more than {LONGEST_PATH} steps in one path", self.here.at)
        return source

    def parse_condition(self) -> syntax.Node:
        """The inside of a filter, where ``item`` is known."""
        self.open_scope("item")
        outer, self.in_interval = self.in_interval, 0
        condition = self.parse_expression()
        self.in_interval = outer
        self.close_scope()
        return condition

    def opens_interval_end(self) -> bool:
        """Whether this ``[`` is the open end of an interval such as ``]1..5[``."""
        if not self.in_interval:
            return False
        if self.at not in self.interval_ends:
            self.interval_ends[self.at] = self.cannot_be_filter()
        return self.interval_ends[self.at]

    def cannot_be_filter(self) -> bool:
        """Whether no filter can be read here; asked once a place."""
        mark, depth, scopes, outer = self.at, self.depth, len(self.scopes), self.in_interval
        self.at += 1
        try:
            self.parse_condition()
            return not self.is_symbol("]")
        except FeelSyntaxError:
            return True
        finally:
            self.at, self.depth, self.in_interval = mark, depth, outer
            del self.scopes[scopes:]

    def parse_member(self) -> str:
        """A name after a dot; here keywords are names too."""
        if self.here.kind != WORD:
            raise self.error("expected a name after '.'")
        count = adjacent_words(self.found, self.at)
        for known in (self.members.match(self.found, self.at), self.variable_here()):
            if known is not None and known[1] >= count:
                self.at += known[1]
                return known[0]
        return self.taken_name(count)

    def parse_primary(self) -> syntax.Node:
        token = self.here
        if token.kind == NUMBER:
            self.at += 1
            return syntax.Literal(token.at, self.number(token))
        if token.kind == STRING:
            self.at += 1
            return syntax.Literal(token.at, unescape(token.text))
        if token.kind == WORD:
            return self.parse_word()
        if token.kind == SYMBOL:
            if token.text == "(":
                return self.parse_bracket()
            if token.text == "[":
                return self.parse_list()
            if token.text == "]":
                self.at += 1
                return self.parse_interval_rest(token.at, self.parse_endpoint(), False)
            if token.text == "{":
                return self.parse_context()
            if token.text == "@":
                return self.parse_at_literal()
        raise self.error("expected a value")

    def number(self, token: Token) -> int | Decimal:
        value = settle(DECIMAL128.create_decimal(token.text))
        if value is None:
            raise self.error("this number is beyond 34 digits and an exponent of 6144", token.at)
        return value

    def parse_at_literal(self) -> syntax.Node:
        at = self.here.at
        self.at += 1
        token = self.here
        if token.kind != STRING:
            raise self.error("expected a string after '@'")
        self.at += 1
        text = unescape(token.text)
        return syntax.AtLiteral(at, text, parse_temporal(text))

    def parse_word(self) -> syntax.Node:
        """A literal word, or a name as long as known names make it."""
        token = self.here
        known = self.known_here()
        if known is None and token.text in LITERALS:
            self.at += 1
            return syntax.Literal(token.at, LITERALS[token.text])
        if known is None and token.text in STOPPING:
            raise self.error("expected a value")
        found = self.parse_keyword() if known is None else None
        if found is not None:
            return found
        if known is not None:
            name, count = known
            self.at += count
        else:
            name = self.taken_name(adjacent_words(self.found, self.at))
        return syntax.Name(token.at, name)

    def parse_bracket(self) -> syntax.Node:
        """``( … )``: an expression, an interval or a comparison without its left side."""
        at = self.here.at
        self.at += 1
        value = self.parse_expression()
        if self.take(".."):
            return self.parse_interval_rest(at, value, False, started=True)
        self.expect(")")
        return value

    def parse_interval_rest(
        self, at: int, start: syntax.Node, included: bool, *, started: bool = False
    ) -> syntax.Node:
        """The end of an interval whose start is read."""
        if not started:
            self.expect("..")
        self.in_interval += 1
        end = self.parse_endpoint()
        self.in_interval -= 1
        if self.take("]"):
            return syntax.Interval(at, start, end, included, True)
        if self.take(")") or self.take("["):
            return syntax.Interval(at, start, end, included, False)
        raise self.error("expected ']' or ')' after the end of the interval")

    def parse_list(self) -> syntax.Node:
        at = self.here.at
        self.at += 1
        if self.take("]"):
            return syntax.ListLiteral(at, ())
        outer, self.in_interval = self.in_interval, 0
        made = self.parse_items(at)
        self.in_interval = outer
        return made

    def parse_items(self, at: int) -> syntax.Node:
        """The inside of square brackets: items, or the two ends of an interval."""
        items = [self.parse_expression()]
        if self.take(".."):
            return self.parse_interval_rest(at, items[0], True, started=True)
        while self.take(","):
            items.append(self.parse_expression())
        self.expect("]")
        return syntax.ListLiteral(at, tuple(items))

    def parse_context(self) -> syntax.Node:
        at = self.here.at
        self.at += 1
        entries: list[tuple[str, syntax.Node]] = []
        if self.take("}"):
            return syntax.ContextLiteral(at, ())
        local = self.open_scope()
        outer, self.in_interval = self.in_interval, 0
        while True:
            key_at = self.here.at
            key = self.parse_key()
            if key in local:
                raise self.error(f"the key {key!r} stands twice in one context", key_at)
            self.expect(":")
            if self.is_word("function"):
                local.add(key)
            entries.append((key, self.parse_expression()))
            local.add(key)
            self.members.add(key)
            if self.take("}"):
                break
            if not self.take(","):
                raise self.error("expected ',' or '}'")
        self.in_interval = outer
        self.close_scope()
        return syntax.ContextLiteral(at, tuple(entries))

    def parse_key(self) -> str:
        """The key of a context entry, or the name of an argument: a name or a string."""
        if self.here.kind == STRING:
            token = self.here
            self.at += 1
            return unescape(token.text)
        count = self.name_until(":")
        if count == 0:
            raise self.error("expected a name")
        return self.taken_name(count)

    def parse_arguments(self, function: syntax.Node) -> syntax.Node:
        """Arguments after the opening bracket, all by position or all by name."""
        outer, self.in_interval = self.in_interval, 0
        arguments: list[syntax.Node] = []
        names: list[str] = []
        closed = self.take(")")
        while not closed:
            if self.name_until(":"):
                names.append(self.parse_key())
                self.expect(":")
            arguments.append(self.parse_expression())
            closed = self.take(")")
            if not closed and not self.take(","):
                raise self.error("expected ',' or ')'")
        self.in_interval = outer
        if names and len(names) != len(arguments):
            raise self.error("arguments are given either all by name or all by position", function.at)
        if len(set(names)) != len(names):
            raise self.error("an argument is given twice", function.at)
        return syntax.Call(function.at, function, tuple(arguments), tuple(names))
