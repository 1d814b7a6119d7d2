"""Every boxed expression, knowledge, services, imports and types (DMN 1.5 §6, §7, §10.2)."""

import pytest

from engine.dmn import DmnError, Environment, check, read, read_decisions
from engine.feel import FeelLimitExceeded

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="D" namespace="urn:d">'


def literal(text):
    """A literal expression."""
    return f"<literalExpression><text>{text}</text></literalExpression>"


def model(body, **more):
    """A model of these elements."""
    return read_decisions(f"{HEAD}{body}</definitions>".encode(), "d.dmn", **more)


def value(box, **inputs):
    """The value of one boxed expression as a decision."""
    return model(f'<decision id="x" name="X">{box}</decision>').value("X", inputs)


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (literal("1 + amount"), 6),
        (f"<list>{literal('1')}{literal('amount')}</list>", [1, 5]),
        (
            f'<relation><column name="a"/><column name="b c"/><row>{literal("1")}{literal("amount")}</row></relation>',
            [{"a": 1, "b c": 5}],
        ),
        (
            f'<context><contextEntry><variable name="a b"/>{literal("2")}</contextEntry>'
            f"<contextEntry>{literal('a b * amount')}</contextEntry></context>",
            10,
        ),
        (f"<conditional><if>{literal('amount > 3')}</if><then>{literal('1')}</then><else/></conditional>", 1),
        (f"<conditional><if>{literal('null')}</if><then/><else>{literal('2')}</else></conditional>", 2),
        (f'<for iteratorVariable="i"><in>{literal("[]")}</in><return/></for>', []),
        (
            f'<for iteratorVariable="i"><in>{literal("[1, 2]")}</in><return>{literal("i + count(partial)")}'
            "</return></for>",
            [1, 3],
        ),
        (f'<some iteratorVariable="i"><in>{literal("[1, 9]")}</in><satisfies>{literal("i > amount")}</satisfies></some>', True),
        (
            f'<every iteratorVariable="i"><in>{literal("[1, 9]")}</in>'
            f"<satisfies>{literal('i > amount')}</satisfies></every>",
            False,
        ),
        (f"<filter><in>{literal('[1, 9]')}</in><match>{literal('item > amount')}</match></filter>", [9]),
        (f"<filter><in>{literal('[{p: 1}, {p: 9}]')}</in><match>{literal('p > amount')}</match></filter>", [{"p": 9}]),
        (
            f"<invocation>{literal('abs')}<binding><parameter name=\"n\"/>{literal('-amount')}</binding></invocation>",
            5,
        ),
        (
            '<context><contextEntry><variable name="double it"/><functionDefinition><formalParameter name="n"/>'
            f"{literal('2 * n')}</functionDefinition></contextEntry>"
            f"<contextEntry>{literal('double it(n: amount)')}</contextEntry></context>",
            10,
        ),
    ],
)  # fmt: skip
def test_each_box_has_its_value(box, expected):
    assert value(box, amount=5) == expected


FACTORIAL = (
    '<businessKnowledgeModel id="f" name="factorial"><encapsulatedLogic><formalParameter name="n" typeRef="number"/>'
    + literal("if n &lt;= 1 then 1 else n * factorial(n - 1)")
    + '</encapsulatedLogic></businessKnowledgeModel><decision id="x" name="X"><knowledgeRequirement>'
    + f'<requiredKnowledge href="#f"/></knowledgeRequirement>{literal("factorial(%s)")}</decision>'
)


def test_knowledge_may_call_itself_as_deep_as_the_budget_allows():
    assert model(FACTORIAL % "5").value("X", {}) == 120
    with pytest.raises(FeelLimitExceeded):
        model(FACTORIAL % "500").value("X", {})


def test_knowledge_given_the_wrong_type_is_given_null():
    asked = model(
        '<businessKnowledgeModel id="k" name="K"><encapsulatedLogic><formalParameter name="n" typeRef="number"/>'
        f"{literal('[n]')}</encapsulatedLogic></businessKnowledgeModel>"
        '<decision id="x" name="X"><knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>'
        f"{literal('K(&quot;five&quot;)')}</decision>"
    )

    assert asked.value("X", {}) == [None]


