"""A running bank and Debian's Chromium, for what only a real browser can tell."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys import bank as banks
from tests.journeys.bank import Bank


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless, with a new profile."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert path, "These tests need Chromium: apt-get install chromium (or name it in CHROMIUM)."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """One bank for all of them."""
    with banks.opened(tmp_path_factory.mktemp("bank")) as opened:
        yield opened


@pytest.fixture
def page(chromium: Browser, bank: Bank) -> Iterator[Page]:
    """A new window, in English."""
    context = chromium.new_context(
        locale="en-GB", viewport={"width": 1440, "height": 900}, base_url=bank.address
    )
    yield context.new_page()
    context.close()
