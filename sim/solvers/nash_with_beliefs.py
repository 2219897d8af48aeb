"""Sequential equilibria of two-player trees from the list of all their Nash equilibria."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
from numpy.typing import NDArray

from sim.answers.shared import BELIEF, BELIEF_HIGH, BELIEF_LOW, BELIEF_VERTICES
from sim.claim import Claim, Status
from sim.forms.tree import Tree
from sim.game import Floats, Integers
from sim.kernels.base.tolerances import SAME_PLAY, TIE
from sim.plugins import solver
from sim.solvers.methods.folding import folded_agents
from sim.solvers.methods.gathering import Gathered, gathered
from sim.solvers.methods.paths import path_ends
from sim.solvers.methods.realisation_plans import extreme_claim, few_plans
from sim.solvers.methods.supporting_beliefs import Supported, supporting_beliefs

__all__ = ["nash_with_beliefs"]

MOST_COMPLETIONS = 4096  # pure ones of what is done where play does not come
MOST_LISTED = 64  # that are given for one play on the path
MAX_STEPS = 2000


@solver(
    form=Tree,
    concept="sequential",
    players=2,
    answers=(BELIEF, BELIEF_LOW, BELIEF_HIGH, BELIEF_VERTICES.sometimes()),
    rank=55,
    fits=few_plans,
    more="of some Nash equilibrium it is open whether threats and beliefs support it, or all of a continuum",
)
def nash_with_beliefs(game: Tree) -> Claim:
    """All sequential equilibria of two-player trees: every Nash equilibrium, with beliefs or a proof of none.

    ``Tree -> strategy (C, K, H, A)``; beliefs as :func:`pure_assessments` gives them.  Every sequential equilibrium is a
    Nash equilibrium, and of these the sequence form lists all.  Each is tried with all that may be done where play does
    not come; equilibria with the same play on the path share a component, and up to 64 of them are given.  Threats that
    are mixed are looked for among those of Nash equilibria.
    Complete: where each play on the path is supported by beliefs, or refuted: whatever is strictly best at every node off
    the path leaves somebody something better.  Continua on the path leave it open.
    Cost: that of ``sequence_form``, and milliseconds for each Nash equilibrium; where nothing is found, a logit path.
    Fails with ``max_steps`` where there are too many Nash equilibria; ValueError for more sequences or plans than that.
    Source: von Stengel (1996); Kreps and Wilson (1982).
    """
    nash = extreme_claim(game, exact=False)
    folded = folded_agents(game)
    found: list[Gathered] = []
    complete = nash.complete & game.finite
    stopped = np.zeros(game.cells, np.bool_)
    for c in np.flatnonzero(game.finite).tolist():
        plays = nash.strategy[c][~np.isnan(nash.strategy[c, :, 0, 0])]
        here = Completing(game, c, folded[c])
        classes, constant = on_the_path(here, plays)
        complete[c] &= constant
        listed = []
        for alike in classes:
            own, decided = here.supported(alike[0])
            if not decided:
                own = [one for play in alike for one in here.as_it_is(play)]
            complete[c] &= decided or bool(own)
            listed += own
        if not listed and not complete[c]:
            strategy, belief, _, why = path_ends(here.game, folded[c], MAX_STEPS)
            stopped[c] = why[0] != 0
            if why[0] == 0:
                listed.append(Gathered(np.array([c]), strategy, belief, belief, belief))
        found += listed
    claim = gathered(game, found)
    claim.status[stopped | (nash.status == Status.max_steps)] = Status.max_steps
    claim.complete[:] = complete & (claim.status == Status.ok)
    return claim


def on_the_path(here: Completing, plays: Floats) -> tuple[list[Floats], bool]:
    """Nash equilibria ``(K, H, A)`` by their play on the path; whether no continuum leads from one such to another."""
    game = here.game
    ends = np.array([game.reach(play[np.newaxis])[0, game.shape.ends] for play in plays])
    kind = np.full(len(plays), -1)
    kept: list[int] = []
    for k in range(len(plays)):
        same = [i for i, j in enumerate(kept) if np.abs(ends[k] - ends[j]).max() <= SAME_PLAY]
        kind[k] = same[0] if same else len(kept)
        kept += [] if same else [k]
    plans = game.plans(plays)  # what is best against two plans is best against all between them
    apart = (
        np.abs(plans[:, np.newaxis] - plans[np.newaxis]).max(axis=-1, initial=0.0).min(axis=-1) > SAME_PLAY
    )
    constant = bool((apart | (kind[:, np.newaxis] == kind)).all())
    return [plays[kind == i] for i in range(len(kept))], constant


class Completing:
    """One cell of a tree, and what may be done in it where play does not come."""

    def __init__(self, game: Tree, cell: int, folded: Integers) -> None:
        self.cell, self.folded = cell, folded
        self.game = game.take([cell])

    def supported(self, play: Floats) -> tuple[list[Gathered], bool]:
        """The sequential equilibria with this play on the path, ``(H, A)``, and whether it is decided if there are any."""
        game, shape = self.game, self.game.shape
        reached = game.comes_to(play[np.newaxis], speck=0.0)[0]
        action = np.where(reached, play.argmax(axis=1), np.maximum(self.folded, 0))
        free = np.flatnonzero(~reached & (self.folded < 0))
        sizes = [int(shape.sizes[h]) for h in free]
        if math.prod(sizes) > MOST_COMPLETIONS:
            return [], False
        found: list[Gathered] = []
        for chosen in product(*map(range, sizes)):
            action[free] = chosen
            whole = np.where(reached[:, np.newaxis], play, 0.0)
            whole[~reached, action[~reached]] = 1.0
            if self.tempted(whole, reached):
                continue
            support = supporting_beliefs(game, np.array([0]), action, whole[np.newaxis])
            if support is not None:
                found.append(self.given(whole, support))
            if len(found) == MOST_LISTED:
                break
        return found, bool(found) or not free.size

    def as_it_is(self, play: Floats) -> list[Gathered]:
        """The Nash equilibrium ``(H, A)`` itself, with threats that are mixed, where beliefs support it."""
        support = supporting_beliefs(self.game, np.array([0]), play.argmax(axis=1), play[np.newaxis])
        return [] if support is None else [self.given(play, support)]

    def given(self, play: Floats, support: Supported) -> Gathered:
        """Play of this cell with its beliefs."""
        return Gathered(
            np.array([self.cell]),
            play[np.newaxis],
            support.belief,
            support.low,
            support.high,
            support.corners,
        )

    def tempted(self, whole: Floats, reached: NDArray[np.bool_]) -> bool:
        """Whether somebody to whom play comes would rather do something else."""
        worth = self.game.worth(whole[np.newaxis])[0]
        gets = np.where(whole > 0, whole * worth, 0.0).sum(axis=1)
        gain = np.where(self.game.mask, worth, -np.inf).max(axis=1) - gets
        room = 1e3 * TIE * self.game.scale[0][self.game.shape.owner]
        return bool((gain > room)[reached].any())
