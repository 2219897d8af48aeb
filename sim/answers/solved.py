"""What every solution answers, whatever its solver: the variables that all datasets share."""

from __future__ import annotations

from sim.answers.answer import Answer

__all__ = ["EACH", "JOINT", "RESERVED", "SOLVED"]

EACH = "equilibrium"

SOLVED = (
    Answer("status", "verdict on the cell", dtype="int8", fill=-1),
    Answer("count", "number of equilibria", dtype="int32"),
    Answer("complete", "whether all equilibria are known to be here", dtype="bool"),
    Answer("degenerate", "whether some equilibria belong to a continuum", dtype="bool"),
    Answer("holds", "whether some equilibrium plays it with probability >= 0.5", "", ("outcome",), "bool"),
    Answer("mixed", "number of equilibria in which somebody mixes", dtype="int32"),
    Answer("selected_count", "number of equilibria that the selection chooses", dtype="int32"),
    Answer("selected_holds", "the same as holds among the selected ones", "", ("outcome",), "bool"),
    Answer("selected_mixed", "the same as mixed among the selected ones", dtype="int32"),
    Answer("selected", "whether the selection chooses it", "", (EACH,), "bool", level="equilibria"),
    Answer("mixes", "whether somebody mixes in it", "", (EACH,), "bool", level="equilibria"),
    Answer("value", "expected payoff", "payoff", (EACH, "player"), level="equilibria"),
    Answer("probability", "share of play", "probability", (EACH, "outcome"), level="equilibria"),
    Answer("regret", "largest gain from a deviation", "payoff", (EACH,), level="equilibria"),
    Answer("index", "Shapley index, 0 where undefined", "", (EACH,), "int8", level="equilibria"),
    Answer("component", "connected equilibria share a number", "", (EACH,), "int32", -1, "equilibria"),
    Answer("strategy", "how likely an action is", "probability", (EACH, "agent", "action"), level="full"),
)
"""What a name means in every dataset: if it is there, it means exactly this."""

JOINT = Answer(
    "joint",
    "how likely a joint action is",
    "probability",
    (EACH, "joint_action"),
    level="full",
    numbered=True,
)
"""Of concepts whose play is one distribution over joint actions."""

RESERVED = frozenset({
    *(answer.name for answer in SOLVED),
    *(dim for answer in SOLVED for dim in answer.dims),
    "state", "vertex", "corner", "point", "decision", "support", "replicate", "draw", "parameter",
})  # fmt: skip
"""Names with a meaning of their own in results, which no swept parameter may have.

The last nine are axes of answers that several solvers share, which a test sees to, and of samples.
"""
