"""The tables [types.PLAYER], [types.joint], [chance.NAME] and [moves.NAME]: what is decided on the way, by whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from sim.expression import FormulaError, is_numeral, parse
from sim.scenario.fields import label, mistake, name, number
from sim.scenario.names import MOST_PLAYERS, Roster, attempt
from sim.scenario.positions import KeyPath
from sim.scenario.problems import Report, shown

__all__ = ["REST", "MovesInOrder", "Turn", "read_drawn_types", "read_players", "read_turns"]

REST = "rest"
JOINT = "joint"
CHANCE = -1
SEES = "a list [ ... ] of what is seen: names of earlier moves, of draws, or of players whose type is seen"
MOST_WAYS = 1000


@dataclass(frozen=True)
class Turn:
    """Something that is decided on the way: ``labels`` are what may come of it.

    ``player`` decides, by position, or chance (-1), with the formulas ``chance``, ``"rest"`` one of them.  ``traits``
    are for each label a number or the text of a formula.  A turn that is the type of a player is named after him.
    ``sees`` None: all earlier moves.
    """

    name: str
    key: KeyPath
    labels: tuple[str, ...]
    traits: dict[str, tuple[Any, ...]]
    player: int = CHANCE
    chance: tuple[Any, ...] = ()
    when: str | None = None
    sees: tuple[str, ...] | None = None

    def numeric(self, trait: str) -> bool:
        """Whether a trait is plain numbers."""
        return all(not isinstance(value, str) for value in self.traits[trait])


@dataclass(frozen=True)
class MovesInOrder:
    """Who draws a type, what else chance draws, and the moves in the order of play; ``joint`` by combination of types."""

    types: tuple[Turn, ...]
    draws: tuple[Turn, ...]
    moves: tuple[Turn, ...]
    joint: dict[tuple[int, ...], Any] = field(default_factory=dict)

    def each(self) -> Iterator[Turn]:
        """All of them."""
        yield from (*self.types, *self.draws, *self.moves)


def read_players(data: Mapping[str, Any], report: Report) -> Roster | None:
    """Who plays: the list ``players``, or else whoever has types or moves, in the order of the file."""
    given = data.get("players")
    if given is None:
        types, moves = data.get("types"), data.get("moves")
        found = [player for player in types if player != JOINT] if isinstance(types, dict) else []
        for move in moves.values() if isinstance(moves, dict) else ():
            found += [move["player"]] if isinstance(move, dict) and "player" in move else []
        players = list(dict.fromkeys(player for player in found if isinstance(player, str)))
    elif not isinstance(given, list):
        report.add(
            ("players",),
            f'expected a list of names, as ["Russia", "NATO"], found {shown(given)}; what each can do stands in [moves]',
        )
        return None
    else:
        players = given
    before = len(report.found)
    for position, player in enumerate(players[: MOST_PLAYERS + 1]):
        key: KeyPath = ("players", position) if given is not None else ("types", player)
        attempt(label, player, key, report)
        if player == JOINT:
            report.add(key, f"{shown(JOINT)} cannot be a player; [types.{JOINT}] has a meaning of its own")
        if player in players[:position]:
            report.add(key, f"player {shown(player)} is listed twice")
    if not 1 <= len(players) <= MOST_PLAYERS:
        where: KeyPath = ("players",) if given is not None else ("moves",)
        report.add(where, f"there are {len(players)} players; a tree has 1 to {MOST_PLAYERS}")
    if len(report.found) > before:
        return None
    return Roster(tuple(players), ((),) * len(players), ({},) * len(players))


def read_drawn_types(
    data: Mapping[str, Any], players: tuple[str, ...], report: Report
) -> MovesInOrder | None:
    """Types alone, of those who choose once and at the same time; None where they are mistaken."""
    before = len(report.found)
    reader = TurnReader(players, report)
    types = tuple(reader.types(reader.table(data, "types")))
    turns = MovesInOrder(types, (), (), reader.joint(types, reader.table(data, "types").get(JOINT)))
    reader.check_names(turns)
    return turns if len(report.found) == before else None


def read_turns(data: Mapping[str, Any], players: tuple[str, ...], report: Report) -> MovesInOrder | None:
    """Types, draws and moves; None where they are mistaken."""
    before = len(report.found)
    reader = TurnReader(players, report)
    types = tuple(reader.types(reader.table(data, "types")))
    joint = reader.joint(types, reader.table(data, "types").get(JOINT))
    draws = tuple(reader.draws(reader.table(data, "chance")))
    moves = tuple(reader.moves(reader.table(data, "moves")))
    turns = MovesInOrder(types, draws, moves, joint)
    if "moves" not in data:
        report.add(
            (),
            "moves is missing; say who moves and what can be done under [moves.NAME], in the order of play",
        )
    elif not moves and len(report.found) == before:
        report.add(("moves",), "there are no moves; a game has at least one")
    reader.check_names(turns)
    for position, move in enumerate(moves):
        reader.check_sees(turns, position, move)
    return turns if len(report.found) == before else None


@dataclass(frozen=True)
class TurnReader:
    """Reads the tables of turns; what is mistaken is reported and left out."""

    players: tuple[str, ...]
    report: Report

    def table(self, data: Mapping[str, Any], key: str) -> dict[str, Any]:
        """A table of tables."""
        value = data.get(key, {})
        if isinstance(value, dict):
            return value
        self.report.add((key,), f"expected tables [{key}.NAME], found {shown(value)}")
        return {}

    def types(self, tables: dict[str, Any]) -> Iterator[Turn]:
        """The types of players, in the order of players."""
        for player in tables:
            if player not in self.players and player != JOINT:
                self.report.unknown(("types", player), "player", player, self.players)
        together = JOINT in tables
        for player in self.players:
            if player in tables:
                turn = self.lots(player, tables[player], ("types", player), together=together)
                if turn is not None:
                    yield turn

    def draws(self, tables: dict[str, Any]) -> Iterator[Turn]:
        """What chance draws on the way."""
        for draw, table in tables.items():
            attempt(label, draw, ("chance", draw), self.report)
            turn = self.lots(draw, table, ("chance", draw))
            if turn is not None:
                yield turn

    def lots(self, called: str, table: Any, key: KeyPath, *, together: bool = False) -> Turn | None:
        """What chance may bring, each with its chance and its traits; ``together``: [types.joint] has the chances."""
        wanted = (
            "{ name = { trait = number, ... }, ... }"
            if together
            else "{ name = { chance = formula, ... }, ... }"
        )
        if not isinstance(table, dict) or not table:
            self.report.add(key, f"expected a table {wanted}, found {shown(table)}")
            return None
        when = self.condition(table, key) if key[0] == "chance" else None
        ways = {word: value for word, value in table.items() if key[0] != "chance" or word != "when"}
        traits = self.ways(ways, key, ("chance",), wanted)
        chance: list[Any] = []
        for word, value in ways.items():
            given = value.get("chance") if isinstance(value, dict) else None
            if together and given is not None:
                self.report.add(
                    (*key, word, "chance"), f"stands in [types.{JOINT}] already, for each combination"
                )
            elif not together and given is None and isinstance(value, dict):
                self.report.add((*key, word), 'chance is missing: a number, a formula, or "rest"')
            chance.append(given)
        self.one_rest(chance, [(*key, word, "chance") for word in ways])
        return Turn(called, key, tuple(ways), traits, chance=tuple(chance), when=when)

    def one_rest(self, chance: list[Any], keys: list[KeyPath]) -> None:
        """At most one takes the rest."""
        rest = [key for source, key in zip(chance, keys, strict=True) if source == REST]
        for key in rest[1:]:
            self.report.add(key, f"only one can take the rest; {shown(rest[0][-2])} does")

    def joint(self, types: tuple[Turn, ...], table: Any) -> dict[tuple[int, ...], Any]:
        """Chances of combinations of types, by their positions."""
        if table is None or not types:
            return {}
        key: KeyPath = ("types", JOINT)
        if not isinstance(table, dict):
            self.report.add(key, f'expected a chance for each combination, as "{self.example(types)}" = 0.2')
            return {}
        wanted = {
            ", ".join(turn.labels[t] for turn, t in zip(types, combination, strict=True)): combination
            for combination in product(*(range(len(turn.labels)) for turn in types))
        }
        given = {", ".join(part.strip() for part in word.split(",")): word for word in table}
        for words, word in given.items():
            if words not in wanted:
                self.report.unknown(
                    (*key, word), "combination of types", word, wanted, "combinations of types"
                )
        missing = [words for words in wanted if words not in given]
        if missing and all(words in wanted for words in given):
            self.report.add(key, f"nothing for {shown(missing[0], chr(34))}; write 0 for what never occurs")
        self.one_rest([table[word] for word in given.values()], [(*key, word, "") for word in given.values()])
        return {wanted[words]: table[word] for words, word in given.items() if words in wanted}

    def example(self, types: tuple[Turn, ...]) -> str:
        """One combination of types as it is written."""
        return ", ".join(turn.labels[0] for turn in types)

    def moves(self, tables: dict[str, Any]) -> Iterator[Turn]:
        """The moves, in the order of play."""
        for move, table in tables.items():
            key: KeyPath = ("moves", move)
            attempt(label, move, key, self.report)
            wanted = '{ player = "...", action = { trait = number, ... }, ... }'
            if not isinstance(table, dict):
                self.report.add(key, f"expected a table {wanted}, found {shown(table)}")
                continue
            player = table.get("player")
            if player is None:
                self.report.add(key, f"player is missing: who moves, one of {', '.join(self.players)}")
            elif player not in self.players:
                self.report.unknown((*key, "player"), "player", player, self.players)
            when, sees = self.condition(table, key), self.sees(table, key)
            ways = {word: value for word, value in table.items() if word not in ("player", "when", "sees")}
            if not ways:
                self.report.add(key, "has no actions; a move has at least one, as hold = { war = 0 }")
            traits = self.ways(ways, key, (), "{ trait = number, ... }, or {} where it has none")
            if player in self.players:
                yield Turn(move, key, tuple(ways), traits, self.players.index(player), when=when, sees=sees)

    def condition(self, table: dict[str, Any], key: KeyPath) -> str | None:
        """The text of ``when``."""
        when = table.get("when")
        if when is None or isinstance(when, str):
            return when
        self.report.add((*key, "when"), f"expected a condition on traits in quotes, found {shown(when)}")
        return None

    def sees(self, table: dict[str, Any], key: KeyPath) -> tuple[str, ...] | None:
        """What is seen, None where all earlier moves are."""
        sees = table.get("sees")
        if sees is None:
            return None
        if not isinstance(sees, list) or any(not isinstance(word, str) for word in sees):
            self.report.add((*key, "sees"), f"expected {SEES}; found {shown(sees)}")
            return None
        return tuple(sees)

    def ways(
        self, ways: Mapping[str, Any], key: KeyPath, other: tuple[str, ...], wanted: str
    ) -> dict[str, tuple[Any, ...]]:
        """The traits of what may come; each has all of them.  ``other`` keys have a meaning of their own."""
        rows: dict[str, dict[str, Any]] = {}
        if len(ways) > MOST_WAYS:
            self.report.add(key, f"has {len(ways)} possibilities; there are at most {MOST_WAYS}")
            return {}
        for word, value in ways.items():
            attempt(label, word, (*key, word), self.report)
            if not isinstance(value, dict):
                self.report.add((*key, word), f"expected a table {wanted}, found {shown(value)}")
                continue
            rows[word] = {trait: item for trait, item in value.items() if trait not in other}
        every: dict[str, str] = {trait: word for word, row in rows.items() for trait in row}
        result: dict[str, list[Any]] = {trait: [] for trait in every}
        for word, row in rows.items():
            for trait, having in every.items():
                if trait not in row:
                    self.report.add((*key, word), f"trait {shown(trait)} is missing; {shown(having)} has it")
                else:
                    attempt(name, trait, (*key, word, trait), self.report)
                    result[trait].append(attempt(trait_value, row[trait], (*key, word, trait), self.report))
        return {trait: tuple(values) for trait, values in result.items()}

    def check_names(self, turns: MovesInOrder) -> None:
        """Names of moves and draws, and traits, are each those of one thing."""
        seen: dict[str, str] = {turn.name: "player" for turn in turns.types} | dict.fromkeys(
            self.players, "player"
        )
        for kind, group in (("draw", turns.draws), ("move", turns.moves)):
            for turn in group:
                if turn.name in seen:
                    self.report.add(
                        turn.key, f"{shown(turn.name)} is already the name of a {seen[turn.name]}"
                    )
                seen[turn.name] = kind
        owner: dict[str, str] = {}
        for turn in turns.each():
            for trait in turn.traits:
                if trait in owner:
                    self.report.add(
                        (*turn.key, turn.labels[0], trait),
                        f"trait {shown(trait)} already belongs to {owner[trait]}; formulas could not tell them apart",
                    )
                owner[trait] = ".".join(map(str, turn.key))

    def check_sees(self, turns: MovesInOrder, position: int, move: Turn) -> None:
        """What a move sees comes before it."""
        earlier = [turn.name for turn in (*turns.types, *turns.draws, *turns.moves[:position])]
        known = [turn.name for turn in turns.each()]
        for place, word in enumerate(move.sees or ()):
            key: KeyPath = (*move.key, "sees", place)
            if word == move.name or (word in known and word not in earlier):
                self.report.add(
                    key,
                    f"{shown(word)} does not come before {shown(move.name)}; moves are in the order of play",
                )
            elif word in self.players and word not in earlier:
                self.report.add(key, f"{shown(word)} has no types that could be seen")
            elif word not in earlier:
                self.report.unknown(key, "move, draw or player", word, earlier, "what comes earlier")


def trait_value(value: Any) -> Any:
    """A number, or the text of a formula."""
    if isinstance(value, str) and not is_numeral(value):
        try:
            parse(value)
        except FormulaError as error:
            raise mistake(f"{shown(value)}: {error}") from None
        return value
    return number(value)


def used_names(source: Any, lets: Mapping[str, Any]) -> set[str]:
    """All names that a formula rests on, those of [let] followed; none where it is mistaken."""
    found: set[str] = set()
    ahead: list[Any] = [source]
    while ahead:
        try:
            words: Iterable[str] = parse(ahead.pop()).names
        except (FormulaError, TypeError):
            continue
        for word in words:
            if word not in found:
                found.add(word)
                if isinstance(lets.get(word), str):
                    ahead.append(lets[word])
    return found
