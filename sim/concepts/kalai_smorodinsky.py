"""The Kalai-Smorodinsky bargaining solution."""

from __future__ import annotations

from sim.concepts.methods.bargaining import proportional_gains
from sim.forms.normal import NormalForm
from sim.plugins import concept

concept(
    "kalai_smorodinsky",
    "efficient gains in proportion to the ideal gains (Kalai and Smorodinsky 1975)",
    title="the Kalai-Smorodinsky bargaining solution",
    residual={NormalForm: proportional_gains},
    rank=91,
)
