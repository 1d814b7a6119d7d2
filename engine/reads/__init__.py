"""Questions and their answers: plain reading, the one who asks first, frozen rows out."""

from engine.reads.reads import Reads

__all__ = ["Reads"]
