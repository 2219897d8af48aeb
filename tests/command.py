"""The command line within this process: nothing is loaded anew for each command.

What is a process's own, signals, full disks, what its ending leaves, is tested by starting one.
"""

from __future__ import annotations

import contextlib
import io
import shlex
import warnings
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from sim import plugins
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


@contextlib.contextmanager
def plugins_as_they_are():
    """What is registered within ends with it, as it would with a process."""
    registries = [plugins.concepts, plugins.forms, plugins.plots, plugins.solvers, plugins.views]
    before = [dict(registry.discover()) for registry in registries]
    try:
        yield
    finally:
        for registry, items in zip(registries, before, strict=True):
            registry.items_by_name = items


def run_python(code, folder=ROOT):
    """Run a piece of Python of a page as a script in a folder."""
    with (
        plugins_as_they_are(),
        contextlib.chdir(folder),
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()) as said,
    ):
        warnings.simplefilter("default")
        exec(compile(code, "a page", "exec"), {"__name__": "__main__"})
    return said.getvalue()


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
