r"""Gambit's game trees, ``.efg``: read and write, numbers exact, errors with line and column.

A file is ``EFG 2 R "title" { "P1" "P2" }``, an optional quoted comment, and the nodes in preorder:

* ``c "name" SET "label" { "left" 1/3 "right" 2/3 } OUTCOME``: chance moves;
* ``p "name" PLAYER SET "label" { "left" "right" } OUTCOME``: a player moves, numbered from 1;
* ``t "name" OUTCOME``: play ends.

``SET`` numbers what cannot be told apart, by player; label and actions may be left out where the set has been seen.
``OUTCOME`` is 0, or a number, and where it is new ``"label" { payoff, payoff }``; payoffs on the way to an end add up.

How names are kept: the label of a set is its agent's behind the player's name (``NATO@build_up``; the bare player where
it is empty), the name of the nodes of a set says what is decided there (without the ``#2`` that tells nodes apart, which
Gambit asks for), the labels of outcomes are outcomes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from sim.expression.numbers import Number, fraction, numbers_as_written, written
from sim.forms.tree import Tree, path_outcomes
from sim.game import Agent, Game, Integers, Outcomes
from sim.game.tree_shape import CHANCE, END, Event, ForgottenError, Shape
from sim.interchange.files import FileError, read_file
from sim.interchange.gambit import (
    MOST_PAYOFFS,
    NUMBER_TEXT,
    GambitError,
    TextReader,
    distinct,
    quoted,
    unescaped,
)

__all__ = ["EfgError", "EfgFile", "FormulaAt", "format_efg", "parse_efg", "read_efg", "write_efg"]

MOST_NODES = 20_000
MOST_MOVES = 200  # on one path: what happened before each node is told in words

BRACED = re.compile(r"\{((?:[^{}\"]|\"(?:[^\"\\]|\\.)*\")*)\}", re.DOTALL)
LOT = re.compile(r"\s*\"((?:[^\"\\]|\\.)*)\"[\s,]*(\"[^\"]*\"|[^\"]*[^\"\s,]|)[\s,]*", re.DOTALL)
PIECE = re.compile(r"\"[^\"]*\"|[^\s,]+")
NUMBERED = re.compile(r" #\d+$")  # what tells nodes of one name apart
KINDS = {"c": "chance moves", "p": "a player moves", "t": "play ends"}
FORMULAS = 'formulas are read where a scenario names the file: form = "tree", efg = "game.efg"'


class EfgError(GambitError):
    """What is wrong with the file of a tree: ``file:line:column: what was found, what is allowed``."""


class FormulaAt(NamedTuple):
    """A formula in place of a number, and where it stands."""

    text: str
    at: int


Entry = Number | FormulaAt


class Result(NamedTuple):
    """An outcome as the file has it."""

    label: str
    payoffs: tuple[Entry, ...]
    at: int


@dataclass
class Group:
    """What cannot be told apart: of chance (player -1) with probabilities, whose columns begin at ``first``."""

    player: int
    number: int
    label: str
    actions: tuple[str, ...]
    lots: tuple[Entry, ...]
    at: int
    first: int = 0


@dataclass(frozen=True)
class EfgFile:
    """A tree with its title and comment.

    ``numbers (n, Z)`` are its payoffs and ``chance (E)`` its probabilities as they were written.  Where formulas are
    asked for these are among the probabilities, and in ``numbers`` 0; ``results`` are outcomes by their numbers, and
    ``passed (Z)`` the numbers on the way to each end, whose payoffs add up.
    """

    title: str
    comment: str
    players: tuple[str, ...]
    shape: Shape
    outcomes: Outcomes
    numbers: NDArray[Any]
    chance: tuple[Entry, ...]
    results: dict[int, Result]
    passed: tuple[tuple[int, ...], ...]

    @cached_property
    def game(self) -> Tree:
        """The tree, a batch of one, of a file without formulas."""
        chance = numbers_as_written([list(self.chance)]) if self.chance else np.empty((1, 0))
        return Tree(self.numbers[np.newaxis], self.players, self.shape, chance, self.outcomes)


class TreeReader:
    """Reads nodes in preorder and notes what it meets."""

    def __init__(self, reader: TextReader, players: tuple[str, ...], *, formulas: bool) -> None:
        self.reader, self.players, self.formulas = reader, players, formulas
        self.parent: list[int] = []
        self.way: list[int] = []  # the position of the action above
        self.group: list[Group | None] = []
        self.names: list[str] = []
        self.places: list[int] = []
        self.outcome: list[int] = []
        self.groups: dict[tuple[int, int], Group] = {}
        self.results: dict[int, Result] = {}
        self.columns = 0

    def read(self) -> None:
        """Every node, with a stack of its own: trees may be deeper than calls may be."""
        reader = self.reader
        ahead: list[tuple[int, int]] = [(-1, 0)]
        depth: list[int] = []
        while ahead:
            if reader.next.kind == "end":
                reader.fail(f"the file ends, and {len(ahead)} more of its branches should follow")
            above, way = ahead.pop()
            node = len(self.parent)
            depth.append(depth[above] + 1 if node else 0)
            if node == MOST_NODES:
                reader.fail(f"has more than {MOST_NODES} nodes; at most so many are read")
            if depth[node] > MOST_MOVES:
                reader.fail(f"comes after {depth[node]} moves; at most {MOST_MOVES} follow on each other")
            self.parent.append(above)
            self.way.append(way)
            group = self.node()
            self.group.append(group)
            if group is not None:
                ahead += [(node, a) for a in range(len(group.actions) - 1, -1, -1)]
        if reader.next.kind != "end":
            reader.fail(
                f"expected the end of the file, as every branch has come to its end; found {reader.next.text[:40]!r}"
            )

    def node(self) -> Group | None:
        """One node: what moves there, None where play ends."""
        reader = self.reader
        token = reader.next
        if token.kind != "word" or token.text not in KINDS:
            listed = ", ".join(f"{kind!r} ({words})" for kind, words in KINDS.items())
            reader.fail(f"expected a node, which begins with {listed}; found {token.text[:40]!r}")
        kind = reader.take("word", "a node").text
        self.places.append(token.at)
        self.names.append(reader.label("the quoted name of the node"))
        group = None
        if kind == "c":
            group = self.set(-1)
        elif kind == "p":
            at = reader.next.at
            player = reader.whole("the number of a player")
            if not 1 <= player <= len(self.players):
                reader.fail(f"there is no player {player}; they are numbered 1 to {len(self.players)}", at)
            group = self.set(player - 1)
        self.outcome.append(self.ending())
        return group

    def set(self, player: int) -> Group:
        """What cannot be told apart from this node, defined here or before."""
        reader = self.reader
        at = reader.next.at
        number = reader.whole("the number of an information set")
        who = "chance" if player < 0 else quoted(self.players[player])
        label = reader.label("a label") if reader.next.kind == "text" else None
        known = self.groups.get((player, number))
        lots: tuple[Entry, ...] = ()
        if reader.is_brace("{"):
            inside = reader.next.at
            if player < 0:
                actions, lots = self.lots()
            else:
                actions = distinct(reader.labels("action"), "action")
            if not actions:
                reader.fail("a move has at least one action", inside)
        elif known is None:
            reader.fail(
                f"information set {number} of {who} is new; expected its actions in braces, "
                f"found {reader.next.text[:40]!r}"
            )
        else:
            actions, lots = known.actions, known.lots
        if known is None:
            known = Group(player, number, label or "", actions, lots, at, self.columns)
            self.groups[player, number] = known
            self.columns += len(lots)
            return known
        for what, here, before in (
            ("the label", known.label if label is None else label, known.label),
            ("the actions", actions, known.actions),
            ("the probabilities", plain(lots), plain(known.lots)),
        ):
            if here != before:
                line, _ = reader.place(known.at)
                reader.fail(
                    f"information set {number} of {who} has {what} {told(here)} here and {told(before)} on line "
                    f"{line}; who cannot tell two nodes apart can do the same at both",
                    at,
                )
        return known

    def braced(self, what: str) -> tuple[str, int]:
        """What stands between the next braces, and where it begins."""
        reader = self.reader
        if not reader.is_brace("{"):
            reader.fail(f"expected {what} in braces, found {reader.next.text[:40]!r}")
        start = reader.next.at
        match = BRACED.match(reader.text, start)
        if match is None:
            reader.fail(f"{what} are not closed by '}}'", start)
        reader.go_to(match.end())
        return match[1], start + 1

    def lots(self) -> tuple[tuple[str, ...], tuple[Entry, ...]]:
        """Labels with their probabilities, which add up to 1."""
        begin = self.reader.next.at
        content, start = self.braced("what chance may bring, each with its probability,")
        labels: list[str] = []
        lots: list[Entry] = []
        at = 0
        while content[at:].strip():
            match = LOT.match(content, at)
            if match is None:
                skipped = len(content[at:]) - len(content[at:].lstrip())
                self.reader.fail(
                    f"expected a quoted label, found {content[at + skipped :][:40]!r}", start + at + skipped
                )
            labels.append(unescaped(match[1]))
            lots.append(self.entry(match[2], start + match.start(2), f"the probability of {match[1][:40]!r}"))
            if not isinstance(lots[-1], FormulaAt) and not 0 <= lots[-1] <= 1:
                self.reader.fail(
                    f"expected a probability from 0 to 1, found {match[2][:40]}", start + match.start(2)
                )
            at = match.end()
        numbers = [fraction(lot) for lot in lots if not isinstance(lot, FormulaAt)]
        if lots and len(numbers) == len(lots) and sum(numbers) != 1:
            listed = ", ".join(map(str, numbers[:10]))
            self.reader.fail(f"probabilities {listed} add up to {sum(numbers)}, not to 1", begin)
        return distinct(labels, "way"), tuple(lots)

    def ending(self) -> int:
        """The number of the outcome that is reached here, 0 where there is none; a new one is noted."""
        reader = self.reader
        at = reader.next.at
        number = reader.whole("the number of an outcome, 0 for none,")
        label = reader.label("a label") if reader.next.kind == "text" else None
        payoffs = self.payoffs() if reader.is_brace("{") else None
        if number == 0:
            if label or payoffs is not None:
                reader.fail("0 is no outcome, and has neither label nor payoffs; number it from 1", at)
            return 0
        known = self.results.get(number)
        if known is None:
            if payoffs is None:
                reader.fail(f"outcome {number} is new; expected its payoffs in braces", at)
            self.results[number] = Result(label or "", payoffs, at)
            return number
        for what, here, before in (
            ("the label", known.label if label is None else label, known.label),
            ("the payoffs", plain(known.payoffs if payoffs is None else payoffs), plain(known.payoffs)),
        ):
            if here != before:
                line, _ = reader.place(known.at)
                reader.fail(
                    f"outcome {number} has {what} {told(here)} here and {told(before)} on line {line}", at
                )
        return number

    def payoffs(self) -> tuple[Entry, ...]:
        """A payoff for each player."""
        begin, count = self.reader.next.at, len(self.players)
        content, start = self.braced("payoffs")
        found = list(self.pieces(content))
        if len(found) != count:
            self.reader.fail(
                f"expected {count} payoff{'s' * (count != 1)}, one for each player, found {len(found)}", begin
            )
        return tuple(
            self.entry(text, start + at, f"the payoff of {quoted(self.players[i])}")
            for i, (text, at) in enumerate(found)
        )

    def pieces(self, content: str) -> Iterator[tuple[str, int]]:
        """Numbers, texts in quotes, or formulas with commas between them, with their places."""
        words = list(PIECE.finditer(content))
        if not self.formulas or all(NUMBER_TEXT.fullmatch(word[0]) or word[0][0] == '"' for word in words):
            yield from ((word[0], word.start()) for word in words)
            return
        depth, cuts = 0, [-1]
        for at, sign in enumerate(content):
            depth += (sign == "(") - (sign == ")")
            if sign == "," and depth == 0:
                cuts.append(at)
        for before, after in pairwise([*cuts, len(content)]):
            piece = content[before + 1 : after]
            if piece.strip():
                yield piece.strip(), before + 1 + len(piece) - len(piece.lstrip())

    def entry(self, text: str, at: int, what: str) -> Entry:
        """A number, or a formula where there may be one."""
        if not NUMBER_TEXT.fullmatch(text) and not (self.formulas and text.strip('" ')):
            found = f"{text[:40]!r}; {FORMULAS}" if text else "nothing"
            self.reader.fail(f"expected {what}, a number, found {found}", at)
        return self.reader.value(text, at) if NUMBER_TEXT.fullmatch(text) else FormulaAt(text.strip('"'), at)

    def shape(self) -> tuple[Shape, tuple[tuple[int, ...], ...]]:
        """The tree, and the numbers of outcomes on the way to each end."""
        parent = np.array(self.parent, dtype=np.int64)
        agents, place = self.agents()
        agent = np.array(
            [END if own is None else CHANCE if own.player < 0 else place[id(own)] for own in self.group]
        )
        edge = np.zeros(len(parent), dtype=np.int64)
        passed: list[tuple[int, ...]] = []
        for v, above in enumerate(self.parent):
            own = self.group[above] if above >= 0 else None
            edge[v] = self.way[v] + (own.first if own is not None and own.player < 0 else 0)
            passed.append((passed[above] if above >= 0 else ()) + (self.outcome[v],) * (self.outcome[v] > 0))
        try:
            shape = Shape(parent, edge, agent.astype(np.int64), self.events(), agents)
        except ForgottenError as error:
            first, other = (self.reader.place(self.places[v])[0] for v in error.nodes)
            self.reader.fail(f"{error} (lines {first} and {other})", self.places[max(error.nodes)])
        except ValueError as error:
            self.reader.fail(str(error), self.places[0])
        return shape, tuple(passed[v] for v in shape.ends.tolist())

    def numbers(self, ends: list[int], passed: tuple[tuple[int, ...], ...]) -> NDArray[Any]:
        """Payoffs at ends ``(n, Z)``: exact sums of those on the way; formulas count as 0."""
        payoffs = {
            number: [0.0 if isinstance(entry, FormulaAt) else entry for entry in result.payoffs]
            for number, result in self.results.items()
        }
        columns = []
        for v, numbers in zip(ends, passed, strict=True):
            if len(numbers) == 1:
                columns.append(payoffs[numbers[0]])
                continue
            parts = zip(*(payoffs[number] for number in numbers), strict=True)
            try:
                sums = [written(sum(map(fraction, part), start=fraction(0.0))) for part in parts]
            except OverflowError:
                self.reader.fail(
                    "payoffs on the way to this end add up to more than a float holds", self.places[v]
                )
            columns.append(sums or [0.0] * len(self.players))
        return numbers_as_written([list(row) for row in zip(*columns, strict=True)])

    def events(self) -> tuple[tuple[Event, ...], ...]:
        """What happens on the way into each node: what is decided above, by its name, and what comes of it."""
        called: dict[int, set[str]] = {}
        for own, name in zip(self.group, self.names, strict=True):
            if own is not None:
                called.setdefault(id(own), set()).add(NUMBERED.sub("", name))
        ways: dict[int, list[tuple[Event, ...]]] = {}
        for own in self.groups.values():
            names = called[id(own)]
            name = names.pop() if len(names) == 1 else ""
            sources = name.split(", ")
            parts = [label.split(", ") for label in own.actions]
            if own.player < 0 and len(sources) > 1 and all(len(part) == len(sources) for part in parts):
                ways[id(own)] = [tuple(zip(sources, part, strict=True)) for part in parts]
            else:
                source = name or ("chance" if own.player < 0 else self.players[own.player])
                ways[id(own)] = [((source, label),) for label in own.actions]
        result: list[tuple[Event, ...]] = [()]
        result += [
            ways[id(self.group[above])][way] for above, way in zip(self.parent[1:], self.way[1:], strict=True)
        ]
        return tuple(result)

    def agents(self) -> tuple[tuple[Agent, ...], dict[int, int]]:
        """Information sets with their labels: by number, or where two players use one as play comes to them."""
        depth: list[int] = []
        met: dict[int, tuple[int, int]] = {}
        for above, own in zip(self.parent, self.group, strict=True):
            depth.append(depth[above] + 1 if above >= 0 else 0)
            if own is not None and own.player >= 0:
                before = met.get(id(own), (depth[-1], len(met)))
                met[id(own)] = min(depth[-1], before[0]), before[1]
        sets = [own for own in self.groups.values() if own.player >= 0]
        numbers = Counter(own.number for own in sets)
        if len(numbers) == len(sets):
            sets.sort(key=lambda own: own.number)
        else:
            sets.sort(key=lambda own: met[id(own)])
        unnamed = Counter(own.player for own in sets if not own.label)
        taken: set[str] = set()
        result = []
        for own in sets:
            player = self.players[own.player]
            label = label_of(player, own.label)
            if not own.label and unnamed[own.player] > 1:
                label = f"{player}@{own.number}"
            while label in taken:
                label = f"{label} ({own.number})"
            taken.add(label)
            result.append(Agent(own.player, label, own.actions))
        return tuple(result), {id(own): h for h, own in enumerate(sets)}

    def outcomes(self, shape: Shape) -> Outcomes:
        """Outcomes by their labels, in the order of their numbers; each path its own where there are none."""
        ends = shape.ends.tolist()
        numbers = [self.outcome[v] for v in ends]
        labels = [self.results[number].label if number else "" for number in numbers]
        if not any(labels):
            return path_outcomes(shape)
        names = [label or shape.spoken(v) for label, v in zip(labels, ends, strict=True)]
        order = sorted(range(len(ends)), key=lambda z: (numbers[z] == 0, numbers[z]))
        place = {name: k for k, name in enumerate(dict.fromkeys(names[z] for z in order))}
        return Outcomes(tuple(place), np.array([place[name] for name in names], dtype=np.int64))


def plain(entries: tuple[Entry, ...]) -> tuple[Any, ...]:
    """Entries without the places at which they stand."""
    return tuple(entry.text if isinstance(entry, FormulaAt) else entry for entry in entries)


def told(found: Any) -> str:
    """A label, or a list of things, as it is written."""
    if isinstance(found, str):
        return quoted(found)
    return "(" + " ".join(quoted(x) if isinstance(x, str) else str(fraction(x)) for x in found)[:80] + ")"


def label_of(player: str, label: str) -> str:
    """The label of an agent from that of his information set: with the player's name, which stands there once."""
    whole = re.fullmatch(rf"(?:.*: )?{re.escape(player)}(?:@.*| \(.*\))?", label)
    return player if not label else label if whole else f"{player}@{label}"


