"""``standoff schema``: the form of scenario files, for editors."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of scenario files."""
    import json

    from sim.scenario import schema

    click.echo(json.dumps(schema(), indent=2))
