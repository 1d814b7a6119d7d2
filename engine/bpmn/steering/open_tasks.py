"""The tasks of an instance that somebody may still do, now or when it resumes."""

from engine.domain.task import Task, TaskState
from engine.ports import UnitOfWork

UNDONE = (TaskState.OPEN, TaskState.CLAIMED, TaskState.SUSPENDED)


def open_tasks(work: UnitOfWork, instance_id: int) -> list[Task]:
    """Those tasks, oldest first."""
    return work.tasks.find(instance_id=instance_id, state=UNDONE)