SERVICE = (
    '<inputData id="i" name="I"><variable name="I" typeRef="number"/></inputData>'
    f'<decision id="a" name="A"><informationRequirement><requiredInput href="#i"/></informationRequirement>'
    f"{literal('I + 1')}</decision>"
    f'<decision id="b" name="B"><informationRequirement><requiredDecision href="#a"/></informationRequirement>'
    f"{literal('A * 2')}</decision>"
    '<decisionService id="s" name="S"><outputDecision href="#b"/><encapsulatedDecision href="#a"/>'
    '<inputData href="#i"/></decisionService>'
    '<decisionService id="t" name="T"><outputDecision href="#b"/><inputDecision href="#a"/></decisionService>'
    f'<decision id="c" name="C"><knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement>'
    f"{literal('S(4)')}</decision>"
)


def test_a_service_takes_inputs_or_decisions_and_is_called_like_a_function():
    asked = model(SERVICE)

    assert asked.value("B", {"I": 1}) == 4
    assert asked.call("S", {"I": 2}) == 6
    assert asked.call("T", {"A": 10}) == 20
    assert asked.value("C", {}) == 10


def test_a_service_given_the_wrong_type_is_not_asked():
    asked = model(SERVICE.replace("S(4)", "[S([4]), S(&quot;4&quot;), S(null), S(I: 4), S()]"))

    assert asked.value("C", {}) == [10, None, None, 10, None]
    assert asked.call("S", {"I": [2]}) == 6  # a list of one is its item
    assert asked.call("S", {"I": "much"}) is None


def test_decisions_that_require_each_other_are_refused():
    circle = "".join(
        f'<decision id="{one}" name="{one}"><informationRequirement><requiredDecision href="#{two}"/>'
        f"</informationRequirement>{literal(two)}</decision>"
        for one, two in (("a", "b"), ("b", "a"))
    )

    with pytest.raises(DmnError, match="requires itself"):
        model(circle).value("a", {})


def test_a_reference_to_nothing_is_refused():
    with pytest.raises(DmnError, match="no element '#nobody'"):
        model(
            '<decision id="x" name="X"><informationRequirement><requiredInput href="#nobody"/>'
            "</informationRequirement></decision>"
        )


def test_what_is_not_required_is_not_seen():
    asked = model(
        '<inputData id="i" name="I"/>' + f'<decision id="x" name="X">{literal("[I, other]")}</decision>'
    )

    assert asked.value("X", {"I": 1, "other": 2}) == [None, 2]


@pytest.mark.parametrize("kind", ["Java", "PMML"])
def test_foreign_functions_are_refused_with_the_reason(kind):
    with pytest.raises(DmnError, match="runs no foreign code") as caught:
        model(
            f'<businessKnowledgeModel id="f" name="f"><encapsulatedLogic kind="{kind}"><context/></encapsulatedLogic>'
            "</businessKnowledgeModel>"
        )

    assert caught.value.code == "dmn.external"


def test_another_expression_language_is_refused():
    with pytest.raises(DmnError, match="only FEEL"):
        value('<literalExpression expressionLanguage="urn:javascript"><text>1</text></literalExpression>')


def test_a_lenient_reading_takes_what_is_foreign_as_null_and_answers_the_rest():
    foreign = (
        '<decision id="x" name="X"><literalExpression expressionLanguage="urn:javascript"><text>1</text>'
        '</literalExpression></decision><decision id="y" name="Y"><context><contextEntry><variable name="f"/>'
        '<functionDefinition kind="Java"><context/></functionDefinition></contextEntry><contextEntry>'
        f"{literal('f(1)')}</contextEntry></context></decision>"
        f'<decision id="z" name="Z">{literal("1 +")}</decision><decision id="w" name="W">{literal("2")}</decision>'
    )

    asked = model(foreign, lenient=True)

    assert [asked.value(name, {}) for name in "XYZW"] == [None, None, None, 2]
    assert [problem.code for problem in check(asked)] == ["dmn.language", "dmn.external", "feel.syntax"]


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ("<filter><in>{0}</in><match>{1}</match></filter>", [("[1..3]", "item > 1", [2, 3])]),
        (
            "<filter><in>{0}</in><match>{1}</match></filter>",
            [
                ("5", "item > 1", [5]),
                ("null", "true", None),
                ("[1, null]", "item > 0", None),  # unlike list[condition]: no boolean for the second item
                ("[1, 2]", "item", None),
            ],
        ),
        (
            '<for iteratorVariable="i"><in>{0}</in><return>{1}</return></for>',
            [("(1..4)", "i", [2, 3]), ("(&lt; 5)", "i", None), ("7", "i", [7])],
        ),
        (
            '<every iteratorVariable="i"><in>{0}</in><satisfies>{1}</satisfies></every>',
            [
                ("[]", "false", True),
                ("[1, 2]", "null", None),
                ("[1, 2]", "i = 1", False),
                ("(&lt; 5)", "true", None),
            ],
        ),
        (
            '<some iteratorVariable="i"><in>{0}</in><satisfies>{1}</satisfies></some>',
            [
                ("[]", "true", False),
                ("[null, 2]", "i = 2", True),
                ("[null, 1]", "i > 1", None),
                ("null", "true", None),
            ],
        ),
    ],
)
def test_boxed_iterations_over_ranges_single_values_and_nothing(box, expected):
    answers = [value(box.format(literal(domain), literal(body))) for domain, body, _ in expected]

    assert answers == [wanted for _, _, wanted in expected]


