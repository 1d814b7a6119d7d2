"""Precedence climbing over the grammar of FEEL (DMN 1.5 §10.3.1.2); names are resolved while reading."""

from __future__ import annotations

from collections.abc import Mapping

from engine.feel import syntax
from engine.feel.errors import FeelUnsupported, position
from engine.feel.lexer import END, NUMBER, SYMBOL, WORD, Token
from engine.feel.names import Known
from engine.feel.value_parser import LONGEST_PATH, ValueParser

COMPARATORS = frozenset({"=", "!=", "<", "<=", ">", ">="})
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
OPERATORS = COMPARATORS | {"+", "-", "*", "/", "**"}
_MEANT = {
    "==": "FEEL compares with one '='",
    "<>": "unequal is '!='",
    "=<": "at most is '<='",
    "=>": "at least is '>='",
    "!==": "unequal is '!='",
}


class Parser(ValueParser):
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
            if token.text != "-" and self.at:
                self.refuse_after_operator(self.found[self.at - 1], token)
            self.at += 1
            self.deeper()
            made: syntax.Node
            if token.text == "-":
                made = self.parse_negation(token.at)
            else:
                made = syntax.UnaryRange(token.at, token.text, self.parse_binary(SUM))
            self.depth -= 1
            return made
        return self.parse_instances(self.parse_postfix(self.parse_primary()))

    def refuse_after_operator(self, before: Token, token: Token) -> None:
        """A comparison whose left side is missing has to stand by itself: behind an operator it is a slip of the pen."""
        joined = before.text in ("and", "or") and before.kind == WORD
        if not joined and (before.kind != SYMBOL or before.text not in OPERATORS):
            return
        if joined:
            hint = f"{before.text!r} joins whole comparisons: write the value again, as a > 1 {before.text} a < 5"
        else:
            hint = _MEANT.get(before.text + token.text, "")
        raise self.error(f"expected a value{f' ({hint})' if hint else ''}")

    def parse_negation(self, at: int) -> syntax.Node:
        """What follows a minus; the sign of a number belongs to it (grammar rule 37) when its type is asked."""
        written = self.here.kind == NUMBER
        operand = self.parse_signed()
        if written and isinstance(operand, syntax.InstanceOf) and isinstance(operand.value, syntax.Literal):
            return syntax.InstanceOf(at, syntax.Negation(at, operand.value), operand.type)
        return syntax.Negation(at, operand)

    def parse_keyword(self) -> syntax.Node | None:
        """An expression that begins with a keyword, when one stands here."""
        reader = _KEYWORDS.get(self.here.text)
        return None if reader is None else reader(self)

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

    def parse_endpoint(self) -> syntax.Node:
        self.deeper()
        start = self.parse_binary(SUM)
        self.depth -= 1
        return start

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
