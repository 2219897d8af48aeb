"""What survives when nobody plays dominated actions and everybody knows it."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.answers import Answer
from sim.answers.telling import by_agent, rounds, those
from sim.claim import EVERYWHERE, Claim, Status
from sim.forms.normal import NormalForm
from sim.game import Floats
from sim.kernels.base.joint_actions import strides
from sim.kernels.base.threads import over_blocks
from sim.kernels.one_shot.dominance import eliminate
from sim.kernels.one_shot.exact_dominance import eliminate_exactly
from sim.plugins import solver

BLOCK = 512  # cells a thread takes at a time

each_action = partial(Answer, dims=("agent", "action"), level="full", numbered=True)
ANSWERS = (
    each_action("survives", "whether an action survives", dtype="bool", tell=by_agent(those)),
    each_action("round", "when an action went (0: it survives)", dtype="int16", tell=by_agent(rounds)),
    each_action(
        "dominator", "mixture that dominates the action", "probability", dims=("agent", "action", "action"), tell=None
    ),
    each_action(
        "conjecture", "conjecture about the others that makes the action a best reply", "probability",
        dims=("agent", "action", "others"), tell=None,
    ),
)  # fmt: skip


@solver(form=NormalForm, concept="iterated_dominance", answers=ANSWERS, rank=10)
def iterated_dominance(game: NormalForm) -> Claim:
    """Every joint action that survives iterated elimination of strictly dominated actions.

    ``NormalForm -> strategy (C, K, n, A)``, one pure answer for each surviving joint action: a cell with one
    is solvable by dominance.  ``extra["survives"] (C, n, A)``; ``extra["round"]`` when an action went (0: it
    survives), ``extra["dominator"] (C, n, A, A)`` the mixture that dominates it, ``extra["conjecture"]
    (C, n, A, O)`` the distribution over the others' O joint actions that makes a survivor a best reply.
    Actions are compared with mixed strategies.  Complete: the order of elimination does not matter.
    Cost: comparisons, or a small linear programme for each action and round, some microseconds; what is too near
    to tell is decided in fractions, in milliseconds.
    Fails where payoffs are no numbers.
    Source: Luce and Raiffa (1957); mixed dominance and beliefs, Pearce (1984), lemma 3.
    """
    return survivors(game, weak=False)


@solver(form=NormalForm, concept="rationalizable", answers=ANSWERS, rank=10)
def rationalizable(game: NormalForm) -> Claim:
    """Every joint action of rationalizable actions: best replies to beliefs about best replies.

    Answer and extras as :func:`iterated_dominance`, which finds the same actions: for two players by
    Pearce's lemma; for more, beliefs may correlate the others' actions.
    Complete, cost, fails: as there.
    Source: Bernheim (1984), Pearce (1984); with correlation, Brandenburger and Dekel (1987).
    """
    return survivors(game, weak=False)


@solver(form=NormalForm, concept="iterated_weak_dominance", answers=ANSWERS, rank=10)
def iterated_weak_dominance(game: NormalForm) -> Claim:
    """Every joint action that survives iterated elimination of weakly dominated actions, all at once.

    Answer and extras as :func:`iterated_dominance`; a survivor's belief gives every surviving joint action
    of the others some probability.  The order matters for weak dominance: here every weakly dominated
    action of every player goes in each round.
    Complete for that order.  Cost, fails: as :func:`iterated_dominance`.
    Source: Moulin (1979), who proposes this order.
    """
    return survivors(game, weak=True)


def survivors(game: NormalForm, *, weak: bool) -> Claim:
    """Eliminate in all cells, and list what survives."""
    sizes = game.payoffs.shape[2:]
    cells, most = game.cells, max(sizes)
    finite = game.finite
    payoffs = np.where(finite[:, np.newaxis, np.newaxis], game.payoffs.reshape(cells, len(sizes), -1), 0.0)
    removed = np.empty((cells, len(sizes), most), np.int64)
    dominator = np.empty((cells, len(sizes), most, most))
    belief = np.empty((cells, len(sizes), most, payoffs.shape[-1] // min(sizes)))
    doubtful = np.empty(cells, np.int64)
    arrays = (np.array(sizes, np.int64), strides(sizes), weak, game.computed)

    def work(first: int, last: int) -> None:
        eliminate(payoffs, *arrays, first, last, removed, dominator, belief, doubtful)

    over_blocks(work, cells, BLOCK)
    left = np.nonzero(doubtful)[0]
    for c, fractions in zip(left.tolist(), game.rational(left) if left.size else [], strict=True):
        removed[c], dominator[c], belief[c] = eliminate_exactly(fractions, weak=weak)
    survives = (removed == 0) & game.mask & game.finite[:, np.newaxis, np.newaxis]
    status = np.where(game.finite, Status.ok, Status.nonfinite)
    extra = {
        "survives": survives,
        "round": removed.astype(np.int16),
        "dominator": dominator,
        "conjecture": belief,
    }
    return Claim(pure_answers(survives, sizes), status, EVERYWHERE, extra=extra)


def pure_answers(survives: NDArray[np.bool_], sizes: tuple[int, ...]) -> Floats:
    """Each surviving joint action as pure play, ``(C, n, A) -> (C, K, n, A)``."""
    alive = np.ones((len(survives), *sizes), np.bool_)
    for i, size in enumerate(sizes):
        shape = [1] * len(sizes)
        shape[i] = size
        alive &= survives[:, i, :size].reshape(-1, *shape)
    cell, *joint_action = np.nonzero(alive)
    count = np.bincount(cell, minlength=len(survives))
    place = np.arange(cell.size) - np.repeat(np.cumsum(count) - count, count)
    strategy = np.full((len(survives), count.max(initial=0), *survives.shape[1:]), np.nan)
    strategy[cell, place] = 0.0
    for i, action in enumerate(joint_action):
        strategy[cell, place, i, action] = 1.0
    return strategy
