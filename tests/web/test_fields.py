"""Forms on a page: accessible without a script, escaped, with what was typed and each error at its field."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from lxml.html import HtmlElement

from engine.feel import Environment
from forms.checking import check
from forms.definitions import FormDefinition, read_form
from forms.errors import FormRejected
from forms.library import FormLibrary, shipped_files
from web.fields import field_id, show

LIBRARY = FormLibrary(shipped_files())
NOW = Environment(now=datetime(2026, 11, 23, 9, tzinfo=UTC))
CONTEXT: dict[str, Any] = {
    "departments": [{"value": "cards", "label": "Cards"}, {"value": "ops", "label": "Operations"}],
    "complaint": {"plan": {"measures": "Pay <b>5</b>", "amount": 5}, "currency": "CNY", "fraud": True},
}
EVIL = "<script>alert('x')</script>\"&\u202e\n\n  two "
ALL = sorted(form.id for form in LIBRARY)


def page(form_id: str, **how: Any) -> HtmlElement:
    given: dict[str, Any] = {"context": CONTEXT, "environment": NOW} | how
    shown = show(LIBRARY.form(form_id), **given)
    return html.fragment_fromstring(shown.__html__(), create_parent="form")


def rejected(form_id: str, typed: dict[str, Any]) -> FormRejected:
    with pytest.raises(FormRejected) as caught:
        check(LIBRARY.form(form_id), typed, CONTEXT, NOW)
    return caught.value


def a_form(*components: dict[str, Any]) -> FormDefinition:
    content = {"type": "default", "id": "one", "schemaVersion": 18, "components": list(components)}
    return read_form(json.dumps(content).encode(), "one.form")


def at(found: HtmlElement, path: str) -> list[HtmlElement]:
    return [one for one in found.getroottree().xpath(path) if isinstance(one, HtmlElement)]


def inputs(found: HtmlElement) -> list[HtmlElement]:
    return [one for one in found.iter("input", "select", "textarea") if one.get("type") != "hidden"]


@pytest.mark.parametrize("form_id", ALL)
def test_every_input_has_a_label_or_a_legend(form_id: str) -> None:
    found = page(form_id)
    labels = {label.get("for"): label.text_content().strip() for label in found.iter("label")}

    assert [one.get("name") for one in inputs(found) if not labels.get(one.get("id"))] == []


@pytest.mark.parametrize("form_id", ALL)
def test_what_describes_an_input_is_on_the_page_and_no_id_stands_twice(form_id: str) -> None:
    form = LIBRARY.form(form_id)
    errors = {key: ["Look again."] for key in form.keys}

    found = page(form_id, errors=errors)

    ids = [one.get("id") for one in found.iter() if one.get("id")]
    named = {part for one in found.iter() for part in (one.get("aria-describedby") or "").split()}
    named |= {one.get("aria-labelledby") for one in found.iter() if one.get("aria-labelledby")}
    assert len(ids) == len(set(ids))
    assert named <= set(ids)


@pytest.mark.parametrize("form_id", ALL)
def test_each_error_stands_at_its_field_and_in_the_summary(form_id: str) -> None:
    form = LIBRARY.form(form_id)
    errors = {key: [f"Wrong {key}."] for key in form.keys}

    found = page(form_id, errors=errors)

    links = {link.get("href"): link.text_content() for link in found.iter("a")}
    for key in form.keys:
        at_field = found.get_element_by_id(f"{field_id(key)}-error").text_content()
        assert f"Wrong {key}." in at_field
        assert f"Wrong {key}." in links[f"#{field_id(key)}"]
        assert len(at(found, f"//*[@id='{field_id(key)}']")) == 1


@pytest.mark.parametrize("form_id", ALL)
def test_every_field_sends_under_its_key(form_id: str) -> None:
    form = LIBRARY.form(form_id)
    files = {"files"} if form_id in {"complaint", "staff_complaint"} else set()

    assert set(form.keys) | files == {one.get("name") for one in inputs(page(form_id))}


def test_required_is_said_in_words() -> None:
    found = page("complaint")

    assert "(required)" in at(found, "//label[@for='field-text']")[0].text_content()
    assert "(required)" not in at(found, "//label[@for='field-wish']")[0].text_content()
    assert found.get_element_by_id("field-text").get("aria-required") == "true"
    assert found.get_element_by_id("field-text").get("required") is None


def test_radios_and_checklists_stand_in_a_fieldset_with_a_legend() -> None:
    for form_id, name in (("triage", "triage.verdict"), ("convene", "convene.departments")):
        for one in at(page(form_id), f"//input[@name='{name}'][@type!='hidden']"):
            fieldset = next(one.iterancestors("fieldset"))
            assert fieldset.find("legend").text_content().strip()


@pytest.mark.parametrize("form_id", ALL)
def test_hostile_words_stay_words(form_id: str) -> None:
    form = LIBRARY.form(form_id)
    typed: dict[str, Any] = {key: EVIL for key in form.keys}
    context = {
        "departments": [{"value": EVIL, "label": EVIL}],
        "item": {"question": EVIL},
        "problems": [EVIL],
    }

    found = page(form_id, typed=typed, errors={key: [EVIL] for key in form.keys}, context=context)

    assert list(found.iter("script")) == []
    assert [one for one in found.iter() if any(name.startswith("on") for name in one.attrib)] == []


def test_typed_text_comes_back_byte_for_byte() -> None:
    typed = {"text": f"\n{EVIL}", "customer_name": " 张三 \u00a0", "amount": "about １，２"}

    found = page("complaint", typed=typed)

    assert found.get_element_by_id("field-text").text == f"\n\n{EVIL}"  # a browser drops the first line end
    assert found.get_element_by_id("field-customer_name").get("value") == " 张三 \u00a0"
    assert found.get_element_by_id("field-amount").get("value") == "about １，２"


def test_a_date_that_is_none_is_kept_as_text() -> None:
    found = page("staff_complaint", typed={"received_on": "last week"})

    assert found.get_element_by_id("field-received_on").attrib["type"] == "text"
    assert found.get_element_by_id("field-received_on").get("value") == "last week"


def test_chosen_and_ticked_stay_so() -> None:
    typed = {"triage.verdict": "complaint", "complaint.media": ["true", ""], "complaint.nature": "other"}

    found = page("triage", typed=typed)

    chosen = [one.get("value") for one in at(found, "//*[@checked]") + at(found, "//*[@selected]")]
    assert chosen == ["complaint", "true", "true", "other"]  # fraud is ticked from what is known


def test_unticking_what_was_known_is_said() -> None:
    found = page("triage", typed={"complaint.fraud": ""})

    assert at(found, "//*[@name='complaint.fraud'][@checked]") == []
    assert at(found, "//*[@name='complaint.fraud'][@type='hidden']")[0].get("value") == ""


def test_first_values_come_from_what_is_known() -> None:
    assert page("staff_complaint").get_element_by_id("field-received_on").get("value") == "2026-11-23"
    assert page("draft_plan").get_element_by_id("field-plan-amount").get("value") == "5"
    assert page("draft_plan").get_element_by_id("field-plan-measures").text == "\nPay <b>5</b>"


def test_the_last_verdict_is_not_put_into_the_next_ones_mouth() -> None:
    context = CONTEXT | {"approval": {"verdict": "return", "reason": "too much"}}

    assert at(page("approve_plan", context=context), "//*[@checked]") == []


def test_a_piece_that_depends_on_a_choice_says_so_to_people_and_scripts() -> None:
    found = page("triage")

    box = found.get_element_by_id("box-field-triage-duplicate_of")
    assert box.get("data-depends") == "triage.verdict"
    assert json.loads(box.get("data-show-when")) == ["duplicate"]
    assert "Only if “Is it a complaint?” is: A duplicate" in box.text_content()


def test_a_condition_on_the_context_alone_is_decided_here() -> None:
    form = a_form(
        {"type": "textfield", "id": "a", "key": "a", "label": "A", "conditional": {"hide": "=grade = 1"}},
        {"type": "textfield", "id": "b", "key": "b", "label": "B"},
    )

    assert "field-a" not in show(form, context={"grade": 1}).fields()
    assert "field-a" in show(form, context={"grade": 2}).fields()


def test_a_condition_no_script_can_know_leaves_the_field_visible() -> None:
    form = a_form(
        {"type": "number", "id": "a", "key": "a", "label": "A"},
        {"type": "textfield", "id": "b", "key": "b", "label": "B", "conditional": {"hide": "=a > 5"}},
    )

    shown = show(form, typed={"a": "9"}).fields()

    assert "field-b" in shown
    assert "data-depends" not in shown
    assert "It depends on your answers above" in shown


def test_a_condition_on_a_box_names_its_two_states() -> None:
    form = a_form(
        {"type": "checkbox", "id": "a", "key": "a", "label": "A"},
        {"type": "textfield", "id": "b", "key": "b", "label": "B", "conditional": {"hide": "=a != true"}},
    )

    found = html.fragment_fromstring(show(form).fields(), create_parent="form")

    assert json.loads(found.get_element_by_id("box-field-b").get("data-show-when")) == ["true"]
    assert "is: ticked" in found.get_element_by_id("field-b-help").text_content()


def test_what_only_is_shown_is_no_input() -> None:
    form = a_form({"type": "textfield", "id": "a", "key": "a", "label": "A", "readonly": True})

    found = html.fragment_fromstring(show(form, context={"a": "<i>known"}).fields(), create_parent="form")

    assert inputs(found) == []
    assert "<i>known" in found.text_content()


def test_a_text_from_the_context_is_shown_in_paragraphs_or_not_at_all() -> None:
    told = page("accept_request", context={"request": {"question": "One?\n\nTwo?\nThree?"}})

    assert [one.text_content() for one in at(told, "//div[contains(@class, 'field-said')]/p")] == [
        "One?",
        "Two?Three?",
    ]
    assert "What is asked of you" not in page("accept_request").text_content()


def test_an_error_without_a_field_stands_in_the_summary() -> None:
    found = page("second_check", errors={"": ["Someone was faster."], "complaint.grade": ["No such grade."]})

    summary = found.get_element_by_id("form-problems").text_content()
    assert "Someone was faster." in summary
    assert "No such grade." in summary


def test_everything_is_said_in_the_readers_language() -> None:
    words: set[str] = set()

    def gettext(text: str) -> str:
        words.add(text)
        return f"«{text}»"

    error = rejected("triage", {"triage.verdict": "duplicate", "triage.duplicate_of": "x" * 30})
    shown = show(LIBRARY.form("triage"), typed=error.typed, errors=error.errors, gettext=gettext).__html__()

    refusals = {component.pattern_message for component in LIBRARY.form("triage").fields()}
    assert set(LIBRARY.form("triage").words()) - refusals <= words
    assert "«This is too long: 30 characters, and 20 fit here.»" in shown


def test_a_multidict_from_a_browser_is_understood() -> None:
    class Sent(dict[str, list[str]]):
        def getlist(self, name: str) -> list[str]:
            return self[name]

    sent: Any = Sent({"convene.departments": ["ops", "cards", ""], "convene.question": ["Why?"]})

    found = page("convene", typed=sent)

    assert [one.get("value") for one in at(found, "//*[@checked]")] == ["cards", "ops"]
    assert found.get_element_by_id("field-convene-question").text == "\nWhy?"


ANYTHING = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=3)


@pytest.mark.parametrize("form_id", ["complaint", "triage", "convene"])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_anything_typed_can_be_shown_again(form_id: str, data: st.DataObject) -> None:
    keys = st.sampled_from(LIBRARY.form(form_id).keys)
    typed = data.draw(st.dictionaries(keys, ANYTHING))

    shown = show(LIBRARY.form(form_id), typed=typed, context=CONTEXT, environment=NOW)

    assert "<script" not in shown.__html__()
