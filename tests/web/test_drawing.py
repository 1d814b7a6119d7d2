"""Which diagrams a case runs on, and in which release each was when it was called."""

from typing import Any

from engine.domain.events import HistoryEvent
from engine.domain.running import InstanceState
from engine.reads.case import CaseInstance
from tests.store.rows import NOW
from web.drawing import processes_of

INSTANCE = CaseInstance(
    id=5,
    release_id=1,
    process="complaint",
    state=InstanceState.RUNNING,
    started_at=NOW,
    ended_at=None,
    open=(),
    done=(),
    stuck=(),
)


def entered(instance_id: int = 5, **detail: Any) -> HistoryEvent:
    """A call activity that was reached."""
    return HistoryEvent(NOW, "element.entered", "Redress", 1, instance_id, "call", None, detail)


def test_a_called_process_is_drawn_as_it_was_in_the_release_it_was_taken_from() -> None:
    events = [
        entered(process="plan", release=1),
        entered(process="plan", release=3),
        entered(6, process="other"),
    ]

    assert processes_of(INSTANCE, events) == {"complaint": 1, "plan": 3}


def test_a_call_noted_without_a_release_was_of_the_instances_own() -> None:
    assert processes_of(INSTANCE, [entered(process="plan")]) == {"complaint": 1, "plan": 1}
