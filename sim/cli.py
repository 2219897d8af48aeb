"""The ``standoff`` command: arguments in, text out.  Everything heavy is imported when it is needed."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

import click

from sim import __version__

__all__ = ["main"]

WRONG_INPUT, OUR_FAULT, INTERRUPTED = 2, 1, 130


class Command(click.Group):
    """Turns what can go wrong into one message and the exit code of the contract; no tracebacks."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            sys.exit(super().main(*args, **{**kwargs, "standalone_mode": False}))
        except click.ClickException as error:
            error.show()
            sys.exit(WRONG_INPUT)
        except (KeyboardInterrupt, click.Abort):
            fail("interrupted; everything finished so far is kept (go on with --resume)", INTERRUPTED)
        except BrokenPipeError:  # the reader of our output went away
            sys.stderr.close()
            sys.exit(0)
        except (ValueError, OSError) as error:
            fail(str(error), WRONG_INPUT)
        except MemoryError:
            fail("out of memory: fewer points, fewer actions or fewer workers", WRONG_INPUT)
        except Exception as error:  # noqa: BLE001 - the border: users get a sentence, and the way to tell us
            notes = "; ".join(getattr(error, "__notes__", ()))
            fail(f"internal error, please report it with this command and file: {error!r} {notes}", OUR_FAULT)


def fail(message: str, code: int) -> NoReturn:
    """Say what is wrong on standard error and leave."""
    click.echo(message, err=True)
    sys.exit(code)


def assignments(_: Any, __: Any, texts: Iterable[str]) -> dict[str, float]:
    """``NAME=VALUE`` options as a dictionary."""
    result = {}
    for text in texts:
        name, _, value = text.partition("=")
        try:
            result[name.strip()] = float(value)
        except ValueError:
            raise click.BadParameter(f"{text!r} is not NAME=NUMBER, as in --set prize=25") from None
    return result


def complete_scenario(_: Any, __: Any, typed: str) -> list[str]:
    """Names of the library's scenarios, for the shell."""
    from sim.library import shipped

    return [path.stem for path in shipped() if path.stem.startswith(typed)]


def complete_registered(registry: str) -> Callable[[Any, Any, str], list[str]]:
    """Names of what is registered, for the shell."""

    def complete(_: Any, __: Any, typed: str) -> list[str]:
        from sim import concepts, plugins

        names = concepts.CONCEPTS if registry == "concepts" else getattr(plugins, registry)
        return [name for name in names if name.startswith(typed)]

    return complete


set_option = click.option(
    "--set", "given", multiple=True, metavar="NAME=VALUE", callback=assignments,
    help="Give a parameter another value; may be repeated.",
)  # fmt: skip
concept_option = click.option(
    "--concept",
    shell_complete=complete_registered("concepts"),
    help="What to solve for; see list --concepts.",
)
solver_option = click.option(
    "--solver", shell_complete=complete_registered("solvers"), help="By which method; see list --solvers."
)


def scenario_argument(*, many: bool = False) -> Callable[[Any], Any]:
    """FILE: a path, or the bare name of a scenario in ``scenarios/``."""
    return click.argument("file", nargs=-1 if many else 1, required=True, shell_complete=complete_scenario)


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="standoff")
def main() -> None:
    """Standoff: what rational sides do when they bargain under threat.

    FILE is a scenario file, or the bare name of one in scenarios/.  Start with `standoff list`, then
    `standoff solve standoff_2021`.
    """


@main.command("list")
@click.option("--solvers", "what", flag_value="solvers", help="The methods, by concept.")
@click.option("--concepts", "what", flag_value="concepts", help="What can be solved for.")
@click.option("--plots", "what", flag_value="plots", help="The pictures.")
def list_(what: str | None) -> None:
    """List scenarios, or solvers, concepts, plots."""
    from sim import tables

    click.echo(
        {
            None: tables.scenarios,
            "solvers": tables.solvers,
            "concepts": tables.concepts,
            "plots": tables.plots,
        }[what]()
    )


@main.command()
@scenario_argument(many=True)
def check(file: tuple[str, ...]) -> None:
    """Check scenario files: their form, their bounds, and their promises.

    Exit code 0 if all is well, else 2.
    """
    from sim.library import find
    from sim.promises import keep
    from sim.scenario import ScenarioError, load

    good = True
    for word in file:
        try:
            scenario = load(find(word))
        except (ScenarioError, ValueError) as error:
            click.echo(str(error), err=True)
            good = False
            continue
        broken = [
            kept for kept in (keep(scenario, promise) for promise in scenario.promises) if not kept.kept
        ]
        for kept in broken:
            click.echo(f"{scenario.path}: promise not kept: {kept.claim}: {kept.found}", err=True)
        good = good and not broken
        if not broken:
            click.echo(f"{scenario.path}: good; {len(scenario.promises)} promises kept")
    if not good:
        sys.exit(WRONG_INPUT)


@main.command()
@scenario_argument()
@set_option
@concept_option
@solver_option
@click.option("--exact", is_flag=True, help="Rational arithmetic; answers are fractions.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def solve(
    file: str, given: dict[str, float], concept: str | None, solver: str | None, exact: bool, as_json: bool
) -> None:
    """Solve one game and show every solution, certified."""
    from sim import run, tables
    from sim.record import record
    from sim.solution import Status

    source, game = open_game(file, given)
    concept = concept or game.default_concept
    method = run.choose_solver(game, concept, solver, exact=exact)
    solution = run.solve(game, concept, method.name, exact=exact)
    if as_json:
        import json

        click.echo(json.dumps(record(source, solution, method.name, exact=exact), indent=1, allow_nan=False))
    else:
        click.echo(tables.solution(source, solution, method.name, exact=exact))
    if (solution.status == Status.refuted).any():
        fail(Status.refuted.sentence, OUR_FAULT)


