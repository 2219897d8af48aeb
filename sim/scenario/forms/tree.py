"""``form = "tree"``: types and moves in the order of play, and what each mover sees; outcomes are conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import WithJsonSchema

from sim.expression import FormulaError, Program, numbers_as_written
from sim.forms.tree import Tree, path_outcomes
from sim.game import Outcomes
from sim.game.tree_shape import Shape
from sim.kernels.base.tolerances import SAME_PLAY
from sim.scenario.corners import check_corners, where
from sim.scenario.drawn import DrawnTree, formulas_of, read_drawn, roster_of
from sim.scenario.forms import FORMS, Draft, Reading, ScenarioForm
from sim.scenario.growing import Conditions, Grown, Past, grow
from sim.scenario.names import Names, Roster, attempt
from sim.scenario.outcomes import outcome_name
from sim.scenario.payoffs import Entry, Formulas
from sim.scenario.positions import KeyPath
from sim.scenario.problems import Report, shown
from sim.scenario.tree_signs import CONCEPTS, TreeSigns
from sim.scenario.turns import JOINT, REST, MovesInOrder, Turn, read_players, read_turns, used_names

__all__ = ["SECTIONS", "Growth", "build", "read", "read_tree", "reading_of", "who_plays"]

FORMULA = {"type": ["number", "string"]}
LOTS = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "properties": {"chance": FORMULA},
        "additionalProperties": FORMULA,
    },
}
JOINT_LOTS = {"type": "object", "additionalProperties": FORMULA}
MOVE = {
    "type": "object",
    "properties": {
        "player": {"type": "string"},
        "when": {"type": "string"},
        "sees": {"type": "array", "items": {"type": "string"}},
    },
    "additionalProperties": {"type": "object", "additionalProperties": FORMULA},
    "required": ["player"],
}


def tables_of(schema: dict[str, Any], **named: Any) -> Any:
    """The annotation of a table of such tables."""
    return Annotated[
        dict[str, Any],
        WithJsonSchema({"type": "object", "additionalProperties": schema, "properties": named}),
    ]


SECTIONS: dict[str, tuple[Any, str]] = {
    "types": (
        tables_of(LOTS, **{JOINT: JOINT_LOTS}),
        (
            "what chance draws before the first move, for the eyes of that player: { name = { chance = formula, trait = "
            'number } }; [types.joint] has a chance for each combination instead: "resolved, cohesive" = 0.2'
        ),
    ),
    "chance": (
        tables_of(LOTS),
        "draws that somebody may see later: { name = { chance = formula, trait = number } }",
    ),
    "moves": (
        tables_of(MOVE),
        (
            "moves in the order of play: player, actions with traits; when: there is such a move only where this holds; "
            "sees: names of earlier moves, draws, and players whose type is seen, all earlier moves if left out"
        ),
    ),
}
DRAWN: dict[str, tuple[Any, str]] = {
    "efg": (
        Annotated[str, WithJsonSchema({"type": "string"})],
        (
            "a tree of Gambit's in a file beside this one, in place of types, moves, payoffs and outcomes; numbers in "
            "its braces may be formulas"
        ),
    ),
}


@dataclass(frozen=True)
class Growth:
    """What a tree is beside its payoffs: shape, and chances as formulas ``(C, E)``."""

    shape: Shape
    chance: Formulas


def read(draft: Draft) -> Reading:
    """Payoffs ``(C, n, Z)``, the tree and its chances."""
    if "efg" in draft.data:
        found = read_drawn(draft.data, draft.report)
        if found is None:
            return Reading(Formulas(Program(), (1,), ()), None)
        source, file = found
        drawn = formulas_of(file, draft.names(), source)
        check_numbers(drawn.payoffs, drawn.chance, file.shape, draft)
        return reading_of(drawn)
    return read_tree(draft, read_turns(draft.data, draft.roster.players, draft.report))


def read_tree(draft: Draft, turns: MovesInOrder | None) -> Reading:
    """The reading of a tree with these turns; None where they are mistaken."""
    report, empty = draft.report, Formulas(Program(), (1,), ())
    if turns is None:
        return Reading(empty, None)
    lets = draft.data.get("let", {})
    words = Words(draft, turns, lets if isinstance(lets, dict) else {})
    plain = words.names()
    grown = grow(turns, plain, words.lets, draft.roster.players, report)
    if grown is None:
        return Reading(empty, None)
    try:
        chance = words.chances(grown, turns)
        payoffs = words.payoffs(grown)
    except FormulaError as error:
        report.add(("moves",), str(error))
        return Reading(empty, None)
    outcomes = read_conditions(draft, grown, Conditions(plain, words.lets, grown.turns))
    check_numbers(payoffs, chance, grown.shape, draft)
    return Reading(payoffs, outcomes, Growth(grown.shape, chance))


def reading_of(drawn: DrawnTree) -> Reading:
    """The reading of a tree that stands in a file of Gambit's."""
    return Reading(drawn.payoffs, drawn.file.outcomes, Growth(drawn.file.shape, drawn.chance))


