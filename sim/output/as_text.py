"""Readable tables: what the command line prints."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from sim.claim import Status
from sim.game import Game
from sim.kernels.base.joint_actions import best_replies
from sim.kernels.base.tolerances import SETTLED, TIE
from sim.output.answer_text import extras
from sim.output.as_json import Exact, answers_beside, assessed, choosing, exact_answers, subsets
from sim.output.belief_text import believed, beside
from sim.output.page import Page, Rows, columns
from sim.output.parameters import settings
from sim.output.wording import amount, chances, filled
from sim.plugins import concepts as concept_registry
from sim.plugins import plots as plot_registry
from sim.plugins import solvers as solver_registry
from sim.scenario import ScenarioError, load
from sim.scenario.library import shipped
from sim.scenario.source import Source
from sim.selection import SELECTIONS, selections, spoken
from sim.solution import TOLERANCE, Solution

__all__ = [
    "answer_page",
    "concepts",
    "plots",
    "scenarios",
    "selection_names",
    "solution",
    "solvers",
]

MOST_ENTRIES = 400  # a payoff table larger than this says less than its equilibria
MOST_EQUILIBRIA = 60
SHARES = {"offer": "keeps {}", "accepts_from": "accepts from {}"}
MOST_APART = 8  # solutions; more are a table, where each needs but one row


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
    """One cell as plain text."""
    return answer_page(source, answer, solver, exact=exact).text()


def answer_page(source: Source, answer: Solution, solver: str = "", *, exact: bool = False) -> Page:
    """One cell: the payoff table with best replies marked, then every solution with its verdict.

    Where there are several tables, since more than two play, the answer comes before them.
    """
    game, count = answer.game, int(answer.count[0])
    parts: list[str | Rows] = [source.title or source.name or kind(game)]
    if source.parameters:
        parts.append(settings(source.parameters))
    tables = payoff_tables(game)
    if len(tables) == 1:
        parts += tables
    parts.append(verdict(source, answer, solver))
    fractions = exact_answers(answer) if exact else [None] * count
    chosen = telling(answer)
    told = [
        equilibrium(answer, k, fractions[k], [name for name in chosen if chosen[name][0, k]])
        for k in range(min(count, MOST_EQUILIBRIA))
    ]
    parts += told if count <= MOST_APART else listed(told)
    if count > MOST_EQUILIBRIA:
        parts.append(f"... and {count - MOST_EQUILIBRIA} more; --json gives them all")
    if exact and answer.degenerate[0] and subsets(answer):
        parts.append(continua(answer))
    beside = "\n".join(filled(line, "  ") for line in extras(answer))
    parts += [beside] if beside else []
    if "critical_discount" in answer.claim.extra and game.endless:
        from sim.output.border_text import borders_of, proof

        parts.append(proof("each is", borders_of(game.take([0]))))
    return Page(parts if len(tables) == 1 else [*parts, *tables])


def kind(game: Game) -> str:
    """``A normal game of Row and Column``."""
    return f"A {game.form} game of {' and '.join(game.players)}"


def telling(answer: Solution) -> dict[str, Any]:
    """The selections that tell the equilibria of the first cell apart: not those that choose all of them."""
    count = int(answer.count[0])
    return {name: chosen for name, chosen in selections(answer).items() if not chosen[0, :count].all()}


def listed(told: Iterable[Rows]) -> list[Rows]:
    """Many solutions as one table, a row for each, where all say the same of themselves."""
    many = list(told)
    heads = {tuple(label.strip() for label, _ in each.rows) for each in many}
    if len(heads) > 1:
        return many
    rows = [(each.title, *(text for _, text in each.rows)) for each in many]
    return [Rows([("", *next(iter(heads))), *rows])]


def payoff_tables(game: Game) -> list[Rows]:
    """The bimatrix (one for each joint action of further players) of the first cell, best replies marked with ``*``.

    None where the game has no such tables, or they would say less than the equilibria.
    """
    game = game.stage
    payoffs = game.payoffs[0]
    if not game.simultaneous or payoffs.size > MOST_ENTRIES:
        return []
    best = [best_replies(u, i, rounded=game.computed) for i, u in enumerate(payoffs)]
    row_player, *others = game.players
    actions = [agent.actions for agent in game.agents]
    tables = []
    for rest in itertools.product(*(range(len(labels)) for labels in actions[2:])):
        title = ", ".join(
            f"{player}: {labels[a]}"
            for player, labels, a in zip(game.players[2:], actions[2:], rest, strict=True)
        )
        column_labels = actions[1] if others else ("",)
        rows = [(f"{row_player} \\ {others[0]}" if others else row_player, *column_labels)]
        marked = set()
        for a, label in enumerate(actions[0]):
            cells = []
            for b in range(len(column_labels)):
                at = (a, b, *rest) if others else (a,)
                marks = [best[i][at] for i in range(len(payoffs))]
                text = ", ".join(
                    f"{u[at] + 0.0:.4g}{'*' if mark else ''}" for u, mark in zip(payoffs, marks, strict=True)
                )
                cells.append(f"[{text}]" if all(marks) else f" {text} ")
                if all(marks):
                    marked.add((a + 1, b + 1))
            rows.append((label, *cells))
        tables.append(Rows(rows, title, marked=frozenset(marked)))
    signs = f"payoffs: {', '.join(game.players)}; * best reply; [ ] pure equilibrium"
    tables[-1] = replace(tables[-1], note=signs)
    return tables


def verdict(source: Source, answer: Solution, solver: str) -> str:
    """How many solutions, whether that is all, and what the certificate says."""
    count, status = int(answer.count[0]), Status(int(answer.status[0]))
    concept = concept_registry[answer.concept]
    good = status in {Status.ok, Status.degenerate}
    all_there = "the only one" if count == 1 else "complete"
    if "pure_complete" in answer.claim.extra:  # others, that mix, nobody looked for
        all_there += " in pure strategies"
    there = "sets and numbers" if good and answer.claim.extra else "no solution"  # which are an answer too
    facts = [
        f"{count} solution{'s' * (count != 1)}" if count else there,
        all_there if answer.complete[0] else "maybe not all" if count or good else "",
        "nondegenerate" if concept.indexed and answer.complete[0] and not answer.degenerate[0] else "",
    ]
    method = solver_registry.get(solver)
    by = f", by {method.title}" if method and method.name != answer.concept else ""
    lines = [
        f"{capital(concept.title)}{by}: {', '.join(filter(None, facts))}",
        f"{'' if good else status.name.replace('_', ' ') + ': '}{source.sentence(answer)}",
    ]
    if count and (each := concept.said_of(answer.game)):
        lines.append(each)
    idle = [answer.game.agents[h].label for h in np.flatnonzero(answer.game.immaterial[0])]
    if idle:
        lines.append(f"what {', '.join(idle)} does changes nothing: one answer stands for all of it")
    if count and not answer.complete[0] and method and method.more:
        lines.append(method.more)
    if (
        not count
        and status == Status.not_found
        and method
        and method.more
        and "rational" in answer.claim.extra
    ):
        lines.append(f"in fractions {method.more}: leave --exact out for those")
    if "undecided" in answer.claim.extra:
        lines += unproved(int(answer.claim.extra["undecided"][0]))
    return "\n".join(lines)


def capital(words: str) -> str:
    """The words with a capital at their beginning."""
    return words[:1].upper() + words[1:]


def unproved(boxes: int) -> Iterable[str]:
    """Why a search of supports cannot say that nothing is missing."""
    if boxes < 0:
        yield "too many supports to search: these are the pure equilibria and the one traced from random play"
    if boxes > 0:
        yield (
            f"{boxes} boxes of strategies undecided: there may be a continuum, of which one equilibrium is given "
            "for each support, or payoffs tie"
        )


def equilibrium(answer: Solution, k: int, exact: Exact | None, chosen: list[str]) -> Rows:
    """One solution in words: who plays what, what each gets, what comes of it."""
    game: Game = answer.game
    name = f" ({answer.claim.names[k]})" if answer.claim.names else ""
    strategy = exact.strategy if exact else answer.strategy[0, k]
    values = exact.values if exact else answer.value[0, k]
    outcomes = exact.outcomes if exact else answer.outcomes[0, k]
    does = game.told(strategy, answers_beside(answer, 0, k))
    rows = [("  " + agent, done_by(shares)) for agent, shares in does.items()]
    known = {} if answer.claim.joint is not None else assessed(answer, 0, k, exact=exact is not None)
    if known:
        said = [believed(agent.label, known) for agent in game.agents]
        rows = list(zip((label for label, _ in rows), beside([does for _, does in rows], said), strict=True))
    if "kind" in known:
        rows.append(("  kind", known["kind"]))
    for refinement, holds in known.get("refinements", {}).items():
        why = known["reasons"].get(refinement, "")
        verdict = (
            "does not apply to receivers of several types" if holds is None else "holds" if holds else "fails"
        )
        rows.append((f"  {refinement}", f"{verdict}: {why}" if why else verdict))
    tiny = dict(zip(game.players, (TIE * game.scale[0]).tolist(), strict=True))
    gets = ", ".join(f"{who} {amount(v, tiny[who])}" for who, v in zip(game.players, values, strict=True))
    rows += [("  values", gets), ("  outcome", chances(game.outcomes.names, outcomes))]
    implied = {SELECTIONS[name].implies for name in chosen if name in SELECTIONS}
    chosen = [name for name in chosen if name not in implied]
    if chosen:
        rows.append(("  selected", ", ".join(map(spoken, chosen))))
    if answer.claim.joint is None:
        rows += following(game.take([0]).consequences(answer.strategy[0, k][np.newaxis]), max(tiny.values()))
    rows.append(("  proof", proof(answer, k)))
    return Rows(rows, f"#{k + 1}{name}", head=False)


def following(follows: dict[str, dict[str, Any]], tiny: float = 0.0) -> Iterable[tuple[str, str]]:
    """What more follows from play, a row for each name, or for each state where values are by state."""
    for name, labelled in follows.items():
        title = "  " + name.replace("_", " ")
        if any(isinstance(value, dict) for value in labelled.values()):
            yield title, ""
            for label, values in labelled.items():
                yield f"    {label}", ", ".join(f"{whose} {amount(v, tiny)}" for whose, v in values.items())
        elif {v for v in labelled.values() if v != 0} == {np.inf}:
            yield title, "never"
        else:
            yield title, ", ".join(f"{label} {amount(v, tiny)}" for label, v in labelled.items() if v != 0)


def proof(answer: Solution, k: int) -> str:
    """What the certificate found: of equilibria the regret, of other concepts that they are met, or by how much not.

    What is no more than rounding is 0, and the component is told where equilibria can share one.
    """
    residual = float(answer.residual[0, k])
    if not concept_registry[answer.concept].rivals:
        if residual <= TOLERANCE:
            return "holds (residual 0)"
        return f"does not hold: misses by {residual:.2g} of the range of payoffs (residual)"
    regret = 0.0 if residual <= SETTLED else float(answer.regret[0, k])
    index = f", index {answer.index[0, k]:+d}" if answer.index[0, k] else ""
    component = f", component {answer.component[0, k]}" if answer.degenerate[0] else ""
    return f"regret {regret:.2g}{index}{component}"


def continua(answer: Solution) -> Rows:
    """The maximal Nash subsets of a degenerate game, each by the solutions that span it."""
    first, second = (answer.game.players[i] for i in choosing(answer.game))
    rows = [("component", "spanned by", f"{first} mixes", f"{second} mixes")]
    for members, xs, ys in subsets(answer):
        spanned, own, other = (", ".join(f"#{k + 1}" for k in numbers) for numbers in (members, xs, ys))
        rows.append((str(answer.component[0, members[0]]), spanned, own, other))
    return Rows(
        rows,
        "maximal Nash subsets: any mixture of the strategies named for one player, with any for the other",
    )


def done_by(does: dict[str, Any]) -> str:
    """What an agent does: the chances of its actions, by what it answers, or the share that it keeps or accepts."""
    answers = {word: rest for word, rest in does.items() if isinstance(rest, dict)}
    if answers:
        return "; ".join(f"{word} {chances(rest, rest.values())}" for word, rest in answers.items())
    shares = {word: number for word, number in does.items() if word in SHARES}
    if not shares:
        return chances(does, does.values())
    return ", ".join("none" if np.isnan(x) else SHARES[word].format(amount(x)) for word, x in shares.items())
