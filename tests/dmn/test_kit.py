"""The DMN technology compatibility kit, where it is there, and a small kit of our own, where it is not."""

from pathlib import Path

import pytest

from tests.dmn_tck.__main__ import main
from tests.dmn_tck.runner import run_folder

OWN = Path(__file__).parent / "kit"
KIT = Path(__file__).parents[2].parent / "shared" / "dmn-tck"


def test_the_own_kit_passes_but_for_the_case_that_is_wrong_on_purpose():
    outcomes = list(run_folder(OWN))

    assert [(outcome.case, outcome.node) for outcome in outcomes if not outcome.passed] == [
        ("0001-sample-test-01/002", "Grade")
    ]
    assert len(outcomes) == 4


def test_the_runner_ends_with_the_count(capsys):
    assert main([str(OWN), "--verbose"]) == 1

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith('Grade: expected "major", got "general"')
    assert lines[-1] == "passed 3 of 4 (75.0 %)"


@pytest.mark.skipif(not KIT.is_dir(), reason="the kit is not beside the project: ../shared/dmn-tck")
@pytest.mark.parametrize("level", ["compliance-level-2", "compliance-level-3"])
def test_the_kit_passes(level):
    failed = [f"{o.folder} {o.case} {o.node}: {o.problem}" for o in run_folder(KIT / level) if not o.passed]

    assert failed == []


HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="D" namespace="{}">{}</definitions>'
TESTS = (
    '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema">{}</testCases>'
)


def decision(name, text, requires=""):
    """A decision of one expression."""
    box = f"<literalExpression><text>{text}</text></literalExpression>"
    return f'<decision id="{name}" name="{name}">{requires}{box}</decision>'


def kit(folder, cases, **models):
    """The problems of test cases beside some models, a file each."""
    for name, (namespace, body) in models.items():
        (folder / f"{name}.dmn").write_text(HEAD.format(namespace, body))
    (folder / "cases.xml").write_text(TESTS.format(cases))
    return [outcome.problem for outcome in run_folder(folder)]


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ('<value xsi:type="xsd:date">2026-01-31</value>', '@"2026-01-31"'),
        ('<value xsi:type="xsd:date">2026-01-31Z</value>', '@"2026-01-31"'),
        ('<value xsi:type="xsd:time">10:00:00</value>', '@"10:00:00"'),
        ('<value xsi:type="xsd:dateTime">2026-01-31T10:00:00Z</value>', '@"2026-01-31T10:00:00Z"'),
        ('<value xsi:type="xsd:duration">P1Y</value>', '@"P12M"'),
        ('<value xsi:type="xsd:duration">PT36H</value>', '@"P1DT12H"'),
        ('<value xsi:type="xsd:double">1.5E1</value>', "15"),
        ('<value xsi:type="xsd:boolean">1</value>', "true"),
        ('<value xsi:type="xsd:string"> a </value>', '" a "'),
        ("<value>7</value>", "7"),
        ('<value xsi:nil="true"/>', "null"),
        ('<value xsi:nil="1"/>', "null"),
        ('<list xsi:nil="true"/>', "null"),
        ("<list/>", "[]"),
        (
            '<list><item><component name="a"><value>1</value></component></item><item><list/></item></list>',
            "[{a: 1}, []]",
        ),
        (
            '<component name="a"><value>1</value></component><component name="b" xsi:nil="true"/>',
            "{a: 1, b: null}",
        ),
        ("", "null"),
    ],
)
def test_every_form_of_a_value_is_read_as_input_and_as_expectation(tmp_path, given, text):
    case = (
        f'<modelName>m.dmn</modelName><testCase id="1"><inputNode name="i">{given}</inputNode>'
        f'<resultNode name="echo"><expected>{given}</expected></resultNode>'
        f'<resultNode name="made"><expected>{given}</expected></resultNode></testCase>'
    )

    assert kit(tmp_path, case, m=("urn:m", decision("echo", "i") + decision("made", text))) == ["", ""]


