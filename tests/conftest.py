"""Settings that every test runs under."""

from __future__ import annotations

import os
import signal
import threading

os.environ["MPLBACKEND"] = "Agg"

# A shell that starts the suite in the background has its children ignore Ctrl-C, and so would every command that
# a test starts and interrupts. What is handled here is back at its default in what is started from here.
if (
    threading.current_thread() is threading.main_thread()
    and signal.getsignal(signal.SIGINT) == signal.SIG_IGN
):
    signal.signal(signal.SIGINT, signal.default_int_handler)

from hypothesis import HealthCheck, settings

common = {"deadline": None, "print_blob": True, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("quick", max_examples=25, derandomize=True, **common)
settings.register_profile("deep", max_examples=1000, **common)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
