"""Two-phase punishments: the stick for one stage, then the carrot, the path itself from its beginning.

Whoever deviates from the path, or from a stick, meets his own stick next (Abreu 1986).  With sticks s(1),
.., s(n), a path that is worth V_i from its beginning, and stage gains g_i, nobody gains if for every player i

    (1 - d_i) g_i(x) <= d_i (value of going on - P_i)   on the path and at every stick x,
    P_i = (1 - d_i) u_i(s(i)) + d_i V_i,

so that for a path that plays a for ever all conditions read g_i(x) <= d_i (u_i(a) - u_i(s(i))), with x the
path's joint action or any stick.  Either one stick is for all players, or, of two, each has his ``own``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels import kernel

__all__ = ["best_sticks", "least_discounts"]

Array = Any  # numba arguments: plain arrays, shapes in the docstrings

TIE = 1e-12


@kernel()
def choose(number: int, joint: int, own: bool, sticks: Array) -> None:
    """The choice of sticks with this number: one for all players, or pairs where each of two has his own."""
    if own:
        sticks[0], sticks[1] = number // joint, number % joint
    else:
        sticks[:] = number


@kernel()
def least_discounts(payoffs: Array, gains: Array, own: bool, least: Array) -> None:
    """The least common discount at which some sticks sustain each joint action, ``(C, N)``; NaN: none.

    ``payoffs``, ``gains (C, n, N)`` in units of each player's range; every higher discount will do as well.
    """
    cells, n, joint = payoffs.shape
    choices = joint * joint if own else joint
    sticks = np.empty(n, np.int64)
    for c in range(cells):
        u, g = payoffs[c], gains[c]
        for a in range(joint):
            best = np.inf
            for number in range(choices):
                choose(number, joint, own, sticks)
                needed = 0.0
                for i in range(n):
                    tempting = g[i, a]
                    for j in range(n):
                        tempting = max(tempting, g[i, sticks[j]])
                    loss = u[i, a] - u[i, sticks[i]]
                    if tempting <= TIE:
                        needed = max(needed, np.inf if loss < -TIE else 0.0)
                    else:
                        needed = max(needed, np.inf if loss <= TIE else tempting / loss)
                    if needed >= best:
                        break
                best = min(best, needed)
            least[c, a] = best if best < 1.0 - TIE else np.nan


@kernel()
def best_sticks(
    payoffs: Array,
    gains: Array,
    discount: Array,
    leaving: Array,
    back: Array,
    own: bool,
    sticks: Array,
    gain: Array,
) -> None:
    """The sticks that leave the least to be gained by one deviation: ``sticks (C, n)``, ``gain (C,)``.

    ``payoffs``, ``gains (C, n, N)``, ``discount (C, n)``; ``back (C, n)`` is what the path is worth from its
    beginning, ``leaving (C, n)`` the most that leaving it brings before the punishment is counted.
    """
    cells, n, joint = payoffs.shape
    choices = joint * joint if own else joint
    tried = np.empty(n, np.int64)
    for c in range(cells):
        gain[c] = np.inf
        sticks[c, :] = 0
        for number in range(choices):
            choose(number, joint, own, tried)
            most = -np.inf
            for i in range(n):
                d = discount[c, i]
                punished = d * ((1.0 - d) * payoffs[c, i, tried[i]] + d * back[c, i])
                tempting = leaving[c, i]
                for j in range(n):
                    tempting = max(tempting, (1.0 - d) * gains[c, i, tried[j]] - d * back[c, i])
                most = max(most, punished + tempting)
                if most >= gain[c]:
                    break
            if most < gain[c]:
                gain[c] = most
                sticks[c] = tried
