"""`redress templates`: the operations as element templates for the modeler."""

import json
from pathlib import Path

import click

from engine import bootstrap


@click.command()
@click.option(
    "--out",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write them to this file, for the modeler's element-templates folder.",
)
def templates(file: Path | None) -> None:
    """Print every operation as an element template of the modeler (Camunda 8).

    \b
    Example: redress templates --out ~/.config/camunda-modeler/resources/element-templates/redress.json
    """
    written = json.dumps(bootstrap.element_templates(), ensure_ascii=False, indent=2)
    if file is None:
        click.echo(written)
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{written}\n", encoding="utf-8")
