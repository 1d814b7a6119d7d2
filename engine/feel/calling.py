"""Calling functions, built in, written or supplied, by position or by name (DMN 1.5 §10.3.2.13.5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.feel import syntax
from engine.feel.errors import FeelError, FeelFunctionFailed
from engine.feel.layers import Layer, is_local, lookup
from engine.feel.runtime import Code, Frame, Run
from engine.feel.types import coerce
from engine.feel.values import Function, plain

if TYPE_CHECKING:
    from engine.feel.compiler import Compiler


def compile_function(compiler: Compiler, node: syntax.FunctionDefinition, layer: Layer | None) -> Code:
    """A function value that remembers the frame it was written in."""
    names = tuple(parameter.name for parameter in node.parameters)
    types = tuple(parameter.type for parameter in node.parameters)
    body = compiler.compile(node.body, Layer(layer, names))
    cost = syntax.size(node.body) + 1
    result = node.result

    def make(frame: Frame) -> Function:
        def call(run: Run, arguments: Sequence[Any]) -> Any:
            run.spend(cost)
            run.enter()
            try:
                return coerce(body(Frame(dict(zip(names, arguments, strict=True)), frame, run)), result, run)
            finally:
                run.depth -= 1

        return Function("", names, call, required=len(names), types=types, result=result)

    return make


def invoke(function: Function, run: Run, arguments: Sequence[Any]) -> Any:
    """Call a function value by position; wrong counts give null, arguments of wrong types are null (§10.3.2.9.4)."""
    if not function.takes(len(arguments)):
        return None
    if not function.types:
        return function.call(run, arguments)
    typed = [coerce(value, type_, run) for value, type_ in zip(arguments, function.types, strict=True)]
    if function.strict and any(a is not None and b is None for a, b in zip(arguments, typed, strict=True)):
        return None
    return function.call(run, typed)


def ordered(function: Function, names: tuple[str, ...], values: Sequence[Any]) -> list[Any] | None:
    """Named arguments in the order of the parameters, a missing one null; None when one is unknown."""
    given = dict(zip(names, values, strict=True))
    if any(name in given and not fits(given[name]) for name, fits in function.named.items()):
        return None
    for parameters in sorted((function.parameters, *function.alternatives), key=len):
        if all(name in parameters for name in names):
            return _in_order(
                parameters, given, len(parameters) if function.alternatives else function.required
            )
    return None


def _in_order(parameters: tuple[str, ...], given: dict[str, Any], needed: int) -> list[Any]:
    last = max(parameters.index(name) for name in given)
    return [given.get(name) for name in parameters[: max(needed, last + 1)]]


def compile_call(compiler: Compiler, node: syntax.Call, layer: Layer | None) -> Code:
    """A call; a built-in one is bound at once."""
    arguments = [compiler.compile(argument, layer) for argument in node.arguments]
    if not isinstance(node.function, syntax.Name):
        return _call_value(compiler.compile(node.function, layer), arguments, node.names)
    name = node.function.name
    if is_local(layer, name):
        return _call_value(lookup(layer, name), arguments, node.names)
    function = compiler.built_in.get(name)
    if function is not None and name not in compiler.variables:
        return _call_built_in(function, arguments, node.names)
    compiler.functions.add(name)
    return _call_by_name(name, lookup(layer, name), function, arguments, node.names)


def _call_value(code: Code, arguments: list[Code], names: tuple[str, ...]) -> Code:
    def call(frame: Frame) -> Any:
        return apply(code(frame), frame.run, [argument(frame) for argument in arguments], names)

    return call


def apply(function: Any, run: Run, values: list[Any], names: tuple[str, ...]) -> Any:
    """Call whatever a value is; calling anything but a function is null."""
    if not isinstance(function, Function):
        return None
    if not names:
        return invoke(function, run, values)
    arguments = ordered(function, names, values)
    return None if arguments is None else invoke(function, run, arguments)


def _call_built_in(function: Function, arguments: list[Code], names: tuple[str, ...]) -> Code:
    code = function.call
    if names:
        return lambda frame: apply(function, frame.run, [argument(frame) for argument in arguments], names)
    if not function.takes(len(arguments)):
        return lambda frame: None
    if len(arguments) == 1:
        only = arguments[0]
        return lambda frame: code(frame.run, (only(frame),))
    return lambda frame: code(frame.run, [argument(frame) for argument in arguments])


def _call_by_name(
    name: str, variable: Code, built_in: Function | None, arguments: list[Code], names: tuple[str, ...]
) -> Code:
    """A name nobody knew at compile time: a variable, a built-in, or a function of the environment."""

    def call(frame: Frame) -> Any:
        run = frame.run
        values = [argument(frame) for argument in arguments]
        function = variable(frame)
        if isinstance(function, Function):
            return apply(function, run, values, names)
        supplied = run.environment.functions.get(name)
        if supplied is not None:
            return call_supplied(name, supplied, run, values, names)
        return None if built_in is None else apply(built_in, run, values, names)

    return call


def call_supplied(name: str, function: Any, run: Run, values: list[Any], names: tuple[str, ...]) -> Any:
    """Call a Python function of the environment; spaces in argument names become underscores."""
    if isinstance(function, Function):
        return apply(function, run, values, names)
    run.spend(1)
    try:
        if names:
            given = dict(zip((key.replace(" ", "_") for key in names), values, strict=True))
            return plain(function(**given))
        return plain(function(*values))
    except FeelError:
        raise
    except Exception as cause:  # whatever the caller's function raises is told as one kind of error
        raise FeelFunctionFailed(f"the function {name!r} failed: {cause}") from cause
