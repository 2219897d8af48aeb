"""Answers that several solvers give: the same name means the same thing in all of them.

What is by state in games with states is declared there as ``PAYOFF_SET.each("state")``.
"""

from __future__ import annotations

from functools import partial

from sim.answers.answer import Answer
from sim.answers.telling import by_player, if_any, joint_actions, missing, polygon_corners, words

__all__ = [
    "BELIEF",
    "BELIEF_HIGH",
    "BELIEF_LOW",
    "BELIEF_VERTICES",
    "BEST_SYMMETRIC",
    "FEASIBLE",
    "GAP",
    "INNER_GAP",
    "KIND",
    "KINDS",
    "KNIFE_EDGE",
    "LEVELS_OF_NORMALS",
    "MAXMIN",
    "MINMAX",
    "MULTIPLIERS",
    "NORMALS",
    "OF_EACH",
    "OUTER_GAP",
    "PAYOFF_SET",
    "PRECISION",
    "RATIONAL",
    "RATIONAL_BELIEFS",
    "REACHED",
    "STAGE_NASH",
    "STOPPED",
    "SUSTAINED",
    "UNDECIDED",
    "WORST",
    "WORST_BOUND",
    "WORST_SYMMETRIC",
]

SHARE = "share of the range of payoffs"
of_players = partial(Answer, unit="payoff", dims=("player",), level="equilibria", tell=by_player)

PAYOFF_SET = Answer(
    "payoff_set", "average payoffs that equilibria can give", "payoff", ("vertex", "player"),
    level="equilibria", tell=polygon_corners,
)  # fmt: skip
WORST = of_players("worst", "least that an equilibrium gives")
WORST_BOUND = of_players("worst_bound", "least that no equilibrium goes below")
MINMAX = of_players("minmax", "least that each side can be held to")
MAXMIN = of_players("maxmin", "most that each side can make sure of")
BEST_SYMMETRIC = Answer("best_symmetric", "most for each where all do the same", "payoff")
WORST_SYMMETRIC = Answer("worst_symmetric", "least for each where all do the same", "payoff")

of_decisions = partial(
    Answer, unit="probability", dims=("equilibrium", "decision"), level="equilibria", tell=None
)

BELIEF = of_decisions(
    "belief", "how likely the mover at an information set takes a node to be the one he is at"
)
BELIEF_LOW = of_decisions("belief_low", "least such belief that supports the play")
BELIEF_HIGH = of_decisions("belief_high", "largest such belief that supports the play")
BELIEF_VERTICES = Answer(
    "belief_vertices", "beliefs at one information set, of which all mixtures support the play", "probability",
    ("equilibrium", "support", "decision"), level="full", tell=None,
).sometimes()  # fmt: skip
"""Rows hold beliefs at the decisions of one information set, NaN elsewhere; only sets of three nodes or more need it."""

KINDS = ("none", "pooling", "separating", "semi-separating", "hybrid")
KIND = Answer(
    "kind", f"how types tell themselves apart: {', '.join(f'{k} {word}' for k, word in enumerate(KINDS))}", "",
    ("equilibrium",), "int8", -1, "equilibria", tell=None,
)  # fmt: skip
OF_EACH = frozenset(one.name for one in (BELIEF, BELIEF_LOW, BELIEF_HIGH, BELIEF_VERTICES, KIND))
"""Answers that are told with the equilibrium that they are of, in the words of its game."""

GAP = Answer("gap", "distance between inner and outer bounds of the payoff set", SHARE, tell=missing)
INNER_GAP = Answer("inner_gap", "what the payoff set lacks to generate itself", SHARE, tell=if_any)
OUTER_GAP = Answer("outer_gap", "how far the payoff set still shrank in the last step", SHARE, tell=if_any)
SUSTAINED = Answer(
    "sustained", "sustained", "", ("joint_action",), "bool", level="full", tell=joint_actions, numbered=True
)
KNIFE_EDGE = Answer(
    "knife_edge", "whether a joint action is sustained or not by a hair", dtype="bool",
    tell=words("a joint action is sustained, or not, by a hair"),
)  # fmt: skip

NORMALS = Answer(
    "normals", "directions in which the payoff set is bounded", "", ("direction", "player"),
    level="full", tell=None, numbered=True,
)  # fmt: skip
LEVELS_OF_NORMALS = Answer(
    "levels", "bounds of the payoff set in these directions", "payoff", ("direction",),
    level="full", tell=None, numbered=True,
)  # fmt: skip

FEASIBLE = Answer(
    "feasible", "averages of what a round can give", "payoff", ("corner", "player"), level="equilibria"
)
STAGE_NASH = Answer(
    "stage_nash", "pure equilibria of one round", "payoff", ("point", "player"), level="equilibria"
)

MULTIPLIERS = Answer(
    "multipliers", "prices of deviations, which prove that no answer is better", "",
    ("equilibrium", "player", "action", "action"), level="full", tell=None, numbered=True,
)  # fmt: skip
PRECISION = Answer("precision", "precision of replies", "per unit of payoff")
REACHED = Answer("reached", "precision at which the path of logit play ended", "per range of payoffs")
STOPPED = Answer(
    "stopped", "why the path of logit play ended (0: at an equilibrium)", dtype="int8", tell=None
)
UNDECIDED = Answer(
    "undecided", "parts of strategy space in which equilibria may have been missed", dtype="int64", tell=None
)
RATIONAL = Answer(
    "rational", "strategies as fractions", "probability", ("equilibrium", "agent", "action"), "object",
    level="full", tell=None,
).sometimes()  # fmt: skip
RATIONAL_BELIEFS = Answer(
    "rational_beliefs", "a belief, and the least and the largest that supports the play, as fractions", "probability",
    ("equilibrium", "bound", "decision"), "object", level="full", tell=None, numbered=True,
).sometimes()  # fmt: skip
