"""``standoff borders``: proved regions, and the formulas of their borders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli.arguments import over_option, scenario_argument, set_option
from sim.cli.border import OUR_FAULT

__all__ = ["command"]


@click.command("borders", short_help="Prove which outcomes hold where, and give the borders as formulas.")
@scenario_argument()
@click.argument("sweep", required=False)
@over_option
@set_option
@click.option(
    "--accuracy",
    type=click.FloatRange(0, 0.5, min_open=True),
    help="Share of each range below which nothing is cut further [1e-9, or what SWEEP says].",
)
@click.option(
    "--equilibria",
    type=click.Choice(["all", "pure"]),
    help="Which equilibria count [all, or what SWEEP says].",
)
@click.option(
    "--boxes",
    type=click.IntRange(1, 10_000_000),
    default=100_000,
    show_default=True,
    help="Most blocks that are looked at; the rest is told as undecided.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for the map [results/<scenario>]."
)
@click.option(
    "--verify", is_flag=True, help="Prove a stored map anew, leaf by leaf; FILE is then a .borders.json."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def command(
    file: str, sweep: str | None, over: dict[str, Any], given: dict[str, float], accuracy: float | None,
    equilibria: str | None,
    boxes: int, out: Path | None, verify: bool, as_json: bool,
) -> None:  # fmt: skip
    """Prove the regions of the map of SWEEP, or of the question --over asks, and store the proof."""
    from sim.output import regions_text
    from sim.run.proving import prove, stored, verified
    from sim.scenario import load
    from sim.scenario.library import find, results_of
    from sim.scenario.over import chosen_sweeps

    if verify:
        path = Path(file)
        found = verified(path, load(find(regions_text.scenario_of(path))))
        click.echo("\n".join([*found, f"{path} is false"]) if found else f"{path}: all of it is proved anew")
        if found:
            raise SystemExit(OUR_FAULT)
        return
    scenario = load(find(file))
    chosen = chosen_sweeps(scenario, [sweep] if sweep else [], over)
    if len(chosen) > 1:
        names = ", ".join(one.name for one in chosen)
        raise click.UsageError(
            f"{scenario.name} asks several questions; name one of: {names} (or ask with --over)"
        )
    proved = prove(scenario, chosen[0], equilibria=equilibria, accuracy=accuracy, boxes=boxes, given=given)
    path = stored(proved, out or results_of(scenario.name))
    if as_json:
        import json

        click.echo(json.dumps(proved.summary, indent=1, allow_nan=False))
    else:
        click.echo(regions_text.regions_report(proved, path))
