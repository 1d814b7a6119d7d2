"""The one place that joins the rooms: settings in, a working house out."""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from engine.bpmn.definitions import Definitions
from engine.bpmn.process_engine import BpmnEngine
from engine.bpmn.rules import Problem, check_files, refuse_errors
from engine.domain.actor import SYSTEM
from engine.domain.errors import NotFound, OutOfOrder
from engine.domain.organisation import Role
from engine.domain.running import Release
from engine.notify.demo_bank import DemoBank
from engine.notify.email import Email
from engine.operations import Operation, build_operations, templates
from engine.operations.multi_instance import BY_ENGINE
from engine.operations.outside import job_doer
from engine.ports import Clockwork, Ports
from engine.reads import Reads
from engine.runtime import logs
from engine.runtime.bulk_tick import BulkTick
from engine.runtime.clock import SystemClock
from engine.runtime.files import LocalFiles
from engine.runtime.incident_tick import IncidentTick
from engine.runtime.keys import make_demo_password, make_secret_key, secret_key
from engine.runtime.outbox import OutboxTick
from engine.runtime.scheduler import Tick
from engine.runtime.start_tick import MessageTick, StartTick
from engine.runtime.timer_tick import TimerTick
from engine.settings import Settings
from engine.store.store import Store
from engine.use_cases import releases, subject
from engine.use_cases.demo_bank import seed_demo
from engine.use_cases.outbox import Senders
from forms.library import FormLibrary, shipped_files

NOT_READY = "This database is not ready for this version of Redress: run `redress init` first."
SHIPPED = (".bpmn", ".dmn", ".json")
WORKFLOWS = Path(__file__).parent.parent / "workflows"  # beside `engine`, in a checkout as in an installation


@dataclass(frozen=True)
class App:
    """The joined rooms, as web and command line use them. `forms` are those of the newest release."""

    settings: Settings
    ports: Ports
    reads: Reads
    forms: FormLibrary
    operations: Mapping[str, Operation]
    senders: Senders
    _store: Store = field(repr=False)
    _libraries: dict[int, FormLibrary] = field(repr=False, default_factory=dict)

    def forms_of(self, release_id: int) -> FormLibrary:
        """The forms of the release an instance runs on."""
        found = self._libraries.get(release_id)
        if found is None:
            found = self._libraries[release_id] = FormLibrary(self._release(release_id).files)
        return found

    def diagram(self, release_id: int, process: str) -> bytes:
        """The BPMN file that holds a process, in a release; raises NotFound."""
        return diagram_of(self._release(release_id), process)

    def ticks(self) -> Mapping[str, Tick]:
        """What is to be looked at again and again while this process lives, by name."""
        return {
            "timers": TimerTick(self.ports),
            "outbox": OutboxTick(self.ports, self.senders),
            "incidents": IncidentTick(self.ports),
            "starts": StartTick(self.ports),
            "messages": MessageTick(self.ports),
            "bulk": BulkTick(self.ports),
        }

    def close(self) -> None:
        """Let the database go."""
        self._store.close()

    def _release(self, release_id: int) -> Release:
        with self.ports.unit_of_work(SYSTEM) as work:
            return work.releases.get(release_id)


