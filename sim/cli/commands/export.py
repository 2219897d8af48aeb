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
    """Write one cell for Gambit, numbers exact: one-shot games as OUT.nfg, trees as OUT.efg.

    Without OUT it goes to standard output.
    """
    from sim.interchange.efg import format_efg
    from sim.interchange.nfg import format_nfg
    from sim.scenario.problems import shown

    source, game = open_game(file, given)
    suffix = ".efg" if ".efg" in game.exports else ".nfg"
    if out is not None and out.suffix.lower() != suffix:
        raise ValueError(f"{out}: a {game.form} game is written as {suffix}, not {out.suffix or 'nothing'!r}")
    where = ", ".join(f"{name} = {shown(value)}" for name, value in source.parameters.items())
    try:
        text = (format_efg if suffix == ".efg" else format_nfg)(game, source.title, where)
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from None
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        click.echo(str(out))
