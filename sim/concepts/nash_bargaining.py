"""The Nash bargaining solution."""

from __future__ import annotations

from sim.concepts.methods.bargaining import largest_product
from sim.forms.normal import NormalForm
from sim.plugins import concept

concept(
    "nash_bargaining",
    "the largest product of gains over disagreement (Nash 1950)",
    title="the Nash bargaining solution",
    residual={NormalForm: largest_product},
    rank=90,
)
