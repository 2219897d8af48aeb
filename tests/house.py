"""The house as its code shows it: rooms, modules and what imports what, for the tests of architecture."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import sim

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "sim"
MODULES = sorted(PACKAGE.rglob("*.py"))
ROOMS = re.findall(r"^    (\w+) +\S", sim.__doc__, re.MULTILINE)
"""From the top down, as the docstring of the package lists them."""


def name_of(path: Path) -> str:
    """``sim/solvers/pure.py -> sim.solvers.pure``; a package is named without ``__init__``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


PATHS = {name_of(path): path for path in MODULES}


def room(module: str) -> str:
    """``sim.solvers.pure -> solvers``; the package itself and ``__main__`` are the roof."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "sim"


def rank(module: str) -> int:
    """Height of a module: what it imports must not be higher."""
    roof = room(module) in {"sim", "__main__"}
    return len(ROOMS) if roof else len(ROOMS) - 1 - ROOMS.index(room(module))


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(module: str) -> set[str]:
    """Every module of ours that a module imports, at the top, inside functions and for types alike."""
    found = set()
    for node in ast.walk(tree_of(PATHS[module])):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in PATHS else node.module)
    return (found & set(PATHS)) - {module}


GRAPH = {module: imports(module) for module in PATHS}


def reach(start: set[str], stop: tuple[str, ...] = ()) -> set[str]:
    """All modules that some module leads to; those in rooms of ``stop`` are reached, not passed through."""
    seen, left = set(), list(start)
    while left:
        module = left.pop()
        if module in seen:
            continue
        seen.add(module)
        if module in start or not in_rooms(module, stop):
            left.extend(GRAPH[module])
    return seen


def in_rooms(module: str, rooms: tuple[str, ...]) -> bool:
    """Whether a module stands in one of the rooms, which may be nested: ``kernels.base``."""
    return any(f"{module}.".startswith(f"sim.{one}.") for one in rooms)


def circles() -> list[set[str]]:
    """Sets of modules each of which leads to all others of its set."""
    index, low, stack, found = {}, {}, [], []

    def visit(module):
        index[module] = low[module] = len(index)
        stack.append(module)
        for other in GRAPH[module]:
            if other not in index:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], index[other])
        if low[module] == index[module]:
            circle = set()
            while module not in circle:
                circle.add(stack.pop())
            if len(circle) > 1:
                found.append(circle)

    for module in GRAPH:
        if module not in index:
            visit(module)
    return found


def public_names(module: str) -> set[str]:
    """What a module defines and lists in ``__all__``; names it only hands on are not its own."""
    defined, listed = set(), set()
    for node in tree_of(PATHS[module]).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined.add(node.name)
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AnnAssign)
            else []
        )
        for target in targets:
            name = ast.unparse(target)
            if name == "__all__":
                listed = set(ast.literal_eval(node.value))
            defined.add(name)
    return defined & listed
