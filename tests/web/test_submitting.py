"""A customer complains on the portal."""

import io
from collections.abc import Callable

import pytest

from engine.bootstrap import App
from engine.domain.actor import SYSTEM
from engine.domain.complaint import Complaint
from tests.web.desk_browser import Desk, found

ANSWERS = {
    "text": "The cash machine kept 5,000 yuan.",
    "wish": "Give the money back.",
    "customer_name": "Zhang Fang",
    "contact_by": "email",
    "customer_email": "fang@example.com",
}


def complaints(house: App) -> list[Complaint]:
    with house.ports.unit_of_work(SYSTEM) as work:
        return work.complaints.find()


def test_a_complaint_gives_a_number_and_a_secret_link_that_opens_its_page(desk: Desk, house: App) -> None:
    desk.post("/complain", key="one", **ANSWERS)
    thanks = desk.get("/complain/thanks").text
    link = found(r'id="secret-link">([^<]+)<', thanks)

    (complaint,) = complaints(house)
    page = desk.get(link.replace("http://localhost", ""), follow_redirects=True).text

    assert complaint.number in thanks
    assert complaint.text in page
    assert "We look into it" in page


def test_sending_the_same_form_twice_makes_one_complaint_and_shows_its_number_again(
    desk: Desk, house: App
) -> None:
    desk.post("/complain", key="one", **ANSWERS)
    first = desk.get("/complain/thanks").text
    desk.post("/complain", key="one", **ANSWERS)
    second = desk.get("/complain/thanks").text

    assert len(complaints(house)) == 1
    assert found(r'id="secret">([^<]+)', first) == found(r'id="secret">([^<]+)', second)


def test_what_somebody_changes_after_going_back_is_not_swallowed(desk: Desk, house: App) -> None:
    desk.post("/complain", key="one", **ANSWERS)
    desk.post("/complain", key="one", **{**ANSWERS, "text": "And my card is gone too."})

    assert len(complaints(house)) == 2


def test_missing_answers_stand_at_their_fields_and_what_was_typed_is_kept(desk: Desk, house: App) -> None:
    answer = desk.post("/complain", **{**ANSWERS, "text": "", "customer_email": "not an address"})

    assert answer.status_code == 422
    assert 'value="not an address"' in answer.text
    assert "Zhang Fang" in answer.text
    assert 'href="#field-text"' in answer.text
    assert complaints(house) == []


def test_an_attachment_is_kept_with_the_complaint(desk: Desk, house: App) -> None:
    desk.post(
        "/complain",
        **ANSWERS,
        files=(io.BytesIO(b"Dear bank, please see below."), "letter.txt", "text/plain"),
    )

    with house.ports.unit_of_work(SYSTEM) as work:
        (attachment,) = work.attachments.find()
    assert (attachment.name, attachment.media_type) == ("letter.txt", "text/plain")
    assert house.ports.files.get(attachment.stored_as) == b"Dear bank, please see below."


@pytest.mark.parametrize(
    ("name", "declared", "content"),
    [
        # a program that calls itself a picture
        ("photo.jpg", "image/jpeg", b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff"),
        # a page of HTML that calls itself a PDF
        ("letter.pdf", "application/pdf", b"<html><script>alert(1)</script></html>"),
        # declared otherwise than named
        ("letter.txt", "image/png", b"plain words"),
        # a kind nobody here can open
        ("macro.xlsm", "application/octet-stream", b"PK\x03\x04"),
        # nothing in it
        ("empty.txt", "text/plain", b""),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_at_its_field(
    desk: Desk, house: App, name: str, declared: str, content: bytes
) -> None:
    answer = desk.post("/complain", **ANSWERS, files=(io.BytesIO(content), name, declared))

    assert answer.status_code == 422
    assert f"{name}: " in answer.text
    assert complaints(house) == []


def test_the_thank_you_page_is_for_the_browser_that_complained(browsers: Callable[[], Desk]) -> None:
    one, other = browsers(), browsers()
    one.post("/complain", **ANSWERS)

    assert other.get("/complain/thanks").status_code == 302


@pytest.mark.parametrize("tag", ["zh", "zh-CN", "zh-Hans-CN", "zh-hans"])
def test_a_chinese_browser_is_spoken_to_in_chinese(desk: Desk, tag: str) -> None:
    page = desk.get("/complain", headers={"Accept-Language": f"{tag},en;q=0.5"}).text

    assert '<html lang="zh-Hans-CN"' in page
    assert "提交投诉" in page


def test_the_language_that_was_chosen_wins_over_the_browser(desk: Desk) -> None:
    desk.post("/preferences", page="/complain", language="en", back="/complain")

    assert "Make a complaint" in desk.get("/complain", headers={"Accept-Language": "zh"}).text
