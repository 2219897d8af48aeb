"""From a file to a Scenario.  Every mistake is found here, and all of them are told together."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from pydantic_core import PydanticCustomError

from sim.expression import Program
from sim.forms.normal import NormalForm
from sim.interchange.files import EFG, NFG, TABLE, FileError, SourceFile, read_file
from sim.interchange.gambit import GambitError
from sim.interchange.nfg import parse_nfg
from sim.interchange.payoff_table import TableError, parse_table
from sim.plugins import forms
from sim.scenario import library
from sim.scenario.beside import digest_of
from sim.scenario.fields import label, name, validated
from sim.scenario.forms import FORMS, Draft, Reading
from sim.scenario.names import Roster, attempt, lacking, read_roster
from sim.scenario.payoffs import Entry, Formulas
from sim.scenario.positions import Positions, UnreadableError, read_toml
from sim.scenario.problems import Problem, Report, ScenarioError, dotted, shown
from sim.scenario.questions import read_promises, read_sweeps
from sim.scenario.scenario import Scenario
from sim.scenario.schema import HEAD, KEYS, SCHEMA_VERSION, Head
from sim.scenario.tables import Parameter
from sim.scenario.tones import read_tones

__all__ = ["load"]

MOST_NAMES = 500  # parameters, and lines of [let]


def load(path: str | os.PathLike[str]) -> Scenario:
    """The scenario in a file, whose kind is seen in its content.

    ``path`` may be the bare name of a scenario of the library.  A game of Gambit's (.nfg, .efg), or one in a table of
    payoffs (CSV), is a scenario without parameters, sweeps and promises.
    Raises ScenarioError with everything that is wrong with the file, and ValueError for what is no path.

    >>> scenario = load("scenarios/chicken.toml")
    >>> scenario.name, scenario.players
    ('chicken', ('North', 'South'))
    """
    if not isinstance(path, (str, os.PathLike)) or not isinstance(os.fspath(path), str):
        raise ValueError(  # noqa: TRY004 - the one error of wrong input
            f"load takes the path of a file or the name of a scenario, not a {type(path).__name__}"
        )
    word = os.fspath(path)
    place = library.shelved(word)
    if place == Path(word) and place.name == word and not place.suffix:
        place = library.find(word)  # which tells what names there are
    said = str(path) if place == Path(path) else str(place)
    try:
        file = read_file(place)
    except FileError as error:
        raise ScenarioError([Problem(said, error.line, "", error.message)]) from None
    if file.kind in {NFG, EFG}:
        return from_gambit(file, said)
    if file.kind == TABLE:
        return from_table(file, said)
    try:
        data, positions = read_toml(file.text)
    except UnreadableError as error:
        line = Positions(file.text).line(error.offset)
        raise ScenarioError([Problem(said, line, dotted(error.key), error.message)]) from None
    report = Report(said, positions)
    scenario = assemble(data, place, digest_of(file), report)
    report.close()
    assert scenario is not None, "a scenario without problems is complete"
    return scenario


def from_gambit(file: SourceFile, path: str) -> Scenario:
    """A game of Gambit's as a scenario without parameters, its numbers as they were written."""
    try:
        if file.kind == EFG:
            # imported when used: others need not wait for what trees stand on
            from sim.interchange.efg import parse_efg
            from sim.scenario.drawn import plain_formulas, roster_of
            from sim.scenario.forms.tree import reading_of

            tree = parse_efg(file.text, path)
            reading = reading_of(plain_formulas(tree))
            return plain(file, "tree", roster_of(tree), reading, tree.title, tree.comment)
        read = parse_nfg(file.text, path)
    except GambitError as error:
        where = f"column {error.column}: " if error.column else ""
        raise ScenarioError([Problem(path, error.line, "", f"{where}{error.message}")]) from None
    return of_numbers(file, read.game, read.numbers, read.title, read.comment)


def from_table(file: SourceFile, path: str) -> Scenario:
    """A table of payoffs as a scenario without parameters, its numbers as they were written."""
    try:
        read = parse_table(file.text)
    except TableError as error:
        # prose with a comma in its first line is read as a table too, and should be told so
        read_as = "" if file.path.suffix.lower() in {".csv", ".tsv"} else "read as a table of payoffs (CSV): "
        raise ScenarioError([Problem(path, error.line, "", f"{read_as}{error.message}")]) from None
    wrong = []
    for word in (*read.game.players, *(action for own in read.game.actions for action in own)):
        try:
            label(word)
        except PydanticCustomError as error:
            wrong.append(Problem(path, 0, "", error.message()))
    if wrong:
        raise ScenarioError(wrong)
    return of_numbers(file, read.game, read.numbers)


def of_numbers(
    file: SourceFile, game: NormalForm, numbers: NDArray[Any], title: str = "", about: str = ""
) -> Scenario:
    """A game with its payoffs as they were written, ``numbers (n, A1, .., An)``, as a scenario."""
    program = Program()
    entries = tuple(Entry((i,), program.table(own), ()) for i, own in enumerate(numbers))
    roster = Roster(game.players, game.actions, tuple({} for _ in game.players))
    formulas = Formulas(program, game.payoffs.shape[1:], entries)
    return plain(file, game.form, roster, Reading(formulas, game.outcomes), title, about)


