"""The condition in bkflow-feel, in its own environment: one line of JSON, microseconds in the median."""

import json

from bkflow_feel.api import parse_expression

from tests.bench.feel_condition import CONDITION, SCOPE
from tests.bench.measuring import median_us

assert parse_expression(CONDITION, SCOPE) is True
print(
    json.dumps(
        {
            "what": "bkflow-feel condition",
            "median_us": median_us(lambda: parse_expression(CONDITION, SCOPE), 50),
        }
    )
)
