"""Camunda 8 diagrams on SpiffWorkflow: the only room where that library is spoken; none of its types leaves it."""
