"""Patterns of form fields, matched by FEEL's own machine, whose work is counted: no pattern can run away."""

from engine.feel import Environment, FeelLimitExceeded, compile_expression

LONGEST = 200
_MATCHES = compile_expression("matches(text, pattern)")
_BOUNDED = Environment(steps=200_000)


def is_pattern(pattern: str) -> bool:
    """Whether it is a regular expression that can be used."""
    return (
        len(pattern) <= LONGEST and _MATCHES.evaluate({"text": "", "pattern": pattern}, _BOUNDED) is not None
    )


def fits(text: str, pattern: str) -> bool:
    """Whether the text matches; one that takes too long to decide does not."""
    try:
        return _MATCHES.evaluate({"text": text, "pattern": pattern}, _BOUNDED) is True
    except FeelLimitExceeded:
        return False
