"""Processes played in memory, by scenarios that designers write: the real engine on a moved clock, with answers as given."""

from engine.simulation.result import Result
from engine.simulation.running import run

__all__ = ["Result", "run"]