def who_plays(data: dict[str, Any], report: Report) -> Roster | None:
    """Who plays: those of the file ``efg``, or as :func:`read_players` finds them."""
    if "efg" not in data:
        return read_players(data, report)
    found = read_drawn(data, report)
    return None if found is None else roster_of(found[1])


@dataclass
class Words:
    """What names mean in the formulas of a tree: parameters, [let], and traits by what came of each turn."""

    draft: Draft
    turns: MovesInOrder
    lets: dict[str, Any]
    base: Names = field(init=False)

    def __post_init__(self) -> None:
        self.base = self.names()

    def names(self, order: tuple[Turn, ...] = (), pasts: Past | None = None) -> Names:
        """Names of which traits have the values they have on these paths; no values where there are none.

        ``order`` are the turns that came before; traits of others have no value.
        """
        traits: dict[str, tuple[int | None, KeyPath]] = {}
        result = Names(self.draft.report, Program() if pasts is None else self.base.program)
        result.read_parameters(self.draft.data.get("parameters"))
        for turn in self.turns.each():
            for trait in turn.traits:
                step = (
                    self.trait(turn, trait, order.index(turn), pasts)
                    if pasts is not None and turn in order
                    else None
                )
                traits[trait] = step, (*turn.key, turn.labels[0], trait)
        for trait, (step, key) in traits.items():
            result.define(trait, "trait", step, key)
        result.read_lets(self.lets)
        return result

    def trait(self, turn: Turn, trait: str, place: int, pasts: Past) -> int | None:
        """The step of a trait on paths ``(P, turns)``: 0 where its turn did not take place."""
        program = self.base.program
        values = turn.traits[trait]
        numbers = numbers_as_written([*(0 if isinstance(value, str) else value for value in values), 0])
        step = program.table(numbers[pasts[:, place]])
        for a, value in enumerate(values):
            if not isinstance(value, str):
                continue
            own = self.plain(value, (*turn.key, turn.labels[a], trait))
            if own is None:
                return None
            here = program.table((pasts[:, place] == a).astype(np.float64))
            step = program.add("if", (own, here, step))
        return step

    def plain(self, source: Any, key: KeyPath) -> int | None:
        """The step of a formula that knows of no traits."""
        traits = {trait for turn in self.turns.each() for trait in turn.traits}
        used = sorted(traits & used_names(source, self.lets))
        if used:
            self.draft.report.add(
                key,
                f"{shown(source)}: uses the trait {shown(used[0])}; "
                "here only parameters and [let] without traits have a meaning",
            )
            return None
        return self.base.step(source, key)

    def payoffs(self, grown: Grown) -> Formulas:
        """Payoffs ``(C, n, Z)``: a formula for each player, over traits."""
        players, report = self.draft.roster.players, self.draft.report
        names = self.names(grown.turns, grown.ends)
        shape = len(players), len(grown.ends)
        key: KeyPath = ("payoffs",)
        value = self.draft.data.get("payoffs")
        if not isinstance(value, dict) or not value:
            report.add(
                key,
                f"expected a formula for each player; found {'nothing' if value is None else shown(value)}",
            )
            return Formulas(names.program, shape, ())
        for player in value:
            if player not in players:
                report.unknown((*key, player), "player", player, players)
        entries = []
        for i, player in enumerate(players):
            if player in value:
                step = names.step(value[player], (*key, player))
                if step is not None:
                    entries.append(Entry((i,), step, (*key, player)))
            elif all(other in players for other in value):
                report.add(key, f"{shown(player)} has no payoffs; give a formula")
        return Formulas(names.program, shape, tuple(entries))

    def chances(self, grown: Grown, turns: MovesInOrder) -> Formulas:
        """Chances ``(C, E)``."""
        entries: list[Entry] = []
        columns = 0
        for ways in grown.ways:
            if ways.turn is None:
                found = self.joint(turns) if turns.joint else self.independent(turns)
                entries += [
                    Entry((column,), step, key)
                    for column, (step, key) in enumerate(found)
                    if step is not None
                ]
                columns += len(found)
                continue
            turn, size = ways.turn, len(ways.turn.labels)
            before = grown.turns[: grown.turns.index(turn)]
            names = self.names(before, ways.pasts)
            late = [trait for other in grown.turns[len(before) :] for trait in other.traits]

            def step_of(
                source: Any, key: KeyPath, names: Names = names, late: list[str] = late
            ) -> int | None:
                used = sorted(set(late) & used_names(source, self.lets))
                if used:
                    self.draft.report.add(
                        key, f"{shown(source)}: {shown(used[0])} is a trait of what comes later"
                    )
                    return None
                return names.step(source, key)

            keys = [(*turn.key, word, "chance") for word in turn.labels]
            last = ways.first + len(ways.pasts) * size
            for a, step in enumerate(self.distribution(turn.chance, keys, step_of)):
                if step is not None:
                    entries.append(Entry((slice(ways.first + a, last, size),), step, keys[a]))
            columns = last
        return Formulas(self.base.program, (columns,), tuple(entries))

    def distribution(
        self, sources: tuple[Any, ...], keys: list[Any], step_of: Callable[[Any, KeyPath], int | None]
    ) -> list[int | None]:
        """The steps of chances, of which one may take the rest."""
        program = self.base.program
        left = program.add("number", (), 1.0)
        steps: list[int | None] = []
        for source, key in zip(sources, keys, strict=True):
            step = None if source == REST else step_of(source, key)
            steps.append(step)
            left = left if step is None else program.add("-", (left, step))
        if REST in sources:
            # rounding may leave -1e-17; where others really exceed 1 their sum tells
            steps[sources.index(REST)] = program.add("max", (left, program.add("number", (), 0.0)))
        return steps

    def independent(self, turns: MovesInOrder) -> list[tuple[int | None, KeyPath]]:
        """Chances of all combinations of types that are drawn one by one."""
        program = self.base.program
        found: list[tuple[int | None, KeyPath]] = [(program.add("number", (), 1.0), ("types",))]
        for turn in turns.types:
            keys = [(*turn.key, word, "chance") for word in turn.labels]
            own = self.distribution(turn.chance, keys, self.plain)
            found = [
                (
                    None
                    if step is None or one is None
                    else one
                    if turn is turns.types[0]
                    else program.add("*", (step, one)),
                    key,
                )
                for step, _ in found
                for one, key in zip(own, keys, strict=True)
            ]
        return found

    def joint(self, turns: MovesInOrder) -> list[tuple[int | None, KeyPath]]:
        """Chances of all combinations of types that are drawn together."""
        keys = [
            ("types", JOINT, ", ".join(turn.labels[t] for turn, t in zip(turns.types, own, strict=True)))
            for own in sorted(turns.joint)
        ]
        sources = tuple(turns.joint[own] for own in sorted(turns.joint))
        return list(zip(self.distribution(sources, keys, self.plain), keys, strict=True))


