"""What a process designer asks before a release: every problem of diagrams, decisions and forms, found without running."""

from engine.bpmn.rules import Problem
from engine.checks.checking import check, check_given
from engine.checks.files import Given, read_given

__all__ = ["Given", "Problem", "check", "check_given", "read_given"]
