"""FEEL, the expression language of DMN 1.5: parse once, evaluate often, run no foreign code."""

from engine.feel.errors import (
    FeelClockMissing,
    FeelError,
    FeelFunctionFailed,
    FeelLimitExceeded,
    FeelSyntaxError,
    FeelUnsupported,
)
from engine.feel.expression import Expression, UnaryTests, compile_expression, compile_unary_tests
from engine.feel.formatting import format_value, to_json
from engine.feel.runtime import Environment
from engine.feel.values import (
    Function,
    Range,
    WideDate,
    WideDateTime,
    WideDuration,
    WideTime,
    YearsMonthsDuration,
)

__all__ = [
    "Environment",
    "Expression",
    "FeelClockMissing",
    "FeelError",
    "FeelFunctionFailed",
    "FeelLimitExceeded",
    "FeelSyntaxError",
    "FeelUnsupported",
    "Function",
    "Range",
    "UnaryTests",
    "WideDate",
    "WideDateTime",
    "WideDuration",
    "WideTime",
    "YearsMonthsDuration",
    "compile_expression",
    "compile_unary_tests",
    "format_value",
    "to_json",
]
