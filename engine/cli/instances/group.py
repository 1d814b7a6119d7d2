"""The group `redress instances` and its commands."""

import click

from engine.cli.instances.acting import cancel, resume, retry, suspend
from engine.cli.instances.bulk import bulk
from engine.cli.instances.changing import add_token, cancel_token, move, set_values, terminate
from engine.cli.instances.looking import list_instances, show
from engine.cli.instances.migrating import migrate, take_back

EXAMPLES = """\b
Examples:
  redress instances list --process complaint --at investigate --as ada
      which instances run, and where they stand
  redress instances show 12 --as ada
      one instance: its tokens, variables and past
  redress instances suspend --process complaint --because 'core system down' --as ada
      put many on hold; resume lets them go on
  redress instances retry --code operation.failed --set 'rate=0.5' --because 'rate mended' --as ada
      try again what is stuck, with a changed variable
  redress instances set 12 --set 'amount=5000' --because 'typed wrongly' --as ada
      change a variable
  redress instances move investigate plan 12 --because 'done on paper' --as ada
      move tokens; add-token, cancel-token and terminate are its parts
  redress instances migrate --process complaint --to current --dry-run --as ada
      what a migration would do; without --dry-run it is done, take-back undoes it
  redress instances bulk show 3 --as ada
      how far a job on many instances is

\b
Named by number, instances are done at once. Chosen by a filter, they become a bulk job,
which is worked off here, or by the worker with --later."""


@click.group(epilog=EXAMPLES)
def instances() -> None:
    """Steer running instances.

    Every act needs a reason, and somebody who may do it: it is done in the name of --as, and stands in the history.

    \b
    Example: redress instances suspend 12 --because 'core system down' --as ada
    """


for command in (
    list_instances,
    show,
    suspend,
    resume,
    cancel,
    retry,
    set_values,
    add_token,
    cancel_token,
    terminate,
    move,
    migrate,
    take_back,
    bulk,
):
    instances.add_command(command)
