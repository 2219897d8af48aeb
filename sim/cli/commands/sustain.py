"""``standoff sustain``: what patience makes last, and how patient each side must be."""

from __future__ import annotations

import click

from sim.cli.arguments import open_game, scenario_argument, set_option
from sim.cli.waiting import waiting

__all__ = ["command"]


@click.command("sustain")
@scenario_argument()
@click.argument("path", required=False)
@set_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def command(file: str, path: str | None, given: dict[str, float], as_json: bool) -> None:
    """Tell how patient the sides of a repeated game must be for something to last.

    PATH is an outcome ("frozen standoff"), a joint action ("demand, talk") or a cycle of them
    ("keep, arm; arm, keep"); without it all outcomes are listed.
    """
    from sim.kernels.interpreted import interpreted

    def answer() -> str:
        """What is printed."""
        from sim.output import sustain_text

        source, game = open_game(file, given)
        if as_json:
            import json

            return json.dumps(sustain_text.answer(source, game, path), indent=1, allow_nan=False)
        return sustain_text.report(source, game, path)

    with waiting():
        text = interpreted(answer)
    click.echo(text)
