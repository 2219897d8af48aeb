"""The laws of the house: arrows point down, nothing goes round, and only one room judges.

The layers are the rooms that the docstring of ``sim`` lists.  Lists named ``KNOWN_*`` hold what breaks a law
today: they may only shrink.
"""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from sim.plugins import forms
from tests.house import (
    GRAPH,
    MODULES,
    PACKAGE,
    PATHS,
    ROOMS,
    ROOT,
    circles,
    in_rooms,
    public_names,
    rank,
    reach,
    room,
    tree_of,
)

GAMES = {"game", "stage"}
"""Names that games go by; so does whatever is annotated as one."""

CLASSES = {"Game", *(kind.__name__ for kind in forms.values())}
SNIFFS = {"isinstance", "issubclass", "hasattr", "getattr", "type", "vars"}

GUARDS = {
    ("sim.plugins", "isinstance(game, self.form)"),
    ("sim.plugins", "type(game)"),  # which residual judges which form  # which solver accepts which form
    ("sim.solving", "isinstance(game, Game)"),  # whoever gives something else is told so
    ("sim.patience.sustained_paths", "is_repeated(game)"),  # patience is about repeated games
    ("sim.patience.punishments", "is_normal(stage)"),
    ("sim.play.crises", "is_tree(stage)"),
}
FOREIGN = {"sim.interchange.objects"}
"""Games of other software, which have no type here."""

PLUGIN_FOLDERS = ["forms", "concepts", "solvers", "pictures/plots"]

KNOWN_UP: set[tuple[str, str]] = set()
SHARED = (
    "game", "forms", "claim", "answers", "plugins", "version",
    "kernels.base", "kernels.cache", "kernels.compiler", "kernels.folder", "kernels.interpreted", "kernels.lazy",
    "kernels.linking", "kernels.polygon", "kernels.turns",
)  # fmt: skip
FACTS = ("game", "forms", "claim", "answers", "plugins", "version")  # what these stand on is theirs

KNOWN_CIRCLES = []
KNOWN_TWICE = {
    "Entry",
    "Kept",
    "RESERVED",
    "Table",
    "best_replies",
    "chord",
    "concepts",
    "coordinates",
    "critical_discounts",
    "enforced",
    "indifferent",
    "label",
    "lowest",
    "payoff_sets",
    "plots",
    "pure_equilibria",
    "report",
    "scratch",
    "security",
    "solvers",
    "subsets",
    "temptations",
    "tempted",
}
HOOKS = {
    "sim.cli.commands": {"command"},
    "sim.scenario.forms": {"build", "read"},
}
"""What every plug-in of a folder has to define."""
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
    "sim.cli.commands.borders.command",
    "sim.cli.commands.play.command",
    "sim.cli.commands.sweep.command",
    "sim.dataset.store.__init__",
    "sim.forms.normal.__init__",
    "sim.kernels.bimatrix.residues.minor_signs",
    "sim.kernels.bimatrix.residues.residue_pairs",
    "sim.kernels.bimatrix.residues.vertex_labels",
    "sim.kernels.bimatrix.residues.weights",
    "sim.kernels.bimatrix.support_enumeration.support_lanes",
    "sim.kernels.bimatrix.support_enumeration.vertices",
    "sim.kernels.judge.certificate.certificate",
    "sim.kernels.judge.continuations.excess",
    "sim.kernels.judge.continuations.generation_lack",
    "sim.kernels.judge.continuations.lack",
    "sim.kernels.judge.continuations.obedience_lack",
    "sim.kernels.judge.continuations.write_obedience",
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
    "sim.kernels.repeated.pure_paths.covers_and_paths",
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
    assert callers == set()


def test_judge_and_accused_share_plain_facts_and_tools_only():
    """What the certificate and what the solvers reach meets in games, forms, claims and plain tools."""
    judging = {module for module in PATHS if room(module) in {"solution", "concepts", "residuals"}}
    solving = {module for module in PATHS if room(module) == "solvers"}
    met = reach(judging, FACTS) & reach(solving, FACTS)
    assert "sim.kernels.base.simplex" in met  # the walk does see what both reach
    assert {module for module in met if not in_rooms(module, SHARED)} <= {"sim.kernels"}


def annotated(tree):
    """Every parameter and variable with its annotation as text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation:
            yield node.arg, ast.unparse(node.annotation).strip("\"'")
        if isinstance(node, ast.AnnAssign):
            yield ast.unparse(node.target), ast.unparse(node.annotation).strip("\"'")


def sniffs(module):
    """Where a module looks at the class or the attributes of a game instead of asking it."""
    tree = tree_of(PATHS[module])
    games = GAMES | {name for name, kind in annotated(tree) if kind in CLASSES}
    named = [
        node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "__name__"
    ]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args or node in named:  # a sentence may name the class
            continue
        asks, of = (ast.unparse(one).split(".")[-1] for one in (node.func, node.args[0]))
        if (asks in SNIFFS or asks.startswith("is_")) and of in games:
            yield module, ast.unparse(node)


def test_forms_answer_for_themselves():
    outside = [module for module in PATHS if room(module) != "forms"]
    assert {sniff for module in outside for sniff in sniffs(module)} == GUARDS


def test_no_room_asks_for_a_form_by_its_word():
    for module in PATHS:
        for node in ast.walk(tree_of(PATHS[module])):
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                said = {
                    one.value for side in sides for one in ast.walk(side) if isinstance(one, ast.Constant)
                }
                assert not said & set(forms), f"{module}:{node.lineno}: {ast.unparse(node)}"


def test_a_game_has_a_type():
    untyped = {
        module
        for module in PATHS
        for name, kind in annotated(tree_of(PATHS[module]))
        if name in GAMES and kind == "Any"
    }
    assert untyped - {"sim.plugins"} - FOREIGN == set()  # plug-ins stand below games


def test_a_public_name_means_one_thing():
    homes = {}
    for module in set(PATHS) - {"sim.__main__"}:
        for name in public_names(module) - HOOKS.get(module.rpartition(".")[0], set()):
            homes.setdefault(name, []).append(module)
    assert {name for name, modules in homes.items() if len(modules) > 1} == KNOWN_TWICE


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
        if (
            folder == "forms"
        ):  # a repeated game is composed of a stage game, and knows its facts; types are a tree
            others -= {"sim.forms.normal", "sim.forms.stage", "sim.forms.tree"}
        assert not others, f"{module} imports its siblings {others}"


@pytest.mark.parametrize("folder", PLUGIN_FOLDERS)
def test_every_plug_in_has_a_mirror_test(folder):
    names = {path.stem for path in (PACKAGE / folder).glob("*.py")} - {"__init__"}
    tests = ROOT / "tests" / folder.removesuffix("/plots")
    mirrored = {path.stem.removeprefix("test_") for path in tests.glob("test_*.py")}
    if folder == "concepts":  # one test knows an answer of each
        from tests.concepts.test_concepts import KNOWN

        mirrored |= set(KNOWN)
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
        "heavy = {'numpy', 'numba', 'pydantic', 'xarray', 'zarr', 'scipy', 'matplotlib', 'nashpy', 'tqdm', 'anywidget'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
