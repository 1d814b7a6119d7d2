"""DMN 1.1 to 1.5 on FEEL and the standard library: read a file, ask a decision, have it explained."""

from engine.dmn.checks import Problem, check
from engine.dmn.decisions import DecisionModel, read, read_decisions
from engine.dmn.errors import DmnError
from engine.dmn.model import Decision
from engine.dmn.record import Explanation, MatchedRule, Record, SeenInput, TableRecord
from engine.feel import Environment

__all__ = [
    "Decision",
    "DecisionModel",
    "DmnError",
    "Environment",
    "Explanation",
    "MatchedRule",
    "Problem",
    "Record",
    "SeenInput",
    "TableRecord",
    "check",
    "read",
    "read_decisions",
]
