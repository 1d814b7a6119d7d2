"""The forms that ship: all of them, each asking exactly what the processes read."""

import pytest

from forms.library import FormLibrary, shipped_files

LIBRARY = FormLibrary(shipped_files())

KEYS = {
    "complaint": """text product amount currency wish customer_name contact_by customer_email customer_phone""",
    "staff_complaint": """channel received_on received_reason text product amount currency wish customer_name
        contact_by customer_email customer_phone settle_now""",
    "imported_complaint": """text wish product amount currency customer_name contact_by customer_email
        customer_phone external_reference""",
    "settle_at_once": """settlement.settled settlement.measures settlement.amount settlement.note""",
    "triage": """triage.verdict triage.duplicate_of triage.reason complaint.nature complaint.product
        complaint.business_line complaint.amount complaint.people_affected complaint.vulnerable complaint.repeated
        complaint.media complaint.security_incident complaint.fraud complaint.several_departments
        complaint.complex""",
    "second_check": "check.agreed check.reason",
    "investigate": "finding.established finding.basis finding.cause finding.outcome finding.note",
    "convene": "convene.question convene.departments convene.may_see convene.days convene.meeting",
    "accept_request": "request.verdict request.reason request.better_addressee",
    "answer_request": """request.answer request.evidence request.cause request.responsibility
        request.proposed_measure request.proposed_amount""",
    "redirect": "redirect.verdict redirect.department redirect.question redirect.reason",
    "consolidate": "joint.finding joint.contradictions joint.agreed joint.lead_bears",
    "decide_dispute": "dispute.bearer dispute.reason",
    "draft_plan": "plan.outcome plan.measures plan.amount plan.carry_out_by plan.complete_days",
    "approve_plan": "approval.verdict approval.amount approval.reason",
    "draft_answer": "answer.finding answer.basis answer.reasons answer.what_we_do answer.appeal_path",
    "check_answer": "quality.verdict quality.note",
    "repair": "repair.verdict repair.note",
    "confirm_stop": "stop.done stop.note",
    "review_information": "information.new_facts complaint.people_affected complaint.vulnerable complaint.media "
    "complaint.security_incident complaint.fraud information.note",
    "confirm_raise": "raise.verdict raise.reason",
    "acknowledge_alert": "alert.seen alert.instruction",
    "draft_pointer": "pointer.text pointer.where",
}

# What must be answered whatever else is answered.
REQUIRED = {
    "complaint": "text customer_name",
    "staff_complaint": "channel text customer_name",
    "imported_complaint": "text",
    "settle_at_once": "settlement.settled settlement.measures",
    "triage": "triage.verdict triage.duplicate_of triage.reason complaint.nature",
    "second_check": "check.agreed",
    "investigate": "finding.established finding.basis finding.outcome",
    "convene": "convene.question convene.departments convene.days",
    "accept_request": "request.verdict request.reason",
    "answer_request": "request.answer request.responsibility",
    "redirect": "redirect.verdict redirect.department",
    "consolidate": "joint.finding joint.agreed",
    "decide_dispute": "dispute.bearer dispute.reason",
    "draft_plan": "plan.outcome plan.measures",
    "approve_plan": "approval.verdict approval.amount approval.reason",
    "draft_answer": "answer.finding answer.basis answer.reasons answer.what_we_do answer.appeal_path",
    "check_answer": "quality.verdict",
    "repair": "repair.verdict repair.note",
    "confirm_stop": "stop.done",
    "review_information": "information.new_facts",
    "confirm_raise": "raise.verdict raise.reason",
    "acknowledge_alert": "alert.seen",
    "draft_pointer": "pointer.text",
}

# The words that gateways of the diagrams and columns of the decisions compare with.
CHOICES = {
    ("triage", "triage.verdict"): "complaint not_a_complaint duplicate",
    ("triage", "complaint.nature"): """service_attitude business_error product_defect fee_dispute
        information_security other""",
    ("settle_at_once", "settlement.settled"): "yes no",
    ("second_check", "check.agreed"): "yes no",
    ("investigate", "finding.outcome"): "upheld partly_upheld not_upheld",
    ("convene", "convene.may_see"): "summary whole",
    ("accept_request", "request.verdict"): "accept return",
    ("answer_request", "request.responsibility"): "yes partly no",
    ("redirect", "redirect.verdict"): "ask_again another let_go",
    ("consolidate", "joint.agreed"): "yes no",
    ("draft_plan", "plan.outcome"): "upheld partly_upheld not_upheld",
    ("approve_plan", "approval.verdict"): "approve change return",
    ("check_answer", "quality.verdict"): "pass return",
    ("repair", "repair.verdict"): "try_again other_way give_up",
    ("review_information", "information.new_facts"): "yes no",
    ("complaint", "contact_by"): "email phone post",
}


def test_every_form_is_there_and_no_other() -> None:
    assert sorted(KEYS) == sorted(form.id for form in LIBRARY)


@pytest.mark.parametrize("form_id", sorted(KEYS))
def test_a_form_asks_exactly_its_keys(form_id: str) -> None:
    assert KEYS[form_id].split() == list(LIBRARY.form(form_id).keys)


@pytest.mark.parametrize("form_id", sorted(REQUIRED))
def test_a_form_requires_exactly_what_it_must(form_id: str) -> None:
    required = [field.key for field in LIBRARY.form(form_id).fields() if field.required]

    assert REQUIRED[form_id].split() == required


@pytest.mark.parametrize(("form_id", "key"), sorted(CHOICES))
def test_a_choice_offers_the_words_the_diagrams_know(form_id: str, key: str) -> None:
    field = next(field for field in LIBRARY.form(form_id).fields() if field.key == key)

    assert CHOICES[form_id, key].split() == [option.value for option in field.options]


@pytest.mark.parametrize("form_id", sorted(KEYS))
def test_every_field_carries_help(form_id: str) -> None:
    without = [field.key for field in LIBRARY.form(form_id).fields() if not field.description]

    assert without == []


@pytest.mark.parametrize("form_id", sorted(KEYS))
def test_a_file_is_named_after_its_form(form_id: str) -> None:
    assert f"{form_id}.form" == LIBRARY.form(form_id).file
