"""The processes of a case as drawings: which diagrams, where their tokens are, and the same in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.domain.events import HistoryEvent
from engine.domain.steering import ALIVE
from engine.reads.case import CaseInstance, CaseView
from web.diagram_file import diagram_file
from web.locale import translate
from web.telling import Story


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
    return Story(element_names(view), view.units, view.people, view.complaint.currency)


def element_names(view: CaseView) -> dict[str, str]:
    """What the elements of all processes of a case are called, in the words of the diagram."""
    return {
        id: name
        for instance in view.instances
        for process, release in processes_of(instance, view.events).items()
        for id, name in diagram_file(release, process).names.items()
        if name
    }


def drawings(view: CaseView) -> list[Drawing]:
    """Every diagram of a case: those with a token first, each called process after its caller."""
    found = [
        _drawing(view, instance, process, release)
        for instance in view.instances
        for process, release in processes_of(instance, view.events).items()
    ]
    return sorted(found, key=lambda one: not (one.marks["open"] or one.marks["stuck"]))


def processes_of(instance: CaseInstance, events: Iterable[HistoryEvent]) -> dict[str, int]:
    """The process of an instance and those it called so far, each with the release it was taken from last."""
    called = {
        str(event.detail["process"]): int(event.detail.get("release") or instance.release_id)
        for event in events
        if event.instance_id == instance.id
        and event.kind == "element.entered"
        and event.detail.get("process")
    }
    return {instance.process: instance.release_id, **called}


def _drawing(view: CaseView, instance: CaseInstance, process: str, release: int) -> Drawing:
    file = diagram_file(release, process)
    tokens = [task.element for task in view.tasks if task.instance_id == instance.id]
    states = {
        **dict.fromkeys(instance.done, "done"),
        **{id: "now" if id in tokens else "waits" for id in instance.open},
        **dict.fromkeys(instance.stuck, "stuck"),
    }
    return Drawing(
        instance_id=instance.id,
        release_id=release,
        process=process,
        title=translate(file.title) or process,
        is_running=instance.state in ALIVE,
        marks={
            "done": {id: 1 for id in instance.done if id in file.names},
            "waits": {id: 1 for id in instance.open if id in file.names and id not in tokens},
            "open": {id: tokens.count(id) for id in instance.open if id in file.names and id in tokens},
            "stuck": {id: 1 for id in instance.stuck if id in file.names},
        },
        steps=tuple(Step(name, states[id]) for id, name in file.names.items() if id in states and name),
    )
