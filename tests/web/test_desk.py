"""The rest of the desk: cases, staff complaints, files, incidents, the board."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.bootstrap import App
from engine.domain.actor import SYSTEM
from engine.domain.organisation import Role, RoleGrant
from engine.domain.running import Incident
from engine.runtime.clock import MovableClock
from tests.web.desk_browser import Desk, found

STAFF = {
    "channel": "counter",
    "text": "The cash machine kept 5,000 yuan.",
    "customer_name": "Zhang Fang",
    "contact_by": "phone",
    "customer_phone": "+86 138 0000 0000",
}


@pytest.fixture
def owner(browsers: Callable[[], Desk], clock: MovableClock) -> Desk:
    """A first owner at the counter."""
    desk = browsers()
    desk.sign_in(desk.login_of(Role.FIRST_OWNER))
    return desk


@pytest.fixture
def registered(owner: Desk) -> str:
    """A complaint this first owner registered, with a letter: its number."""
    letter = (io.BytesIO(b"Dear bank, ..."), "letter.txt", "text/plain")
    answer = owner.post("/desk/complaints/new", received_on="2026-03-02", **STAFF, files=letter)
    assert answer.status_code == 303, re.sub(r"<[^>]+>", " ", answer.text)
    return answer.location.rsplit("/", 1)[1].split("?")[0]


def test_staff_register_for_the_customer_and_become_the_first_owner(
    owner: Desk, registered: str, house: App
) -> None:
    page = owner.get(f"/desk/complaints/{registered}?tab=people").text

    with house.ports.unit_of_work(SYSTEM) as work:
        (complaint,) = work.complaints.find()
    assert complaint.channel == "counter"
    assert house.reads.people(Role.FIRST_OWNER)
    assert complaint.first_owner_id == owner.actor(owner.login_of(Role.FIRST_OWNER)).person_id
    assert "Zhang Fang" in page


def test_a_date_of_receipt_in_the_future_is_told_at_its_field(owner: Desk) -> None:
    answer = owner.post("/desk/complaints/new", received_on="2026-03-03", **STAFF)

    assert answer.status_code == 422
    assert 'href="#field-received_on"' in answer.text


@pytest.mark.parametrize("tab", ["facts", "evidence", "plan", "people", "diagram", "archive"])
def test_every_tab_of_a_case_opens(owner: Desk, registered: str, tab: str) -> None:
    page = owner.get(f"/desk/complaints/{registered}?tab={tab}")

    assert page.status_code == 200
    assert registered in page.text


def test_the_diagram_says_in_words_where_the_case_stands(owner: Desk, registered: str) -> None:
    page = owner.get(f"/desk/complaints/{registered}?tab=diagram").text
    source = found(r'data-diagram="([^"]+)"', page)

    assert "The same in words" in page
    assert 'state-now">now</span>' in page
    assert owner.get(source).data.startswith(b"<?xml")


def test_the_diagram_speaks_the_language_of_the_page(owner: Desk, registered: str) -> None:
    page = owner.get(f"/desk/complaints/{registered}?tab=diagram").text
    source = found(r'data-diagram="([^"]+)"', page)
    owner.client.set_cookie("language", "zh_Hans_CN")

    assert "投诉" in owner.get(source).text


def test_a_file_is_a_download_and_never_shown_inside_the_desk(owner: Desk, registered: str) -> None:
    page = owner.get(f"/desk/complaints/{registered}?tab=evidence").text
    answer = owner.get(found(r'href="(/desk/complaints/[^"]+/files/\d+)"', page))

    assert answer.data == b"Dear bank, ..."
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_raising_the_grade_needs_a_reason(owner: Desk, registered: str) -> None:
    page = f"/desk/complaints/{registered}"
    answer = owner.post(f"{page}/grade", page=page, grade="major", reason=" ")

    assert answer.status_code == 422
    assert "Choose the grade and say why." in answer.text


def test_a_raised_grade_stands_in_the_header_and_the_timeline(owner: Desk, registered: str) -> None:
    page = f"/desk/complaints/{registered}"
    owner.post(f"{page}/grade", page=page, grade="urgent", reason="The regulator called")

    assert "The regulator called" in owner.get(page).text
    assert "grade-urgent" in owner.get(page).text


def test_an_incident_can_be_tried_again_by_administrators_alone(
    owner: Desk, browsers: Callable[[], Desk], registered: str, house: App
) -> None:
    with house.ports.unit_of_work(SYSTEM) as work:
        (complaint,) = work.complaints.find()
        instance = work.processes.of_complaint(complaint.id)[0]
        work.processes.add_incident(
            Incident(instance.id, 999_999, "send", work.now, "try", "No answer", 0, complaint_id=complaint.id)
        )
        (incident,) = work.processes.incidents(instance_id=instance.id)
    path = f"/desk/complaints/{registered}/incidents/{incident.id}/retry"
    page = f"/desk/complaints/{registered}?tab=diagram"

    shown, refused = owner.get(page).text, owner.post(path, page=page)

    assert "No answer" in shown
    assert "Try again" not in shown
    assert refused.status_code == 403


def test_search_finds_by_words_and_goes_straight_to_a_number(owner: Desk, registered: str) -> None:
    assert registered in owner.get("/desk/complaints?q=cash+machine").text
    assert owner.get(f"/desk/complaints?q={registered.lower()}").location == f"/desk/complaints/{registered}"


def test_the_page_tells_the_time_left_in_working_days(
    owner: Desk, registered: str, clock: MovableClock
) -> None:
    clock.move_by(timedelta(minutes=1))
    page = owner.get(f"/desk/complaints/{registered}").text

    assert re.search(r"in \d+ working days \(\w{3} \d+ Mar", page)


def test_a_case_without_departments_has_no_board(browsers: Callable[[], Desk], registered: str) -> None:
    desk = browsers()
    desk.sign_in(desk.login_of(Role.CONSUMER_PROTECTION))

    assert desk.get(f"/desk/collaborations/{registered}").status_code == 404
    assert "No collaboration is running" in desk.get("/desk/collaborations").text


def test_an_incident_is_tried_again_with_a_reason_that_stands_in_the_timeline(
    owner: Desk, registered: str, house: App
) -> None:
    assert owner.person is not None
    with house.ports.unit_of_work(SYSTEM) as work:
        (top,) = work.units.find(code="HO")
        work.grants.add(RoleGrant(0, owner.person.id, Role.ADMINISTRATOR, top.id))
        (complaint,) = work.complaints.find()
        instance = work.processes.of_complaint(complaint.id)[0]
        work.processes.add_incident(
            Incident(instance.id, 999_999, "send", work.now, "try", "No answer", 0, complaint_id=complaint.id)
        )
        (incident,) = work.processes.incidents(instance_id=instance.id)
    path = f"/desk/complaints/{registered}/incidents/{incident.id}/retry?tab=diagram"
    page = f"/desk/complaints/{registered}?tab=diagram"

    asked = owner.get(page).text
    unsaid = owner.post(path, page=page, reason=" ")
    said = owner.post(path, page=page, reason="The mail server is back")

    assert 'name="reason"' in asked
    assert unsaid.status_code == 422
    assert "Please say in a few words why." in unsaid.text
    assert "No answer" in unsaid.text
    assert said.status_code == 303
    told = owner.get(page).text
    assert "Tried again by hand" in told
    assert "The mail server is back" in told


@pytest.mark.parametrize(
    "path",
    [
        "/desk/tasks/99999999999999999999-1",
        "/desk/tasks/1-99999999999999999999",
        "/desk/preview/99999999999999999999-2",
        "/desk/complaints/{}/files/99999999999999999999",
        "/desk/complaints/{}/volumes/99999999999999999999",
        "/desk/complaints/{}/diagram/99999999999999999999/complaint.bpmn",
    ],
)
def test_a_number_that_no_row_can_have_is_not_found(owner: Desk, registered: str, path: str) -> None:
    assert owner.get(path.format(registered)).status_code == 404


@pytest.mark.parametrize("page", ["99999999999999999999", "9223372036854775807"])
def test_a_page_far_behind_the_last_one_is_no_fault(owner: Desk, registered: str, page: str) -> None:
    assert owner.get(f"/desk/?selected={page}-²").status_code == 200
    assert owner.get(f"/desk/?selected={page}-2").status_code == 200
    assert owner.get(f"/desk/?page={page}").status_code == 200
    assert owner.get(f"/desk/complaints?q=cash&page={page}").status_code in (200, 302, 303)


@pytest.mark.parametrize("path", ["/desk/complaints/%00", "/desk/collaborations/C%00", "/follow/%00/x"])
def test_an_address_with_a_null_character_leads_nowhere(owner: Desk, path: str) -> None:
    assert owner.get(path).status_code == 404


def test_a_null_character_is_taken_out_and_what_was_typed_around_it_is_kept(
    owner: Desk, registered: str, house: App
) -> None:
    page = f"/desk/complaints/{registered}"

    answer = owner.post(f"{page}/information", page=page, text="before\0after", key="k\0")

    assert answer.status_code == 303
    with house.ports.unit_of_work(SYSTEM) as work:
        (complaint,) = work.complaints.find()
        assert [added.text for added in work.information.find(complaint_id=complaint.id)] == ["beforeafter"]
    assert owner.get("/desk/complaints?q=cash%00").status_code == 200
    assert 'value="cash"' in owner.get("/desk/complaints?q=ca%00sh").text
