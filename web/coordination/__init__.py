"""The coordinator's view: what was asked of which department, and what is still missing."""
