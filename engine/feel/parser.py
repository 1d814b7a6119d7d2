"""Recursive descent over the grammar of FEEL (DMN 1.5 §10.3.1.2); names are resolved while reading."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from engine.feel import syntax
from engine.feel.errors import FeelSyntaxError, FeelUnsupported, position
from engine.feel.lexer import END, NUMBER, STRING, SYMBOL, WORD, Token, unescape
from engine.feel.literals import parse_temporal
from engine.feel.names import STOPPING, Known, adjacent_words
from engine.feel.numbers import DECIMAL128, settle
from engine.feel.type_parser import TypeParser

LONGEST_PATH = 40
COMPARATORS = frozenset({"=", "!=", "<", "<=", ">", ">="})
LITERALS = {"true": True, "false": False, "null": None}
OR, AND, COMPARISON, SUM, PRODUCT, POWER = 1, 2, 3, 4, 5, 6
PRECEDENCE: Mapping[str, int] = {
    "or": OR,
    "and": AND,
    "between": COMPARISON,
    "in": COMPARISON,
    "+": SUM,
    "-": SUM,
    "*": PRODUCT,
    "/": PRODUCT,
    "**": POWER,
} | dict.fromkeys(COMPARATORS, COMPARISON)


class Parser(TypeParser):
    """One text on its way to a tree."""

    # the places a text can be used

    def expression(self) -> syntax.Node:
        """The whole text as one expression."""
        tree = self.parse_expression()
        self.finish()
        return tree

    def unary_tests(self) -> syntax.Tests:
        """The whole text as unary tests: ``-``, ``not(…)`` or tests with commas (grammar rules 7 to 15)."""
        start = self.here.at
        if self.is_symbol("-") and self.found[1].kind == END:
            return syntax.Tests(start, (), False)
        if self.is_word("not") and self.is_symbol("(", 1):
            self.at = 2
            items = self.parse_tests()
            self.expect(")")
            if self.here.kind == END:
                return syntax.Tests(start, items, True)
            self.at = 0
        items = self.parse_tests()
        self.finish()
        return syntax.Tests(start, items, False)

    def parse_tests(self) -> tuple[syntax.Node, ...]:
        """Expressions or comparisons with the left side missing, separated by commas."""
        items = [self.parse_expression()]
        while self.take(","):
            items.append(self.parse_expression())
        return tuple(items)

    # operators, loosest first

    def parse_expression(self) -> syntax.Node:
        """Any expression."""
        self.deeper()
        token = self.here
        reader = _KEYWORDS.get(token.text) if token.kind == WORD else None
        found = reader(self) if reader is not None and not self.is_longer_name() else None
        if found is None:
            found = self.parse_binary(OR)
        self.depth -= 1
        return found

    def is_longer_name(self) -> bool:
        """Whether a known name of several words begins here, such as ``if needed``."""
        known = self.variable_here()
        return known is not None and known[1] > 1

    def parse_binary(self, minimum: int, left: syntax.Node | None = None) -> syntax.Node:
        """Operands joined by operators that bind at least as tightly as ``minimum``; the first may be read."""
        if left is None:
            left = self.parse_signed()
        count = 0
        while True:
            token = self.found[self.at]
            level = PRECEDENCE.get(token.text, 0) if token.kind in (SYMBOL, WORD) else 0
            if level < minimum or level == 0:
                return left
            if level == COMPARISON:
                left = self.parse_comparison(left, token)
            elif level < COMPARISON:
                left = self.parse_logic(left, level)
            else:
                left = self.parse_arithmetic(left, level)
            count += 1
            if count > LONGEST_PATH:
                raise self.error(f"more than {LONGEST_PATH} comparisons in a row", self.here.at)

    def parse_logic(self, left: syntax.Node, level: int) -> syntax.Node:
        """A whole conjunction or disjunction."""
        word = "or" if level == OR else "and"
        items = [left]
        while self.take_word(word):
            items.append(self.parse_binary(level + 1))
        make = syntax.Or if level == OR else syntax.And
        return make(left.at, tuple(items))

    def parse_arithmetic(self, left: syntax.Node, level: int) -> syntax.Node:
        """Operands joined by operators of one precedence, from the left."""
        rest: list[tuple[str, syntax.Node]] = []
        while self.here.kind == SYMBOL and PRECEDENCE.get(self.here.text) == level:
            operator = self.here.text
            self.at += 1
            rest.append((operator, self.parse_binary(level + 1)))
        return syntax.Arithmetic(left.at, left, tuple(rest))

    def parse_comparison(self, left: syntax.Node, token: Token) -> syntax.Node:
        """One comparison whose left side is read."""
        self.at += 1
        if token.text == "between":
            low = self.parse_binary(SUM)
            self.expect_word("and")
            return syntax.Between(left.at, left, low, self.parse_binary(SUM))
        if token.text == "in":
            return syntax.In(left.at, left, self.parse_in_tests())
        return syntax.Comparison(left.at, token.text, left, self.parse_binary(SUM))

    def parse_in_tests(self) -> tuple[syntax.Node, ...]:
        """What may follow ``in``: one test, or several in brackets; a bracket may also only open a value."""
        start = self.here.at
        if not self.take("("):
            return (self.parse_binary(SUM),)
        outer, self.in_interval = self.in_interval, 0
        items = [self.parse_expression()]
        self.in_interval = outer
        if self.take(".."):
            items = [self.parse_interval_rest(start, items[0], False, started=True)]
        else:
            while self.take(","):
                items.append(self.parse_expression())
            self.expect(")")
        if len(items) == 1:
            return (self.parse_binary(SUM, self.parse_instances(self.parse_postfix(items[0]))),)
        return tuple(items)

    def parse_signed(self) -> syntax.Node:
        """Negation binds tighter than any other operator."""
        token = self.found[self.at]
        if token.kind == SYMBOL and (token.text == "-" or token.text in COMPARATORS):
            self.at += 1
            self.deeper()
            made: syntax.Node
            if token.text == "-":
                made = syntax.Negation(token.at, self.parse_signed())
            else:
                made = syntax.UnaryRange(token.at, token.text, self.parse_binary(SUM))
            self.depth -= 1
            return made
        return self.parse_instances(self.parse_postfix(self.parse_primary()))

    def parse_instances(self, value: syntax.Node) -> syntax.Node:
        """A value whose type may be asked."""
        count = 0
        while self.is_word("instance") and self.is_word("of", 1):
            self.at += 2
            value = syntax.InstanceOf(value.at, value, self.parse_type())
            count += 1
            if count > LONGEST_PATH:
                raise self.error("asked for the type too often", value.at)
        return value

    # values and what is hung on them

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
                return self.parse_interval_rest(token.at, self.parse_start(), False)
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

    def parse_start(self) -> syntax.Node:
        self.deeper()
        start = self.parse_binary(SUM)
        self.depth -= 1
        return start

    def parse_interval_rest(
        self, at: int, start: syntax.Node, included: bool, *, started: bool = False
    ) -> syntax.Node:
        """The end of an interval whose start is read."""
        if not started:
            self.expect("..")
        self.in_interval += 1
        end = self.parse_start()
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

    # for, if, some, every, function

    def parse_if(self) -> syntax.Node | None:
        at = self.here.at
        self.at += 1
        condition = self.parse_expression()
        self.expect_word("then")
        yes = self.parse_expression()
        self.expect_word("else")
        return syntax.If(at, condition, yes, self.parse_expression())

    def parse_for(self) -> syntax.Node | None:
        at = self.here.at
        if not self.name_until_word("in", self.at + 1):
            return None
        self.at += 1
        local = self.open_scope()
        iterations = self.parse_iterations(local)
        self.expect_word("return")
        local.add("partial")
        body = self.parse_expression()
        self.close_scope()
        return syntax.For(at, iterations, body)

    def parse_quantified(self) -> syntax.Node | None:
        token = self.here
        if not self.name_until_word("in", self.at + 1):
            return None
        self.at += 1
        iterations = self.parse_iterations(self.open_scope())
        self.expect_word("satisfies")
        condition = self.parse_expression()
        self.close_scope()
        return syntax.Quantified(token.at, token.text == "every", iterations, condition)

    def parse_iterations(self, local: Known) -> tuple[syntax.Iteration, ...]:
        iterations: list[syntax.Iteration] = []
        while True:
            at = self.here.at
            count = self.name_until_word("in", self.at)
            if not count:
                raise self.error("expected a name and 'in'")
            name = self.taken_name(count)
            self.expect_word("in")
            domain = self.parse_expression()
            end = self.parse_expression() if self.take("..") else None
            iterations.append(syntax.Iteration(at, name, domain, end))
            local.add(name)
            if len(iterations) > LONGEST_PATH:
                raise self.error(f"more than {LONGEST_PATH} iterations in one", at)
            if not self.take(","):
                return tuple(iterations)

    def parse_function(self) -> syntax.Node | None:
        at = self.here.at
        if not self.is_symbol("(", 1):
            return None
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
        self.open_scope(*(parameter.name for parameter in parameters))
        body = self.parse_expression()
        self.close_scope()
        return syntax.FunctionDefinition(at, tuple(parameters), result, body)

    def parse_parameter(self) -> syntax.Parameter:
        at = self.here.at
        count = self.name_until(":") or self.name_until(",") or self.name_until(")")
        if count == 0:
            raise self.error("expected the name of a parameter")
        name = self.taken_name(count)
        return syntax.Parameter(at, name, self.parse_type() if self.take(":") else None)


_KEYWORDS = {
    "if": Parser.parse_if,
    "for": Parser.parse_for,
    "some": Parser.parse_quantified,
    "every": Parser.parse_quantified,
    "function": Parser.parse_function,
}
