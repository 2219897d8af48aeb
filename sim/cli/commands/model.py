"""``standoff model``: a model of the literature at given inputs, and its picture where it has one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from sim.cli.arguments import named_values

__all__ = ["command"]


def inputs(_: Any, __: Any, texts: Iterable[str]) -> dict[str, str]:
    """``NAME=VALUE`` options as they were written."""
    result: dict[str, str] = {}
    for text, name, value in named_values(texts):
        if not name or not value:
            raise click.BadParameter(f"{text!r} is not NAME=VALUE, as in --set a=2 or --set W=1,2")
        result[name] = value
    return result


def complete_model(_: Any, __: Any, typed: str) -> list[str]:
    """Names of the models, for the shell."""
    from sim.models.asked import MODELS

    return [name for name in MODELS if name.startswith(typed)]


@click.command("model")
@click.argument("name", shell_complete=complete_model)
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    callback=inputs,
    help="Give an input, a number or several with commas between them; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw it, a name round by round for chain_store_rounds: PNG, SVG or PDF.",
)
def command(name: str, given: dict[str, str], as_json: bool, out: Path | None) -> None:
    """Compute a model of the literature that no scenario file expresses; list --models names them."""
    from sim.models.asked import asked

    found = asked(name, given)
    if out is not None:
        from shlex import join

        from sim.pictures import draw_model

        settings = [word for each, value in given.items() for word in ("--set", f"{each}={value}")]
        draw_model(name, found.inputs, found.answer, join(["standoff", "model", name, *settings]), out)
    if as_json:
        import json

        record = {"model": name, "inputs": found.inputs, **found.answer}
        click.echo(json.dumps(record, indent=1, allow_nan=False))
    else:
        from sim.output.model_text import model_page

        click.echo(model_page(found.title, found.inputs, found.answer))
