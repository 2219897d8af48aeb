"""Published results, recomputed: ``python -m tests.literature CASES.json``.

A case has a ``model``, ``inputs`` and what is ``expected`` of them within ``tol``.  A file here computes the models of
one part of the literature through the public interface, from the inputs alone; a line a case says ``ok``, what differs,
or ``no such model``.
"""

from __future__ import annotations

import importlib
import pkgutil

from tests.literature.registry import MODELS

for found in pkgutil.iter_modules(__path__):
    if not found.name.startswith("__"):
        importlib.import_module(f"{__name__}.{found.name}")

__all__ = ["MODELS"]
