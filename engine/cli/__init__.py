"""The command line: `redress …`, one file a command."""

from engine.cli.main import main

__all__ = ["main"]
