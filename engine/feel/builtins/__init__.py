"""All built-in functions of DMN 1.5 §10.3.4, by name."""

from engine.feel.builtins import contexts, conversions, lists, numeric, ranges, strings, temporal
from engine.feel.builtins.registry import BUILT_IN

__all__ = ["BUILT_IN", "contexts", "conversions", "lists", "numeric", "ranges", "strings", "temporal"]
