"""Settings that every test runs under."""

from __future__ import annotations

import os

os.environ["MPLBACKEND"] = "Agg"

from hypothesis import HealthCheck, settings

common = {"deadline": None, "print_blob": True, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("quick", max_examples=25, derandomize=True, **common)
settings.register_profile("deep", max_examples=1000, **common)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
