"""``efg = "horse.efg"``: a tree that no list of moves expresses, from a file of Gambit's beside the scenario.

Numbers in its braces may be formulas over parameters and [let]; a mistake in one is told with its line in that file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.expression import Program, numbers_as_written
from sim.interchange.efg import EfgError, EfgFile, FormulaAt, parse_efg
from sim.interchange.files import EFG, FileError, SourceFile, read_file
from sim.scenario.beside import file_beside
from sim.scenario.names import Names, Roster
from sim.scenario.payoffs import Entry, Formulas
from sim.scenario.positions import KeyPath
from sim.scenario.problems import Problem, Report, shown
from sim.scenario.turns import REST

__all__ = ["DrawnTree", "formulas_of", "plain_formulas", "read_drawn", "roster_of"]

KEY = "efg"
INSTEAD = ("players", "types", "chance", "moves", "payoffs", "outcomes")


@dataclass(frozen=True)
class DrawnTree:
    """The tree of a file: ``payoffs (C, n, Z)`` and ``chance (C, E)`` as formulas."""

    file: EfgFile
    payoffs: Formulas
    chance: Formulas


class Elsewhere(Report):
    """Notes the mistakes in formulas of another file, at their places in it."""

    def __init__(self, report: Report, source: SourceFile) -> None:
        super().__init__(str(source.path), report.positions)
        self.report, self.source, self.at = report, source, 0

    def add(self, key: KeyPath, message: str) -> None:  # noqa: ARG002 - the key is that of this scenario
        """Note a problem at the formula that is read now."""
        line = self.source.text.count("\n", 0, self.at) + 1
        column = self.at - self.source.text.rfind("\n", 0, self.at)
        self.report.note((KEY,), Problem(self.path, line, "", f"column {column}: {message}"))


@lru_cache(maxsize=2)
def parsed(text: str, name: str) -> EfgFile:
    """The tree of a text; it is asked for several times while one scenario is read."""
    return parse_efg(text, name, formulas=True)


def read_drawn(data: dict[str, Any], report: Report) -> tuple[SourceFile, EfgFile] | None:
    """The file that a scenario names, and its tree; None where it is mistaken."""
    path = file_beside(data[KEY], Path(report.path))
    if path is None:
        report.add(
            (KEY,),
            f'expected the name of a file beside this one, as "horse.efg", found {shown(data[KEY])}',
        )
        return None
    for key in INSTEAD:
        if key in data:
            report.add(
                (key,), f"cannot stand beside efg: players, moves, payoffs and outcomes are those of {path}"
            )
    try:
        source = read_file(path)
        if source.kind == EFG:
            return source, parsed(source.text, str(path))
        report.note((KEY,), Problem(str(path), 1, "", "is no tree of Gambit's, which begins with EFG 2 R"))
    except FileError as error:
        report.note((KEY,), Problem(str(path), error.line, "", error.message))
    except EfgError as error:
        where = f"column {error.column}: " if error.column else ""
        report.note((KEY,), Problem(str(path), error.line, "", f"{where}{error.message}"))
    return None


def roster_of(file: EfgFile) -> Roster:
    """Who plays in a tree."""
    return Roster(file.players, ((),) * len(file.players), ({},) * len(file.players))


def plain_formulas(file: EfgFile) -> DrawnTree:
    """A tree without formulas."""
    return DrawnTree(file, *numbers_of(file, Program()))


def numbers_of(file: EfgFile, program: Program) -> tuple[Formulas, Formulas]:
    """What is written as numbers, and 0 in place of formulas."""
    payoffs = tuple(Entry((i,), program.table(own), (KEY,)) for i, own in enumerate(file.numbers))
    lots = [0.0 if isinstance(lot, FormulaAt) else lot for lot in file.chance]
    chance = (Entry((slice(0, len(lots)),), program.table(numbers_as_written(lots)), (KEY,)),) if lots else ()
    return Formulas(program, file.numbers.shape, payoffs), Formulas(program, (len(lots),), chance)


def formulas_of(file: EfgFile, names: Names, source: SourceFile) -> DrawnTree:
    """The tree with its formulas, whose mistakes are reported."""
    reader = FormulaReader(file, names, Elsewhere(names.report, source))
    payoffs, chance = numbers_of(file, names.program)
    return DrawnTree(
        file,
        Formulas(names.program, payoffs.shape, (*payoffs.entries, *reader.payoffs())),
        Formulas(names.program, chance.shape, (*chance.entries, *reader.chance())),
    )


class FormulaReader:
    """Reads the formulas of a tree."""

    def __init__(self, file: EfgFile, names: Names, report: Elsewhere) -> None:
        self.file, self.names, self.report = file, names, report
        names.report = report
        self.steps: dict[tuple[int, int], int | None] = {}

    def step(self, entry: Any) -> int | None:
        """The step of a number or a formula, None where it is mistaken."""
        if not isinstance(entry, FormulaAt):
            return self.names.program.add("number", (), entry)
        self.report.at = entry.at
        return self.names.step(entry.text, (KEY,))

    def payoffs(self) -> list[Entry]:
        """Payoffs of ends at which there is a formula: the sum of those on the way."""
        results = self.file.results
        found = []
        for z, passed in enumerate(self.file.passed):
            for i in range(len(self.file.players)):
                if not any(isinstance(results[number].payoffs[i], FormulaAt) for number in passed):
                    continue
                for number in passed:
                    if (number, i) not in self.steps:
                        self.steps[number, i] = self.step(results[number].payoffs[i])
                steps = [step for number in passed if (step := self.steps[number, i]) is not None]
                if len(steps) == len(passed):
                    total = steps[0]
                    for step in steps[1:]:
                        total = self.names.program.add("+", (total, step))
                    found.append(Entry((i, slice(z, z + 1)), total, (KEY,)))
        return found

    def chance(self) -> list[Entry]:
        """Probabilities that are formulas; one of those that belong together may be the rest."""
        program, found = self.names.program, []
        for columns in self.file.shape.chances:
            lots = [self.file.chance[column] for column in columns]
            if not any(isinstance(lot, FormulaAt) for lot in lots):
                continue
            rest: list[int] = []
            left = program.add("number", (), 1.0)
            for column, lot in zip(columns.tolist(), lots, strict=True):
                if isinstance(lot, FormulaAt) and lot.text.strip() == REST:
                    self.report.at = lot.at
                    if rest:
                        self.report.add((KEY,), "only one can take the rest, and another one does")
                    rest.append(column)
                    continue
                step = self.step(lot)
                if step is not None:
                    left = program.add("-", (left, step))
                    found.append(Entry((slice(column, column + 1),), step, (KEY,)))
            if rest:
                # rounding may leave -1e-17; where others really exceed 1 their sum tells
                step = program.add("max", (left, program.add("number", (), 0.0)))
                found.append(Entry((slice(rest[0], rest[0] + 1),), step, (KEY,)))
        return found
