"""A file for each form of game: ``drawer(players, most, cells)`` and its ``CHANGES``; being there is being drawn."""

from __future__ import annotations

import importlib
import pkgutil

FILES = {
    item.name: importlib.import_module(f"{__name__}.{item.name}") for item in pkgutil.iter_modules(__path__)
}
DRAWERS = {name: file.drawer for name, file in FILES.items()}
CHANGES = {name: file.CHANGES for name, file in FILES.items()}
