"""The processes of a case as drawings: which diagrams, where their tokens are, and the same in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.domain.errors import NotFound
from engine.domain.events import HistoryEvent
from engine.domain.running import InstanceState
from engine.ports import Element
from engine.reads.case import CaseInstance, CaseView
from web.current import house
from web.telling import Story
from web.words import word


@dataclass(frozen=True)
class Step:
    """One element in words: done, now (somebody's turn), waits (for a date or a message), stuck."""

    name: str
    state: str


@dataclass(frozen=True)
class Drawing:
    """One diagram of a running or finished instance; `marks` are counts by element, by state."""

    instance_id: int
    release_id: int
    process: str
    title: str
    is_running: bool
    marks: Mapping[str, Mapping[str, int]]
    steps: tuple[Step, ...] = field(default=())

    @property
    def key(self) -> str:
        """How a page names it."""
        return f"{self.instance_id}-{self.process}"


def story_of(view: CaseView) -> Story:
    """The story of a case, which knows what its elements are called."""
    return Story(element_names(view), view.units, view.people)


def element_names(view: CaseView) -> dict[str, str]:
    """What the elements of all processes of a case are called, in the words of the diagram."""
    return {
        element.id: element.name
        for instance in view.instances
        for process in processes_of(instance, view.events)
        for element in _outline(instance, process)
        if element.name
    }


def drawings(view: CaseView) -> list[Drawing]:
    """Every diagram of a case: those with a token first, each called process after its caller."""
    found = [
        _drawing(view, instance, process)
        for instance in view.instances
        for process in processes_of(instance, view.events)
    ]
    return sorted(found, key=lambda one: not (one.marks["open"] or one.marks["stuck"]))


def processes_of(instance: CaseInstance, events: Iterable[HistoryEvent]) -> list[str]:
    """The process of an instance and those it called so far, each once."""
    called = [
        str(event.detail["process"])
        for event in events
        if event.instance_id == instance.id
        and event.kind == "element.entered"
        and event.detail.get("process")
    ]
    return list(dict.fromkeys([instance.process, *called]))


def _drawing(view: CaseView, instance: CaseInstance, process: str) -> Drawing:
    outline = _outline(instance, process)
    mine = {element.id for element in outline}
    waiting = {task.element for task in view.tasks if task.instance_id == instance.id}
    states = {
        **{id: "done" for id in instance.done},
        **{id: "now" if id in waiting else "waits" for id in instance.open},
        **{id: "stuck" for id in instance.stuck},
    }
    tokens = [task.element for task in view.tasks if task.instance_id == instance.id]
    return Drawing(
        instance_id=instance.id,
        release_id=instance.release_id,
        process=process,
        title=word("process", process),
        is_running=instance.state is InstanceState.RUNNING,
        marks={
            "done": {id: 1 for id in instance.done if id in mine},
            "open": {id: max(tokens.count(id), 1) for id in instance.open if id in mine},
            "stuck": {id: 1 for id in instance.stuck if id in mine},
        },
        steps=tuple(
            Step(element.name, states[element.id])
            for element in outline
            if element.id in states and element.name
        ),
    )


def _outline(instance: CaseInstance, process: str) -> tuple[Element, ...]:
    try:
        return tuple(house().ports.engine.outline(instance.release_id, process))
    except NotFound:  # a release this process has not loaded: nothing to draw on it yet
        return ()
