"""The world outside, as a scenario says it behaves."""

import pytest

from engine.ports import GiveUp
from engine.simulation.outside import Mail, Outside


def test_the_core_bank_gives_a_receipt_for_everything() -> None:
    outside = Outside()

    assert outside.pay("C-1", "30", "CNY") == "P-C-1"
    assert outside.freeze("C-1", "fraud") == "F-C-1"


def test_the_core_bank_refuses_with_its_reason() -> None:
    outside = Outside(refuses="The account is closed.")

    with pytest.raises(GiveUp, match="account is closed"):
        outside.pay("C-1", "30", "CNY")
    with pytest.raises(GiveUp, match="account is closed"):
        outside.freeze("C-1", "fraud")


def test_mails_are_kept_and_not_sent() -> None:
    outside = Outside()
    outside.send(key="1", recipient="a@example.org", subject="Hello", body="You.", language="en")

    assert outside.mails == [Mail("a@example.org", "Hello", "You.")]
