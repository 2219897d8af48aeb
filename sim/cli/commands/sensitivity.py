"""``standoff sensitivity``: how sure, and which parameter decides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli.arguments import complete_scenario, set_option
from sim.cli.waiting import waiting

__all__ = ["command"]


@click.command("sensitivity", short_help="How sure is it, and which parameter decides.")
@click.argument("source", metavar="FILE|DATASET", shell_complete=complete_scenario)
@click.argument("sweep", required=False)
@set_option
@click.option("--uniform", is_flag=True, help="Leave out what the file believes: every value as likely.")
@click.option(
    "--outcome", "outcomes", multiple=True, metavar="OUTCOME",
    help="Say more of this outcome; may be repeated.",
)  # fmt: skip
@click.option("--box", metavar="OUTCOME", help="Where this outcome mostly holds: bounds on few parameters.")
@click.option("--points", type=click.IntRange(2, 2**20), help="Draws of each replicate [1024].")
@click.option(
    "--workers", type=click.IntRange(1, 256), default=1, show_default=True,
    help="Threads; answers do not depend on it.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for pictures.")
def command(
    source: str, sweep: str | None, given: dict[str, Any], outcomes: tuple[str, ...], box: str | None,
    as_json: bool, out: Path | None, **how: Any,
) -> None:  # fmt: skip
    """How sure a conclusion is where parameters are, and which of them decides.

    Of a FILE parameters are drawn from what it believes of them, all or those of a SWEEP; of a DATASET, a finished
    sweep, what it tells by itself.
    """
    from sim.run.sensed import about, sensed_of

    with waiting():
        found = sensed_of(source, sweep, given, **how)
        answer = about(found, outcomes, box)
    if out is not None:
        from sim.pictures import draw_sensed

        for path in draw_sensed(found, box, out):
            click.echo(str(path), err=True)
    if as_json:
        import json

        from sim.output.sensitivity import sensitivity_answer

        click.echo(json.dumps(sensitivity_answer(answer), indent=1))
    else:
        from sim.output.sensitivity import sensitivity_text

        click.echo(sensitivity_text(answer))
