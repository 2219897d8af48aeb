"""``standoff export``: a game for other software."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.arguments import open_game, scenario_argument, set_option

__all__ = ["command"]


@click.command("export")
@scenario_argument()
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False), required=False)
@set_option
def command(file: str, out: Path | None, given: dict[str, float]) -> None:
    """Write a one-shot game as a Gambit file, OUT.nfg, numbers exact; without OUT to standard output."""
    from sim.interchange.nfg import format_nfg
    from sim.scenario.problems import shown

    if out is not None and out.suffix.lower() != ".nfg":
        raise ValueError(f"{out}: a game is written as .nfg, not {out.suffix or 'nothing'!r}")
    source, game = open_game(file, given)
    where = ", ".join(f"{name} = {shown(value)}" for name, value in source.parameters.items())
    try:
        text = format_nfg(game, source.title, where)
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from None
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        click.echo(str(out))
