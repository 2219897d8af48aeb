"""Two-phase punishments: the stick for one stage, then the carrot, the path itself from its beginning.

Whoever deviates from the path, or from a stick, meets his own stick next (Abreu 1986).  With sticks s(1),
.., s(n), a path that is worth V_i from its beginning, and g_i(x) what the best other action than that of x
brings player i at once, nobody gains if for every player i

    (1 - d_i) g_i(x) <= d_i (value of going on - P_i)   on the path and at every stick x,
    P_i = (1 - d_i) u_i(s(i)) + d_i V_i,

so that for a path that plays a for ever all conditions read g_i(x) <= d_i (u_i(a) - u_i(s(i))), with x the
path's joint action or any stick.  Either one stick is for all players, or, of two, each has his ``own``: then
pairs are tried in the order of what each stick asks for at least by itself, until no better one can come.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import TIE

__all__ = ["best_sticks", "least_discounts"]


@kernel()
def bounds(tempting: float, loss: float) -> tuple[float, float]:
    """The discounts at which a loss in the next stage outweighs what tempts in this one, from and to.

    A player who gains by his own stick stays only while other actions cost him enough at once.
    """
    if loss > TIE:
        return max(tempting / loss, 0.0), np.inf
    if tempting > TIE:
        return np.inf, -np.inf
    if loss >= -TIE:
        return 0.0, np.inf
    return 0.0, tempting / loss


@kernel()
def least_discounts(payoffs: Array, tempting: Array, own: bool, wanted: Array, least: Array) -> None:
    """The least common discount at which some sticks sustain a joint action, ``(C, K)``; NaN: none.

    ``payoffs``, ``tempting (C, n, N)`` in units of each player's range, the latter what the best other action
    brings at once; ``wanted (K,)`` positions of joint actions.
    """
    cells, n, joint = payoffs.shape
    alone = np.empty((n, joint))
    for c in range(cells):
        u, g = payoffs[c], tempting[c]
        for k in range(len(wanted)):
            a = wanted[k]
            best = np.inf
            for s in range(joint):
                low, high = 0.0, np.inf
                for i in range(n):
                    alone[i, s], top = bounds(max(g[i, a], g[i, s]), u[i, a] - u[i, s])
                    low, high = max(low, alone[i, s]), min(high, top)
                if low <= high:
                    best = min(best, low)
            if own:
                first, second = np.argsort(alone[0], kind="mergesort"), np.argsort(alone[1], kind="mergesort")
                for s in first:
                    if alone[0, s] >= best:
                        break
                    for t in second:
                        if alone[1, t] >= best:
                            break
                        low0, high0 = bounds(max(g[0, a], g[0, s], g[0, t]), u[0, a] - u[0, s])
                        low1, high1 = bounds(max(g[1, a], g[1, s], g[1, t]), u[1, a] - u[1, t])
                        if max(low0, low1) <= min(high0, high1):
                            best = min(best, max(low0, low1))
            least[c, k] = best if best < 1.0 - TIE else np.nan


@kernel()
def best_sticks(
    payoffs: Array,
    tempting: Array,
    discount: Array,
    leaving: Array,
    back: Array,
    own: bool,
    sticks: Array,
    gain: Array,
) -> None:
    """The sticks that leave the least to be gained by one deviation: ``sticks (C, n)``, ``gain (C,)``.

    ``payoffs``, ``tempting (C, n, N)``, ``discount (C, n)``; ``back (C, n)`` is what the path is worth from its
    beginning, ``leaving (C, n)`` the most that leaving it brings before the punishment is counted.
    """
    cells, n, joint = payoffs.shape
    punished, shirking, alone = np.empty((n, joint)), np.empty((n, joint)), np.empty((n, joint))
    for c in range(cells):
        gain[c] = np.inf
        sticks[c, :] = 0
        for s in range(joint):
            together = -np.inf
            for i in range(n):
                d = discount[c, i]
                punished[i, s] = d * ((1.0 - d) * payoffs[c, i, s] + d * back[c, i])
                shirking[i, s] = (1.0 - d) * tempting[c, i, s] - d * back[c, i]
                alone[i, s] = punished[i, s] + max(leaving[c, i], shirking[i, s])
                together = max(together, alone[i, s])
            if together < gain[c]:
                gain[c] = together
                sticks[c, :] = s
        if not own:
            continue
        first, second = np.argsort(alone[0], kind="mergesort"), np.argsort(alone[1], kind="mergesort")
        for s in first:
            if alone[0, s] >= gain[c]:
                break
            for t in second:
                if alone[1, t] >= gain[c]:
                    break
                most = max(
                    punished[0, s] + max(leaving[c, 0], shirking[0, s], shirking[0, t]),
                    punished[1, t] + max(leaving[c, 1], shirking[1, s], shirking[1, t]),
                )
                if most < gain[c]:
                    gain[c] = most
                    sticks[c, 0], sticks[c, 1] = s, t
