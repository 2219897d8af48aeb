"""``standoff play``: many crises, played out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli.arguments import open_game, scenario_argument, set_option
from sim.cli.waiting import waiting

__all__ = ["command"]


@click.command("play")
@scenario_argument()
@set_option
@click.option(
    "--by",
    default="equilibrium",
    show_default=True,
    help="equilibrium (the first of several, and which that is); "
    "a learning rule (best_reply, fictitious_play, logit_learning, regret_matching); "
    "automata, one for all or with commas one for each: those of the scenario, grim, tit_for_tat and others "
    "(a wrong name lists them); or a profile of a repeated game: 'grim: demand, talk' (a punishment and what it "
    "sustains), 'penal: NATO', 'payoff: 1, 0.75'.",
)
@click.option(
    "--runs", type=click.IntRange(1, 1_000_000), default=1000, show_default=True, help="How many crises."
)
@click.option(
    "--periods",
    type=click.IntRange(1, 1_000_000),
    default=100,
    show_default=True,
    help="How long each lasts.",
)
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="The same seed tells the same story."
)
@click.option(
    "--tremble", type=float, default=0.0, help="Probability that a hand slips: something not meant is done."
)
@click.option("--mistake", type=float, default=0.0, help="Probability that an action is taken for another.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Draw it as well: PNG, SVG or PDF."
)
def command(
    file: str, given: dict[str, float], by: str, runs: int, periods: int, seed: int,
    tremble: float, mistake: float, as_json: bool, out: Path | None,
) -> None:  # fmt: skip
    """Play many crises out, and count what comes of them."""
    from sim.output.played_text import played_text, which_equilibrium
    from sim.play import Request, by_slips_only, play_by, verdict

    source, game = open_game(file, given)
    asked = Request(file, by, runs, periods, seed, tremble, mistake, given)
    with waiting():
        odds: dict[str, Any] = {"tremble": tremble, "mistake": mistake, "automata": source.automata}
        record = play_by(game, by, runs=runs, periods=periods, seed=seed, **odds)
        judged = verdict(game, by, source.automata)
    if out is not None:
        from sim.pictures import draw_played

        slips = by_slips_only(game, by, record, runs=runs, periods=periods, seed=seed, **odds)
        how = asked.words(judged or which_equilibrium(game, record))
        draw_played(record, game, source, how, out, slips)
    if as_json:
        import json

        from sim.output.as_json import played_answer

        click.echo(json.dumps(played_answer(source, game, by, record, judged), indent=1))
    else:
        click.echo(played_text(source, game, by, record, judged))
