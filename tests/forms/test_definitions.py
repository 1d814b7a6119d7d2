"""Reading form-js files: what can be shown is read, everything else is refused with its place."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.components import FormDefinition
from forms.definitions import read_form
from forms.errors import FormDefinitionError


def field(**entries: Any) -> dict[str, Any]:
    return {"type": "textfield", "id": "one", "key": "one", "label": "One"} | entries


def form(*components: dict[str, Any], **entries: Any) -> bytes:
    found = {"type": "default", "id": "asked", "schemaVersion": 18, "components": list(components)} | entries
    return json.dumps(found, indent=1).encode()


def refused(content: bytes) -> FormDefinitionError:
    with pytest.raises(FormDefinitionError) as caught:
        read_form(content, "asked.form")
    return caught.value


def test_a_refusal_names_file_line_component_and_reason() -> None:
    content = form(field(), field(id="two", key="two", type="iframe"))

    error = refused(content)

    line = content.decode().split("\n").index('   "id": "two",') - 1
    assert ("asked.form", line, "two") == (error.file, error.line, error.component)
    assert str(error) == f"asked.form:{line}: two: type 'iframe': Redress cannot show it"


@pytest.mark.parametrize(
    ("component", "reason"),
    [
        ({"type": "html", "content": "<b>"}, "HTML from a form is not shown"),
        ({"type": "button", "action": "submit"}, "the page has its own buttons"),
        ({"type": ["textfield"]}, "type"),
        ({"key": "complaint amount"}, "the key must be words"),
        ({"key": "__proto__"}, "the key must be words"),
        ({"key": ""}, "the key must be words"),
        ({"label": ""}, "a field needs a label"),
        ({"label": "=secret"}, "must be plain words"),
        ({"label": "Hello {{name}}"}, "must be plain words"),
        ({"id": "a b"}, "every component needs an id"),
        ({"validate": {"required": "yes"}}, "required must be true or false"),
        ({"validate": {"minLength": 5, "maxLength": 2}}, "the lower limit is above"),
        ({"validate": {"maxLength": 10**6}}, "an answer may have"),
        ({"validate": {"pattern": "(["}}, "the pattern is no regular expression"),
        ({"validate": {"pattern": "a+", "maxLength": 2000}}, "needs a maxLength"),
        ({"validate": {"pattern": "a" * 201, "maxLength": 20}}, "the pattern is no regular expression"),
        ({"validate": {"validationType": "iban"}}, "validationType may be"),
        ({"validate": {"min": 1}}, "'min' in validate"),
        ({"conditional": {"hide": "one = 2"}}, 'begins with "="'),
        ({"conditional": {"hide": "=1 +"}}, "hide: "),
        ({"conditional": {"hide": '=one = "x"'}}, "hide reads one, which is not asked before it"),
        ({"properties": {"required_if": "=two = 1"}, "id": "x"}, None),
        ({"properties": {"on_click": "alert(1)"}}, "'on_click' in properties"),
        ({"properties": {"min_date": "=today()"}}, "belong to a date"),
        ({"type": "datetime", "label": None, "subtype": "datetime", "dateLabel": "When"}, "in a datetime"),
        ({"type": "select"}, "the options stand either"),
        ({"type": "select", "values": []}, "values must be a list"),
        ({"type": "select", "valuesKey": "list"}, "write valuesExpression"),
        ({"type": "radio", "values": [{"label": "A", "value": "a"}] * 2}, "an option stands twice"),
        ({"type": "radio", "values": [{"label": "A", "value": 1}]}, "the value of an option"),
        ({"type": "radio", "values": [{"label": "A"}]}, "an option has a label and a value"),
        (
            {"type": "select", "values": [{"label": "A", "value": "a"}], "defaultValue": "b"},
            "defaultValue does not fit",
        ),
        ({"type": "number", "decimalDigits": -1}, "decimalDigits must be"),
        ({"type": "number", "validate": {"min": "0"}}, "min must be a number"),
        ({"type": "group", "components": [], "path": "x", "key": "one"}, "'key' in a group"),
    ],
)
def test_what_cannot_be_shown_is_refused(component: dict[str, Any], reason: str | None) -> None:
    content = form(field(**component))

    if reason is None:
        assert read_form(content, "asked.form").keys == ("one",)
        return
    assert reason in refused(content).reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "this is not JSON"),
        (b"[]", "a form is a JSON object"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"type": NaN}', "NaN is not a JSON number"),
        (b'{"type": "default", "type": "default"}', '"type" stands twice'),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "too many digits"),
        (b" " * 300_000, "larger than"),
        (form(schemaVersion=17), "schemaVersion must be 18"),
        (form(id="../etc"), "the form needs an id"),
        (form(components={}), "components must be a list"),
        (form("field"), "a component must be an object"),  # type: ignore[arg-type]
        (form(scripts=["x"]), "'scripts' in a form"),
        (form(*[field(id=f"f{n}", key=f"f{n}") for n in range(201)]), "a form may have 200"),
        (form(field(), field(id="two")), "the key one stands twice"),
        (form(field(), field(key="two")), "this id stands twice"),
        (form(field(key="one"), field(id="two", key="one.more")), "lies inside the key one"),
    ],
)
def test_a_file_that_is_no_form_is_refused(content: bytes, reason: str) -> None:
    assert reason in refused(content).reason


def test_groups_nest_only_so_deep() -> None:
    inner: dict[str, Any] = field()
    for depth in range(6):
        inner = {"type": "group", "id": f"g{depth}", "components": [inner]}

    assert "groups may be nested" in refused(form(inner)).reason


def test_a_condition_may_read_what_is_asked_before_it_and_the_context() -> None:
    content = form(
        field(key="first.answer"),
        field(id="two", key="two", conditional={"hide": '=first.answer != "x" and complaint.amount > 5'}),
    )

    found = read_form(content, "asked.form")

    hide = found.fields()[1].hide
    assert hide is not None
    assert frozenset({"first.answer"}) == hide.reads
    assert frozenset({"first", "complaint"}) == found.names


def test_the_hash_tells_two_versions_apart() -> None:
    one, other = read_form(form(field()), "f"), read_form(form(field(label="Other")), "f")

    assert one.hash != other.hash
    assert len(one.hash) == 64


def test_every_word_people_read_is_given_for_translation() -> None:
    content = form(
        {"type": "group", "id": "g", "label": "Group", "components": [field(description="Help")]},
        {"type": "text", "id": "t", "text": "Said"},
        field(
            id="s", key="s", type="radio", values=[{"label": "Yes", "value": "y"}], properties={"why": "Why"}
        ),
    )

    assert read_form(content, "f").words() == ("Group", "One", "Help", "Said", "Why", "Yes")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
WORDS = """type id key label description validate values valuesExpression conditional properties defaultValue
    components text appearance decimalDigits subtype dateLabel readonly path accept"""
ENTRIES = st.dictionaries(
    st.sampled_from(WORDS.split()),
    JSON
    | st.sampled_from(
        ["textfield", "group", "radio", "number", "=a.b", {"hide": "=x"}, {"required": True}, "a"]
    ),
)


@settings(deadline=None)
@given(st.lists(ENTRIES, max_size=4))
def test_any_components_are_read_or_refused(components: list[dict[str, Any]]) -> None:
    try:
        found: FormDefinition | FormDefinitionError = read_form(form(*components), "asked.form")
    except FormDefinitionError as error:
        found = error

    assert found.file == "asked.form"


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with pytest.raises(FormDefinitionError):
        read_form(content, "asked.form")
