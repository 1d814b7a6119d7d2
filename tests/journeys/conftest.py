"""A bank, its staff and a customer for the journeys, in Debian's Chromium."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys import bank as banks
from tests.journeys.people import Customer, Staff


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[banks.Bank]:
    """A bank of its own for each road: time passes differently on each."""
    with banks.opened(tmp_path_factory.mktemp("bank")) as opened:
        yield opened


@pytest.fixture
def staff(bank: banks.Bank, chromium: Browser) -> Iterator[Staff]:
    """Everybody behind the desk."""
    people = Staff(chromium, bank)
    yield people
    people.close()


@pytest.fixture
def customer(bank: banks.Bank, chromium: Browser) -> Iterator[Customer]:
    """Somebody with a telephone in the hand."""
    context = chromium.new_context(locale="en-GB", viewport={"width": 390, "height": 844})
    yield Customer(context.new_page(), bank)
    context.close()


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[object, str], None]:
    """Takes a picture of a page into build/pictures, to be looked at."""
    folder = Path("build/pictures")
    folder.mkdir(parents=True, exist_ok=True)

    def take(page, name: str) -> None:  # type: ignore[no-untyped-def]
        page.screenshot(path=folder / f"{name}.png", full_page=True)

    return take
