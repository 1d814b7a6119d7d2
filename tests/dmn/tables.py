"""Small decision tables for tests, written as DMN."""

from xml.sax.saxutils import escape

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="D" namespace="urn:d">'


def table(policy, inputs, rules, *, output="string", values="", default="", aggregation=""):
    """A file with the one decision ``answer``: inputs as (text, type), rules as texts, the output last."""
    columns = "".join(
        f'<input id="in{n}"><inputExpression typeRef="{kind}"><text>{escape(text)}</text></inputExpression></input>'
        for n, (text, kind) in enumerate(inputs, 1)
    )
    listed = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
    otherwise = f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
    rows = "".join(_rule(number, rule) for number, rule in enumerate(rules, 1))
    collect = f' aggregation="{aggregation}"' if aggregation else ""
    return (
        f'{HEAD}<decision id="answer" name="Answer"><decisionTable id="table" hitPolicy="{policy}"{collect}>'
        f'{columns}<output id="out" name="answer" typeRef="{output}">{listed}{otherwise}</output>{rows}'
        "</decisionTable></decision></definitions>"
    ).encode()


def _rule(number, texts):
    cells = "".join(f"<inputEntry><text>{escape(text)}</text></inputEntry>" for text in texts[:-1])
    return f'<rule id="r{number}">{cells}<outputEntry><text>{escape(texts[-1])}</text></outputEntry></rule>'
