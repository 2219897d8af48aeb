"""The laws of the house: arrows point down, nothing goes round, and only one room judges.

The layers are the rooms that the docstring of ``sim`` lists.  Lists named ``KNOWN_*`` hold what breaks a law
today: they may only shrink.
"""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.house import GRAPH, MODULES, PACKAGE, PATHS, ROOMS, ROOT, circles, rank, room, tree_of

PLUGIN_FOLDERS = ["forms", "solvers", "pictures/plots"]

KNOWN_UP = {
    ("sim.automata.one_shot", "sim.patience"),
    ("sim.pictures.draw", "sim.output.as_json"),
    ("sim.solvers.judd_yeltekin_conklin", "sim.residuals.enforcement"),
    ("sim.solvers.methods.payoff_bounds", "sim.residuals.enforcement"),
    ("sim.solvers.public_perfect", "sim.residuals.enforcement"),
    ("sim.solvers.transfers", "sim.residuals.payments"),
    ("sim.solvers.without_randomisation", "sim.residuals.enforcement"),
}
KNOWN_CIRCLES = [{"sim.scenario.scenario", "sim.scenario.forms"}]
KNOWN_CALLERS = {
    ("sim.patience", "sim.solvers.critical_patience"),
    ("sim.patience.critical", "sim.solvers.critical_patience"),
    ("sim.patience.penal_codes", "sim.solvers.abreu_sannikov"),
    ("sim.patience.punishments", "sim.solvers.abreu_sannikov"),
    ("sim.patience.punishments", "sim.solvers.support_enumeration"),
}
KNOWN_BORROWERS = {("sim.solvers.abreu_sannikov", "sim.kernels.judge.self_generation")}
KNOWN_NUMBERS = {
    "sim.kernels.base.extremes": 1,
    "sim.kernels.bimatrix.equilibria": 1,
    "sim.kernels.bimatrix.support_enumeration": 1,
    "sim.kernels.one_shot.evolution": 2,
    "sim.kernels.one_shot.logit": 2,
    "sim.kernels.repeated.critical_discount": 1,
    "sim.kernels.stochastic.markov_logit": 1,
    "sim.kernels.stochastic.markov_pure": 1,
    "sim.kernels.stochastic.markov_support": 2,
}
"""Steps of methods and limits of floats that are written where they are used."""

KNOWN_LONG = {
    "sim.kernels.bimatrix.equilibria.pair_supports",
    "sim.kernels.bimatrix.equilibria.strategies",
    "sim.kernels.bimatrix.residues.minor_signs",
    "sim.kernels.bimatrix.residues.residue_pairs",
    "sim.kernels.bimatrix.support_enumeration.support_lanes",
    "sim.kernels.bimatrix.support_enumeration.vertices",
    "sim.kernels.judge.certificate.certificate",
    "sim.kernels.one_shot.logit.logit_paths",
    "sim.kernels.repeated.critical_discount.critical_discounts",
}
KNOWN_WIDE = {
    "sim.cli.commands.play.command",
    "sim.cli.commands.sweep.command",
    "sim.kernels.bimatrix.residues.minor_signs",
    "sim.kernels.bimatrix.residues.residue_pairs",
    "sim.kernels.bimatrix.residues.vertex_labels",
    "sim.kernels.bimatrix.residues.weights",
    "sim.kernels.bimatrix.support_enumeration.support_lanes",
    "sim.kernels.bimatrix.support_enumeration.vertices",
    "sim.kernels.judge.certificate.certificate",
    "sim.kernels.judge.verdicts.verdicts",
    "sim.kernels.one_shot.dominance.eliminate",
    "sim.kernels.one_shot.evolution.replicate",
    "sim.kernels.one_shot.incentives.correlated_programmes",
    "sim.kernels.one_shot.logit.equations",
    "sim.kernels.one_shot.logit.logit_paths",
    "sim.kernels.repeated.continuation.lacking",
    "sim.kernels.repeated.continuation.most_from_inside",
    "sim.kernels.repeated.continuation.most_from_outside",
    "sim.kernels.repeated.critical_discount.settle",
    "sim.kernels.repeated.directions.farthest_points",
    "sim.kernels.repeated.directions.generation_gaps",
    "sim.kernels.repeated.directions.inner_points",
    "sim.kernels.repeated.directions.outer_levels",
    "sim.kernels.repeated.enforcement.clipped",
    "sim.kernels.repeated.finite_horizon.finite_payoff_sets",
    "sim.kernels.repeated.leap.leap",
    "sim.kernels.repeated.payoff_set.largest_fixed_point",
    "sim.kernels.repeated.payoff_set.payoff_sets",
    "sim.kernels.repeated.pure_paths.add_cycles",
    "sim.kernels.repeated.pure_paths.extend",
    "sim.kernels.repeated.pure_paths.paths",
    "sim.kernels.stochastic.markov_response.gap_slope",
    "sim.kernels.stochastic.markov_stage.solve_support",
    "sim.kernels.stochastic.markov_stage.stage_equilibrium",
    "sim.pictures.style.sheet.__init__",
    "sim.run.sweeping.sweep",
}