def check_numbers(payoffs: Formulas, chance: Formulas, shape: Shape, draft: Draft) -> None:
    """At corners of the bounds payoffs are finite, and chances add up to 1."""

    def spoken(entry: Entry, place: tuple[int, ...]) -> str:
        own = entry.place[-1]
        first = own.start if isinstance(own, slice) else 0
        return shape.spoken(int(shape.ends[first + place[0]]))

    if draft.sound:
        check_corners(payoffs, draft, spoken)
    if draft.sound:
        check_chances(chance, shape, draft)


def check_chances(chance: Formulas, shape: Shape, draft: Draft) -> None:
    """At corners of the bounds chances are at least 0 and add up to 1."""
    tried = check_corners(chance, draft, lambda _entry, _place: "some path")
    if not draft.sound:
        return
    for columns in shape.chances:
        rows = tried.computed[:, columns]
        wrong = np.argwhere((np.abs(rows.sum(axis=1) - 1) > SAME_PLAY) | (rows.min(axis=1) < 0))
        if len(wrong):
            corner = int(wrong[0, 0])
            own = [
                entry
                for entry in chance.entries
                if set(
                    np.arange(chance.shape[0])[entry.place].ravel().tolist()
                    if isinstance(entry.place[0], slice)
                    else [entry.place[0]]
                )
                & set(columns.tolist())
            ]
            used = sorted(frozenset().union(*(chance.program.inputs[entry.step] for entry in own)))
            listed = ", ".join(shown(float(p)) for p in rows[corner])
            draft.report.add(
                own[0].key[:-2] if own[0].key[-1] == "chance" else own[0].key[:2],
                f"{where(tried.values, corner, used)} chances are {listed}: they must be at least 0 and add up to 1; "
                '"rest" takes what the others leave',
            )


