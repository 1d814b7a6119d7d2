"""What the people of the journeys say at each step, where nothing special happens."""

from tests.journeys.people import Answers

COMPLAINT = {
    "text": "The cash machine at the Xuhui sub-branch took my card and kept 5,000 yuan on Saturday evening.",
    "wish": "I want my money back and the machine repaired.",
    "product": "cash_machine",
    "amount": "5000",
    "customer_name": "Zhang San",
    "contact_by": "email",
    "customer_email": "zhang.san@example.org",
}


def triaged(**more: str | bool) -> Answers:
    """It is a complaint, about a business error in cards."""
    return {
        "triage.verdict": "complaint",
        "complaint.nature": "business_error",
        "complaint.product": "cash_machine",
        "complaint.business_line": "cards",
        **more,
    }


FOUND: Answers = {
    "finding.established": "The machine's journal shows 5,000 yuan counted and not paid out.",
    "finding.basis": "Journal of machine 0317 and the cash count of Monday.",
    "finding.cause": "system_failure",
    "finding.outcome": "upheld",
}


def planned(amount: str) -> Answers:
    """Pay back what was kept."""
    return {
        "plan.outcome": "upheld",
        "plan.measures": "Pay the amount back to the customer's account and have the machine serviced.",
        "plan.amount": amount,
        "plan.carry_out_by": "Card Centre",
        "plan.complete_days": "5",
    }


APPROVED: Answers = {"approval.verdict": "approve"}

ANSWERED: Answers = {
    "answer.finding": "You are right: our machine kept 5,000 yuan that belong to you.",
    "answer.basis": "The machine's own journal and our cash count on Monday morning both show it.",
    "answer.reasons": "A worn part stopped the notes after they were counted, and nobody noticed until Monday.",
    "answer.what_we_do": "We pay the whole amount back to your account within five working days.",
    "answer.appeal_path": "If you do not agree, you may ask our head office to review this decision within "
    "30 days, and after that turn to the regulator's hotline or to mediation.",
}
CHECKED: Answers = {"quality.verdict": "pass"}
ALERT_SEEN: Answers = {
    "alert.seen": True,
    "alert.instruction": "Call the customer today, and report to me tonight.",
}

CONVENED: Answers = {
    "convene.question": "What happened to the notes after they were counted, and who had to notice?",
    "convene.departments": ["CARDS", "OPS", "RISK"],
    "convene.days": "5",
    "convene.may_see": "summary",
}
ACCEPTED: Answers = {"request.verdict": "accept"}


def department_answer(responsibility: str) -> Answers:
    """What a department found."""
    return {
        "request.answer": "We looked at the journal, the camera and the service log of that evening.",
        "request.cause": "system_failure",
        "request.responsibility": responsibility,
        "request.proposed_measure": "Replace the transport belt and check its neighbours.",
    }


CONSOLIDATED: Answers = {
    "joint.finding": "A worn belt kept the notes; the alarm was not followed up.",
    "joint.agreed": "yes",
}
