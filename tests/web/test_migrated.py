"""A task moved to another version while its page is open: the page is told, and what was typed is kept."""

from engine.bootstrap import App
from engine.domain.actor import SYSTEM
from engine.domain.steering import Act, Verb
from engine.use_cases import releases, steering
from tests.web.desk_browser import Desk
from tests.web.test_tasks import TRIAGED, version_on


def release_renamed(house: App) -> int:
    """The next release: the triage task has another name."""
    with house.ports.unit_of_work(SYSTEM) as work:
        files = dict(work.releases.current().files)
        before = files["intake.bpmn"]
        files["intake.bpmn"] = before.replace(
            b'<bpmn:userTask id="triage" name="', b'<bpmn:userTask id="triage" name="Careful '
        )
        assert files["intake.bpmn"] != before
        return releases.release(house.ports, work, files).id


def test_an_open_page_is_told_that_the_task_changed_and_gives_back_what_was_typed(
    officer: Desk, triage_task: str, house: App
) -> None:
    officer.post(f"{triage_task}/claim", page=triage_task)
    version = version_on(officer, triage_task)
    instance = int(triage_task.rpartition("/")[2].partition("-")[0])
    release = release_renamed(house)

    steering.steer(house.ports, SYSTEM, instance, Act(Verb.MIGRATE, release_id=release), "a better name")
    late = officer.post(f"{triage_task}/complete", page=triage_task, version=version, **TRIAGED)
    again = officer.get(triage_task).text
    done = officer.post(
        f"{triage_task}/complete", page=triage_task, version=version_on(officer, triage_task), **TRIAGED
    )

    assert late.status_code == 409
    assert "This task changed since you opened it. What you typed is kept." in late.text
    assert "Fee dispute" in late.text
    assert "<h1>Careful" in again
    assert done.status_code == 303


def test_the_case_tells_from_which_version_to_which(officer: Desk, triage_task: str, house: App) -> None:
    instance = int(triage_task.rpartition("/")[2].partition("-")[0])
    release = release_renamed(house)
    steering.steer(house.ports, SYSTEM, instance, Act(Verb.MIGRATE, release_id=release), "a better name")
    steering.steer(house.ports, SYSTEM, instance, Act(Verb.TAKE_BACK), "the old one after all")

    case = officer.get("/desk/complaints/C-2026-000001").text
    officer.client.set_cookie("language", "zh_Hans_CN")
    in_chinese = officer.get("/desk/complaints/C-2026-000001").text

    assert f"Moved from version 1 of the process to {release}" in case
    assert f"Taken back from version {release} of the process to 1" in case
    assert f"流程版本由 1 迁移至 {release}" in in_chinese
