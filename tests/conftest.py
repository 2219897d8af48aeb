"""Settings that every test runs under."""

from __future__ import annotations

import os
import signal
import threading

os.environ["MPLBACKEND"] = "Agg"

import pytest
from hypothesis import HealthCheck, settings

common = {"deadline": None, "print_blob": True, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("quick", max_examples=25, derandomize=True, **common)
settings.register_profile("deep", max_examples=1000, **common)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(autouse=True)
def interruptible():
    """Ctrl-C is heard by what a test starts.

    A shell that starts the suite in the background has its children ignore it, and so has a command that ran within
    this process, once all its work is done.  What is handled here is back at its default in what is started from here.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)
