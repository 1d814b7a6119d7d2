"""The demo's core bank."""

import pytest

from engine.notify.demo_bank import REFUSED_IN, DemoBank
from engine.ports import GiveUp


def _paid(reference: str) -> bool:
    try:
        return DemoBank().pay(reference, "120.50", "CNY").startswith("P-")
    except GiveUp:
        return False


def test_the_same_payment_gets_the_same_receipt() -> None:
    reference = next(f"plan-{n}" for n in range(100) if _paid(f"plan-{n}"))

    assert DemoBank().pay(reference, "120.50", "CNY") == DemoBank().pay(reference, "120.50", "CNY")


def test_about_one_payment_in_so_many_is_refused_and_always_the_same_ones() -> None:
    refused = [n for n in range(1000) if not _paid(f"plan-{n}")]

    assert refused == [n for n in range(1000) if not _paid(f"plan-{n}")]
    assert 500 // REFUSED_IN < len(refused) < 2000 // REFUSED_IN


@pytest.mark.parametrize("amount", ["much", "-1", "NaN", "Infinity"])
def test_what_is_no_amount_is_not_paid(amount: str) -> None:
    with pytest.raises(GiveUp):
        DemoBank().pay("plan-1", amount, "CNY")


def test_freezing_gives_a_receipt() -> None:
    assert DemoBank().freeze("C-2026-000001", "fraud under way").startswith("F-")
