"""The public face: text to compiled expressions and unary tests, cached by text and known names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from engine.feel import syntax
from engine.feel.builtins import BUILT_IN
from engine.feel.compiler import Compiler
from engine.feel.errors import FeelError, FeelLimitExceeded
from engine.feel.names import Known, undotted
from engine.feel.parser import Parser
from engine.feel.runtime import DEFAULT, Environment, Frame, Run
from engine.feel.testing import compile_tests
from engine.feel.types import Type

_BUILT_IN_NAMES = Known(BUILT_IN)
_NO_TYPES: Mapping[str, Type] = {}
CACHED = 4096
_TOO_DEEP = "the expression is nested too deeply to be evaluated"


class Expression:
    """A compiled expression.

    ``names`` are the root names it reads from the scope, ``item_names`` those that may instead be entries
    of an item in a filter, ``functions`` the functions it calls that are neither built in nor local.
    """

    __slots__ = ("_code", "functions", "item_names", "names", "text", "tree")

    def __init__(self, text: str, tree: syntax.Node, variables: frozenset[str]) -> None:
        compiler = Compiler(BUILT_IN, variables, text)
        self.text = text
        self.tree = tree
        self._code = compiler.compile(tree, None)
        self.names = frozenset(compiler.names)
        self.item_names = frozenset(compiler.item_names)
        self.functions = frozenset(compiler.functions)

    def evaluate(self, scope: Mapping[str, Any], environment: Environment = DEFAULT) -> Any:
        """The value over a scope; a name the scope lacks is null."""
        try:
            return self._code(Frame(scope, None, Run(environment)))
        except FeelError as error:
            error.place(self.text, self.tree.at)
            raise
        except RecursionError:
            raise FeelLimitExceeded(_TOO_DEEP) from None

    def within(self, scope: Mapping[str, Any], run: Run) -> Any:
        """The value as part of a larger evaluation, whose budgets it shares."""
        try:
            return self._code(Frame(scope, None, run))
        except FeelError as error:
            error.place(self.text, self.tree.at)
            raise
        except RecursionError:
            raise FeelLimitExceeded(_TOO_DEEP) from None

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


class UnaryTests:
    """A compiled cell of a decision table: tests of one value."""

    __slots__ = ("functions", "item_names", "names", "test", "text", "tree")

    def __init__(self, text: str, tree: syntax.Tests, variables: frozenset[str]) -> None:
        compiler = Compiler(BUILT_IN, variables, text)
        self.text = text
        self.tree = tree
        self.test = compile_tests(compiler, tree, None)
        self.names = frozenset(compiler.names)
        self.item_names = frozenset(compiler.item_names)
        self.functions = frozenset(compiler.functions)

    def evaluate(
        self, value: Any, scope: Mapping[str, Any], environment: Environment = DEFAULT
    ) -> bool | None:
        """Whether the value passes; null when it cannot be said."""
        return self.within(value, scope, Run(environment))

    def within(self, value: Any, scope: Mapping[str, Any], run: Run) -> bool | None:
        """The same as part of a larger evaluation, whose budgets it shares."""
        try:
            return self.test(Frame(scope, None, run), value)
        except FeelError as error:
            error.place(self.text, self.tree.at)
            raise
        except RecursionError:
            raise FeelLimitExceeded(_TOO_DEEP) from None

    def __repr__(self) -> str:
        return f"UnaryTests({self.text!r})"


def compile_expression(text: str, known_names: Collection[str] = ()) -> Expression:
    """Compile an expression; ``known_names`` are names with spaces or operators that may stand in it."""
    return _expression(text, _key(known_names))


def compile_unary_tests(text: str, known_names: Collection[str] = ()) -> UnaryTests:
    """Compile a cell such as ``< 10, [20..30]`` or ``not("major")``."""
    return _unary_tests(text, _key(known_names))


def _key(names: Collection[str]) -> frozenset[str]:
    if any("." in name for name in names):
        return frozenset(undotted(names))
    return names if isinstance(names, frozenset) else frozenset(names)


@lru_cache(maxsize=256)
def _known(names: frozenset[str]) -> Known:
    return Known(names)


@lru_cache(maxsize=CACHED)
def _expression(text: str, names: frozenset[str]) -> Expression:
    return build_expression(text, names, _NO_TYPES)


@lru_cache(maxsize=CACHED)
def _unary_tests(text: str, names: frozenset[str]) -> UnaryTests:
    return build_unary_tests(text, names, _NO_TYPES)


def build_expression(text: str, names: Collection[str], types: Mapping[str, Type]) -> Expression:
    """Compile without the cache, with named types of a model."""
    try:
        tree = Parser(text, _known(frozenset(names)), _BUILT_IN_NAMES, types).expression()
        return Expression(text, tree, frozenset(names))
    except RecursionError:
        raise FeelLimitExceeded("the expression is nested too deeply to be read") from None


def build_unary_tests(text: str, names: Collection[str], types: Mapping[str, Type]) -> UnaryTests:
    """Compile a cell without the cache, with named types of a model."""
    try:
        tree = Parser(text, _known(frozenset(names)), _BUILT_IN_NAMES, types).unary_tests()
        return UnaryTests(text, tree, frozenset(names))
    except RecursionError:
        raise FeelLimitExceeded("the cell is nested too deeply to be read") from None