def subject(module: str) -> str:
    """``sim.kernels.judge.verdicts -> judge``; nothing for modules elsewhere."""
    parts = module.split(".")
    return parts[2] if parts[1:2] == ["kernels"] and len(parts) > 3 else ""


def arrows():
    return [(module, target) for module, targets in GRAPH.items() for target in targets]


def test_every_module_has_its_place():
    assert {room(module) for module in PATHS} - {"sim", "__main__"} == set(ROOMS)


def test_imports_point_down():
    up = {(module, target) for module, target in arrows() if rank(target) > rank(module)}
    assert up == KNOWN_UP


def test_no_imports_go_round():
    assert circles() == KNOWN_CIRCLES


def test_subjects_of_kernels_do_not_meet():
    for module, target in arrows():
        own, other = subject(module), subject(target)
        if own and other and own != other:
            allowed = {"base": set(), "polygon": {"base"}}.get(own, {"base", "polygon"})
            assert other in allowed, f"{module} imports {target}"


def test_only_plug_ins_know_solvers():
    callers = {(m, t) for m, t in arrows() if room(t) == "solvers" and room(m) != "solvers"}
    assert callers == KNOWN_CALLERS


def test_solvers_do_not_borrow_from_the_judge():
    assert {(m, t) for m, t in arrows() if room(m) == "solvers" and subject(t) == "judge"} == KNOWN_BORROWERS


def functions():
    """Every function, and its name with that of its module."""
    for module, path in PATHS.items():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{module}.{node.name}", node


def test_functions_fit_a_page():
    found = {name for name, node in functions() if node.end_lineno - node.lineno + 1 > 80}
    assert found == KNOWN_LONG


def test_functions_take_few_arguments():
    def arguments(node):
        return len(node.args.posonlyargs) + len(node.args.args) + len(node.args.kwonlyargs)

    assert {name for name, node in functions() if arguments(node) > 8} == KNOWN_WIDE


def tiny(node) -> bool:
    number = isinstance(node, ast.Constant) and isinstance(node.value, float) and 0.0 < node.value < 1e-4
    return number or (isinstance(node, ast.Attribute) and node.attr in {"eps", "tiny"})


def test_tolerances_stand_in_one_file():
    found = {module: sum(tiny(node) for node in ast.walk(tree_of(path))) for module, path in PATHS.items()}
    del found["sim.kernels.base.tolerances"]
    assert {module: count for module, count in found.items() if count} == KNOWN_NUMBERS


@pytest.mark.parametrize("folder", PLUGIN_FOLDERS)
def test_plug_ins_do_not_import_siblings(folder):
    package = "sim." + folder.replace("/", ".")
    for path in (PACKAGE / folder).glob("*.py"):
        module = f"{package}.{path.stem}"
        others = {t for t in GRAPH.get(module, ()) if t.rpartition(".")[0] == package}
        if folder == "forms":  # a repeated game is composed of a stage game
            others -= {"sim.forms.normal"}
        assert not others, f"{module} imports its siblings {others}"


@pytest.mark.parametrize("folder", PLUGIN_FOLDERS)
def test_every_plug_in_has_a_mirror_test(folder):
    names = {path.stem for path in (PACKAGE / folder).glob("*.py")} - {"__init__"}
    tests = ROOT / "tests" / folder.removesuffix("/plots")
    mirrored = {path.stem.removeprefix("test_") for path in tests.glob("test_*.py")}
    assert names - mirrored == set()


def test_only_certify_makes_a_solution():
    for path in MODULES:
        calls = [
            node
            for node in ast.walk(tree_of(path))
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
