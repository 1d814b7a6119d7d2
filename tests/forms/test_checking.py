"""Checking answers: typed values of visible fields, or a sentence at each field that needs one."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import Environment
from forms import messages
from forms.checking import Answers, check
from forms.definitions import FormDefinition, read_form
from forms.errors import FormDefinitionError, FormRejected
from forms.library import FormLibrary, shipped_files

LIBRARY = FormLibrary(shipped_files())
NOW = Environment(now=datetime(2026, 11, 23, 9, tzinfo=UTC))
CONTEXT = {"departments": [{"value": "cards", "label": "Cards"}, {"value": "ops", "label": "Operations"}]}
MEGABYTE = "x" * 1_000_000


def one_field(**entries: Any) -> FormDefinition:
    component = {"type": "textfield", "id": "a", "key": "a", "label": "A"} | entries
    component = {name: value for name, value in component.items() if value is not None}
    content = {"type": "default", "id": "one", "schemaVersion": 18, "components": [component]}
    return read_form(json.dumps(content).encode(), "one.form")


def value_of(typed: Any, **entries: Any) -> Any:
    return check(one_field(**entries), {"a": typed}, CONTEXT, NOW).values["a"]


def errors_of(form_id: str, typed: dict[str, Any], context: Any = CONTEXT) -> dict[str, list[str]]:
    with pytest.raises(FormRejected) as caught:
        check(LIBRARY.form(form_id), typed, context, NOW)
    return {key: list(found) for key, found in caught.value.errors.items()}


def _told(form: FormDefinition, typed: dict[str, Any]) -> Answers | FormRejected:
    try:
        return check(form, typed, CONTEXT, NOW)
    except FormRejected as rejected:
        return rejected


def message_of(typed: Any, **entries: Any) -> str:
    with pytest.raises(FormRejected) as caught:
        check(one_field(**entries), {"a": typed}, CONTEXT, NOW)
    return str(caught.value.errors["a"][0])


NUMBER = {"type": "number", "decimalDigits": 2}
DATE = {"type": "datetime", "subtype": "date", "dateLabel": "A", "label": None}
BOX = {"type": "checkbox"}
RADIO = {"type": "radio", "values": [{"label": "Yes", "value": "yes"}, {"label": "No", "value": "no"}]}
LIST = {"type": "checklist", "valuesExpression": "=departments"}


@pytest.mark.parametrize("required", [True, False])
def test_zero_is_an_answer(required: bool) -> None:
    assert value_of("0", **NUMBER, validate={"required": required}) == 0


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("  hello  ", {}, "hello"),
        ("one\r\ntwo\rthree", {"type": "textarea"}, "one\ntwo\nthree"),
        ("one\r\ntwo", {}, "one two"),
        ("a\x00b\x07c\ud800d", {}, "abcd"),
        ("<script>alert(1)</script>", {}, "<script>alert(1)</script>"),
        ("👩‍👩‍👧 \u202eevil\u202c مرحبا", {}, "👩‍👩‍👧 \u202eevil\u202c مرحبا"),
        ("", {}, None),
        (" \x00\n ", {"type": "textarea"}, None),
        (None, {}, None),
        ("1,234.50", NUMBER, Decimal("1234.5")),
        ("１，２３４．５０", NUMBER, Decimal("1234.5")),
        ("1 234", NUMBER, Decimal(1234)),
        ("\u22125", NUMBER, Decimal(-5)),
        ("٤٢", NUMBER, Decimal(42)),
        ("0.10", NUMBER, Decimal("0.1")),
        (12, NUMBER, Decimal(12)),
        (Decimal("1E+2"), NUMBER, Decimal(100)),
        ("2026-03-31", DATE, date(2026, 3, 31)),
        ("２０２６-３-1", DATE, date(2026, 3, 1)),
        (date(2026, 3, 31), DATE, date(2026, 3, 31)),
        (["true", ""], BOX, True),
        ("", BOX, False),
        (None, BOX, False),
        (True, BOX, True),
        ("off", BOX, False),
        (["yes", ""], RADIO, "yes"),
        (["ops", "", "cards", "ops"], LIST, ["ops", "cards"]),
        ("cards", LIST, ["cards"]),
        ([""], LIST, []),
        (" Ann@Example.com ", {"validate": {"validationType": "email"}}, "Ann@Example.com"),
        ("ａｎｎ＠example.com", {"validate": {"validationType": "email"}}, "ann@example.com"),
        ("张三@例子.中国", {"validate": {"validationType": "email"}}, "张三@例子.中国"),
        ("＋86 (0)10-1234 5678", {"validate": {"validationType": "phone"}}, "+86 (0)10-1234 5678"),
    ],
)
def test_what_people_type_becomes_typed_values(typed: Any, kind: dict[str, Any], value: Any) -> None:
    found = value_of(typed, **kind)

    assert value == found
    assert type(value) is type(found)


@pytest.mark.parametrize(
    ("typed", "kind", "message"),
    [
        pytest.param(
            MEGABYTE, {}, "This is too long: 1,000,000 characters, and 200 fit here.", id="a megabyte of text"
        ),
        ("abc", {"validate": {"maxLength": 2}}, "This is too long: 3 characters, and 2 fit here."),
        ("ab", {"validate": {"minLength": 3}}, "This is too short: write at least 3 characters."),
        ({"a": {"b": []}}, {}, messages.NOT_TEXT),
        (5, {}, messages.NOT_TEXT),
        (["x", "y"], NUMBER, messages.NOT_A_NUMBER),
        ("about 5", NUMBER, messages.NOT_A_NUMBER),
        ("1,5", NUMBER, messages.NOT_A_NUMBER),
        ("12,34,567", NUMBER, messages.NOT_A_NUMBER),
        ("1e5", NUMBER, messages.NOT_A_NUMBER),
        ("NaN", NUMBER, messages.NOT_A_NUMBER),
        (float("inf"), NUMBER, messages.NOT_A_NUMBER),
        (float("nan"), NUMBER, messages.NOT_A_NUMBER),
        (Decimal("sNaN"), NUMBER, messages.NOT_A_NUMBER),
        (True, NUMBER, messages.NOT_A_NUMBER),
        pytest.param(10**5_000, NUMBER, messages.NOT_A_NUMBER, id="a giant"),
        ("9" * 16, NUMBER, messages.NOT_A_NUMBER),
        pytest.param(MEGABYTE, NUMBER, messages.NOT_A_NUMBER, id="a megabyte for a number"),
        ("1.234", NUMBER, "Write at most 2 digits after the point."),
        ("1.5", {"type": "number", "decimalDigits": 0}, messages.NOT_WHOLE),
        ("-1", {"type": "number", "validate": {"min": 0}}, "This may not be less than 0."),
        ("1001", {"type": "number", "validate": {"max": 1000}}, "This may not be more than 1,000."),
        ("31.3.2026", DATE, messages.NOT_A_DATE),
        ("2026-02-30", DATE, messages.NOT_A_DATE),
        ("0026-02-03", DATE, messages.NOT_A_DATE),
        ("2026-11-24", DATE | {"properties": {"max_date": "=today()"}}, "The latest date is 2026-11-23."),
        ("2026-11-22", DATE | {"properties": {"min_date": "=today()"}}, "The earliest date is 2026-11-23."),
        ("perhaps", BOX, messages.NOT_A_TICK),
        ("maybe", RADIO, messages.NOT_AN_OPTION),
        (["yes", {}], LIST, messages.NOT_AN_OPTION),
        (["cards", "kitchen"], LIST, messages.NOT_AN_OPTION),
        (["cards"] * 301, LIST, messages.NOT_AN_OPTION),
        ("ann@", {"validate": {"validationType": "email"}}, messages.NOT_AN_EMAIL),
        ("ann@example", {"validate": {"validationType": "email"}}, messages.NOT_AN_EMAIL),
        ("a@b.com, c@d.com", {"validate": {"validationType": "email"}}, messages.NOT_AN_EMAIL),
        ("a@b.com\nBcc: x@y.z", {"validate": {"validationType": "email"}}, messages.NOT_AN_EMAIL),
        ("call me", {"validate": {"validationType": "phone"}}, messages.NOT_A_PHONE),
        ("12", {"validate": {"validationType": "phone"}}, messages.NOT_A_PHONE),
        ("c-1", {"validate": {"pattern": "^C-[0-9]+$", "maxLength": 20}}, messages.WRONG_PATTERN),
        ("", {"validate": {"required": True}}, messages.REQUIRED),
        ("", RADIO | {"validate": {"required": True}}, messages.REQUIRED_CHOICE),
        ("", LIST | {"validate": {"required": True}}, messages.REQUIRED_CHOICES),
        ("", BOX | {"validate": {"required": True}}, messages.REQUIRED_TICK),
    ],
)
def test_what_does_not_fit_is_said_at_the_field(typed: Any, kind: dict[str, Any], message: str) -> None:
    assert message == message_of(typed, **kind)


def test_a_pattern_that_would_run_away_elsewhere_is_decided_at_once() -> None:
    evil = {"validate": {"pattern": "^(a+)+$", "maxLength": 500}}

    assert message_of("a" * 400 + "b", **evil) == messages.WRONG_PATTERN


def test_typed_text_is_kept_as_it_was() -> None:
    typed = {"text": "", "customer_name": " <b>\r\n", "csrf_token": "x"}

    with pytest.raises(FormRejected) as caught:
        check(LIBRARY.form("complaint"), typed, {}, NOW)

    assert caught.value.typed == {"text": "", "customer_name": " <b>\r\n"}


def test_answers_name_their_form_and_cannot_be_changed() -> None:
    form = LIBRARY.form("draft_pointer")

    answers = check(form, {"pointer.text": "Ask the town hall."})

    assert (form.id, form.hash) == (answers.form_id, answers.form_hash)
    assert dict(answers.values) == {"pointer.text": "Ask the town hall.", "pointer.where": None}
    with pytest.raises(TypeError):
        answers.values["pointer.text"] = "x"  # type: ignore[index]


def test_a_fact_that_was_not_asked_for_stays_as_it_is() -> None:
    typed = {"triage.verdict": "complaint", "complaint.nature": "other", "complaint.amount": ""}

    values = check(LIBRARY.form("triage"), typed).values

    assert values["complaint.amount"] is None
    assert "complaint.people_affected" not in values
    assert "complaint.fraud" not in values


def test_a_fact_that_is_no_option_may_stay() -> None:
    typed = {"triage.verdict": "complaint", "complaint.nature": "other", "complaint.product": "Old loan"}

    values = check(LIBRARY.form("triage"), typed, {"complaint": {"product": "Old loan"}}).values

    assert values["complaint.product"] == "Old loan"
    assert errors_of("triage", typed) == {"complaint.product": [messages.NOT_AN_OPTION]}


def test_a_hidden_field_is_neither_required_nor_kept() -> None:
    typed = {"triage.verdict": "duplicate", "triage.duplicate_of": "C-2026-000001", "triage.reason": "same"}

    values = check(LIBRARY.form("triage"), typed | {"complaint.nature": "nonsense"}).values

    assert set(typed) == set(values)


@pytest.mark.parametrize(
    ("form_id", "typed", "wrong"),
    [
        # a complaint needs no reason, what is none does
        ("triage", {"triage.verdict": "not_a_complaint"}, ["triage.reason"]),
        ("triage", {"triage.verdict": "complaint"}, ["complaint.nature"]),
        ("triage", {}, ["triage.verdict", "complaint.nature"]),
        ("second_check", {"check.agreed": "no"}, ["check.reason"]),
        ("settle_at_once", {"settlement.settled": "no"}, ["settlement.note"]),
        ("settle_at_once", {"settlement.settled": "yes"}, ["settlement.measures"]),
        ("accept_request", {"request.verdict": "return"}, ["request.reason"]),
        ("redirect", {"redirect.verdict": "another"}, ["redirect.department"]),
        ("redirect", {"redirect.verdict": "let_go"}, ["redirect.reason"]),
        ("approve_plan", {"approval.verdict": "change"}, ["approval.amount", "approval.reason"]),
        ("approve_plan", {"approval.verdict": "return"}, ["approval.reason"]),
        ("check_answer", {"quality.verdict": "return"}, ["quality.note"]),
        ("convene", {"convene.question": "?", "convene.days": "11", "convene.departments": "x"}, None),
        (
            "draft_plan",
            {"plan.outcome": "upheld", "plan.measures": "x", "plan.amount": "-1"},
            ["plan.amount"],
        ),
    ],
)
def test_what_must_be_answered_depends_on_the_answers_before(
    form_id: str, typed: dict[str, Any], wrong: list[str] | None
) -> None:
    expected = ["convene.departments", "convene.days"] if wrong is None else wrong

    assert expected == list(errors_of(form_id, typed))


@pytest.mark.parametrize(
    ("contact", "wrong"),
    [
        ({"contact_by": "email"}, ["customer_email"]),
        ({"contact_by": "phone"}, ["customer_phone"]),
        ({"contact_by": "post"}, ["customer_phone"]),
        ({}, ["customer_phone"]),
        ({"contact_by": "email", "customer_email": "ann"}, ["customer_email"]),
    ],
)
def test_a_customer_can_be_reached(contact: dict[str, str], wrong: list[str]) -> None:
    typed = {"text": "The machine kept my card.", "customer_name": "Ann", **contact}

    assert wrong == list(errors_of("complaint", typed))


def test_one_way_of_reaching_the_customer_is_enough() -> None:
    typed = {"text": "The machine kept my card.", "customer_name": "Ann", "customer_email": "a@b.co"}

    values = check(LIBRARY.form("complaint"), typed | {"contact_by": "post"}).values

    assert (values["customer_email"], values["customer_phone"]) == ("a@b.co", None)


@pytest.mark.parametrize(
    ("day", "wrong"),
    [("2026-11-23", []), ("2026-11-20", ["received_reason"]), ("2026-11-24", ["received_on"]), ("", [])],
)
def test_an_earlier_date_of_receipt_needs_a_reason(day: str, wrong: list[str]) -> None:
    typed = {"channel": "counter", "received_on": day, "text": "x", "customer_name": "Ann"}
    typed |= {"contact_by": "phone", "customer_phone": "13800000000"}

    found = _told(LIBRARY.form("staff_complaint"), typed)

    assert wrong == (list(found.errors) if isinstance(found, FormRejected) else [])


def test_a_message_can_be_said_in_another_language() -> None:
    form = LIBRARY.form("convene")
    chinese = {messages.TOO_LARGE: "不能大于 %(limit)s。"}

    with pytest.raises(FormRejected) as caught:
        check(form, {"convene.question": "?", "convene.days": "99", "convene.departments": "ops"}, CONTEXT)

    (message,) = caught.value.errors["convene.days"]
    assert messages.say(message, lambda text: chinese.get(text, text)) == "不能大于 10。"


def test_an_expression_that_fails_is_the_forms_fault() -> None:
    form = one_field(conditional={"hide": "=today() > date(2026, 1, 1)"})

    with pytest.raises(FormDefinitionError) as caught:
        check(form, {"a": "x"})

    assert (caught.value.file, caught.value.component) == ("one.form", "a")


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text()
    | st.dates()
    | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
LIKELY = st.sampled_from(
    ["yes", "no", "true", "", "return", "another", "duplicate", "1,000", "2026-01-01", ["cards", ""], "cards"]
)


@pytest.mark.parametrize("form_id", sorted(form.id for form in LIBRARY))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_anything_typed_gives_answers_or_messages(form_id: str, data: st.DataObject) -> None:
    form = LIBRARY.form(form_id)
    typed = data.draw(st.dictionaries(st.sampled_from(form.keys), ANYTHING | LIKELY))

    found = _told(form, typed)

    named = found.errors if isinstance(found, FormRejected) else found.values
    assert set(named) <= set(form.keys)


@settings(deadline=None)
@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_a_number_written_with_groups_is_read_as_it_is(number: Decimal) -> None:
    assert number == value_of(f"{number:,}", **NUMBER)


@pytest.mark.parametrize("kind", [{}, {"type": "textarea"}], ids=["line", "text"])
@given(text=st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_what_can_be_printed_is_read_like_any_other_text(kind: dict[str, Any], text: str) -> None:
    """A sign that no database keeps, and that goes, takes the text by the long way."""
    assert value_of(text, **kind) == value_of(f"{text}\x00", **kind)


@given(st.text(alphabet="0123456789", min_size=1, max_size=15))
@settings(max_examples=100, deadline=None)
def test_figures_are_read_like_any_other_number(figures: str) -> None:
    read = value_of(figures, type="number")

    assert repr(read) == repr(value_of(f" {figures} ", type="number")) == repr(Decimal(figures))