def plain(file: SourceFile, form: str, roster: Roster, reading: Reading, title: str, about: str) -> Scenario:
    """A scenario without parameters, sweeps and promises."""
    return Scenario(
        name=file.path.stem,
        path=file.path,
        digest=file.digest,
        title=title or file.path.stem,
        about=about,
        sources=(),
        form=form,
        roster=roster,
        parameters={},
        sweeps={},
        promises=(),
        reading=reading,
    )


def assemble(data: dict[str, Any], path: Path, digest: str, report: Report) -> Scenario | None:
    """Read section by section, each as far as the mistakes in the others allow."""
    head = read_head(data, report)
    form = head.form if head is not None and head.form in FORMS else None
    check_keys(data, form, report)
    parameters = read_parameters(data.get("parameters", {}), report)
    lets = data.get("let", {})
    if not isinstance(lets, dict):
        report.add(("let",), f"expected a table of formulas, found {shown(lets)}")
    elif len(lets) > MOST_NAMES:
        report.add(("let",), f"has {len(lets)} lines; there are at most {MOST_NAMES}")
        return None
    roster = None
    own_roster = None if form is None else FORMS[form].roster
    if own_roster is not None:
        roster = own_roster(data, report)
    elif "players" in data:
        roster = read_roster(data["players"], report, data.get("payoffs"))
    else:
        found = lacking(data.get("payoffs"))
        report.add((), f"players is missing; list who plays and what each can do under [players]{found}")
    sound = {name: parameter for name, parameter in parameters.items() if parameter is not None}
    reading = None
    if roster is not None and form is not None:
        reading = FORMS[form].read(Draft(data, roster, read_table(data, form, report), sound, report))
    concept = (reading.concept if reading else None) or str(forms[form or "normal"].default_concept)
    # an unknown key may be a misspelt [outcomes]: then nobody knows what outcomes there are
    known = "outcomes" in data or all(key in KEYS or key in tables() for key in data)
    outcomes = reading.outcomes if reading and known else None
    players = None if roster is None else roster.players
    automata = reading.automata if reading else None
    sweeps = read_sweeps(data.get("sweeps", {}), parameters, outcomes, concept, players, report)
    promises = read_promises(
        data.get("expect", []), parameters, roster, outcomes, automata, form, concept, report
    )
    states = reading.states if reading else ()
    tones = read_tones(data.get("tones"), outcomes.names if outcomes else None, states, report)
    if report.found:
        return None
    # whatever is missing has been reported
    assert head
    assert form
    assert roster
    assert reading
    assert reading.outcomes
    return Scenario(
        name=path.stem,
        path=path,
        digest=digest,
        title=head.title or path.stem,
        about=head.about,
        sources=tuple(head.sources),
        form=form,
        roster=roster,
        parameters=sound,
        sweeps=sweeps,
        promises=promises,
        reading=reading,
        tones=tones,
    )


def tables() -> dict[str, list[str]]:
    """The forms that each table belongs to which only some forms have, by its key."""
    result: dict[str, list[str]] = {form: [form] for form in FORMS}
    for form, item in FORMS.items():
        for key in item.sections:
            if key not in KEYS:
                result.setdefault(key, []).append(form)
    return result


def check_keys(data: dict[str, Any], form: str | None, report: Report) -> None:
    """Every key is known, and of this form."""
    own = [] if form is None else [*([form] if FORMS[form].table else []), *FORMS[form].sections]
    homes = tables()
    for key in data:
        nowhere = key not in homes or (key == form and FORMS[key].table is None)
        if key not in KEYS and nowhere:
            report.unknown((key,), "key", key, dict.fromkeys([*KEYS, *own]))
        elif key in homes and form is not None and form not in homes[key]:
            listed = " or ".join(f'"{name}"' for name in homes[key])
            report.add((key,), f'is a table of form = {listed}, but this scenario has form = "{form}"')


def read_parameters(value: Any, report: Report) -> dict[str, Parameter | None]:
    """The table [parameters]; None stands for a mistaken one."""
    if not isinstance(value, dict):
        report.add(("parameters",), f"expected tables [parameters.NAME], found {shown(value)}")
        return {}
    if len(value) > MOST_NAMES:
        report.add(("parameters",), f"there are {len(value)} parameters; a scenario has at most {MOST_NAMES}")
        return {}
    for word in value:
        attempt(name, word, ("parameters", word), report)
    return {word: validated(Parameter, table, ("parameters", word), report) for word, table in value.items()}


def read_table(data: dict[str, Any], form: str, report: Report) -> Any:
    """The table of the form, None where it is mistaken or the form has none."""
    table = FORMS[form].table
    if table is None:
        return None
    if form not in data:
        report.add((), f'{form} is missing; form = "{form}" needs a table [{form}]')
        return None
    return validated(table, data[form], (form,), report)


def read_head(data: dict[str, Any], report: Report) -> Head | None:
    """The keys above the first table."""
    if "schema" not in data:
        report.add((), f"schema is missing; begin the file with schema = {SCHEMA_VERSION}")
    head: Head | None = validated(Head, {key: data[key] for key in HEAD if key in data}, (), report)
    if head is not None and head.form not in FORMS:
        report.unknown(("form",), "form", head.form, FORMS)
    return head
