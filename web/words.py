"""The words screens use for the fixed values of the domain; both languages come from the catalog."""

from collections.abc import Mapping
from decimal import Decimal

from web.current import house
from web.locale import lazy_gettext as _
from web.locale import translate, write_amount

GRADES: Mapping[str, object] = {
    "general": _("General"),
    "important": _("Important"),
    "urgent": _("Urgent"),
    "major": _("Major"),
}
GRADE_ICONS: Mapping[str, str] = {"general": "·", "important": "▲", "urgent": "⬆", "major": "‼"}
STAGES: Mapping[str, object] = {
    "received": _("Received"),
    "triage": _("Triage"),
    "investigation": _("Investigation"),
    "resolution": _("Resolution"),
    "decision": _("Decision"),
    "offer": _("Offer made"),
    "carrying_out": _("Carrying out"),
    "closed": _("Closed"),
}
OUTCOMES: Mapping[str, object] = {
    "upheld": _("Upheld"),
    "partly_upheld": _("Partly upheld"),
    "not_upheld": _("Not upheld"),
    "settled_at_once": _("Settled at once"),
    "withdrawn": _("Withdrawn"),
    "not_a_complaint": _("Not a complaint"),
    "duplicate": _("Duplicate"),
}
CHANNELS: Mapping[str, object] = {
    "mobile_bank": _("Mobile bank"),
    "web_bank": _("Web bank"),
    "app": _("App"),
    "wechat": _("WeChat"),
    "chat": _("Online chat"),
    "email": _("E-mail"),
    "counter": _("Branch counter"),
    "hotline": _("Hotline"),
    "letter": _("Letter"),
    "regulator": _("Regulator"),
    "portal": _("Complaint page"),
}
NATURES: Mapping[str, object] = {
    "service_attitude": _("Service attitude"),
    "business_error": _("Business error"),
    "product_defect": _("Product defect"),
    "fee_dispute": _("Fee dispute"),
    "information_security": _("Information security"),
    "other": _("Other"),
}
ROLES: Mapping[str, object] = {
    "first_owner": _("First owner"),
    "triage_officer": _("Triage officer"),
    "handler": _("Handler"),
    "coordinator": _("Coordinator"),
    "contributor": _("Contributor"),
    "approver": _("Approver"),
    "quality_officer": _("Quality officer"),
    "customer_care": _("Customer care"),
    "consumer_protection": _("Consumer protection"),
    "head": _("Head of unit"),
    "legal": _("Legal"),
    "finance": _("Finance"),
    "appeal_reviewer": _("Appeal reviewer"),
    "executive": _("Executive"),
    "analyst": _("Analyst"),
    "process_designer": _("Process designer"),
    "administrator": _("Administrator"),
}
REQUEST_STATES: Mapping[str, object] = {
    "asked": _("Asked"),
    "accepted": _("Accepted"),
    "answered": _("Answered"),
    "returned": _("Returned"),
    "let_go": _("Let go"),
    "cancelled": _("Cancelled"),
}
RESPONSIBILITIES: Mapping[str, object] = {"yes": _("Yes"), "partly": _("Partly"), "no": _("No")}
PLAN_STATES: Mapping[str, object] = {
    "drafted": _("Drafted"),
    "returned": _("Returned"),
    "approved": _("Approved"),
    "offered": _("Offered"),
    "accepted": _("Accepted"),
    "rejected": _("Rejected"),
    "instructed": _("Payment instructed"),
    "carried_out": _("Carried out"),
    "failed": _("Failed"),
}
NOTICE_STATES: Mapping[str, object] = {
    "written": _("On the customer's page"),
    "sending": _("On its way"),
    "sent": _("Sent"),
    "failed": _("Could not be delivered"),
}
CLOCK_KINDS: Mapping[str, object] = {
    "regulatory": _("Regulatory limit"),
    "triage": _("Triage limit"),
    "stage": _("Stage limit"),
    "request": _("Department limit"),
    "appeal": _("Appeal limit"),
}
FLAGS: Mapping[str, object] = {
    "vulnerable": _("Vulnerable customer"),
    "media": _("Press or social media"),
    "regulator": _("Through the regulator"),
    "repeated": _("Complained before"),
    "safety": _("Safety"),
    "security_incident": _("Security incident"),
    "fraud": _("Fraud"),
    "self_harm": _("Self-harm"),
    "complex": _("Complex"),
    "several_departments": _("Several departments"),
    "restricted": _("Restricted"),
}
CLOCK_NAMES: Mapping[str, object] = {
    "triage": _("Triage"),
    "handling": _("Handling"),
    "first_response": _("First response"),
    "summary": _("Summary resolution"),
    "decision": _("Answer to the customer"),
    "request": _("Department's answer"),
}
TOLD: Mapping[str, object] = {
    "received": _("we have it"),
    "accepted": _("we handle it"),
    "transferred": _("who is asked"),
    "in_progress": _("still under way"),
    "information_received": _("we have what was added"),
    "decision": _("our answer"),
    "closed": _("it is closed"),
    "withdrawn": _("it is withdrawn"),
}
CONTACTS: Mapping[str, object] = {"email": _("E-mail"), "phone": _("Phone"), "post": _("Post")}
EVENTS: Mapping[str, object] = {}

TABLES: Mapping[str, Mapping[str, object]] = {
    "grade": GRADES,
    "stage": STAGES,
    "outcome": OUTCOMES,
    "channel": CHANNELS,
    "nature": NATURES,
    "role": ROLES,
    "request": REQUEST_STATES,
    "responsibility": RESPONSIBILITIES,
    "plan": PLAN_STATES,
    "notice": NOTICE_STATES,
    "clock": CLOCK_KINDS,
    "flag": FLAGS,
    "event": EVENTS,
    "clock_name": CLOCK_NAMES,
    "told": TOLD,
    "contact": CONTACTS,
}


# Values whose words are the options of a form: whoever changes the form changes them here too.
ASKED_AS: Mapping[str, tuple[str, ...]] = {
    "product": ("complaint.product", "product"),
    "line": ("complaint.business_line",),
    "cause": ("finding.cause", "complaint.cause"),
}


def word(table: str, value: object) -> str:
    """The word for a value of one of the tables; a value nobody named is shown as it is, readable."""
    if value is None or value == "":
        return ""
    text = str(value)
    found = TABLES[table].get(text) if table in TABLES else _option(ASKED_AS[table], text)
    if found is not None:
        return str(found)
    return translate(text.replace("_", " ").replace(".", " ").capitalize())


def _option(keys: tuple[str, ...], value: str) -> str | None:
    for form in house().forms:
        for component in form.fields():
            if component.key in keys:
                label = next((option.label for option in component.options if option.value == value), None)
                if label is not None:
                    return translate(label)
    return None


def amount(value: Decimal | None, currency: str = "CNY") -> str:
    """An amount of money as the page's language writes it."""
    return write_amount(value, currency) if value is not None else ""
