"""The pages of the people who work on complaints: inbox, task, case."""
