"""`redress instances …`: running instances listed, put on hold, changed by hand and migrated; one file a family."""

from engine.cli.instances.group import instances

__all__ = ["instances"]
