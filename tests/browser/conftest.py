"""A running bank and Debian's Chromium, for what only a real browser can tell."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import bank as banks
from tests.journeys.bank import Bank


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
