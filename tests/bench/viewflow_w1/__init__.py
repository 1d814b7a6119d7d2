"""The Django app that holds W1 as Viewflow draws it."""
