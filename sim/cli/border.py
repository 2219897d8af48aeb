"""The border of the command line: finds the subcommands, and lets no traceback out."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from typing import Any, NoReturn

import click

from sim.cli import commands

__all__ = ["INTERRUPTED", "OUR_FAULT", "WRONG_INPUT", "Border", "fail"]

WRONG_INPUT, OUR_FAULT, INTERRUPTED = 2, 1, 130


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
        """The subcommand; a word that is none gets the nearest one."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from sim.plugins import nearest

            near = nearest(args[0], self.list_commands(ctx)) if args else ""
            raise click.UsageError(error.message + near, ctx) from None

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command line, and leave by an exit code of the contract."""
        try:
            sys.exit(super().main(*args, **{**kwargs, "standalone_mode": False}))
        except click.ClickException as error:
            error.show()
            sys.exit(WRONG_INPUT)
        except (KeyboardInterrupt, click.Abort):
            fail("interrupted", INTERRUPTED)
        except BrokenPipeError:  # the reader of our output went away
            sys.stderr.close()
            sys.exit(0)
        except (ValueError, OSError) as error:
            fail("; ".join([str(error), *getattr(error, "__notes__", ())]), WRONG_INPUT)
        except MemoryError:
            fail("out of memory: fewer points, fewer actions or fewer workers", WRONG_INPUT)
        except Exception as error:  # noqa: BLE001 - the border: users get a sentence, and the way to tell us
            notes = "; ".join(getattr(error, "__notes__", ()))
            fail(f"internal error, please report it with this command and file: {error!r} {notes}", OUR_FAULT)


def fail(message: str, code: int) -> NoReturn:
    """Say what is wrong on standard error and leave."""
    click.echo(message, err=True)
    if code == INTERRUPTED:
        # at once, and by this code: Python would wait for threads, or die by the signal it has seen
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
