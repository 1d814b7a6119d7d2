"""The house put together."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine import bootstrap
from engine.domain.actor import SYSTEM
from engine.domain.errors import DefinitionRefused, NotFound, OutOfOrder
from engine.domain.running import Release
from engine.runtime.keys import make_secret_key
from engine.settings import Settings
from forms.errors import FormDefinitionError, UnknownForm


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_env({"REDRESS_HOME": str(tmp_path / "home")})


def _release(files: dict[str, bytes]) -> Release:
    return Release(1, "-", datetime(2026, 11, 23, tzinfo=UTC), files)


def test_what_ships_is_released_once(settings: Settings) -> None:
    bootstrap.prepare(settings)
    bootstrap.prepare(settings)
    app = bootstrap.build(settings)

    with app.ports.unit_of_work(SYSTEM) as work:
        release = work.releases.current()
    app.close()

    assert release.id == 1
    assert release.files == bootstrap.shipped_definitions()
    assert {"complaint.bpmn", "decisions/severity.dmn", "forms/triage.form"} <= release.files.keys()


def test_running_instances_keep_the_forms_of_their_release(settings: Settings) -> None:
    bootstrap.prepare(settings)
    files = bootstrap.shipped_definitions()
    app = bootstrap.build(settings)
    with app.ports.unit_of_work(SYSTEM) as work:
        work.releases.add({path: body for path, body in files.items() if path != "forms/triage.form"})
    app.close()

    later = bootstrap.build(settings)

    assert later.forms_of(1).form("triage").id == "triage"
    with pytest.raises(UnknownForm):
        later.forms.form("triage")
    later.close()


def test_before_init_the_house_says_so(settings: Settings) -> None:
    bootstrap.prepare(settings)
    empty = Settings.from_env({"REDRESS_HOME": str(settings.home / "other")})
    make_secret_key(empty)

    with pytest.raises(OutOfOrder, match="redress init"):
        bootstrap.build(empty)


def test_a_diagram_is_found_by_its_process_wherever_it_is_drawn() -> None:
    release = _release(
        {
            "complaint.bpmn": b'<bpmn:process id="complaint">',
            "several.bpmn": b'<bpmn:process id="first"><bpmn:process isExecutable="true" id="second">',
        }
    )

    assert bootstrap.diagram_of(release, "complaint") == release.files["complaint.bpmn"]
    assert bootstrap.diagram_of(release, "second") == release.files["several.bpmn"]
    with pytest.raises(NotFound):
        bootstrap.diagram_of(release, "fir")


@pytest.mark.parametrize(
    ("path", "body", "refusal"),
    [
        ("broken.bpmn", b"<bpmn:definitions", DefinitionRefused),
        ("decisions/broken.dmn", b"<definitions/>", DefinitionRefused),
        ("forms/broken.form", b"{", FormDefinitionError),
    ],
)
def test_a_release_with_one_broken_file_is_refused_whole(
    path: str, body: bytes, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal, match=path):
        bootstrap.require_runnable({**bootstrap.shipped_definitions(), path: body})
