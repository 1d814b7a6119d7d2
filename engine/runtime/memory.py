"""The garbage collector, set for a process that lives long and keeps what it loaded."""

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 50
"""Python's own 700, 10, 10 look for cycles twice in every command and find none worth it."""


def settle() -> None:
    """Called once when everything is loaded: libraries, definitions and forms are never garbage, so never look at them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