def prepare(settings: Settings, *, demo: bool = False, clock: Clockwork | None = None) -> None:
    """Make or upgrade an installation: its folder, its key, its database, the release of the definitions that ship."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = make_secret_key(settings)
    clock = clock or SystemClock()
    store = Store(settings.database_url, clock)
    try:
        store.upgrade()
        files_stored = LocalFiles(settings.home / "files")
        ports = _ports(store, clock, key, files_stored, build_operations(files_stored))
        _release_shipped(ports)
        if demo:
            seed_demo(ports, PasswordHasher().hash(make_demo_password(settings)))
    finally:
        store.close()


def build(settings: Settings, *, clock: Clockwork | None = None, durable: bool = True) -> App:
    """The house over a prepared database; raises OutOfOrder before `redress init`.

    Only what can be made again, as the demo's play, is written without waiting for the disk (not `durable`).
    """
    clock = clock or SystemClock()
    key = secret_key(settings)
    store = Store(settings.database_url, clock, durable=durable)
    try:
        if not store.is_current():
            raise OutOfOrder(NOT_READY)
        files = LocalFiles(settings.home / "files")
        operations = build_operations(files, mail=settings.smtp_url is not None)
        ports = _ports(store, clock, key, files, operations)
        release = _newest(ports)
        forms = FormLibrary(release.files)
    except BaseException:
        store.close()
        raise
    return App(
        settings=settings,
        ports=ports,
        reads=Reads(store.reading, clock),
        forms=forms,
        operations=operations,
        senders=Senders(DemoBank(), _mail(settings, clock), job_doer(operations)),
        _store=store,
        _libraries={release.id: forms},
    )


@contextmanager
def opened(settings: Settings, *, clock: Clockwork | None = None, durable: bool = True) -> Iterator[App]:
    """The house for one command, and its lines on standard error."""
    logs.configure(settings.log_level)
    app = build(settings, clock=clock, durable=durable)
    try:
        yield app
    finally:
        app.close()


def shipped_definitions() -> dict[str, bytes]:
    """What ships, by its path in a release: "complaint.bpmn", "decisions/severity.dmn", "forms/triage.form"."""
    found = dict(_walk(WORKFLOWS, ""))
    found.update({f"forms/{name}": content for name, content in shipped_files().items()})
    return found


def problems_of(
    files: Mapping[str, bytes], forms: Collection[str], context: Mapping[str, bytes] | None = None
) -> list[Problem]:
    """Every problem of these files, given the operations and roles there are; `context` may be referred to."""
    names = build_operations(LocalFiles(WORKFLOWS)).keys()  # asked for their names alone: nothing is stored
    return check_files(files, operations=names, forms=forms, roles=list(Role), context=context)


def require_runnable(files: Mapping[str, bytes]) -> None:
    """Raise what refuses these definitions: DefinitionRefused or FormDefinitionError, with file, line and reason."""
    forms = FormLibrary(files)
    refuse_errors(problems_of(files, [form.id for form in forms]))
    Definitions(0, files)


def element_templates() -> list[dict[str, Any]]:
    """Every operation a diagram may name, as the modeler offers it."""
    known = build_operations(LocalFiles(WORKFLOWS)).values()  # asked for what they take: nothing is stored
    return templates.element_templates([*known, *BY_ENGINE])


def diagram_of(release: Release, process: str) -> bytes:
    """The BPMN file that holds a process; raises NotFound."""
    usual = release.files.get(f"{process}.bpmn")
    if usual is not None:
        return usual
    declared = re.compile(rb'<(?:\w+:)?process\s[^>]*\bid="' + re.escape(process.encode()) + rb'"')
    for path, content in release.files.items():
        if path.endswith(".bpmn") and declared.search(content):
            return content
    raise NotFound


def _walk(folder: Path, path: str) -> Iterator[tuple[str, bytes]]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir() and item.name not in ("scenarios", "__pycache__"):
            yield from _walk(item, f"{path}{item.name}/")
        elif item.name.endswith(SHIPPED):
            yield f"{path}{item.name}", item.read_bytes()


def _ports(
    store: Store, clock: Clockwork, key: bytes, files: LocalFiles, operations: Mapping[str, Operation]
) -> Ports:
    return Ports(
        unit_of_work=store.unit_of_work,
        engine=BpmnEngine(subject, operations),
        files=files,
        clock=clock,
        secret_key=key,
    )


def _release_shipped(ports: Ports) -> None:
    """Release what ships, unless it is what the newest release holds."""
    files = shipped_definitions()
    with ports.unit_of_work(SYSTEM) as work:
        try:
            if work.releases.current().files == files:
                return
        except NotFound:
            pass  # the first release
        require_runnable(files)
        releases.release(ports, work, files)


def _newest(ports: Ports) -> Release:
    try:
        with ports.unit_of_work(SYSTEM) as work:
            return work.releases.current()
    except NotFound:
        raise OutOfOrder(NOT_READY) from None


def _mail(settings: Settings, clock: Clockwork) -> Email | None:
    return Email(settings.smtp_url, settings.mail_from, clock.now) if settings.smtp_url else None
