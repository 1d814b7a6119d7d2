"""Recursive descent over the grammar of FEEL (DMN 1.5 §10.3.1.2); names are resolved while reading."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal

from engine.feel import syntax
from engine.feel.errors import FeelSyntaxError, FeelUnsupported, position
from engine.feel.lexer import END, NUMBER, STRING, SYMBOL, WORD, Token, tokens, unescape
from engine.feel.literals import parse_temporal
from engine.feel.names import STOPPING, Known, adjacent_words
from engine.feel.numbers import settle
from engine.feel.type_parser import TypeParser
from engine.feel.types import Type

DEEPEST = 40
COMPARATORS = frozenset({"=", "!=", "<", "<=", ">", ">="})
LITERALS = {"true": True, "false": False, "null": None}
NAME_SYMBOLS = frozenset("+-*/.'") | {"**", ".."}


class Parser(TypeParser):
    """One text on its way to a tree."""

    def __init__(
        self,
        text: str,
        known: Collection[str] = (),
        built_in: Known | None = None,
        types: Mapping[str, Type] | None = None,
    ) -> None:
        self.text = text
        self.found = tokens(text)
        self.at = 0
        self.depth = 0
        self.scopes = [Known(known)]
        self.built_in = built_in or Known()
        self.types = types or {}

    # the places a text can be used

    def expression(self) -> syntax.Node:
        """The whole text as one expression."""
        tree = self.parse_expression()
        self.finish()
        return tree

    def unary_tests(self) -> syntax.Tests:
        """The whole text as unary tests: ``-``, ``not(…)`` or tests with commas (grammar rules 7 to 15)."""
        start = self.here.at
        if self.is_symbol("-") and self.found[self.at + 1].kind == END:
            self.at += 1
            return syntax.Tests(start, (), False)
        if self.is_word("not") and self.is_symbol("(", 1):
            mark = self.at
            self.at += 2
            items = self.parse_tests()
            self.expect(")")
            if self.here.kind == END:
                return syntax.Tests(start, items, True)
            self.at = mark
        items = self.parse_tests()
        self.finish()
        return syntax.Tests(start, items, False)

    def parse_tests(self) -> tuple[syntax.Node, ...]:
        """Expressions or comparisons with the left side missing, separated by commas."""
        items = [self.parse_expression()]
        while self.take(","):
            items.append(self.parse_expression())
        return tuple(items)

    # tokens

    @property
    def here(self) -> Token:
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
        if self.is_symbol(symbol):
            self.at += 1
            return True
        return False

    def take_word(self, word: str) -> bool:
        """Step over the word if it is here."""
        if self.is_word(word):
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
            message += ", but the text ends" if token.kind == END else f", found {token.text!r}"
        return FeelSyntaxError(message, line=line, column=column)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One more level of nesting."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error(f"nested more than {DEEPEST} deep", self.here.at)
        try:
            yield
        finally:
            self.depth -= 1

    @contextmanager
    def scope(self, *names: str) -> Iterator[Known]:
        """Local names."""
        known = Known(names)
        self.scopes.append(known)
        try:
            yield known
        finally:
            self.scopes.pop()

    # expressions, loosest first

    def parse_expression(self) -> syntax.Node:
        """Any expression."""
        with self.deeper():
            token = self.here
            if token.kind == WORD:
                if token.text == "for" and self.names_follow("in"):
                    return self.parse_for()
                if token.text == "if":
                    return self.parse_if()
                if token.text in ("some", "every") and self.names_follow("in"):
                    return self.parse_quantified()
                if token.text == "function" and self.is_symbol("(", 1):
                    return self.parse_function()
            return self.parse_or()

    def names_follow(self, word: str) -> bool:
        """Whether a name and then the keyword come after this token."""
        index = self.at + 1
        while self.found[index].kind in (WORD, NUMBER, SYMBOL):
            token = self.found[index]
            if token.kind == WORD and token.text == word:
                return index > self.at + 1
            if token.kind == SYMBOL and token.text not in NAME_SYMBOLS:
                return False
            index += 1
        return False

    def parse_or(self) -> syntax.Node:
        first = self.parse_and()
        if not self.is_word("or"):
            return first
        items = [first]
        while self.take_word("or"):
            items.append(self.parse_and())
        return syntax.Or(first.at, tuple(items))

    def parse_and(self) -> syntax.Node:
        first = self.parse_comparison()
        if not self.is_word("and"):
            return first
        items = [first]
        while self.take_word("and"):
            items.append(self.parse_comparison())
        return syntax.And(first.at, tuple(items))

    def parse_comparison(self) -> syntax.Node:
        left = self.parse_sum()
        count = 0
        while True:
            token = self.here
            if token.kind == SYMBOL and token.text in COMPARATORS:
                self.at += 1
                left = syntax.Comparison(left.at, token.text, left, self.parse_sum())
            elif token.kind == WORD and token.text == "between":
                self.at += 1
                low = self.parse_sum()
                self.expect_word("and")
                left = syntax.Between(left.at, left, low, self.parse_sum())
            elif token.kind == WORD and token.text == "in":
                self.at += 1
                left = syntax.In(left.at, left, self.parse_in_tests())
            else:
                return left
            count += 1
            if count > DEEPEST:
                raise self.error(f"more than {DEEPEST} comparisons in a row", self.here.at)

    def parse_in_tests(self) -> tuple[syntax.Node, ...]:
        """What may follow ``in``: one test, or several in brackets."""
        mark = self.at
        if self.take("("):
            try:
                items = self.parse_tests()
                self.expect(")")
            except FeelSyntaxError:
                items = ()
            if items and not self.continues_value():
                return items
            self.at = mark
        return (self.parse_sum(),)

    def continues_value(self) -> bool:
        """Whether the token makes what came before the first operand of something tighter than ``in``."""
        token = self.here
        return (token.kind == SYMBOL and token.text in ("+", "-", "*", "/", "**", ".", "[", "..")) or (
            token.kind == WORD and token.text == "instance"
        )

    def parse_sum(self) -> syntax.Node:
        return self.chain(("+", "-"), self.parse_product)

    def parse_product(self) -> syntax.Node:
        return self.chain(("*", "/"), self.parse_power)

    def parse_power(self) -> syntax.Node:
        return self.chain(("**",), self.parse_signed)

    def chain(self, operators: tuple[str, ...], operand: Callable[[], syntax.Node]) -> syntax.Node:
        """Operands joined by operators of one precedence, from the left."""
        first = operand()
        rest: list[tuple[str, syntax.Node]] = []
        while self.here.kind == SYMBOL and self.here.text in operators:
            operator = self.here.text
            self.at += 1
            rest.append((operator, operand()))
        return syntax.Arithmetic(first.at, first, tuple(rest)) if rest else first

    def parse_signed(self) -> syntax.Node:
        """Negation binds tighter than any other operator."""
        token = self.here
        if token.kind == SYMBOL and token.text == "-":
            self.at += 1
            with self.deeper():
                return syntax.Negation(token.at, self.parse_signed())
        if token.kind == SYMBOL and token.text in COMPARATORS:
            self.at += 1
            return syntax.UnaryRange(token.at, token.text, self.parse_sum())
        return self.parse_instance_of()

    def parse_instance_of(self) -> syntax.Node:
        value = self.parse_postfix()
        while self.is_word("instance") and self.is_word("of", 1):
            self.at += 2
            value = syntax.InstanceOf(value.at, value, self.parse_type())
        return value

    # values and what is hung on them

    def parse_postfix(self) -> syntax.Node:
        source = self.parse_primary()
        count = 0
        while self.here.kind == SYMBOL:
            if self.take("."):
                source = syntax.Path(source.at, source, self.parse_member())
            elif self.is_symbol("[") and not self.opens_interval_end():
                self.at += 1
                with self.scope("item"):
                    condition = self.parse_expression()
                self.expect("]")
                source = syntax.Filter(source.at, source, condition)
            elif self.take("("):
                source = self.parse_arguments(source)
            else:
                break
            count += 1
            if count > DEEPEST:
                raise self.error(f"more than {DEEPEST} steps in one path", self.here.at)
        return source

    def opens_interval_end(self) -> bool:
        """Whether this ``[`` is the open end of an interval such as ``]1..5[``."""
        if not self.in_interval:
            return False
        mark, depth = self.at, self.depth
        self.at += 1
        self.in_interval, before = 0, self.in_interval
        try:
            with self.scope("item"):
                self.parse_expression()
            return not self.is_symbol("]")
        except FeelSyntaxError:
            return True
        finally:
            self.at, self.depth, self.in_interval = mark, depth, before

    in_interval = 0

    def parse_member(self) -> str:
        """A name after a dot; here keywords are names too."""
        if self.here.kind != WORD:
            raise self.error("expected a name after '.'")
        known = self.known_here(members=True)
        if known is not None:
            name, count = known
            self.at += count
            return name
        count = adjacent_words(self.found, self.at)
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
                return self.parse_interval_rest(token.at, self.parse_start(), False)
            if token.text == "{":
                return self.parse_context()
            if token.text == "@":
                return self.parse_at_literal()
        raise self.error("expected a value")

    def number(self, token: Token) -> int | Decimal:
        value = settle(Decimal(token.text))
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
        if known is not None:
            name, count = known
            self.at += count
        else:
            name = self.taken_name(adjacent_words(self.found, self.at))
        return syntax.Name(token.at, name)

    def known_here(self, members: bool = False) -> tuple[str, int] | None:
        """The longest name known at this token; local names before outer ones of the same length."""
        best: tuple[str, int] | None = None
        for known in reversed(self.scopes):
            match = known.match(self.found, self.at)
            if match is not None and (best is None or match[1] > best[1]):
                best = match
        if members and best is not None:
            return best if best[1] >= adjacent_words(self.found, self.at) else None
        match = self.built_in.match(self.found, self.at)
        if match is not None and (best is None or match[1] > best[1]):
            called = self.is_symbol("(", match[1])
            if called or (match[1] == adjacent_words(self.found, self.at) and not members):
                best = match
        return best

    def taken_name(self, count: int) -> str:
        """Step over tokens that make one name; the name has single spaces."""
        first, last = self.found[self.at], self.found[self.at + count - 1]
        self.at += count
        return " ".join(self.text[first.at : last.end].split())

    def parse_bracket(self) -> syntax.Node:
        """``( … )``: an expression, an interval or a comparison without its left side."""
        at = self.here.at
        self.at += 1
        value = self.parse_expression()
        if self.take(".."):
            return self.parse_interval_rest(at, value, False, started=True)
        self.expect(")")
        return value

    def parse_start(self) -> syntax.Node:
        with self.deeper():
            return self.parse_sum()

    def parse_interval_rest(
        self, at: int, start: syntax.Node, included: bool, *, started: bool = False
    ) -> syntax.Node:
        """The end of an interval whose start is read."""
        if not started:
            self.expect("..")
        self.in_interval += 1
        try:
            with self.deeper():
                end = self.parse_sum()
        finally:
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
        try:
            items = [self.parse_expression()]
            if self.take(".."):
                return self.parse_interval_rest(at, items[0], True, started=True)
            while self.take(","):
                items.append(self.parse_expression())
            self.expect("]")
        finally:
            self.in_interval = outer
        return syntax.ListLiteral(at, tuple(items))

    def parse_context(self) -> syntax.Node:
        at = self.here.at
        self.at += 1
        entries: list[tuple[str, syntax.Node]] = []
        if self.take("}"):
            return syntax.ContextLiteral(at, ())
        with self.scope() as local:
            while True:
                key_at = self.here.at
                key = self.parse_key()
                if any(key == name for name, _ in entries):
                    raise self.error(f"the key {key!r} stands twice in one context", key_at)
                self.expect(":")
                entries.append((key, self.parse_expression()))
                local.add(key)
                if self.take("}"):
                    return syntax.ContextLiteral(at, tuple(entries))
                if not self.take(","):
                    raise self.error("expected ',' or '}'")

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

    def name_until(self, symbol: str) -> int:
        """How many tokens from here make a name that ends before the symbol; zero if none do."""
        if self.here.kind != WORD:
            return 0
        index = self.at
        while True:
            token = self.found[index]
            if token.kind == SYMBOL and token.text == symbol:
                return index - self.at
            if token.kind not in (WORD, NUMBER) and not (token.kind == SYMBOL and token.text in NAME_SYMBOLS):
                return 0
            index += 1

    def parse_arguments(self, function: syntax.Node) -> syntax.Node:
        """Arguments after the opening bracket, all by position or all by name."""
        outer, self.in_interval = self.in_interval, 0
        try:
            arguments: list[syntax.Node] = []
            names: list[str] = []
            if not self.take(")"):
                while True:
                    if self.name_until(":"):
                        names.append(self.parse_key())
                        self.expect(":")
                    elif names:
                        raise self.error("expected the name of an argument")
                    arguments.append(self.parse_expression())
                    if self.take(")"):
                        break
                    if not self.take(","):
                        raise self.error("expected ',' or ')'")
        finally:
            self.in_interval = outer
        if names and len(names) != len(arguments):
            raise self.error("arguments are given either all by name or all by position", function.at)
        if len(set(names)) != len(names):
            raise self.error("an argument is given twice", function.at)
        return syntax.Call(function.at, function, tuple(arguments), tuple(names))

    # for, if, some, every, function

    def parse_if(self) -> syntax.Node:
        at = self.here.at
        self.at += 1
        condition = self.parse_expression()
        self.expect_word("then")
        yes = self.parse_expression()
        self.expect_word("else")
        return syntax.If(at, condition, yes, self.parse_expression())

    def parse_for(self) -> syntax.Node:
        at = self.here.at
        self.at += 1
        with self.scope() as local:
            iterations = self.parse_iterations(local)
            self.expect_word("return")
            local.add("partial")
            return syntax.For(at, iterations, self.parse_expression())

    def parse_quantified(self) -> syntax.Node:
        token = self.here
        self.at += 1
        with self.scope() as local:
            iterations = self.parse_iterations(local)
            self.expect_word("satisfies")
            return syntax.Quantified(token.at, token.text == "every", iterations, self.parse_expression())

    def parse_iterations(self, local: Known) -> tuple[syntax.Iteration, ...]:
        iterations: list[syntax.Iteration] = []
        while True:
            at = self.here.at
            name = self.parse_iterator_name()
            self.expect_word("in")
            domain = self.parse_expression()
            end = self.parse_expression() if self.take("..") else None
            iterations.append(syntax.Iteration(at, name, domain, end))
            local.add(name)
            if not self.take(","):
                return tuple(iterations)

    def parse_iterator_name(self) -> str:
        index = self.at
        while not (self.found[index].kind == WORD and self.found[index].text == "in"):
            token = self.found[index]
            if token.kind not in (WORD, NUMBER) and not (token.kind == SYMBOL and token.text in NAME_SYMBOLS):
                break
            index += 1
        if index == self.at or self.here.kind != WORD:
            raise self.error("expected a name")
        return self.taken_name(index - self.at)

    def parse_function(self) -> syntax.Node:
        at = self.here.at
        self.at += 2
        parameters: list[syntax.Parameter] = []
        while not self.take(")"):
            if parameters:
                self.expect(",")
            parameters.append(self.parse_parameter())
        result = self.parse_type() if self.take(":") else None
        if self.is_word("external"):
            line, column = position(self.text, self.here.at)
            raise FeelUnsupported(
                "external functions (Java, PMML) are refused: an expression runs no foreign code",
                line=line,
                column=column,
            )
        with self.scope(*(parameter.name for parameter in parameters)):
            return syntax.FunctionDefinition(at, tuple(parameters), result, self.parse_expression())

    def parse_parameter(self) -> syntax.Parameter:
        at = self.here.at
        count = self.name_until(":") or self.name_until(",") or self.name_until(")")
        if count == 0:
            raise self.error("expected the name of a parameter")
        name = self.taken_name(count)
        return syntax.Parameter(at, name, self.parse_type() if self.take(":") else None)
