"""What ``standoff play`` says: what came of many crises, and by whose rules they were played."""

from __future__ import annotations

from sim.game import Game
from sim.output.page import columns
from sim.output.wording import chances
from sim.play import Record
from sim.plugins import concepts
from sim.scenario.source import Source

__all__ = ["played_text", "which_equilibrium"]

MOST_AGENTS = 4  # whose equilibrium play is told in a line


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
    length = "" if record.told else f" of {periods} periods"
    head = f"{len(record.value)} runs{length}, by {by.replace('_', ' ')}"
    head += "".join(f"\n{said}" for said in (which_equilibrium(game, record), verdict) if said)
    actions = [("  " + label, done(shares)) for label, shares in summary["actions"].items()]
    gets = ", ".join(f"{player} {value:.4g}" for player, value in summary["values"].items())
    shares = summary.get("states", {})
    parts = [source.title or source.name, head, columns(rows)]
    said = "what is done:\n"
    if shares:
        there = columns(("  " + state, f"{share:.1%}") for state, share in shares.items())
        parts.append("how much of the time is spent in a state:\n" + there)
        said = "what is done in a state, given that one is there:\n"
    parts += [said + columns(actions), f"average values: {gets}"]
    if record.told:
        paths = columns((f"  {count}", words) for words, count in record.told)
        parts.append("paths, and what was believed on them:\n" + paths)
    return "\n\n".join(parts)


def which_equilibrium(game: Game, record: Record) -> str:
    """Which of several equilibria was played, ``#1 of 3 Nash equilibria of a single round: North go``; else nothing."""
    found = record.equilibria
    if found is None:
        return ""
    count, agents = int(found.count[0]), found.game.agents
    title = concepts[found.concept].title
    which = f"#1 of {count} {title}" if count > 1 else f"the only one of the {title}"
    if count == 1 and not found.complete[0]:
        which = f"the one that was found of the {title}, maybe not the only one"
    once = " of a single round" if found.game is not game else ""
    if len(agents) > MOST_AGENTS:
        return which + once
    plays = (
        f"{agent.label} {chances(agent.actions, found.strategy[0, 0, h])}" for h, agent in enumerate(agents)
    )
    return f"{which}{once}: {'; '.join(plays)}"


def done(shares: dict[str, float | None]) -> str:
    """What an agent does where it chooses; that it never did."""
    known = {action: share for action, share in shares.items() if share is not None}
    return chances(known, known.values()) if known else "never there"
