"""What a service task may call, by name, with a typed input and output; one file a noun."""

from collections.abc import Mapping

from engine.operations import (
    answer,
    archive,
    clocks,
    complaint,
    harm,
    notices,
    people,
    plan,
    redress,
    requests,
)
from engine.operations.registry import BpmnError, Operation, Operations, operation
from engine.ports import Files

__all__ = ["BpmnError", "Operation", "Operations", "build_operations", "operation"]


def build_operations(files: Files, *, mail: bool = True) -> Mapping[str, Operation]:
    """Every operation by its name; `mail` says whether notices may travel by e-mail."""
    told = notices.operations(mail=mail)
    modules = (complaint, clocks, requests, plan, redress, people, harm)
    lists = [
        *(module.OPERATIONS for module in modules),
        told,
        answer.operations(told),
        archive.operations(files),
    ]
    return {each.name: each for operations in lists for each in operations}
