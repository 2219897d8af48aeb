"""Imports point down, plug-ins do not know their siblings, and every plug-in has a mirror test."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "sim"

# from the bottom up; a module may import from its own layer only where the layer is not a plug-in folder
LAYERS = [
    ["plugins", "kernels", "expression", "exact"],
    ["game"],
    ["given"],
    ["states"],
    ["forms"],
    ["residuals"],
    ["concepts"],
    ["solution"],
    ["iterate", "payoff_bounds"],
    ["solvers"],
    ["selection", "sustain", "automata", "learning", "interchange"],
    ["designs"],
    ["scenario", "library"],
    ["dataset"],
    ["measures", "style", "plots"],
    ["run"],
    ["promises", "play", "pictures", "record", "sustained"],
    ["extras"],
    ["tables", "lasting"],
    ["cli"],
    ["__init__", "__main__"],
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
PLUGIN_FOLDERS = ["forms", "solvers", "plots"]
MODULES = sorted(PACKAGE.rglob("*.py"))


def layer(module: str) -> str:
    """``sim.solvers.pure -> solvers``; the package itself is ``__init__``."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports(path: Path) -> set[str]:
    """Every module of ours that a file imports when it runs (imports for types only do not count)."""
    found = set()

    def visit(node):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            return
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names if alias.name.split(".")[0] == "sim")
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "sim":
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            inside = [name for name in whole if (ROOT / Path(*name.split("."))).with_suffix(".py").exists()]
            found.update(inside or [node.module])
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(path.read_text()))
    return found


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_every_module_has_its_place():
    assert {layer(name_of(path)) for path in MODULES} <= set(RANK)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_down(path):
    own = layer(name_of(path))
    for target in imports(path):
        if target == "sim":  # only for the version
            continue
        assert RANK[layer(target)] <= RANK[own], f"{name_of(path)} imports {target}, which stands above it"


@pytest.mark.parametrize("folder", PLUGIN_FOLDERS)
def test_plug_ins_do_not_import_siblings(folder):
    for path in (PACKAGE / folder).glob("*.py"):
        others = {target for target in imports(path) if layer(target) == folder} - {name_of(path)}
        if folder == "forms":  # a repeated game is composed of a stage game
            others -= {"sim.forms.normal"}
        assert not others, f"{name_of(path)} imports its siblings {others}"


@pytest.mark.parametrize("folder", PLUGIN_FOLDERS)
def test_every_plug_in_has_a_mirror_test(folder):
    names = {path.stem for path in (PACKAGE / folder).glob("*.py")} - {"__init__"}
    mirrored = {path.stem.removeprefix("test_") for path in (ROOT / "tests" / folder).glob("test_*.py")}
    assert names - mirrored == set()


def test_only_certify_makes_a_solution():
    for path in MODULES:
        calls = [
            node
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Solution"
        ]
        assert not calls or path.name == "solution.py"


def test_help_does_not_wait_for_numpy():
    code = (
        "import sys; from sim.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'numba', 'pydantic', 'xarray', 'zarr', 'scipy', 'matplotlib', 'nashpy', 'tqdm'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
