"""``standoff new``: a scenario file to begin with."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command("new", short_help="Write a scenario file to begin with.")
@click.argument("name")
def command(name: str) -> None:
    """Write NAME.toml: a short scenario that runs, with a comment on every part. No file is overwritten."""
    import shlex

    from sim.cli.border import say
    from sim.scenario.skeleton import begin

    path = begin(name)
    click.echo(str(path))
    file = shlex.quote(str(path))
    say("next: " + "; ".join(f"standoff {word} {file}" for word in ("check", "solve", "sweep", "map")))