TYPES = (
    '<itemDefinition name="tAge"><typeRef>number</typeRef><allowedValues><text>[0..150]</text></allowedValues>'
    '</itemDefinition><itemDefinition name="tPerson"><itemComponent name="first name"><typeRef>string</typeRef>'
    '</itemComponent><itemComponent name="age"><typeRef>tAge</typeRef></itemComponent></itemDefinition>'
    '<itemDefinition name="tPeople" isCollection="true"><typeRef>tPerson</typeRef></itemDefinition>'
    '<inputData id="i" name="people"><variable name="people" typeRef="tPeople"/></inputData>'
    '<decision id="x" name="X"><informationRequirement><requiredInput href="#i"/></informationRequirement>'
    f"{literal('people[age &gt; 1].first name')}</decision>"
)


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([{"first name": "Ada", "age": 36}], ["Ada"]),
        ({"first name": "Ada", "age": 36}, ["Ada"]),  # one stands for a list of one
        ([{"first name": "Ada", "age": 360}], None),  # not an allowed value
        ([{"first name": 5, "age": 36}], None),  # not of the type
        ([{"age": 36}], None),  # a component is missing
    ],
)
def test_inputs_are_checked_against_their_types(people, expected):
    assert model(TYPES).value("X", {"people": people}) == expected


TREE = (
    '<itemDefinition name="tTree"><itemComponent name="size"><typeRef>number</typeRef></itemComponent>'
    '<itemComponent name="parts" isCollection="true"><typeRef>tTree</typeRef></itemComponent></itemDefinition>'
    '<decision id="x" name="X"><variable name="X" typeRef="tTree"/>%s</decision>'
)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("{size: 1, parts: null}", True),
        ("{size: 1, parts: [{size: 2, parts: []}]}", True),
        ('{size: 1, parts: [{size: "2", parts: []}]}', False),
        ("{size: 1, parts: [{size: 2}]}", False),
    ],
)
def test_a_type_may_hold_itself_in_its_components(text, fits):
    assert (model(TREE % literal(text)).value("X", {}) is not None) is fits


def test_a_type_that_is_only_itself_is_refused():
    with pytest.raises(DmnError, match="'tA' is defined by itself"):
        model(
            '<itemDefinition name="tA"><typeRef>tB</typeRef></itemDefinition>'
            '<itemDefinition name="tB" isCollection="true"><typeRef>tA</typeRef></itemDefinition>'
        )


def test_a_file_sees_what_it_imports_under_its_name(tmp_path):
    types = TYPES.replace('id="i"', 'id="p"').replace("#i", "#p")
    (tmp_path / "d.dmn").write_text(f"{HEAD}{SERVICE}{types}</definitions>")
    (tmp_path / "main.dmn").write_text(
        HEAD.replace("urn:d", "urn:main")
        + '<import name="other" namespace="urn:d" locationURI="d.dmn"'
        + ' importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
        + '<decision id="m" name="M"><variable name="M" typeRef="other.tAge"/><informationRequirement>'
        + '<requiredDecision href="urn:d#b"/></informationRequirement><knowledgeRequirement>'
        + f'<requiredKnowledge href="urn:d#s"/></knowledgeRequirement>{literal("other.B + other.S(1)")}</decision>'
        + "</definitions>"
    )

    assert read(tmp_path / "main.dmn").value("M", {"I": 1}) == 8
    assert read(tmp_path / "main.dmn").value("M", {"other": {"I": 2}}) == 10
    assert read(tmp_path / "main.dmn").value("M", {"I": 1000}) is None


def test_boxed_loops_count_against_the_budget():
    box = f'<for iteratorVariable="i"><in>{literal("for i in 1..1000 return i")}</in><return>{literal("i")}</return></for>'

    with pytest.raises(FeelLimitExceeded):
        model(f'<decision id="x" name="X">{box}</decision>').value("X", {}, Environment(steps=3_000))
