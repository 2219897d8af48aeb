"""The command line within this process: nothing is loaded anew for each command.

What is a process's own, signals, full disks, what its ending leaves, is tested by starting one.
"""

from __future__ import annotations

import contextlib
import shlex
import warnings
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from sim.cli import main

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it said: as :class:`subprocess.CompletedProcess` tells it."""

    returncode: int
    stdout: str
    stderr: str


def standoff(*arguments, cwd=ROOT):
    """Run a command in a folder."""
    with contextlib.chdir(cwd), warnings.catch_warnings():
        warnings.simplefilter("default")  # which are sentences for the user
        done = CliRunner().invoke(main, [*map(str, arguments)], prog_name="standoff", catch_exceptions=False)
    return Done(done.exit_code, done.stdout, done.stderr)


def follow(commands, folder):
    """Run the commands of a page in their order; what goes on after ``>`` is written there."""
    for command in commands:
        words, _, target = command.partition(" > ")
        program, *arguments = shlex.split(words)
        assert program == ".venv/bin/standoff"
        done = standoff(*arguments, cwd=folder)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        if target:
            (folder / target).write_text(done.stdout)