def open_game(file: str, given: dict[str, float]) -> tuple[Any, Any]:
    """The source of a game (a scenario, or a game file) with its parameters, and the game."""
    from sim.library import find
    from sim.record import Source

    path = find(file)
    if path.suffix == ".nfg":
        from sim.interchange.nfg import read_nfg

        if given:
            raise ValueError(f"{path}: a .nfg file has no parameters, so --set has nothing to set")
        read = read_nfg(path)
        return Source(path.stem, read.title, "normal"), read.game
    from sim.scenario import load

    scenario = load(path)
    return Source(scenario.name, scenario.title, scenario.form, scenario.values(**given)), scenario.game(
        **given
    )


@main.command()
@scenario_argument()
@click.argument("sweeps", nargs=-1)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for datasets [results/<scenario>].",
)
@set_option
@click.option(
    "--points", type=click.IntRange(2, 100_000), help="Points on every axis, in place of the scenario's."
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Threads; answers do not depend on it.",
)
@click.option("--resume", is_flag=True, help="Go on with an interrupted sweep.")
@click.option("--full", is_flag=True, help="Keep every equilibrium's strategies as well.")
@concept_option
@solver_option
def sweep(
    file: str, sweeps: tuple[str, ...], out: Path | None, given: dict[str, float], points: int | None,
    workers: int, resume: bool, full: bool, concept: str | None, solver: str | None,
) -> None:  # fmt: skip
    """Solve over a grid of parameters: the named SWEEPS of a scenario, or all of them."""
    from tqdm import tqdm

    from sim import run
    from sim.library import find
    from sim.plugins import unknown
    from sim.scenario import load

    scenario = load(find(file))
    for name in sweeps:
        if name not in scenario.sweeps:
            raise ValueError(f"{scenario.path}: {unknown('sweep', name, scenario.sweeps)}")
    folder = out or Path("results") / scenario.name
    refuted = False
    stop = stop_when_asked()
    for name in sweeps or tuple(scenario.sweeps):
        with tqdm(desc=f"{scenario.name} {name}", unit=" cells", unit_scale=True, file=sys.stderr) as bar:

            def progress(done: int, total: int, bar: Any = bar) -> None:
                bar.total = total
                bar.update(done - bar.n)
                if stop.is_set():
                    raise KeyboardInterrupt

            dataset = run.sweep(
                scenario, name, out=folder, set=given, points=points, workers=workers,
                resume=resume, full=full, concept=concept, solver=solver, progress=progress,
            )  # fmt: skip
        click.echo(f"{folder / name}.zarr")
        refuted = refuted or run.any_refuted(dataset)
    if refuted:
        from sim.solution import Status

        fail(Status.refuted.sentence, OUR_FAULT)


def stop_when_asked() -> threading.Event:
    """Set by the first Ctrl-C, so that the block at work is finished and kept; a second one stops at once."""
    asked = threading.Event()

    def ask(_: int, __: Any) -> None:
        asked.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        click.echo("\nstopping after the blocks at work; Ctrl-C again stops at once", err=True)

    signal.signal(signal.SIGINT, ask)
    return asked


@main.command("map")
@click.argument("dataset", metavar="DATASET|FILE", shell_complete=complete_scenario)
@click.option(
    "--plot",
    "plot_name",
    shell_complete=complete_registered("plots"),
    help="Which picture; see list --plots.",
)
@click.option("--out", type=click.Path(path_type=Path), help="PNG, SVG or PDF [beside the dataset].")
def map_(dataset: str, plot_name: str | None, out: Path | None) -> None:
    """Draw pictures: of one dataset, or of every dataset of a scenario."""
    from sim.pictures import draw

    for path in draw(dataset, plot_name, out):
        click.echo(str(path))


@main.command()
@scenario_argument()
@set_option
@click.option(
    "--by",
    default="equilibrium",
    show_default=True,
    help="equilibrium, or a learning rule: best_reply, fictitious_play, logit_learning, regret_matching.",
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
@click.option("--tremble", type=float, default=0.0, help="Probability that a hand slips.")
@click.option("--mistake", type=float, default=0.0, help="Probability that an action is misread.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def play(
    file: str, given: dict[str, float], by: str, runs: int, periods: int, seed: int,
    tremble: float, mistake: float, as_json: bool,
) -> None:  # fmt: skip
    """Play many crises out, and count what comes of them."""
    from sim.play import play_by
    from sim.tables import played

    source, game = open_game(file, given)
    record = play_by(game, by, runs=runs, periods=periods, seed=seed, tremble=tremble, mistake=mistake)
    if as_json:
        import json

        click.echo(json.dumps({"scenario": source.name, "by": by, **record.summary(game)}, indent=1))
    else:
        click.echo(played(source, game, by, record))


@main.command()
def schema() -> None:
    """Print the JSON Schema of scenario files."""
    import json

    from sim.scenario import schema as scenario_schema

    click.echo(json.dumps(scenario_schema(), indent=2))
