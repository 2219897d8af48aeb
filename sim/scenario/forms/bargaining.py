"""``form = "bargaining"``: [players] says what each gets without agreement, [bargaining] who offers and who may leave.

[types.PLAYER] is what chance draws and the other side does not see.  There are no actions and no payoff tables: what
agents do are offers and the shares from which they accept, and the outcomes are four fixed words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from pydantic import Field, PlainValidator, WithJsonSchema

from sim.forms.bargaining import LEAVING, MOST_PLAYERS, MOST_ROUNDS, PROTOCOLS, RESULTS, Bargaining
from sim.game import Floats, Outcomes
from sim.game.talks import not_written
from sim.kernels.base.tolerances import SAME_PLAY
from sim.scenario.corners import check_corners
from sim.scenario.fields import FormulaText, Label, Table, Text, label, mistake, validated
from sim.scenario.forms import FORMS, Draft, Reading, ScenarioForm
from sim.scenario.forms.tree import SECTIONS
from sim.scenario.names import Names, Roster, attempt
from sim.scenario.patience import Interval
from sim.scenario.payoffs import Entry, Formulas
from sim.scenario.positions import KeyPath
from sim.scenario.problems import Report, shown

__all__ = ["BargainingTable", "SideTable", "TypeTable", "build", "read"]

UNLIMITED = "unlimited"
REST = "rest"
MOST_TYPES = 24
Source = tuple[Any, KeyPath]


def counted_rounds(value: Any) -> int | None:
    """A whole number of rounds, or None for no end."""
    if value == UNLIMITED:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_ROUNDS:
        raise mistake(
            f'expected "{UNLIMITED}" or a whole number from 1 to {MOST_ROUNDS}, found {shown(value)}'
        )
    return value


class BargainingTable(Table):
    """Who makes offers, how long, and who may leave."""

    pie: Annotated[FormulaText, Field(description="what is divided")] = 1
    offers: Annotated[
        Text, Field(description='"alternating", "random", or the player who makes all offers')
    ] = "alternating"
    rounds: Annotated[
        Any,
        PlainValidator(counted_rounds),
        WithJsonSchema({"anyOf": [{"const": UNLIMITED}, {"type": "integer", "minimum": 1}]}),
        Field(description="number of rounds, or no end"),
    ] = None
    outside: Annotated[
        Text, Field(description='who may leave when: "after_rejecting", "any_time", "never"')
    ] = "after_rejecting"
    breakdown_risk: Annotated[
        FormulaText, Field(description="probability that a rejection ends the talks")
    ] = 0


class SideTable(Table):
    """What a side has without agreement, and how it weighs time."""

    discount: Annotated[FormulaText, Field(description="weight of the next round")]
    outside: Annotated[
        FormulaText, Field(description="what it gets when anybody leaves, or time is over")
    ] = 0
    breakdown: Annotated[FormulaText, Field(description="what it gets when talks break down")] = 0
    inside: Annotated[
        FormulaText, Field(description="what talks without agreement are worth to it, as a flow")
    ] = 0


class TypeTable(Table):
    """One type of a side: how likely it is, and in what it differs from the side's own table."""

    chance: Annotated[FormulaText, Field(description='how likely it is; "rest" is what the others leave')]
    outside: Annotated[FormulaText | None, Field(description="what it gets outside")] = None
    breakdown: Annotated[FormulaText | None, Field(description="what it gets when talks break down")] = None
    inside: Annotated[FormulaText | None, Field(description="what talks without agreement are worth")] = None
    obstinate: Annotated[FormulaText | None, Field(description="share that it insists on for ever")] = None


TRAITS = ("outside", "breakdown", "inside")
ALONE = {"pie": "pie", "risk": "breakdown_risk"}


@dataclass(frozen=True)
class Hidden:
    """The types of one player: labels, formulas ``(C, T)`` by name, the place of the rest, -1 if none, who insists."""

    player: str
    labels: tuple[str, ...]
    tables: dict[str, Formulas]
    rest: int
    insists: tuple[bool, ...]