def set_label(player: str, label: str) -> str:
    """The label of an information set from that of its agent: what :func:`label_of` makes the agent's of."""
    short = "" if label == player else label.removeprefix(f"{player}@")
    return short if label_of(player, short) == label else label


def read_efg(path: Path | str) -> EfgFile:
    """The tree of a file.  Raises EfgError with file, line and column."""
    try:
        file = read_file(Path(path))
    except FileError as error:
        raise EfgError(str(error)) from None
    return parse_efg(file.text, str(path))


def parse_efg(text: str, name: str = "efg", *, formulas: bool = False) -> EfgFile:
    """The tree that a text describes; ``name`` stands before line and column in errors.

    With ``formulas`` numbers in braces may be formulas: in quotes, between labels, or with commas between them.
    Raises EfgError for anything else, for players who forget, and for trees that are too large.
    """
    reader = TextReader(text, name, EfgError)
    reader.take("word", "'EFG', which starts the file of a tree", "EFG")
    reader.take("number", "version 2", "2")
    if reader.next.text not in {"R", "D"}:
        reader.fail(f"expected 'R' or 'D' after the version, found {reader.next.text[:40]!r}")
    reader.take("word", "'R' or 'D'")
    title = reader.label("the quoted title")
    start = reader.next.at
    players = distinct(reader.labels("player name"), "player")
    if not players:
        reader.fail("a game needs a player", start)
    comment = reader.label("comment") if reader.next.kind == "text" else ""
    tree = TreeReader(reader, players, formulas=formulas)
    tree.read()
    shape, passed = tree.shape()
    if len(passed) * len(players) > MOST_PAYOFFS:
        reader.fail(f"has {len(passed) * len(players)} payoffs; at most {MOST_PAYOFFS} are read", start)
    chance = tuple(lot for own in tree.groups.values() for lot in own.lots)
    return EfgFile(
        title, comment, players, shape, tree.outcomes(shape), tree.numbers(shape.ends.tolist(), passed), chance,
        tree.results, passed,
    )  # fmt: skip


