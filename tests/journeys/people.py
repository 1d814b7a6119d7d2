"""The people of a journey, each in a browser of their own: what they click and type, and nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from engine.domain.actor import SYSTEM
from engine.domain.task import Task
from tests.journeys.bank import Bank

Answers = Mapping[str, str | bool | list[str]]


def fill(page: Page, answers: Answers) -> None:
    """Answer the fields of the form on the page by their names, as a person would with keyboard and mouse."""
    for name, value in answers.items():
        fields = page.locator(f'main [name="{name}"]:not([type=hidden])')
        expect(fields.first).to_be_attached()
        kind = fields.first.evaluate("e => e.tagName == 'INPUT' ? e.type : e.tagName.toLowerCase()")
        if kind == "select":
            fields.select_option(str(value))
        elif kind in ("radio", "checkbox") and not isinstance(value, bool):
            for option in [value] if isinstance(value, str) else value:
                page.locator(f'main [name="{name}"][value="{option}"]').check()
        elif kind == "checkbox":
            fields.first.set_checked(bool(value))
        else:
            fields.first.fill(str(value))


@dataclass
class Customer:
    """Somebody who complains on the portal and follows it there."""

    page: Page
    bank: Bank
    number: str = ""
    link: str = ""

    def complain(self, **answers: str) -> str:
        """Fill in the portal's form; the number it was given."""
        self.page.goto(f"{self.bank.address}/complain")
        fill(self.page, answers)
        self.page.locator("main form button[type=submit], main form button.btn-primary").last.click()
        expect(self.page).to_have_url(re.compile("/complain/thanks$"))
        self.number = self.page.locator(".number").first.inner_text().strip()
        self.link = self.page.locator('a[href*="/follow/"]').first.get_attribute("href") or ""
        assert re.fullmatch(r"C-\d{4}-\d{6}", self.number), self.number
        self.bank.tick()
        return self.number

    def look(self) -> str:
        """The complaint's own page, in words."""
        self.page.goto(self.link if self.link.startswith("http") else self.bank.address + self.link)
        return self.page.locator("main").inner_text()

    def answer_offer(self, verdict: str, comment: str = "") -> None:
        """Accept or reject what the bank offers."""
        self.look()
        page = self.page
        if comment:
            page.locator('[name="comment"]').first.fill(comment)
        page.locator(f'[name="verdict"][value="{verdict}"]').check()
        page.locator("form:has([name=verdict]) button").last.click()
        expect(page.locator("main")).to_contain_text("Thank you")
        self.bank.tick()

    def withdraw(self, reason: str) -> None:
        """Withdraw, and confirm it."""
        self.look()
        self.page.goto(f"{self.bank.address}/my-complaint/withdraw")
        self.page.locator('[name="reason"]').fill(reason)
        self.page.locator("main form button.btn-danger, main form button.btn-primary").last.click()
        expect(self.page.locator("main")).to_contain_text("withdrawn")
        self.bank.tick()

    def add(self, text: str) -> None:
        """Add information."""
        self.look()
        field = self.page.locator('main [name="text"]')
        if not field.is_visible():
            self.page.locator("details:has([name=text]) > summary").click()
        field.fill(text)
        self.page.locator("form:has([name=text]) button").last.click()
        expect(self.page.locator("main")).to_contain_text("Thank you")
        self.bank.tick()


@dataclass
class Staff:
    """The people behind the desk; one browser a person, signed in once."""

    browser: Browser
    bank: Bank
    pictures: Path | None = None
    _signed_in: dict[str, Page] = field(default_factory=dict)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def at_desk(self, login: str) -> Page:
        """The browser of this person."""
        if login not in self._signed_in:
            context = self.browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 900})
            context.add_cookies([{"name": "language", "value": "en", "url": self.bank.address}])
            self._contexts.append(context)
            page = context.new_page()
            page.goto(f"{self.bank.address}/desk/sign-in")
            page.locator('[name="login"]').fill(login)
            page.locator('[name="password"]').fill(self.bank.password)
            page.locator('[name="password"]').press("Enter")
            expect(page).not_to_have_url(re.compile("sign-in"))
            self._signed_in[login] = page
        return self._signed_in[login]

    def does(self, number: str, element: str, answers: Answers, **which: Any) -> str:
        """Somebody whose task it is finds it in the inbox, claims it, answers and completes it; their login."""
        task = self.waiting(number, element, **which)
        login = self.bank.somebody_for(task)
        page = self.at_desk(login)
        page.goto(f"{self.bank.address}/desk/?view=role&q={number}")
        link = page.locator(f'.inbox-row a[href*="selected={task.key}"]')
        expect(link).to_have_count(1)
        page.goto(f"{self.bank.address}/desk/tasks/{task.key}")
        claim = page.locator(f'form[action$="{task.key}/claim"] button')
        if claim.count():
            claim.click()
            page.goto(f"{self.bank.address}/desk/tasks/{task.key}")
        fill(page, answers)
        page.locator('#task-form button[value="complete"]').click()
        page.wait_for_url(lambda url: task.key not in url.split("?")[0])
        assert task.key not in {each.key for each in self.bank.open_tasks(number)}
        self.bank.tick()
        return login

    def waiting(self, number: str, element: str, *, unit: str | None = None) -> Task:
        """The open task of this element (of this unit)."""
        open_tasks = self.bank.open_tasks(number)
        found = [
            task for task in open_tasks if task.element == element and unit in (None, self.unit_of(task))
        ]
        waiting = [(task.element, self.unit_of(task)) for task in open_tasks]
        assert found, (
            f"{element} does not wait; what waits: {waiting}; incidents: {self.bank.incidents(number)}"
        )
        return found[0]

    def close(self) -> None:
        """Everybody goes home."""
        for context in self._contexts:
            context.close()

    def unit_of(self, task: Task) -> str | None:
        """The code of the unit whose inbox it is in."""
        if task.unit_id is None:
            return None
        with self.bank.house.ports.unit_of_work(SYSTEM) as work:
            return work.units.get(task.unit_id).code
