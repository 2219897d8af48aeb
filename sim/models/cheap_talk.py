"""What talk without cost can tell when interests differ."""

from __future__ import annotations

import math
from typing import Any

from sim.kernels.base.tolerances import ZERO
from sim.models.validity import demand

__all__ = ["cheap_talk"]

MOST_STEPS = 1000


def cheap_talk(bias: float) -> dict[str, Any]:
    """The most informative talk, state uniform on 0 to 1 and quadratic losses (Crawford and Sobel 1982, section 4).

    The sender wants the receiver's action ``bias`` above the state.  ``N`` steps at most can be told apart, with
    ``cutpoints`` between them; ``U_receiver`` is what the receiver expects.  From a quarter on nothing can be told.
    Meant for a bias above 0, of which up to a thousand steps come.
    """
    demand(f"bias is above 0, got {bias}: without bias all can be told", holds=bias > 0)
    least = 2.0 / ((2.0 * MOST_STEPS + 1.0) ** 2 - 1.0)
    demand(
        f"bias is {least:.3g} or more, so that at most {MOST_STEPS} steps are told, got {bias}",
        holds=bias >= least,
    )
    steps = max(math.ceil(-0.5 + 0.5 * math.sqrt(1.0 + 2.0 / bias) - ZERO), 1)
    cut = [i / steps + 2.0 * bias * i * (i - steps) for i in range(steps + 1)]
    loss = 1.0 / (12.0 * steps**2) + bias**2 * (steps**2 - 1) / 3.0
    return {"N": steps, "cutpoints": cut, "U_receiver": -loss}
