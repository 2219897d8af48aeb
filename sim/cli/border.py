"""The border of the command line: finds the subcommands, and lets no traceback out."""

from __future__ import annotations

import contextlib
import errno
import importlib
import logging
import os
import pkgutil
import signal
import sys
import warnings
from typing import Any, NoReturn

import click

from sim.cli import commands
from sim.cli.meant import command_meant, option_meant

__all__ = ["INTERRUPTED", "OUR_FAULT", "WRONG_INPUT", "Border", "fail", "say"]

WRONG_INPUT, OUR_FAULT, INTERRUPTED = 2, 1, 130
FULL = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "no file may be so large",
}


class Unread(Exception):  # noqa: N818 - no error of anybody
    """Whoever read our output went away."""


class Border(click.Group):
    """Knows the files of ``commands/``, and turns what can go wrong into one message and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click asks
        """The names of the files."""
        return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """What the file of this name calls ``command``."""
        if cmd_name not in self.list_commands(ctx):
            return None
        return importlib.import_module(f"{commands.__name__}.{cmd_name}").command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """The subcommand; a word that is none gets the one that is meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            meant = command_meant(args[0], self.list_commands(ctx)) if args else ""
            said = error.message.partition(". Did you mean")[0].rstrip(".")
            raise click.UsageError(f"{said}.{meant}", ctx) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run a subcommand; click would take the end of a file for Ctrl-C, and any broken pipe for its own."""
        # of several writes that fail at once one is told of here, and the others would be told of by asyncio
        logging.getLogger("asyncio").addHandler(logging.NullHandler())
        try:
            return super().invoke(ctx)
        except EOFError as error:
            raise RuntimeError(f"unexpected end of a file: {error}") from error
        except BrokenPipeError as error:
            raise Unread from error

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command line, and leave by an exit code of the contract."""
        warnings.showwarning = warned
        try:
            code = super().main(*args, **{**kwargs, "standalone_mode": False})
            if sys.stdout is not None:
                sys.stdout.flush()
            leave(code or 0)
        except click.ClickException as error:
            shown = option_meant(error) if isinstance(error, click.NoSuchOption) else error
            with contextlib.suppress(OSError):
                shown.show()
            leave(WRONG_INPUT)
        except (KeyboardInterrupt, click.Abort):
            fail("interrupted", INTERRUPTED)
        except (Unread, BrokenPipeError):  # what was read of our output was enough
            leave(0)
        except OSError as error:
            fail(with_notes(in_words(error), error), WRONG_INPUT)
        except ValueError as error:
            fail(with_notes(str(error), error), WRONG_INPUT)
        except MemoryError as error:
            fail(
                with_notes("out of memory: fewer points, fewer actions or fewer workers", error), WRONG_INPUT
            )
        except Exception as error:  # noqa: BLE001 - the border: users get a sentence, and the way to tell us
            if isinstance(error, RuntimeError) and "can't start new thread" in str(error):
                fail(
                    with_notes("the machine starts no more threads: try fewer --workers", error), WRONG_INPUT
                )
            told = f"internal error, please report it with this command and file: {error!r}"
            fail(with_notes(told, error), OUR_FAULT)


def with_notes(message: str, error: BaseException) -> str:
    """A message and what was noted on the way, where it happened and what was kept."""
    return "; ".join([message, *getattr(error, "__notes__", ())])


def in_words(error: OSError) -> str:
    """What the system refused, and of which file: ``results/x.zarr: no such file or directory``."""
    if error.strerror is None:
        return str(error)
    what = FULL.get(error.errno or 0) or error.strerror[:1].lower() + error.strerror[1:]
    return f"{os.fsdecode(error.filename)}: {what}" if error.filename else what


def warned(message: Warning | str, *_: Any, **__: Any) -> None:
    """A warning is a sentence for the user: which line of ours gave it is nothing to him."""
    say(str(message))


def say(message: str) -> None:
    """Write a line on standard error, if there is one."""
    try:
        click.echo(message, err=True)
    except OSError:  # nobody hears it; the exit code tells
        silence(sys.stderr)


def silence(stream: Any) -> None:
    """Let what a stream still holds go nowhere, or Python would complain when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def leave(code: int) -> NoReturn:
    """End with an exit code, whatever became of the streams; nothing is left to be interrupted."""
    with contextlib.suppress(ValueError):  # only the main thread may say so
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done; Python only puts its things away
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            silence(stream)
    if code == INTERRUPTED:
        # at once, and by this code: Python would wait for threads, or die by the signal it has seen
        os._exit(code)
    sys.exit(code)


def fail(message: str, code: int) -> NoReturn:
    """Say what is wrong on standard error and leave."""
    say(message)
    leave(code)