@dataclass(frozen=True)
class Bargain:
    """What makes the game: formulas ``(C, n)`` and ``(C, 1)`` by name, the protocol, the types."""

    by_player: dict[str, Formulas]
    alone: dict[str, Formulas]
    table: BargainingTable
    hidden: tuple[Hidden, ...]


def sides(data: dict[str, Any], report: Report) -> Roster | None:
    """The table [players] of a bargain: names, of which each has one agent's placeholder for an action."""
    key: KeyPath = ("players",)
    if "players" not in data:
        report.add((), "players is missing; list who divides under [players]: NAME = { discount = 0.9 }")
        return None
    value = data["players"]
    if not isinstance(value, dict):
        report.add(key, f"expected a table of players, each with a discount, found {shown(value)}")
        return None
    if not 2 <= len(value) <= MOST_PLAYERS:
        report.add(
            key, f"lists {len(value)} player{'s' * (len(value) != 1)}; a bargain has 2 to {MOST_PLAYERS}"
        )
        return None
    before = len(report.found)
    for player in value:
        attempt(label, player, (*key, player), report)
        if player in PROTOCOLS:
            report.add((*key, player), f"{shown(player)} is a word of [bargaining]; choose another name")
    if len(report.found) > before:
        return None
    return Roster(tuple(value), (("talk",),) * len(value), ({},) * len(value))


def read(draft: Draft) -> Reading:
    """What each side has, who offers, and what is hidden."""
    roster, report = draft.roster, draft.report
    names = draft.names()
    for key, instead in (
        ("payoffs", "what each gets stands in [players]: discount, outside, breakdown"),
        ("outcomes", f"the outcomes of a bargain are fixed: {', '.join(RESULTS)}"),
    ):
        if key in draft.data:
            report.add((key,), f"a bargain has none; {instead}")
    own = {
        player: validated(SideTable, draft.data["players"][player], ("players", player), report)
        for player in roster.players
    }
    table: BargainingTable | None = draft.table
    protocol(table, roster, report)
    sources: dict[str, list[Source]] = {
        name: [
            (0 if own[player] is None else getattr(own[player], name), ("players", player, name))
            for player in roster.players
        ]
        for name in ("discount", *TRAITS)
    }
    patience = Interval(open=False)
    by_player = {
        name: column(found, names, draft, patience if name == "discount" else None)
        for name, found in sources.items()
    }
    alone = {}
    for name, written in ALONE.items():
        source = (1 if table is None else getattr(table, written), ("bargaining", written))
        alone[name] = column([source], names, draft, patience if name == "risk" else None)
    positive(alone["pie"], draft)
    pie: Source = (1 if table is None else table.pie, ("bargaining", "pie"))
    hidden = read_hidden(draft, names, sources, pie)
    reasons(draft, own, table, hidden)
    nothing = Entry(
        (slice(None),) * (1 + len(roster.players)), names.program.add("number", (), 0), ("players",)
    )
    shape = (len(roster.players), *roster.shape)
    outcomes = Outcomes(RESULTS, np.full(roster.shape, RESULTS.index("outside"), np.int64))
    details = None if table is None else Bargain(by_player, alone, table, hidden)
    return Reading(
        Formulas(names.program, shape, (nothing,)), outcomes, details,
        concept="perfect_bayesian" if hidden else None,
    )  # fmt: skip


def protocol(table: BargainingTable | None, roster: Roster, report: Report) -> None:
    """Words of [bargaining] that are none are reported."""
    if table is None:
        return
    if table.offers not in (*PROTOCOLS, *roster.players):
        report.unknown(("bargaining", "offers"), "protocol", table.offers, (*PROTOCOLS, *roster.players))
    if table.outside not in LEAVING:
        report.unknown(("bargaining", "outside"), "rule", table.outside, LEAVING)


