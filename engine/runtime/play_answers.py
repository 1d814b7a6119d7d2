"""How the simulated staff fill each form: form id → what they type, by the luck of the day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from engine.domain.complaint import Complaint
from engine.domain.redress import Plan
from engine.domain.task import Task
from engine.runtime import play_words as words
from engine.runtime.play_words import Grievance

Typed = dict[str, Any]
CAUSES = (
    "staff_error",
    "process_gap",
    "system_failure",
    "unclear_information",
    "product_design",
    "misunderstanding",
)
LINES = {
    "account": "deposits",
    "debit_card": "cards",
    "credit_card": "cards",
    "mortgage": "loans",
    "loan": "loans",
    "payment": "payments",
    "wealth": "wealth",
    "insurance": "wealth",
    "mobile_bank": "e_banking",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """What somebody who fills a form has before them."""

    random: Random
    complaint: Complaint
    grievance: Grievance
    task: Task
    plan: Plan | None
    departments: Sequence[str]
    earlier: str | None

    @property
    def language(self) -> str:
        """The language of the words written."""
        return self.grievance.language

    def says(self, texts: Mapping[str, Any]) -> Any:
        """The words in that language."""
        return texts[self.language]


def answers_for(moment: Moment) -> Typed:
    """What is typed into the task's form; raises KeyError for a form nobody here knows."""
    return ANSWERS[moment.task.form or ""](moment)


def _often(moment: Moment, chance: float) -> bool:
    return moment.random.random() < chance


def _settle(m: Moment) -> Typed:
    if not _often(m, 0.75):
        return {"settlement.settled": "no", "settlement.note": m.says(words.NOTE)}
    amount = min(m.grievance.least, 200) if _often(m, 0.5) else 0
    return {
        "settlement.settled": "yes",
        "settlement.measures": m.says(words.MEASURES)["upheld"],
        "settlement.amount": str(amount),
    }


def _triage(m: Moment) -> Typed:
    said: Typed = {"triage.verdict": "complaint"}
    if m.grievance.nature == "other" and _often(m, 0.6):
        return {"triage.verdict": "not_a_complaint", "triage.reason": m.says(words.NO_COMPLAINT)}
    if m.earlier is not None and _often(m, 0.03):
        reason = m.says(words.NOTE)
        return {"triage.verdict": "duplicate", "triage.duplicate_of": m.earlier, "triage.reason": reason}
    said |= {
        "complaint.nature": m.grievance.nature,
        "complaint.product": m.grievance.product,
        "complaint.business_line": LINES.get(m.grievance.product, "other"),
        "complaint.people_affected": str(1 if _often(m, 0.96) else m.random.randint(2, 40)),
        "complaint.several_departments": "true" if len(m.grievance.departments) > 1 else "",
    }
    for name in m.grievance.flags:
        said[f"complaint.{name}"] = "true"
    for name, chance in (("media", 0.015), ("repeated", 0.06), ("complex", 0.08)):
        if _often(m, chance):
            said[f"complaint.{name}"] = "true"
    return said


def _second_check(m: Moment) -> Typed:
    agreed = _often(m, 0.85)
    return {"check.agreed": "yes" if agreed else "no", "check.reason": m.says(words.NOTE)}


def _investigate(m: Moment) -> Typed:
    outcome = m.random.choices(("upheld", "partly_upheld", "not_upheld"), (5, 3, 3))[0]
    return {
        "finding.established": m.says(words.FOUND)[outcome],
        "finding.basis": m.says(words.BASIS),
        "finding.cause": m.random.choice(CAUSES),
        "finding.outcome": outcome,
    }


def _convene(m: Moment) -> Typed:
    wanted = [code for code in m.grievance.departments if code in m.departments] or ["OPS"]
    if _often(m, 0.3):
        wanted.append(m.random.choice(["LEGAL", "FIN", "IT", "RISK"]))
    return {
        "convene.question": m.says(words.QUESTION),
        "convene.departments": list(dict.fromkeys(wanted)),
        "convene.may_see": "whole" if _often(m, 0.2) else "summary",
        "convene.days": str(m.random.choice((2, 3, 3, 5))),
    }


def _accept_request(m: Moment) -> Typed:
    if _often(m, 0.88):
        return {"request.verdict": "accept"}
    return {
        "request.verdict": "return",
        "request.reason": m.says(words.RETURN_SAYS),
        "request.better_addressee": "OPS",
    }


