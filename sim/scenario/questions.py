"""Sweeps and promises: checked against the parameters, players and outcomes of their scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.answers import RESERVED
from sim.answers.refinements import REFINEMENTS
from sim.automata.automaton import Automaton, profile
from sim.automata.builtin import BUILT_IN
from sim.designs.points import SAMPLED
from sim.expression import Number
from sim.game import Outcomes
from sim.play.rules import named
from sim.plugins import concepts, plots, solvers
from sim.scenario.fields import LONGEST_LABEL, validated
from sim.scenario.forms import FORMS
from sim.scenario.names import Roster
from sim.scenario.positions import KeyPath
from sim.scenario.problems import Report, shown
from sim.scenario.tables import (
    MOST_AXES,
    PROVED,
    Axis,
    BordersTable,
    Parameter,
    Promise,
    Proof,
    QuestionTable,
    Sample,
    SampleTable,
    Sweep,
    SweepTable,
    too_many,
    usual_points,
)

MANY_AXES, FEW_POINTS = 3, 21  # of the grid that a proved sweep over more axes than that would have

__all__ = ["Checker", "described", "no_name_of_a_sweep", "outside", "read_promises", "read_sweeps"]


def described(parameter: Parameter) -> str:
    """What a parameter is, for messages: ``worth of a closed door, utility``."""
    words = ", ".join(word for word in (parameter.meaning, parameter.unit) if word)
    return f" ({words})" if words else ""


def outside(name: str, value: Number, parameter: Parameter) -> str:
    """A sentence where a value breaks the bounds of its parameter, else nothing.

    Compared as floats: the bound "1/3" allows the 0.3333333333333333 that is stored for it.
    """
    if float(parameter.low) <= float(value) <= float(parameter.high):
        return ""
    bounds = f"{shown(parameter.low)} .. {shown(parameter.high)}"
    return f"{name} = {shown(value)} lies outside its bounds {bounds}{described(parameter)}"


def no_name_of_a_sweep(name: str, most: int = LONGEST_LABEL) -> str:
    """Why a sweep cannot have this name, in words; nothing if it can."""
    letters = name.replace("_", "").replace("-", "")
    if letters.isalnum() and name.isascii() and len(name) <= most:
        return ""
    return (
        f"{shown(name)} cannot be the name of a sweep; it names a file: use letters, digits, _ and -, "
        f"at most {most}"
    )


class Checker:
    """Checks values given to parameters, and the concept and solver that are asked for."""

    def __init__(self, parameters: dict[str, Parameter | None], report: Report) -> None:
        self.parameters = parameters
        self.report = report

    def parameter(self, name: str) -> Parameter:
        """A parameter that is known and sound."""
        found = self.parameters[name]
        assert found is not None
        return found

    def known(self, name: str, key: KeyPath) -> bool:
        """Whether there is such a parameter, and it is sound; one that is not there is reported."""
        if name not in self.parameters:
            self.report.unknown(key, "parameter", name, self.parameters)
        return self.parameters.get(name) is not None

    def values(self, given: dict[str, Number], key: KeyPath) -> None:
        """Values of parameters are within their bounds."""
        for name, value in given.items():
            if self.known(name, (*key, name)):
                message = outside(name, value, self.parameter(name))
                if message:
                    self.report.add((*key, name), message)

    def axis(self, name: str, axis: Axis, key: KeyPath) -> None:
        """An axis is within the bounds of its parameter, which results can be labelled by."""
        if self.known(name, key):
            parameter = self.parameter(name)
            if outside(name, axis.low, parameter) or outside(name, axis.high, parameter):
                self.report.add(
                    key,
                    f"runs {shown(axis.low)} .. {shown(axis.high)}; {name} allows "
                    f"{shown(parameter.low)} .. {shown(parameter.high)}{described(parameter)}",
                )
        self.free(name, key)

    def free(self, name: str, key: KeyPath) -> None:
        """The name of a swept parameter has no other meaning in results."""
        if name in RESERVED:
            self.report.add(
                key,
                f"{shown(name)} has a meaning of its own in results; give the parameter another name "
                f"to sweep it (taken: {', '.join(sorted(RESERVED))})",
            )

    def drawn(
        self, ranges: dict[str, tuple[Number, Number] | None], key: KeyPath, *, believed: bool = True
    ) -> dict[str, tuple[Number, Number]]:
        """Ranges from which parameters are drawn, all that vary where none are named; no mistaken ones.

        Where they are drawn as ``believed``, something has to be believed there.
        """
        sound = {name: one for name, one in self.parameters.items() if one is not None}
        varying = [name for name, one in sound.items() if one.low < one.high]
        if not ranges and not varying and len(sound) == len(self.parameters):
            self.report.add(key, "there is no parameter to vary: none has a range")
        found = {}
        for name, ends in (ranges or dict.fromkeys(varying)).items():
            if not self.known(name, key):
                continue
            parameter = self.parameter(name)
            low, high = ends or (parameter.low, parameter.high)
            self.free(name, key)
            if not low < high:
                self.report.add(key, f"{name} has no range: it is always {shown(low)}")
                continue
            out = outside(name, low, parameter) or outside(name, high, parameter)
            if out:
                self.report.add(key, out)
                continue
            try:
                if believed:
                    parameter.belief.within(float(low), float(high))
            except ValueError as error:
                self.report.add(key, f"{name}: {error}")
            found[name] = low, high
        return found

    def concept(self, concept: str | None, key: KeyPath) -> None:
        """There is such a concept."""
        if concept is not None and concept not in concepts:
            self.report.unknown((*key, "concept"), "concept", concept, concepts)

    def plot(self, plot: dict[str, str | bool] | None, key: KeyPath) -> None:
        """There is such a plot, with these options."""
        if plot is None:
            return
        if plot["name"] not in plots:
            self.report.unknown((*key, "plot"), "plot", str(plot["name"]), plots)
            return
        try:
            plots[str(plot["name"])].checked({name: value for name, value in plot.items() if name != "name"})
        except ValueError as error:
            self.report.add((*key, "plot"), str(error))

    def solver(self, solver: str | None, key: KeyPath) -> None:
        """There is such a solver."""
        if solver is not None and solver not in solvers:
            self.report.unknown((*key, "solver"), "solver", solver, solvers)

    def selection(self, select: str | None, players: tuple[str, ...] | None, key: KeyPath) -> None:
        """There is such a selection among the equilibria of these players."""
        if select is not None and players is not None:
            from sim.selection import names  # compiled code: only for files that select

            allowed = names(players)
            if select not in allowed:
                self.report.unknown((*key, "select"), "selection", select, allowed)

    def refinement(self, refine: str | None, key: KeyPath) -> None:
        """A refinement that is known, if one is named."""
        if refine is not None and refine not in REFINEMENTS:
            self.report.unknown((*key, "refine"), "refinement", refine, REFINEMENTS)


def read_sweeps(
    value: Any,
    parameters: dict[str, Parameter | None],
    outcomes: Outcomes | None,
    concept: str,
    players: tuple[str, ...] | None,
    report: Report,
) -> dict[str, Sweep]:
    """The table [sweeps]; ``concept`` where a sweep names none, ``players`` if they are known."""
    if not isinstance(value, dict):
        report.add(("sweeps",), f"expected tables [sweeps.NAME], found {shown(value)}")
        return {}
    found = {
        name: validated(kind_of_table(table), table, ("sweeps", name), report)
        for name, table in value.items()
    }
    tables: dict[str, AnySweep] = {name: table for name, table in found.items() if table is not None}
    check = Checker(parameters, report)
    sweeps = {}
    for name, table in tables.items():
        key: KeyPath = ("sweeps", name)
        misnamed = no_name_of_a_sweep(name)
        if misnamed:
            report.add(key, misnamed)
        check.values(table.set, (*key, "set"))
        over, sample, proof = read_over(table, check, key)
        for parameter in over if sample is None else sample.ranges:
            if parameter in table.set:
                report.add(
                    (*key, "set", parameter),
                    f"{parameter} already varies in over; take it out of one of them",
                )
        check.concept(table.concept, key)
        check.solver(table.solver, key)
        check.selection(table.select, players, key)
        check.refinement(table.refine, key)
        check.plot(table.plot, key)
        wanted = (table.plot or {}).get("outcome")
        if outcomes is not None and wanted is not None and wanted not in outcomes.names:
            report.unknown((*key, "plot", "outcome"), "outcome", str(wanted), outcomes.names)
        said = {word: getattr(table, word) for word in QuestionTable.model_fields}
        said["concept"] = table.concept or concept
        sweeps[name] = Sweep(name, over=over, sample=sample, proof=proof, **said)
    return sweeps


AnySweep = SweepTable | SampleTable | BordersTable


def kind_of_table(table: Any) -> type[AnySweep]:
    """A table of a grid, unless it names a design that draws points, or proves what is between them."""
    design = table.get("design") if isinstance(table, dict) else None
    return SampleTable if design in SAMPLED else BordersTable if design == PROVED else SweepTable


def read_over(
    table: AnySweep, check: Checker, key: KeyPath
) -> tuple[dict[str, Axis], Sample | None, Proof | None]:
    """The axes of a grid, or what is drawn or proved in its place, checked against the parameters."""
    if not isinstance(table, SweepTable):
        proving = isinstance(table, BordersTable)
        ranges = check.drawn(table.over, (*key, "over"), believed=not proving)
        if not table.over:  # all but those that are set
            ranges = {name: ends for name, ends in ranges.items() if name not in table.set}
        if isinstance(table, SampleTable):
            return {}, Sample(table.design, ranges, table.points, table.replicates, table.seed), None
        if len(ranges) > MOST_AXES:
            check.report.add(
                (*key, "over"), f"{len(ranges)} parameters vary; at most {MOST_AXES} can: name some"
            )
        points = usual_points(len(ranges)) if len(ranges) <= MANY_AXES else FEW_POINTS
        axes = {name: Axis(low=low, high=high, points=points) for name, (low, high) in ranges.items()}
        return axes, None, Proof(float(table.accuracy), table.equilibria)
    for parameter, axis in table.over.items():
        check.axis(parameter, axis, (*key, "over", parameter))
    beyond = too_many({parameter: axis.points for parameter, axis in table.over.items()}, table.keep)
    if beyond:
        check.report.add((*key, "over"), beyond)
    return table.over, None, None


def read_promises(
    value: Any,
    parameters: dict[str, Parameter | None],
    roster: Roster | None,
    outcomes: Outcomes | None,
    automata: Mapping[str, Automaton | None] | None,
    form: str | None,
    concept: str,
    report: Report,
) -> tuple[Promise, ...]:
    """The tables [[expect]]; ``concept`` where a promise names none.

    ``outcomes``, ``automata`` and each automaton are None where mistakes hide them.
    """
    if not isinstance(value, list):
        report.add(("expect",), f"expected tables with two brackets, [[expect]], found {shown(value)}")
        return ()
    promises: list[Promise] = []
    check = Checker(parameters, report)
    for position, table in enumerate(value):
        key: KeyPath = ("expect", position)
        promise: Promise | None = validated(Promise, table, key, report)
        if promise is None:
            continue
        promises.append(promise)
        check.values(promise.at, (*key, "at"))
        check.concept(promise.concept, key)
        check.solver(promise.solver, key)
        check.selection(promise.select, None if roster is None else roster.players, key)
        check.refinement(promise.refine, key)
        for word in ("outcomes", "never"):
            for item, outcome in enumerate(getattr(promise, word) or ()):
                if outcomes is not None and outcome not in outcomes.names:
                    report.unknown((*key, word, item), "outcome", outcome, outcomes.names)
        if promise.perfect is not None and form is not None and not FORMS[form].automata:
            playing = " or ".join(f'form = "{name}"' for name, one in FORMS.items() if one.automata)
            report.add((*key, "perfect"), f"is about automata, and those play repeated games: {playing}")
        elif promise.perfect is not None and roster is not None and automata is not None:
            check_profile(promise.perfect, automata, roster, (*key, "perfect"), report)
        for outcome in promise.share or ():
            if outcomes is not None and outcome not in outcomes.names:
                report.unknown((*key, "share", outcome), "outcome", outcome, outcomes.names)
        if promise.share is not None:
            check.drawn({}, (*key, "share"))
        check_proved(promise, concept, form, check, key)
        for player in promise.values or ():
            if roster is not None and player not in roster.players:
                report.unknown((*key, "values", player), "player", player, roster.players)
    return tuple(promise.model_copy(update={"concept": promise.concept or concept}) for promise in promises)


def check_proved(promise: Promise, concept: str, form: str | None, check: Checker, key: KeyPath) -> None:
    """What is to be proved: values and ranges of parameters within their bounds, of a concept that borders are of."""
    proved = () if form is None else FORMS[form].proved
    asked = promise.concept or concept
    for word, given in (("tips", promise.tips), ("region", promise.region)):
        if given is None:
            continue
        if form is not None and not proved:
            forms = " or ".join(f'form = "{name}"' for name, one in FORMS.items() if one.proved)
            check.report.add((*key, word), f"is proved for {forms}")
        elif form is not None and asked not in proved:
            check.report.add((*key, word), f"is proved for {' or '.join(proved)}, and {asked} is asked")
        for name, values in given.items():
            if not check.known(name, (*key, word, name)):
                continue
            wrong = [outside(name, value, check.parameter(name)) for value in values]
            for message in filter(None, wrong):
                check.report.add((*key, word, name), message)
            if name in promise.at:
                check.report.add((*key, "at", name), f"{name} moves in {word}; take it out of one of them")


def check_profile(
    names: tuple[str, ...],
    automata: Mapping[str, Automaton | None],
    roster: Roster,
    key: KeyPath,
    report: Report,
) -> None:
    """The names of automata that a promise is about, together one for each player."""
    before = len(report.found)
    for position, word in enumerate(names):
        if word not in automata and word not in BUILT_IN:
            report.unknown((*key, position), "automaton", word, [*automata, *BUILT_IN], "automata")
    sound = {name: automaton for name, automaton in automata.items() if automaton is not None}
    if len(report.found) == before and all(name in sound or name in BUILT_IN for name in names):
        try:
            profile(named(names, sound, roster.shape))
        except ValueError as error:
            report.add(key, str(error))
