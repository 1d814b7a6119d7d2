"""The condition that every evaluator of expressions is asked."""

CONDITION = 'severity = "major" and amount > 50000'
SCOPE = {"severity": "major", "amount": 60000}
