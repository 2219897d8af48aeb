"""Gestures that earn trust."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.models.validity import demand, probability

__all__ = ["costly_reassurance"]


def costly_reassurance(
    prior_trustworthy: float, trustworthy: Mapping[str, float], untrustworthy: Mapping[str, float]
) -> dict[str, Any]:
    """When a first gesture tells who can be trusted (Kydd 2000, 2005).

    Both play twice at the same time, the first round with weight ``1 - alpha``, the second with ``alpha``, and see what
    was done.  The trustworthy prefer R to T, P and S, the untrustworthy T to R.  ``trust_threshold`` is the trust from
    which one cooperates in a single round; ``alpha_min`` to ``alpha_max`` are the weights for which the trustworthy,
    and only they, cooperate first.
    """
    probability(prior_trustworthy=prior_trustworthy)
    t, own, other = prior_trustworthy, trustworthy, untrustworthy
    demand("the trustworthy have R > T > P > S", holds=own["R"] > own["T"] > own["P"] > own["S"])
    demand("the untrustworthy have T > R > P > S", holds=other["T"] > other["R"] > other["P"] > other["S"])
    threshold = (own["P"] - own["S"]) / ((own["R"] - own["T"]) + (own["P"] - own["S"]))
    lowly = (1.0 - t) * (own["P"] - own["S"]) - t * (own["R"] - own["T"])
    least = max(lowly, 0.0) / (max(lowly, 0.0) + t * (own["R"] - own["P"])) if t > 0 else 1.0
    upper = t * (other["T"] - other["R"]) + (1.0 - t) * (other["P"] - other["S"])
    most = upper / (upper + t * (other["T"] - other["P"]))
    return {
        "trust_threshold": threshold, "oneshot_cooperation": t >= threshold, "alpha_min": least, "alpha_max": most,
        "reassurance_possible": least <= most,
    }  # fmt: skip
