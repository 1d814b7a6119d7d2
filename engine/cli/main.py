"""The group `redress`, its help, and the list of its commands."""

from importlib import import_module

import click

from engine.cli.console import Commands

COMMANDS = (
    "init",
    "serve",
    "worker",
    "intake",
    "check",
    "templates",
    "decide",
    "scenarios",
    "play",
    "instances",
    "status",
)

EXAMPLES = """\b
Examples:
  redress init --demo
      create or upgrade the database, with a demo bank
  redress serve --port 8080
      show the web application, and fire due timers beside it
  redress worker
      fire due timers and send notices, without the web
  redress intake complaints.csv --limit 100
      put complaints from a file into the register, each once
  redress check workflows forms
      tell whether diagrams, decisions and forms can run
  redress templates --out redress.json
      what a service task may call, for the modeler
  redress decide workflows/decisions/severity.dmn severity 'complaint={amount: 5000}'
      ask a decision
  redress scenarios
      play the processes in memory, and say how much of them the scenarios cover
  redress play --days 30 --per-day 10 --seed 1
      let simulated customers and staff work (demo databases only)
  redress instances suspend 12 --because 'core system down' --as ada
      put running instances on hold, change or migrate them
  redress status --json
      count what is open, due and stuck

\b
Exit codes: 0 done, 1 refused (one sentence on standard error says why),
2 wrong use, 75 the database is busy or gone: try again.
Settings are REDRESS_* variables; the README lists them."""


class Listed(Commands):
    """Loads a command's file when it is asked for: `redress decide` needs no database, and waits for none to load."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"engine.cli.{cmd_name}"), cmd_name)
        return command


@click.group(
    name="redress", cls=Listed, epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="redress", message="%(prog)s %(version)s")
def main() -> None:
    """Complaint handling for banks."""
