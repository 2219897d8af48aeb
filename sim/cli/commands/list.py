"""``standoff list``: what there is."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command("list")
@click.option("--solvers", "what", flag_value="solvers", help="The methods, by concept.")
@click.option("--concepts", "what", flag_value="concepts", help="What can be solved for.")
@click.option("--selections", "what", flag_value="selections", help="Which of several equilibria to show.")
@click.option("--plots", "what", flag_value="plots", help="The pictures.")
@click.option("--models", "what", flag_value="models", help="Models of the literature, with their inputs.")
def command(what: str | None) -> None:
    """List scenarios, or solvers, concepts, selections, plots, models."""
    from sim.cli.border import say
    from sim.output import as_text, model_text
    from sim.scenario.library import overridden

    def models() -> str:
        from sim.models.asked import known_models  # all models are loaded, which takes a second

        return model_text.models(known_models())

    click.echo(
        {
            None: as_text.scenarios,
            "solvers": as_text.solvers,
            "concepts": as_text.concepts,
            "selections": as_text.selection_names,
            "plots": as_text.plots,
            "models": models,
        }[what]()
    )
    for told in overridden() if what is None else ():
        say(told)
