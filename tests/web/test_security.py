"""What every page is guarded by: headers, CSRF, limits on guessing."""

import re

import pytest

from engine.domain.organisation import Role
from tests.web.desk_browser import Desk


@pytest.mark.parametrize("path", ["/", "/complain", "/follow", "/desk/sign-in", "/nowhere"])
def test_every_page_names_what_may_run_on_it(desk: Desk, path: str) -> None:
    policy = desk.get(path).headers["Content-Security-Policy"]

    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy


@pytest.mark.parametrize("path", ["/", "/complain", "/follow", "/desk/sign-in"])
def test_no_page_carries_script_or_style_of_its_own(desk: Desk, path: str) -> None:
    page = desk.get(path).text

    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert "<style" not in page
    assert not re.search(r"\son[a-z]+=", page)


def test_pages_are_not_kept_by_caches_and_not_sniffed(desk: Desk) -> None:
    headers = desk.get("/complain").headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_form_without_the_token_of_its_page_is_refused(desk: Desk) -> None:
    answer = desk.client.post("/complain", data={"text": "Something went wrong"})

    assert answer.status_code == 400
    assert "Go back, reload it and send it again" in answer.text


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(desk: Desk) -> None:
    cookie = desk.get("/complain").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_guessing_passwords_is_slowed_down_and_the_right_one_is_not_counted(desk: Desk) -> None:
    token = desk.token("/desk/sign-in")
    login = desk.login_of(Role.HANDLER)
    tries = [
        desk.client.post(
            "/desk/sign-in", data={"csrf_token": token, "login": login, "password": f"wrong {n}"}
        ).status_code
        for n in range(11)
    ]

    assert tries == [401] * 10 + [429]


def test_a_stranger_is_led_to_the_sign_in_page_and_back(desk: Desk) -> None:
    answer = desk.get("/desk/complaints?stage=triage")

    assert answer.status_code == 302
    assert answer.location == "/desk/sign-in?next=/desk/complaints?stage%3Dtriage"


def test_signing_in_never_leads_to_another_site(desk: Desk) -> None:
    page = desk.get("/desk/sign-in?next=//elsewhere.example/")

    assert 'name="next" value=""' in page.text


@pytest.mark.parametrize("back", ["/\t/elsewhere.example", "/\r/elsewhere.example", "\t//elsewhere.example"])
def test_signs_that_browsers_drop_do_not_lead_to_another_site(desk: Desk, back: str) -> None:
    answer = desk.post("/preferences", page="/", theme="dark", back=back)

    assert answer.location == "/"


def test_guessing_a_secret_by_link_is_slowed_down(desk: Desk) -> None:
    tries = [desk.get(f"/follow/C-2026-000001/AAAA-{n}").status_code for n in range(11)]

    assert tries == [404] * 10 + [429]


def test_the_health_page_tells_no_figures(desk: Desk) -> None:
    answer = desk.get("/healthz")

    assert answer.json == {"status": "ok"}


def test_a_database_that_is_gone_is_answered_with_a_page_that_says_so(desk: Desk) -> None:
    login = desk.login_of(Role.HANDLER)
    desk.sign_in(login)
    desk.house.close()
    database = desk.house.settings.home / "redress.sqlite"
    database.rename(database.with_name("moved"))
    database.mkdir()

    answers = [
        desk.get(path) for path in ("/desk/", "/desk/complaints", "/follow/C-2026-000001/AAAA", "/healthz")
    ]

    assert [answer.status_code for answer in answers] == [503] * 4
    assert "nothing was written" in answers[0].text