def _answer_request(m: Moment) -> Typed:
    said: Typed = {
        "request.answer": m.random.choice(m.says(words.DEPARTMENT_SAYS)),
        "request.cause": m.random.choice(CAUSES),
        "request.responsibility": m.random.choice(("yes", "partly", "partly", "no")),
    }
    if m.grievance.most and _often(m, 0.4):
        said["request.proposed_amount"] = str(m.random.randint(0, m.grievance.most))
    return said


def _redirect(m: Moment) -> Typed:
    verdict = m.random.choice(("ask_again", "another", "let_go"))
    return {
        "redirect.verdict": verdict,
        "redirect.department": "OPS",
        "redirect.question": m.says(words.QUESTION),
        "redirect.reason": m.says(words.NOTE),
    }


def _consolidate(m: Moment) -> Typed:
    return {"joint.finding": m.says(words.JOINT), "joint.agreed": "yes" if _often(m, 0.85) else "no"}


def _decide_dispute(m: Moment) -> Typed:
    return {"dispute.bearer": m.random.choice(m.departments), "dispute.reason": m.says(words.JOINT)}


def _draft_plan(m: Moment) -> Typed:
    outcome = m.random.choices(("upheld", "partly_upheld", "not_upheld"), (5, 3, 3))[0]
    amount = 0
    if outcome != "not_upheld" and m.grievance.most:
        claimed = int(m.complaint.amount or m.random.randint(m.grievance.least, m.grievance.most))
        amount = claimed if outcome == "upheld" else claimed // 2
    return {
        "plan.outcome": outcome,
        "plan.measures": m.says(words.MEASURES)[outcome],
        "plan.amount": str(amount),
        "plan.carry_out_by": "FIN" if amount else "CARE",
        "plan.complete_days": str(m.random.choice((3, 5, 10))),
    }


def _approve(m: Moment) -> Typed:
    if _often(m, 0.82):
        return {"approval.verdict": "approve"}
    if m.plan is not None and m.plan.amount > 0 and _often(m, 0.4):
        amount = str(int(m.plan.amount * 8 / 10))
        return {
            "approval.verdict": "change",
            "approval.amount": amount,
            "approval.reason": m.says(words.NOTE),
        }
    return {"approval.verdict": "return", "approval.reason": m.says(words.APPROVER_SAYS)}


def _draft_answer(m: Moment) -> Typed:
    outcome = m.plan.outcome if m.plan is not None else "not_upheld"
    return {
        "answer.finding": m.says(words.FOUND).get(outcome, m.says(words.FOUND)["partly_upheld"]),
        "answer.basis": m.says(words.BASIS),
        "answer.reasons": m.says(words.REASONS),
        "answer.what_we_do": m.says(words.MEASURES).get(outcome, m.says(words.NOTE)),
        "answer.appeal_path": m.says(words.APPEAL),
    }


def _check_answer(m: Moment) -> Typed:
    if _often(m, 0.9):
        return {"quality.verdict": "pass"}
    return {"quality.verdict": "return", "quality.note": m.says(words.QUALITY_SAYS)}


def _repair(m: Moment) -> Typed:
    return {"repair.verdict": "try_again" if _often(m, 0.4) else "give_up", "repair.note": m.says(words.NOTE)}


def _fixed(**said: Any) -> Callable[[Moment], Typed]:
    typed = {name.replace("__", "."): value for name, value in said.items()}
    return lambda moment: dict(typed)


ANSWERS: Mapping[str, Callable[[Moment], Typed]] = {
    "settle_at_once": _settle,
    "triage": _triage,
    "second_check": _second_check,
    "draft_pointer": lambda m: {"pointer.text": m.says(words.POINTER), "pointer.where": "www.bank.example"},
    "investigate": _investigate,
    "convene": _convene,
    "accept_request": _accept_request,
    "answer_request": _answer_request,
    "redirect": _redirect,
    "consolidate": _consolidate,
    "decide_dispute": _decide_dispute,
    "draft_plan": _draft_plan,
    "approve_plan": _approve,
    "draft_answer": _draft_answer,
    "check_answer": _check_answer,
    "repair": _repair,
    "confirm_stop": _fixed(stop__done="yes"),
    "review_information": lambda m: {"information.new_facts": "yes" if _often(m, 0.3) else "no"},
    "acknowledge_alert": _fixed(alert__seen="true"),
    "confirm_raise": lambda m: {"raise.verdict": "approve", "raise.reason": m.says(words.NOTE)},
}
