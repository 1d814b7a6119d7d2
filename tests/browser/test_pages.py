"""What only a real browser can tell: policy, keyboard, scripts, contrast."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.domain.actor import SYSTEM
from engine.domain.organisation import Role
from engine.use_cases.demo_bank import accounts
from tests.journeys.bank import Bank

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def complain(page: Page, text: str) -> str:
    """Send a complaint by the portal; its number."""
    page.goto("/complain")
    page.fill("[name=text]", text)
    page.fill("[name=customer_name]", "Zhang Fang")
    page.fill("[name=customer_email]", "fang@example.com")
    page.get_by_role("button", name="Send complaint").click()
    return page.locator("#number").inner_text()


def sign_in(page: Page, bank: Bank, role: Role) -> None:
    """Sign in as somebody of this role, in English."""
    login = next(person.login for held, person in accounts(bank.house.ports) if held is role)
    page.context.add_cookies([{"name": "language", "value": "en", "url": bank.address}])
    page.goto("/desk/sign-in")
    page.fill("#login", login)
    page.fill("#password", bank.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/**")


def triage_of(bank: Bank, number: str) -> str:
    """The path of the task that triages this complaint."""
    with bank.house.ports.unit_of_work(SYSTEM) as work:
        complaint = work.complaints.by_number(number)
        assert complaint is not None
        (task,) = work.tasks.find(complaint_id=complaint.id, form="triage")
    return f"/desk/tasks/{task.key}"


def test_a_double_click_makes_one_complaint(page: Page, bank: Bank) -> None:
    page.goto("/complain")
    page.fill("[name=text]", "Clicked twice.")
    page.fill("[name=customer_name]", "Zhang Fang")
    page.fill("[name=customer_email]", "fang@example.com")
    page.get_by_role("button", name="Send complaint").dblclick()
    page.wait_for_url("**/thanks")

    with bank.house.ports.unit_of_work(SYSTEM) as work:
        assert len([one for one in work.complaints.find() if one.text == "Clicked twice."]) == 1


def test_what_is_typed_is_saved_while_typing(page: Page, bank: Bank) -> None:
    path = triage_of(bank, complain(page, "A fee."))
    sign_in(page, bank, Role.TRIAGE_OFFICER)
    page.goto(path)
    page.get_by_role("button", name="Claim it").click()
    page.fill("[name='complaint.amount']", "123.45")
    expect(page.locator("#draft-state")).to_contain_text("Draft saved", timeout=15_000)
    page.reload()

    expect(page.locator("[name='complaint.amount']")).to_have_value("123.45")


def test_fields_that_do_not_apply_are_hidden_until_they_do(page: Page, bank: Bank) -> None:
    path = triage_of(bank, complain(page, "Opening hours?"))
    sign_in(page, bank, Role.TRIAGE_OFFICER)
    page.goto(path)
    page.get_by_role("button", name="Claim it").click()
    before = page.locator("[name='triage.reason']").is_visible()
    page.check("[name='triage.verdict'][value=not_a_complaint]")

    assert not before
    expect(page.locator("[name='triage.reason']")).to_be_visible()


def test_the_diagram_shows_the_token_and_whose_viewer_it_is(page: Page, bank: Bank) -> None:
    number = complain(page, "A fee again.")
    sign_in(page, bank, Role.CONSUMER_PROTECTION)
    page.goto(f"/desk/complaints/{number}?tab=diagram")

    expect(page.locator(".diagram .token").first).to_be_visible()
    expect(page.locator(".diagram .bjs-powered-by")).to_be_visible()


def test_the_inbox_is_walked_by_keyboard(page: Page, bank: Bank) -> None:
    first, second = complain(page, "The first one."), complain(page, "The second one.")
    sign_in(page, bank, Role.TRIAGE_OFFICER)
    page.goto("/desk/?view=role&q=one.")
    shown = page.locator("#preview .preview-head").inner_text()
    page.locator(".inbox-row a").first.focus()
    page.keyboard.press("j")

    assert first in shown
    expect(page.locator("#preview .preview-head")).to_contain_text(second)


def test_no_page_does_what_its_policy_forbids(page: Page, bank: Bank) -> None:
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    number = complain(page, "Something else.")
    sign_in(page, bank, Role.CONSUMER_PROTECTION)
    for path in (
        "/desk/",
        "/desk/complaints",
        f"/desk/complaints/{number}?tab=diagram",
        "/desk/complaints/new",
    ):
        page.goto(path, wait_until="networkidle")

    assert said == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_can_be_read_and_used_by_everybody(page: Page, bank: Bank, theme: str) -> None:
    number = complain(page, "Can you read this?")
    sign_in(page, bank, Role.CONSUMER_PROTECTION)
    page.context.add_cookies([{"name": "theme", "value": theme, "url": bank.address}])
    found = {}
    for path in (
        "/",
        "/complain",
        "/follow",
        "/desk/?view=role",
        "/desk/complaints",
        f"/desk/complaints/{number}",
    ):
        page.goto(path)
        # evaluated by the debugger, which no policy of the page binds
        page.evaluate(AXE.read_text("utf-8"))
        problems = page.evaluate("async () => (await axe.run({resultTypes: ['violations']})).violations")
        found[path] = [
            (problem["id"], problem["nodes"][0]["html"][:120])
            for problem in problems
            if problem["impact"] in ("serious", "critical")
        ]

    assert found == {path: [] for path in found}
