"""A customer follows a complaint with its number and secret."""

import io
from collections.abc import Callable

import pytest

from engine.bootstrap import App
from engine.domain.actor import SYSTEM
from tests.web.desk_browser import Desk, found

TOLD = {
    "text": "The fee was never told.",
    "customer_name": "Li Na",
    "contact_by": "email",
    "customer_email": "l@example.com",
}


@pytest.fixture
def told(desk: Desk) -> tuple[str, str]:
    """A complaint made in this browser: its number and secret."""
    desk.post("/complain", **TOLD)
    page = desk.get("/complain/thanks").text
    return found(r'id="number">([^<]+)', page), found(r'id="secret">([^<]+)', page)


def test_number_and_secret_open_the_page_however_they_are_typed(
    browsers: Callable[[], Desk], told: tuple[str, str]
) -> None:
    number, secret = told
    other = browsers()
    other.post("/follow", number=number.lower(), secret=secret.lower().replace("-", " "))

    assert "The fee was never told." in other.get("/my-complaint").text


def test_a_wrong_secret_and_an_unknown_number_are_answered_alike(
    browsers: Callable[[], Desk], told: tuple[str, str]
) -> None:
    number, secret = told
    other = browsers()
    wrong = other.post("/follow", number=number, secret="AAAA-AAAA-AAAA-AAAA-AAAA")
    unknown = other.post("/follow", number="C-2026-999999", secret=secret)

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert wrong.text.replace(number, "") == unknown.text.replace("C-2026-999999", "")


def test_what_is_added_stands_on_the_page_and_with_the_case(
    desk: Desk, told: tuple[str, str], house: App
) -> None:
    desk.get(f"/follow/{told[0]}/{told[1]}")
    desk.post("/my-complaint/information", page="/my-complaint", text="It happened again today.")

    with house.ports.unit_of_work(SYSTEM) as work:
        (added,) = work.information.find()
    assert added.text == "It happened again today."
    assert "It happened again today." in desk.get("/my-complaint").text


def test_adding_nothing_is_answered_at_the_field(desk: Desk, told: tuple[str, str]) -> None:
    desk.get(f"/follow/{told[0]}/{told[1]}")
    answer = desk.post("/my-complaint/information", page="/my-complaint", text="  ")

    assert answer.status_code == 422
    assert "Write what you want to add" in answer.text


def test_a_file_that_cannot_be_taken_is_told_at_its_field_and_the_words_are_kept(
    desk: Desk, told: tuple[str, str]
) -> None:
    desk.get(f"/follow/{told[0]}/{told[1]}")
    answer = desk.post(
        "/my-complaint/information",
        page="/my-complaint",
        text="Here is the slip.",
        files=(io.BytesIO(b"MZ"), "slip.exe"),
    )

    assert answer.status_code == 422
    assert "slip.exe: we cannot open" in found(r'id="files-error">([^<]+)', answer.text)
    assert ">Here is the slip.</textarea>" in answer.text


def test_withdrawing_asks_once_and_then_closes_the_complaint(
    desk: Desk, told: tuple[str, str], house: App
) -> None:
    desk.get(f"/follow/{told[0]}/{told[1]}")
    asked = desk.get("/my-complaint/withdraw").text
    desk.post("/my-complaint/withdraw", reason="Settled")

    with house.ports.unit_of_work(SYSTEM) as work:
        (complaint,) = work.complaints.find()
    assert "This cannot be undone" in asked
    assert complaint.outcome == "withdrawn"
    assert "You withdrew your complaint" in desk.get("/my-complaint").text


def test_an_offer_that_was_never_made_cannot_be_accepted(desk: Desk, told: tuple[str, str]) -> None:
    desk.get(f"/follow/{told[0]}/{told[1]}")
    answer = desk.post("/my-complaint/offer", page="/my-complaint", verdict="accept", comment="Gladly")

    assert answer.status_code == 409
    assert "There is no open offer to answer." in answer.text


def test_without_the_secret_there_is_no_page(browsers: Callable[[], Desk], told: tuple[str, str]) -> None:
    assert browsers().get("/my-complaint").status_code == 302


def test_leaving_forgets_the_complaint_on_this_device(desk: Desk, told: tuple[str, str]) -> None:
    desk.get(f"/follow/{told[0]}/{told[1]}")
    desk.post("/my-complaint/leave", page="/my-complaint")

    assert desk.get("/my-complaint").status_code == 302
    assert told[1] not in desk.get("/complain/thanks", follow_redirects=True).text
