"""What goes into a table comes out the same."""

from dataclasses import fields

import pytest

from engine.store.shapes import TABLES


@pytest.mark.parametrize("row_class", TABLES, ids=lambda row_class: row_class.__name__)
def test_columns_stand_as_the_fields_do(row_class: type) -> None:
    columns = [column.name for column in TABLES[row_class].columns]

    assert [field.name for field in fields(row_class) if field.name != "files"] == columns
