"""What somebody means who writes a command or an option of other programs."""

from __future__ import annotations

import click

__all__ = ["COMMANDS", "OPTIONS", "command_meant", "option_meant"]

COMMANDS = {
    "plot": "map", "draw": "map", "picture": "map", "show": "map", "chart": "map", "figure": "map",
    "run": "sweep", "scan": "sweep", "grid": "sweep",
    "equilibria": "solve", "nash": "solve", "compute": "solve", "simulate": "play",
    "validate": "check", "verify": "check", "lint": "check", "test": "check",
    "init": "new", "create": "new", "start": "new", "template": "new",
    "read": "import", "convert": "import", "save": "export", "write": "export",
    "ls": "list", "scenarios": "list",
}  # fmt: skip
OPTIONS = {
    "--param": "--set", "--params": "--set", "--parameter": "--set", "--value": "--set", "--with": "--set", "-p": "--set",
    "--vary": "--over", "--range": "--over", "--axis": "--over", "--grid": "--over",
    "--output": "--out", "--outfile": "--out", "-o": "--out", "--save": "--out",
    "--jobs": "--workers", "--threads": "--workers", "--processes": "--workers", "-j": "--workers",
    "--method": "--solver", "--algorithm": "--solver", "--equilibrium": "--concept", "--solution": "--concept",
    "--resolution": "--points", "--steps": "--points", "--size": "--points",
    "--fix": "--at", "--slice": "--at", "--type": "--plot", "--kind": "--plot", "--fractions": "--exact",
}  # fmt: skip


def command_meant(word: str, known: list[str]) -> str:
    """`` Did you mean 'map'?`` for a word that is no command, or how to solve the scenario that it names."""
    from sim.plugins import nearest
    from sim.scenario.library import shelved

    if word in COMMANDS:
        return f" Did you mean {COMMANDS[word]!r}?"
    if word and shelved(word).is_file():
        return f" It names a scenario: standoff solve {word}"
    return nearest(word, known)


def option_meant(error: click.NoSuchOption) -> click.UsageError:
    """The error for an unknown option, which names what is meant where the command has that."""
    meant = OPTIONS.get(error.option_name)
    here = {name for one in error.ctx.command.params for name in one.opts} if error.ctx else set()
    if meant is None or meant not in here:
        return error
    return click.UsageError(f"{error.message.rstrip('.')}. Did you mean {meant!r}?", error.ctx)