def column(
    sources: Iterable[Source], names: Names, draft: Draft, interval: Interval | None = None
) -> Formulas:
    """Formulas ``(C, number of sources)``; at corners of the bounds they must be finite and lie in the interval."""
    given = list(sources)
    entries = []
    for place, (source, key) in enumerate(given):
        step = names.plain(source, key)
        if step is not None:
            entries.append(Entry((place,), step, key))
    formulas = Formulas(names.program, (len(given),), tuple(entries))
    if draft.sound:
        tried = check_corners(formulas, draft)
        for entry in entries if interval is not None and draft.sound else ():
            assert interval is not None
            numbers = tried.computed[:, entry.place[0]]
            wrong = np.flatnonzero(interval.excludes(numbers))
            if len(wrong):
                at = tried.at(int(wrong[0]), entry.step)
                draft.report.add(
                    entry.key, f"is {shown(float(numbers[wrong[0]]))} {at}; it must be {interval}"
                )
    return formulas


def positive(pie: Formulas, draft: Draft) -> None:
    """A pie that is nothing somewhere is reported."""
    if not draft.sound:
        return
    tried = check_corners(pie, draft)
    wrong = np.flatnonzero(tried.computed[:, 0] <= 0.0)
    if len(wrong):
        found, at = shown(float(tried.computed[wrong[0], 0])), tried.at(int(wrong[0]), pie.entries[0].step)
        draft.report.add(pie.entries[0].key, f"is {found} {at}; there must be something to divide")


def read_hidden(
    draft: Draft, names: Names, sources: dict[str, list[Source]], pie: Source
) -> tuple[Hidden, ...]:
    """The tables [types.PLAYER]."""
    given, report, players = draft.data.get("types", {}), draft.report, draft.roster.players
    if not isinstance(given, dict):
        report.add(("types",), f"expected tables [types.PLAYER], found {shown(given)}")
        return ()
    result = []
    for player, types in given.items():
        key: KeyPath = ("types", player)
        if player not in players:
            report.unknown(key, "player", player, players)
            continue
        if not isinstance(types, dict) or not 1 <= len(types) <= MOST_TYPES:
            found = f"{len(types)} types" if isinstance(types, dict) else shown(types)
            report.add(key, f"expected 1 to {MOST_TYPES} types {{ chance = ..., ... }}, found {found}")
            continue
        tables = validated(dict[Label, TypeTable], types, key, report)
        if tables is not None:
            own = {name: sources[name][players.index(player)] for name in TRAITS}
            result.append(one_side(player, tables, own, pie, names, draft))
    return tuple(result)


def one_side(
    player: str, tables: dict[str, TypeTable], own: dict[str, Source], pie: Source, names: Names, draft: Draft
) -> Hidden:
    """The types of one player, with what the player has where a type says nothing."""
    key: KeyPath = ("types", player)
    rest = [place for place, table in enumerate(tables.values()) if table.chance == REST]
    if len(rest) > 1:
        draft.report.add(key, f'several types have chance = "{REST}"; one takes what the others leave')
    stubborn = [word for word, table in tables.items() if table.obstinate is not None]
    if len(stubborn) == len(tables):
        draft.report.add(
            key, f"all {len(tables)} types are obstinate; one must reason: leave out its obstinate"
        )
    chance = [
        (0 if table.chance == REST else table.chance, (*key, word, "chance"))
        for word, table in tables.items()
    ]
    found = {"chance": column(chance, names, draft, Interval(open=False))}
    for name in TRAITS:
        each = [
            own[name] if getattr(table, name) is None else (getattr(table, name), (*key, word, name))
            for word, table in tables.items()
        ]
        found[name] = column(each, names, draft)
    if stubborn:
        insists = [
            (0 if table.obstinate is None else table.obstinate, (*key, word, "obstinate"))
            for word, table in tables.items()
        ]
        found["obstinate"] = column(insists, names, draft)
        check_demands([source for source in insists if source[1][-2] in stubborn], pie, names, draft)
    check_sum(found["chance"], rest, key, draft)
    insist = tuple(table.obstinate is not None for table in tables.values())
    return Hidden(player, tuple(tables), found, rest[0] if rest else -1, insist)


