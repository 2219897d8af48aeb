"""Readable tables: what the command line prints."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np

from sim.claim import Status
from sim.game import Game
from sim.kernels.base.joint_actions import best_replies
from sim.output.answer_text import extras
from sim.output.as_json import Exact, choosing, exact_answers, subsets
from sim.output.columns import columns
from sim.play import Record
from sim.plugins import concepts as concept_registry
from sim.plugins import plots as plot_registry
from sim.plugins import solvers as solver_registry
from sim.scenario import ScenarioError, load
from sim.scenario.library import shipped
from sim.scenario.source import Source
from sim.selection import SELECTIONS, selections
from sim.solution import Solution

__all__ = ["concepts", "played_text", "plots", "scenarios", "selection_names", "solution", "solvers"]

MOST_ENTRIES = 400  # a payoff table larger than this says less than its equilibria
MOST_EQUILIBRIA = 60


def scenarios() -> str:
    """Every scenario of the library: name, form, title, sweeps."""
    rows = [("SCENARIO", "FORM", "TITLE", "SWEEPS")]
    for path in shipped():
        try:
            scenario = load(path)
        except ScenarioError as error:
            rows.append((path.stem, "?", f"cannot be read: {str(error).partition(chr(10))[0]}", ""))
        else:
            rows.append((scenario.name, scenario.form, scenario.title, ", ".join(scenario.sweeps)))
    return columns(rows)


def solvers() -> str:
    """Every method, by concept; the default of a concept and form first."""
    order = sorted(solver_registry.values(), key=lambda item: (item.concept, item.form.__name__, item.rank))
    rows = [
        (item.concept, item.name, item.form.__name__, str(item.players or "any"), item.summary)
        for item in order
    ]
    return columns([("CONCEPT", "SOLVER", "FORM", "PLAYERS", "WHAT COMES OUT"), *rows])


def concepts() -> str:
    """Every solution concept."""
    rows = [(name, item.summary) for name, item in concept_registry.items()]
    return columns([("CONCEPT", "WHAT IT SAYS"), *rows])


def selection_names() -> str:
    """Every selection among equilibria."""
    rows = [
        (f"{item.name} PLAYER" if item.personal else item.name, item.summary) for item in SELECTIONS.values()
    ]
    return columns([("SELECTION", "WHICH EQUILIBRIA IT CHOOSES"), *rows])


def plots() -> str:
    """Every picture."""
    rows = [
        (item.name, " or ".join(map(str, item.axes)) or "play", item.summary)
        for item in plot_registry.values()
    ]
    return columns([("PLOT", "SWEPT PARAMETERS", "WHAT IT SHOWS"), *rows])


def solution(source: Source, answer: Solution, solver: str, *, exact: bool = False) -> str:
    """One cell: the payoff table with best replies marked, then every solution with its verdict."""
    game, count = answer.game, int(answer.count[0])
    parts = [source.title or source.name]
    if source.parameters:
        parts.append(", ".join(f"{name} = {amount(value)}" for name, value in source.parameters.items()))
    if game.stage.simultaneous and game.payoffs.size <= MOST_ENTRIES:
        parts.append(payoff_tables(game.stage))
    parts.append(verdict(source, answer, solver))
    fractions = exact_answers(answer) if exact else [None] * count
    chosen = selections(answer) if count > 1 else {}
    parts.extend(
        equilibrium(answer, k, fractions[k], [name for name in chosen if chosen[name][0, k]])
        for k in range(min(count, MOST_EQUILIBRIA))
    )
    if count > MOST_EQUILIBRIA:
        parts.append(f"... and {count - MOST_EQUILIBRIA} more; --json gives them all")
    if exact and answer.degenerate[0]:
        parts.append(continua(answer))
    parts.extend(extras(answer))
    if "critical_discount" in answer.claim.extra and game.endless:
        from sim.output.border_text import borders_of, proof

        parts.append(proof("each is", borders_of(game.take([0]))))
    return "\n\n".join(parts)


def payoff_tables(game: Game) -> str:
    """The bimatrix (one for each joint action of further players), best replies marked with ``*``."""
    payoffs = game.payoffs[0]
    best = [best_replies(u, i, rounded=game.computed) for i, u in enumerate(payoffs)]
    row_player, *others = game.players
    actions = [agent.actions for agent in game.agents]
    blocks = []
    for rest in itertools.product(*(range(len(labels)) for labels in actions[2:])):
        header = (
            ""
            if not rest
            else ", ".join(
                f"{player}: {labels[a]}"
                for player, labels, a in zip(game.players[2:], actions[2:], rest, strict=True)
            )
        )
        column_labels = actions[1] if others else ("",)
        rows = [(f"{row_player} \\ {others[0]}" if others else row_player, *column_labels)]
        for a, label in enumerate(actions[0]):
            cells = []
            for b in range(len(column_labels)):
                at = (a, b, *rest) if others else (a,)
                marks = [best[i][at] for i in range(len(payoffs))]
                text = ", ".join(
                    f"{u[at]:.4g}{'*' if mark else ''}" for u, mark in zip(payoffs, marks, strict=True)
                )
                cells.append(f"[{text}]" if all(marks) else f" {text} ")
            rows.append((label, *cells))
        blocks.append((header + "\n" if header else "") + columns(rows))
    players = ", ".join(game.players)
    return "\n\n".join(blocks) + f"\npayoffs: {players}; * best reply; [ ] pure equilibrium"


def verdict(source: Source, answer: Solution, solver: str) -> str:
    """How many solutions, whether that is all, and what the certificate says."""
    count, status = int(answer.count[0]), Status(int(answer.status[0]))
    kind = "degenerate" if answer.degenerate[0] else "nondegenerate" if answer.complete[0] else ""
    facts = [
        f"{count} solution{'s' * (count != 1)}",
        "complete" if answer.complete[0] else "maybe not all",
        kind,
    ]
    lines = [
        f"{answer.concept} by {solver}: {', '.join(filter(None, facts))}",
        f"{status.name}: {source.sentence(answer)}",
    ]
    idle = [answer.game.agents[h].label for h in np.flatnonzero(answer.game.immaterial[0])]
    if idle:
        lines.append(f"what {', '.join(idle)} does changes nothing: one answer stands for all of it")
    if count and not answer.complete[0] and solver_registry[solver].more:
        lines.append(solver_registry[solver].more)
    if "undecided" in answer.claim.extra:
        lines += unproved(int(answer.claim.extra["undecided"][0]))
    return "\n".join(lines)


def unproved(boxes: int) -> Iterable[str]:
    """Why a search of supports cannot say that nothing is missing."""
    if boxes < 0:
        yield "too many supports to search: these are the pure equilibria and the one traced from random play"
    if boxes > 0:
        yield (
            f"{boxes} boxes of strategies undecided: there may be a continuum, of which one equilibrium is given "
            "for each support, or payoffs tie"
        )


def equilibrium(answer: Solution, k: int, exact: Exact | None, chosen: list[str]) -> str:
    """One solution in words: who plays what, what each gets, what comes of it."""
    game: Game = answer.game
    name = f" ({answer.claim.names[k]})" if answer.claim.names else ""
    strategy = exact.strategy if exact else answer.strategy[0, k]
    values = exact.values if exact else answer.value[0, k]
    outcomes = exact.outcomes if exact else answer.outcomes[0, k]
    rows = [("  " + agent.label, chances(agent.actions, strategy[h])) for h, agent in enumerate(game.agents)]
    gets = ", ".join(f"{player} {amount(v)}" for player, v in zip(game.players, values, strict=True))
    rows += [("  values", gets), ("  outcome", chances(game.outcomes.names, outcomes))]
    implied = {SELECTIONS[name].implies for name in chosen if name in SELECTIONS}
    chosen = [name for name in chosen if name not in implied]
    if chosen:
        rows.append(("  selected", ", ".join(name.replace("_", " ") for name in chosen)))
    if answer.claim.joint is None:
        rows += following(game.take([0]).consequences(answer.strategy[0, k][np.newaxis]))
    rows.append(("  proof", proof(answer, k)))
    return f"#{k + 1}{name}\n{columns(rows)}"


def following(follows: dict[str, dict[str, Any]]) -> Iterable[tuple[str, str]]:
    """What more follows from play, a row for each name, or for each state where values are by state."""
    for name, labelled in follows.items():
        title = "  " + name.replace("_", " ")
        if any(isinstance(value, dict) for value in labelled.values()):
            yield title, ""
            for label, values in labelled.items():
                yield f"    {label}", ", ".join(f"{whose} {amount(v)}" for whose, v in values.items())
        else:
            yield title, ", ".join(f"{label} {amount(v)}" for label, v in labelled.items() if v != 0)


def proof(answer: Solution, k: int) -> str:
    """What the certificate found: of equilibria the regret, of other concepts how far they are missed."""
    if not concept_registry[answer.concept].rivals:
        return f"misses {answer.concept} by {abs(answer.residual[0, k]):.2g} (residual)"
    index = f", index {answer.index[0, k]:+d}" if answer.index[0, k] else ""
    return f"regret {answer.regret[0, k]:.2g}{index}, component {answer.component[0, k]}"


def continua(answer: Solution) -> str:
    """The maximal Nash subsets of a degenerate game, each by the solutions that span it."""
    first, second = (answer.game.players[i] for i in choosing(answer.game))
    rows = [("component", "spanned by", f"{first} mixes", f"{second} mixes")]
    for members, xs, ys in subsets(answer):
        spanned, own, other = (", ".join(f"#{k + 1}" for k in numbers) for numbers in (members, xs, ys))
        rows.append((str(answer.component[0, members[0]]), spanned, own, other))
    return (
        "maximal Nash subsets: any mixture of the strategies named for one player, with any for the other\n"
        + columns(rows)
    )


def played_text(source: Source, game: Game, by: str, record: Record, verdict: str = "") -> str:
    """What came of many crises: shares of outcomes over time, mean values, what is done where; the verdict."""
    periods, summary = len(record.share), record.summary(game)
    moments = sorted({0, periods // 10, periods // 2, periods - 1})
    rows = [("outcome", *(f"period {moment + 1}" for moment in moments), "all periods")]
    rows += [
        (name, *(f"{record.share[moment, o]:.1%}" for moment in moments), f"{summary['outcomes'][name]:.1%}")
        for o, name in enumerate(game.outcomes.names)
        if summary["outcomes"][name] > 0
    ]
    runs = f"{len(record.value)} runs of {periods} periods, by {by}" + (f"\n{verdict}" if verdict else "")
    actions = [("  " + label, done(shares)) for label, shares in summary["actions"].items()]
    gets = ", ".join(f"{player} {value:.4g}" for player, value in summary["values"].items())
    shares = summary.get("states", {})
    parts = [source.title or source.name, runs, columns(rows)]
    said = "what is done:\n"
    if shares:
        there = columns(("  " + state, f"{share:.1%}") for state, share in shares.items())
        parts.append("how much of the time is spent in a state:\n" + there)
        said = "what is done in a state, given that one is there:\n"
    return "\n\n".join([*parts, said + columns(actions), f"average values: {gets}"])


def done(shares: dict[str, float | None]) -> str:
    """What an agent does where it chooses; that it never did."""
    known = {action: share for action, share in shares.items() if share is not None}
    return chances(known, known.values()) if known else "never there"


def chances(labels: Iterable[str], probabilities: Iterable[Any]) -> str:
    """What has any probability, likeliest first: ``talk 0.75, refuse 0.25``, or the one sure thing."""
    likely = sorted(
        ((label, p) for label, p in zip(labels, probabilities, strict=False) if p > 0),
        key=lambda pair: -pair[1],
    )
    return ", ".join(label if p == 1 else f"{label} {amount(p)}" for label, p in likely) or "never"


def amount(value: Any) -> str:
    """A fraction as it is; a float to six digits."""
    return f"{float(value) + 0.0:.6g}" if isinstance(value, float | np.floating) else str(value)
