"""What a diagram must be like to run: every problem of a set of files at once, with file, line and element."""

from engine.bpmn.rules.checking import check_files
from engine.bpmn.rules.problems import Problem, refuse_errors

__all__ = ["Problem", "check_files", "refuse_errors"]