def check_demands(insists: list[Source], pie: Source, names: Names, draft: Draft) -> None:
    """What an obstinate type insists on leaves something to both at corners of the bounds."""
    if not draft.sound:
        return
    both = column([*insists, pie], names, draft)
    tried = check_corners(both, draft)
    for entry in both.entries:
        place = entry.place[0]
        if place == len(insists):
            continue
        share, whole = tried.computed[:, place], tried.computed[:, -1]
        wrong = np.flatnonzero(~((share > 0.0) & (share < whole)))
        if len(wrong):
            from sim.scenario.corners import where

            at = where(tried.values, int(wrong[0]), tried.values)
            found = shown(float(share[wrong[0]]))
            draft.report.add(
                entry.key,
                f"is {found} {at}, of a pie of {shown(float(whole[wrong[0]]))}; what a type insists on must be above 0 and "
                "below the pie",
            )


def check_sum(chance: Formulas, rest: list[int], key: KeyPath, draft: Draft) -> None:
    """Chances add up to one at corners of the bounds, or leave something for the rest."""
    if not draft.sound:
        return
    tried = check_corners(chance, draft)
    total = tried.computed.sum(axis=-1)
    wrong = np.flatnonzero(total > 1.0 + SAME_PLAY if rest else np.abs(total - 1.0) > SAME_PLAY)
    if len(wrong):
        used = [name for name in tried.values if name in chance.parameters]
        from sim.scenario.corners import where

        at = where(tried.values, int(wrong[0]), used)
        draft.report.add(
            key,
            f'chances add up to {shown(float(total[wrong[0]]))} {at}; they must add up to 1: "{REST}" takes the rest',
        )


def reasons(
    draft: Draft, own: dict[str, Any], table: BargainingTable | None, hidden: tuple[Hidden, ...]
) -> None:
    """Bargains that nobody has solved yet are reported where they are written."""
    if table is None or not draft.sound:
        return
    flows = [("players", player, "inside") for player, side in own.items() if side.inside != 0]
    if flows and (table.outside != "never" or table.rounds is None):
        draft.report.add(
            flows[0],
            "flows during talks are solved where nobody leaves before the end: "
            '[bargaining] outside = "never" and a whole number of rounds',
        )
    players = draft.roster.players
    problem = not_written(
        table.offers, table.rounds, table.outside, players,
        [(players.index(each.player), any(each.insists)) for each in hidden],
    )  # fmt: skip
    if problem:
        key, message = problem
        draft.report.add((key,) if key == "types" else ("bargaining", key), message)


def build(reading: Reading, roster: Roster, values: dict[str, Any], cells: int) -> Bargaining:
    """The batch of bargains at the given parameters."""
    bargain: Bargain = reading.details
    given: dict[str, Any] = {name: table.evaluate(values, cells) for name, table in bargain.by_player.items()}
    given |= {name: table.evaluate(values, cells)[:, 0] for name, table in bargain.alone.items()}
    types = {each.player: drawn(each, values, cells) for each in bargain.hidden}
    return Bargaining(
        roster.players, **given, offers=bargain.table.offers, rounds=bargain.table.rounds,
        leaving=bargain.table.outside, types=types, outcomes=reading.named,
    )  # fmt: skip


def drawn(hidden: Hidden, values: dict[str, Any], cells: int) -> dict[str, dict[str, Floats]]:
    """The types of a player as :class:`Bargaining` takes them."""
    tables = {name: table.evaluate(values, cells) for name, table in hidden.tables.items()}
    if hidden.rest >= 0:
        tables["chance"][:, hidden.rest] = np.maximum(1.0 - tables["chance"].sum(axis=-1), 0.0)
    result = {
        word: {name: table[:, t] for name, table in tables.items()} for t, word in enumerate(hidden.labels)
    }
    for own, insists in zip(result.values(), hidden.insists, strict=True):
        if not insists:
            own.pop("obstinate", None)
    return result


FORMS.add(
    "bargaining",
    ScenarioForm(read, build, BargainingTable, sections={"types": SECTIONS["types"]}, roster=sides),
)
