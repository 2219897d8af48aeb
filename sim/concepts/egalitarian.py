"""The egalitarian bargaining solution."""

from __future__ import annotations

from sim.concepts.methods.bargaining import equal_gains
from sim.forms.normal import NormalForm
from sim.plugins import concept

concept(
    "egalitarian",
    "the smaller gain over disagreement is largest (Kalai 1977)",
    title="the egalitarian bargaining solution",
    residual={NormalForm: equal_gains},
    rank=92,
)
