"""Many crises played out: under an equilibrium, automata or a learning rule, with slips and misreadings.

Every period each player chooses an action.  With probability ``tremble`` his hand slips and does something that
was not meant, each of his other actions as likely; with probability ``mistake`` an observer takes what another did
for something else that he could have done, each as likely.  Who has one action only neither slips nor is misread.
Runs are independent and the random numbers depend on ``seed`` alone, so that a record can be made again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.automata import BUILT_IN, Automaton, one_shot, profile, tempted
from sim.expression import read_number
from sim.forms.repeated import Repeated
from sim.forms.tree import Tree, is_tree
from sim.game import Floats, Game, Integers
from sim.patience import PUNISHMENTS
from sim.patience.penal_codes import delivering, penal_code
from sim.patience.profiles import sustaining
from sim.patience.sustained_paths import endless, named_paths
from sim.play.learning import RULES, Fixed, Rule
from sim.play.moves import play_out, sample_paths
from sim.play.rules import Followed, named
from sim.plugins import unknown
from sim.solution import Solution
from sim.solving import solve

__all__ = ["Record", "chosen_automata", "play", "play_by", "play_states", "verdict"]

PATHS = 20  # runs whose whole paths are kept, to be looked at


@dataclass(frozen=True, eq=False)
class Record:
    """What happened: T periods, R runs.

    ``share (T, outcome)`` over runs; ``frequency (H, A)`` of actions over all runs and periods in which the agent
    chose, NaN where it never did: in games with states, what is done in a state given that one is there;
    ``value (R, n)`` average payoff; ``paths (T, runs kept, n)`` actions, and what came of them as numbers
    of outcomes in ``lived (T, runs kept)``; ``states (T, S)`` shares of states, for games that have them;
    ``equilibria`` those of which the first was played, where one was;
    ``told`` are paths in words with how often each was played, for games of moves in order, of one period.
    """

    share: Floats
    frequency: Floats
    value: Floats
    paths: NDArray[np.int64]
    lived: NDArray[np.int64]
    states: Floats | None = None
    equilibria: Solution | None = None
    told: tuple[tuple[str, int], ...] = ()

    def summary(self, game: Game) -> dict[str, Any]:
        """Shares of outcomes over all periods and in the last, mean values, and what each agent does.

        ``actions`` by agent are shares of the periods in which it chose, None where it never did; in games with
        states ``states`` are the shares of periods spent in each.
        """
        names = game.outcomes.names
        stage = game.stage
        summary: dict[str, Any] = {
            "outcomes": dict(zip(names, self.share.mean(axis=0).tolist(), strict=True)),
            "last": dict(zip(names, self.share[-1].tolist(), strict=True)),
            "values": dict(zip(game.players, self.value.mean(axis=0).tolist(), strict=True)),
            "actions": {
                agent.label: {
                    action: None if np.isnan(share) else float(share)
                    for action, share in zip(agent.actions, self.frequency[h], strict=False)
                }
                for h, agent in enumerate(stage.agents)
            },
        }
        if self.states is not None:
            summary["states"] = dict(zip(stage.states, self.states.mean(axis=0).tolist(), strict=True))
        if self.told:
            summary["paths"] = dict(self.told)
        return summary


def play_by(
    game: Game,
    by: str,
    *,
    runs: int,
    mistake: float = 0.0,
    automata: Mapping[str, Automaton] = MappingProxyType({}),
    **options: Any,
) -> Record:
    """Play under the first equilibrium that is found (``by="equilibrium"``), a learning rule, or automata.

    A stochastic game is played by equilibrium, a repeated game by its stage game.  ``automata`` are those of
    the scenario, by name.  Raises ValueError for an unknown rule, and where there is no equilibrium to play.
    """
    stage = game.stage
    if not (stage.simultaneous or stage.states or is_tree(stage)):
        raise ValueError(
            f"a {game.form} game is not played in rounds of actions: how likely it ends in which way is what "
            "`standoff solve` and `standoff sweep` tell"
        )
    if by in RULES:
        if not stage.simultaneous:
            raise ValueError(
                f"{by} learns a stage game; a game with states or of moves in order is played by equilibrium"
            )
        return play(RULES[by](stage, runs), mistake=mistake, **options)
    if by != "equilibrium":
        chosen = chosen_automata(game, by, automata)
        return play(Followed(stage, runs, automata=chosen), mistake=mistake, **options)
    solution = solve(stage, stage.default_concept)
    if not solution.count[0]:
        raise ValueError(f"there is no equilibrium to play: {solution.sentence()}")
    if is_tree(stage):
        if mistake:
            raise ValueError("who sees what is part of a game of moves in order, so --mistake does nothing")
        options = {name: option for name, option in options.items() if name in {"seed", "tremble"}}
        belief = solution.claim.extra.get("belief")
        known = None if belief is None else belief[0, 0]
        return replace(
            play_moves(stage, solution.strategy[0, 0], known, runs, **options), equilibria=solution
        )
    if mistake and stage.states:
        raise ValueError(
            "players of a stationary equilibrium do not react to actions, so --mistake does nothing"
        )
    played = play(Fixed(stage, runs, strategy=solution.strategy[0, 0]), mistake=mistake, **options)
    return replace(played, equilibria=solution)


def chosen_automata(game: Game, by: str, own: Mapping[str, Automaton]) -> list[Automaton]:
    """The automata that ``by`` means; ``own`` are those of the scenario, by name.

    Names, one for all players or one for each: ``"tit_for_tat, grim"``.  Or a profile of a repeated game:
    ``"grim: demand, talk"`` sustains a path by that punishment, ``"penal: Russia"`` is the worst equilibrium
    for a player, ``"payoff: 1, 0.75"`` one with this payoff.  Raises ValueError where they do not play this
    game.
    """
    kind, colon, rest = (part.strip() for part in by.partition(":"))
    if colon and by not in own:
        return [profile_of(endless(game), kind, rest)]
    names = [name.strip() for name in by.split(",")]
    if not any(name in own or name in BUILT_IN for name in names):
        raise ValueError(unknown("rule", by, ("equilibrium", *RULES, *own, *BUILT_IN)))
    if not game.stage.simultaneous:
        raise ValueError(
            "automata play games in normal form, again and again; this game has states of its own"
        )
    return named(names, own, game.stage.payoffs.shape[2:])


def profile_of(game: Repeated, kind: str, rest: str) -> Automaton:
    """The profile that sustains a path, punishes a player or delivers a payoff."""
    if kind == "penal":
        if rest not in game.players:
            raise ValueError(unknown("player", rest, game.players))
        return penal_code(game, game.players.index(rest))
    if kind == "payoff":
        try:
            payoff = [float(read_number(word)) for word in rest.split(",")]
        except ValueError:
            payoff = []
        if len(payoff) != len(game.players):
            raise ValueError(f"payoff: {rest}: expected a number for each of {', '.join(game.players)}")
        return delivering(game, payoff)
    if kind not in PUNISHMENTS:
        raise ValueError(unknown("profile", kind, ("penal", "payoff", *PUNISHMENTS)))
    paths = named_paths(game.stage, rest)
    if len(paths) > 1:
        raise ValueError(
            f"{rest!r} has several joint actions, of which one can be played: {'; '.join(paths)}"
        )
    return sustaining(game, next(iter(paths.values())), kind)


def verdict(game: Game, by: str, own: Mapping[str, Automaton]) -> str:
    """Whether the automata that ``by`` names are subgame perfect, in words; nothing for other play."""
    if by == "equilibrium" or by in RULES or not game.endless:
        return ""
    one = endless(game)
    together = profile(chosen_automata(one, by, own))
    found = one_shot(one, together)
    word = "subgame perfect; nearest to a gain" if found.perfect[0] else "not subgame perfect"
    return f"{word}: {tempted(found, one, together)}"


def play(
    rule: Rule,
    *,
    periods: int = 100,
    seed: int = 0,
    tremble: float = 0.0,
    mistake: float = 0.0,
    first: tuple[int, ...] | None = None,
) -> Record:
    """Play ``rule.runs`` crises of ``rule.game`` for some periods; ``first`` fixes the first actions.

    The first cell of the game is played.  In a game with states, agents choose in the state where a run is.
    """
    check_probabilities(tremble=tremble, mistake=mistake)
    game, runs = rule.game, rule.runs
    generator = np.random.default_rng(seed)
    rule.start(generator)
    states, each = len(game.states), np.arange(runs)[:, np.newaxis]
    state = beginning(generator, game, runs)
    everybody = np.arange(len(game.players))
    share = np.zeros((periods, len(game.outcomes.names)))
    chosen: Floats = np.zeros(game.mask.shape)
    value = np.zeros((runs, len(game.players)))
    paths = np.empty((periods, min(runs, PATHS), len(game.players)), dtype=np.int64)
    lived = np.empty(paths.shape[:2], dtype=np.int64)
    visits = np.zeros((periods, states)) if states else None
    for period in range(periods):
        movers = game.movers(state)
        able = game.mask[movers]
        plan = rule.choose()
        actions = draw(generator, slipped(plan[each, movers] if states else plan, able, tremble))
        if period == 0 and first is not None:
            actions = np.broadcast_to(np.array(first), actions.shape)
        place = game.place(state, actions)
        came = game.outcomes.of[place]
        share[period] = np.bincount(came, minlength=share.shape[1]) / runs
        value += game.payoffs[0][(slice(None), *place)].T / periods
        flat = movers * chosen.shape[1] + actions
        chosen += np.bincount(flat.ravel(), minlength=chosen.size).reshape(chosen.shape)
        paths[period], lived[period] = actions[: paths.shape[1]], came[: paths.shape[1]]
        seen = np.broadcast_to(actions[:, np.newaxis, :], (runs, *2 * everybody.shape))
        if mistake:
            seen = misread(generator, seen, able, mistake)
            seen[:, everybody, everybody] = actions  # nobody misreads himself
        rule.observe(seen, generator)
        if visits is not None:
            visits[period] = np.bincount(state, minlength=states) / runs
            state = draw(generator, game.follow(place))
    with np.errstate(invalid="ignore"):
        frequency = chosen / chosen.sum(axis=1, keepdims=True)
    return Record(share, frequency, value, paths, lived, visits)


def play_moves(
    game: Tree, strategy: Floats, belief: Floats | None, runs: int, *, seed: int = 0, tremble: float = 0.0
) -> Record:
    """Play a game of moves in order (its first cell) once in each run, by ``strategy (H, A)``.

    ``belief (D,)`` are told with the paths.
    """
    check_probabilities(tremble=tremble)
    ends, chosen = play_out(game, strategy, runs, np.random.default_rng(seed), tremble)
    at = np.searchsorted(game.shape.ends, ends)
    came = game.outcomes.of[at]
    share = np.bincount(came, minlength=len(game.outcomes.names))[np.newaxis] / runs
    with np.errstate(invalid="ignore"):
        frequency = chosen / chosen.sum(axis=1, keepdims=True)
    kept = min(runs, PATHS)
    return Record(
        share, frequency, game.payoffs[0][:, at].T, at[np.newaxis, :kept, np.newaxis], came[np.newaxis, :kept],
        told=tuple(sample_paths(game, ends, belief, PATHS)),
    )  # fmt: skip


def beginning(generator: np.random.Generator, game: Game, runs: int) -> Integers:
    """The first state of each run, ``(R,)``; 0 in games without states."""
    if not game.states:
        return np.zeros(runs, dtype=np.int64)
    return draw(generator, np.broadcast_to(game.begin(), (runs, len(game.states))))


def play_states(game: Game, strategy: Floats, *, runs: int = 1000, **options: Any) -> Record:
    """Play a game (its first cell) under a stationary Markov strategy ``(H, A)``; options as of :func:`play`."""
    return play(Fixed(game, runs, strategy=strategy), **options)


def slipped(strategy: Floats, mask: NDArray[np.bool_], tremble: float) -> Floats:
    """Strategies of players whose hands slip, ``(R, n, A)``; ``mask (R or 1, n, A)`` are actions they have."""
    others = mask.sum(axis=-1, keepdims=True) - 1
    unmeant = np.where(mask, 1 - strategy, 0.0) / np.maximum(others, 1)
    return np.asarray(np.where(others > 0, (1 - tremble) * strategy + tremble * unmeant, strategy))


def misread(
    generator: np.random.Generator, seen: Integers, mask: NDArray[np.bool_], mistake: float
) -> Integers:
    """Some of what was done is read as another action of that player, all alike: ``seen (R, observer, n)``."""
    read = np.array(seen)
    sizes = np.broadcast_to(mask.sum(axis=-1)[:, np.newaxis], read.shape)
    wrong = (generator.random(read.shape) < mistake) & (sizes > 1)
    further = 1 + (generator.random(int(wrong.sum())) * (sizes[wrong] - 1)).astype(np.int64)
    read[wrong] = (read[wrong] + further) % sizes[wrong]
    return read


def draw(generator: np.random.Generator, probabilities: Floats) -> NDArray[np.int64]:
    """One action for each distribution along the last axis."""
    levels = np.cumsum(probabilities, axis=-1)
    lot = generator.random(levels.shape[:-1])[..., np.newaxis] * levels[..., -1:]
    return np.asarray((lot >= levels).sum(axis=-1), dtype=np.int64)


def check_probabilities(**given: float) -> None:
    """Raise ValueError for what is no probability."""
    for name, value in given.items():
        if not 0 <= value <= 1:
            raise ValueError(f"{name} = {value:g} is no probability: give a number from 0 to 1")