def read_conditions(draft: Draft, grown: Grown, conditions: Conditions) -> Outcomes | None:
    """The outcome of each end: the first whose condition holds; each path its own where there is no [outcomes]."""
    value, report = draft.data.get("outcomes"), draft.report
    shape = grown.shape
    if value is None:
        return path_outcomes(shape)
    if not isinstance(value, dict) or not value:
        report.add(
            ("outcomes",), f"expected a table of outcomes with conditions on traits, found {shown(value)}"
        )
        return None
    before = len(report.found)
    of = np.full(len(grown.ends), -1, dtype=np.int64)
    for number, (name, condition) in enumerate(value.items()):
        key: KeyPath = ("outcomes", name)
        attempt(outcome_name, name, key, report)
        if isinstance(condition, bool):
            condition = str(condition)
        if not isinstance(condition, str):
            report.add(key, f'expected a condition on traits in quotes, as "war", found {shown(condition)}')
            continue
        holds = conditions.hold(condition, key, grown.ends, len(grown.turns))
        if holds is not None:
            of[holds & (of < 0)] = number
    missing = np.flatnonzero(of < 0)
    if len(missing) and len(report.found) == before:
        path = shape.spoken(int(shape.ends[missing[0]]))
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        report.add(("outcomes",), f'no condition holds after {path}{more}; a last one may be "True"')
    return Outcomes(tuple(value), of) if len(report.found) == before else None


@dataclass(frozen=True)
class ExactGrowth:
    """Payoffs and chances of chosen cells as fractions."""

    payoffs: Formulas
    chance: Formulas
    values: dict[str, Any]

    def __call__(self, cells: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Evaluate at the chosen cells (positions)."""
        chosen = {name: value[cells] if np.ndim(value) else value for name, value in self.values.items()}
        return tuple(part.evaluate(chosen, len(cells), exact=True) for part in (self.payoffs, self.chance))  # type: ignore[return-value]


def build(reading: Reading, roster: Roster, values: dict[str, Any], cells: int) -> Tree:
    """The batch of trees at the given parameters."""
    growth: Growth = reading.details
    payoffs, chance = (
        reading.formulas.short_decimals(values, cells),
        growth.chance.short_decimals(values, cells),
    )
    exact = None
    if payoffs is None or chance is None:
        payoffs, chance = reading.formulas.evaluate(values, cells), growth.chance.evaluate(values, cells)
        exact = ExactGrowth(reading.formulas, growth.chance, values)
    rounded = reading.formulas.rounded(values, cells) | growth.chance.rounded(values, cells)
    return Tree(payoffs, roster.players, growth.shape, chance, reading.named, exact, rounded)


FORMS.add(
    "tree",
    ScenarioForm(
        read, build, proved=CONCEPTS, signs=TreeSigns, sections={**SECTIONS, **DRAWN}, roster=who_plays
    ),
)