def test_an_error_and_null_count_alike_and_a_crash_is_one_failure(tmp_path):
    case = (
        '<modelName>m.dmn</modelName><testCase id="1"><resultNode name="none" errorResult="true"/>'
        '<resultNode name="none"><expected><value xsi:nil="true"/></expected></resultNode>'
        '<resultNode name="endless" errorResult="1"/><resultNode name="one" errorResult="true"/>'
        '<resultNode name="one"><expected><value xsi:type="xsd:date">no date</value></expected></resultNode></testCase>'
    )
    endless = "{f: function(n) f(n + 1), r: f(1)}.r"

    problems = kit(
        tmp_path,
        case,
        m=("urn:m", decision("none", "1 / 0") + decision("endless", endless) + decision("one", "1")),
    )

    assert problems[:3] == ["", "", ""]
    assert problems[3] == "expected null, got 1"
    assert problems[4].startswith("crashed: ValueError")


def test_models_are_found_by_name_namespace_or_alone_and_so_are_their_imports(tmp_path):
    main = (
        '<import name="lib" namespace="urn:lib" locationURI="elsewhere/lib.dmn"'
        ' importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
        + decision("m", "lib.n + lib.k", '<informationRequirement><requiredInput href="urn:lib#n"/></informationRequirement>'
                   '<informationRequirement><requiredDecision href="urn:lib#k"/></informationRequirement>')
    )  # fmt: skip
    library = '<inputData id="n" name="n"><variable name="n"/></inputData>' + decision("k", "10")
    case = (
        '<testCase id="1"><inputNode name="n" namespace="urn:lib"><value>5</value></inputNode>'
        '<resultNode name="m"><expected><value>15</value></expected></resultNode>'
        '<resultNode name="k" namespace="urn:lib"><expected><value>10</value></expected></resultNode></testCase>'
    )

    problems = kit(
        tmp_path, f"<modelName>main.dmn</modelName>{case}", main=("urn:main", main), lib=("urn:lib", library)
    )
    (tmp_path / "cases.xml").write_text(
        TESTS.replace("<testCases ", '<testCases namespace="urn:main" ').format(case)
    )

    assert problems == ["", ""]
    assert [outcome.problem for outcome in run_folder(tmp_path)] == ["", ""]


def test_services_and_knowledge_are_asked_by_their_own_name(tmp_path):
    body = (
        '<inputData id="i" name="i"><variable name="i" typeRef="number"/></inputData>'
        + decision(
            "a", "{a: i}", '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
        )
        + decision("b", "2")
        + '<decisionService id="s" name="one"><outputDecision href="#a"/><inputData href="#i"/></decisionService>'
        '<decisionService id="t" name="two"><outputDecision href="#a"/><outputDecision href="#b"/><inputData href="#i"/>'
        '</decisionService><businessKnowledgeModel id="k" name="k"><encapsulatedLogic><formalParameter name="x"/>'
        "<literalExpression><text>x + 1</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"
    )
    inside = '<component name="a"><value>5</value></component>'

    def case(kind, name, node, expected, given="i"):
        return (
            f'<testCase id="{name}" type="{kind}" invocableName="{name}"><inputNode name="{given}"><value>5</value>'
            f'</inputNode><resultNode name="{node}"><expected>{expected}</expected></resultNode></testCase>'
        )

    cases = "<modelName>m.dmn</modelName>" + case("decisionService", "one", "a", inside)
    cases += case("decisionService", "two", "a", inside) + case(
        "decisionService", "two", "b", "<value>2</value>"
    )
    cases += case("bkm", "k", "k", "<value>6</value>", given="x")

    assert kit(tmp_path, cases, m=("urn:m", body)) == [""] * 4


def test_other_xml_is_passed_over_and_a_missing_model_fails_every_node(tmp_path):
    (tmp_path / "broken.xml").write_text("<testCases")
    (tmp_path / "other.xml").write_text("<other/>")
    case = (
        '<modelName>gone.dmn</modelName><testCase id="1"><resultNode name="a" errorResult="true"/></testCase>'
    )

    problems = kit(tmp_path, case)

    assert len(problems) == 1
    assert problems[0].startswith("the model cannot be read")