def format_efg(game: Game, title: str = "", comment: str = "", *, cell: int = 0) -> str:
    """One cell as text with exact numbers; read again it is the same tree, names included.

    Sets are numbered in the order of agents, outcomes in that of the game's.  Raises ValueError for a game that is no
    tree, and for numbers that are none.
    """
    if ".efg" not in game.exports:
        raise ValueError(f"an .efg file holds trees, and this is a {game.form} game")
    if not game.finite[cell]:
        raise ValueError("some payoff or chance is no finite number here, which a file cannot hold")
    return "\n".join(Writer(cast("Tree", game), cell).lines(title, comment)) + "\n"


def write_efg(game: Game, path: Path | str, title: str = "", comment: str = "", *, cell: int = 0) -> None:
    """Write one cell of a tree as a file."""
    Path(path).write_text(format_efg(game, title, comment, cell=cell), encoding="utf-8")


class Writer:
    """Writes one cell of a tree, node by node."""

    def __init__(self, game: Tree, cell: int) -> None:
        self.game, self.shape = game, game.shape
        chosen = np.array([cell])
        self.payoffs = game.rational(chosen)[0].T
        self.chance = game.rational_chance(chosen)[0]
        self.sets = {tuple(columns.tolist()): k for k, columns in enumerate(self.shape.chances, start=1)}
        self.named: Counter[str] = Counter()

    def lines(self, title: str, comment: str) -> Iterator[str]:
        """The file, line by line."""
        yield f"EFG 2 R {quoted(title)} {{ {' '.join(map(quoted, self.game.players))} }}"
        yield quoted(comment)
        yield ""
        ends = dict(zip(self.shape.ends.tolist(), self.endings(), strict=True))
        for v, h in enumerate(self.shape.agent.tolist()):
            if h == END:
                yield f't "" {ends[v]}'
                continue
            below = self.shape.children(v)
            sources = ", ".join(dict.fromkeys(source for source, _ in self.shape.events[below[0]]))
            if h == CHANCE:
                yield f"c {self.name(sources, 'chance')} {self.lots(below)} 0"
                continue
            agent = self.game.agents[h]
            player = self.game.players[agent.player]
            actions = " ".join(map(quoted, agent.actions))
            yield (
                f"p {self.name(sources, player)} {agent.player + 1} {h + 1} "
                f"{quoted(set_label(player, agent.label))} {{ {actions} }} 0"
            )

    def name(self, sources: str, mover: str) -> str:
        """What is decided at a node, unless it is called as who moves, with a number where another node is called so."""
        if sources == mover:
            return quoted("")
        self.named[sources] += 1
        often = self.named[sources]
        return quoted(f"{sources} #{often}" if often > 1 or NUMBERED.search(sources) else sources)

    def lots(self, below: Integers) -> str:
        """What chance may bring, with probabilities that add up to 1 exactly."""
        columns = tuple(self.shape.edge[below].tolist())
        shares = [self.chance[column] for column in columns]
        whole = sum(shares)
        pairs = " ".join(
            f"{quoted(', '.join(label for _, label in self.shape.events[w]))} {share / whole}"
            for w, share in zip(below.tolist(), shares, strict=True)
        )
        return f'{self.sets[columns]} "" {{ {pairs} }}'

    def endings(self) -> list[str]:
        """What stands at each end: the number of its outcome, and where it first occurs label and payoffs."""
        outcomes, own = self.game.outcomes, path_outcomes(self.shape)
        unnamed = outcomes.names == own.names and np.array_equal(outcomes.of, own.of)
        found = [(int(k), tuple(row)) for k, row in zip(outcomes.of, self.payoffs, strict=True)]
        numbers: dict[tuple[int, tuple[Any, ...]], int] = {}
        for key in sorted(found, key=lambda key: key[0]):
            numbers.setdefault(key, len(numbers) + 1)
        result, told = [], set()
        for key in found:
            label = "" if unnamed else outcomes.names[key[0]]
            payoffs = ", ".join(map(str, key[1]))
            result.append(
                f"{numbers[key]}" if key in told else f"{numbers[key]} {quoted(label)} {{ {payoffs} }}"
            )
            told.add(key)
        return result
