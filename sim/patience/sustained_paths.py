"""Whether a path lasts: under every punishment, at which patience, and who is tempted by what."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.automata import Automaton, one_shot
from sim.forms.normal import NormalForm
from sim.forms.repeated import Repeated, is_repeated
from sim.game import Floats, Game
from sim.kernels.base.tolerances import CLOSE, FORGIVEN, ZERO
from sim.patience.critical import critical_discount, critical_discounts
from sim.patience.paths import path_gain, sustainable_discounts
from sim.patience.profiles import sustaining
from sim.patience.punishments import PUNISHMENTS, STICKS, temptations
from sim.patience.verdicts import BothSides, both_sides
from sim.plugins import nearest

__all__ = ["Sustained", "easiest", "endless", "least_patience", "named_paths", "punishments_for", "sustained"]

JointAction = tuple[int, ...]
FOR_TWO = ("own_sticks", "optimal")
MOST_PATHS = 4


@dataclass(frozen=True, eq=False)
class Sustained:
    """One path (a cycle of joint actions for ever) under one punishment, in one game.

    ``holds`` at the game's own patience; ``common (k, 2)`` intervals of a common discount that sustain it,
    ``alone`` the same of each player's discount with the others' as they are.  At the border the most
    tempted is ``player`` (position, None where nobody gains even at once), who would do ``action`` in
    ``state`` and gain ``gain`` at once.  ``automaton`` is the profile that is meant; ``reason`` says why
    there is none.  ``sides`` is what was certified on both sides of the least common discount.
    """

    punishment: str
    holds: bool
    common: Floats
    alone: tuple[Floats, ...]
    sides: BothSides
    player: int | None = None
    action: int = -1
    state: str = ""
    gain: float = float("nan")
    automaton: Automaton | None = field(default=None, repr=False)
    reason: str = ""


def endless(game: Game) -> Repeated:
    """The first cell of a repeated game without an end.  Raises ValueError for any other game."""
    if not is_repeated(game):
        raise ValueError(
            'patience sustains what is repeated; give the scenario form = "repeated" and a table [repeated]'
        )
    if game.horizon is not None:
        raise ValueError("in a game with a horizon only equilibria of the stage last; take out horizon")
    return game.take([0])


def punishments_for(game: Repeated) -> tuple[str, ...]:
    """The punishments that can be computed for so many players."""
    two = len(game.players) == 2
    return tuple(name for name in PUNISHMENTS if two or name not in FOR_TWO)


def named_paths(stage: NormalForm, text: str) -> dict[str, list[JointAction]]:
    """What a text names: every joint action of an outcome, a joint action, or a cycle of them.

    ``"frozen standoff"``, ``"build_up, refuse"`` or ``"keep, arm; arm, keep"``; as labels and cycles.
    Raises ValueError with the nearest name.
    """
    names = stage.outcomes.names
    if text in names:
        places = np.argwhere(stage.outcomes.of == names.index(text))
        return {spoken(stage, [tuple(place)]): [tuple(int(a) for a in place)] for place in places}
    cycle = []
    for part in text.split(";"):
        words = [word.strip() for word in part.split(",")]
        if len(words) != len(stage.players):
            raise ValueError(
                f"{text!r} is no outcome ({', '.join(map(repr, names))}) and no joint action, which has an "
                f"action for each of {', '.join(stage.players)}.{nearest(text, names)}"
            )
        for player, word, labels in zip(stage.players, words, stage.actions, strict=True):
            if word not in labels:
                raise ValueError(
                    f"{text!r}: unknown action {word!r} (actions of {player}: {', '.join(labels)})."
                    f"{nearest(word, labels)}"
                )
        cycle.append(tuple(labels.index(word) for word, labels in zip(words, stage.actions, strict=True)))
    return {spoken(stage, cycle): cycle}


def spoken(stage: NormalForm, cycle: list[JointAction]) -> str:
    """A cycle in words: ``keep, arm; arm, keep``."""
    return "; ".join(
        ", ".join(labels[a] for labels, a in zip(stage.actions, step, strict=True)) for step in cycle
    )


def least_patience(stage: NormalForm, punishment: str) -> Floats:
    """The least common discount that sustains some joint action of each outcome, ``(outcome,)``; NaN: none."""
    critical = np.where(np.isnan(found := critical_discounts(stage, punishment)[0]), np.inf, found)
    least = np.array([critical[stage.outcomes.of == k].min() for k in range(len(stage.outcomes.names))])
    return np.where(np.isfinite(least), least, np.nan)


def easiest(game: Repeated, paths: dict[str, list[JointAction]]) -> dict[str, list[JointAction]]:
    """Of many joint actions the few that need the least patience under the hardest punishment."""
    if len(paths) <= MOST_PATHS:
        return paths
    critical = critical_discounts(game.stage, punishments_for(game)[-1])[0]
    least = {label: float(np.nan_to_num(critical[cycle[0]], nan=2.0)) for label, cycle in paths.items()}
    return {label: paths[label] for label in sorted(paths, key=lambda label: least[label])[:MOST_PATHS]}


def sustained(game: Repeated, cycle: list[JointAction], punishment: str) -> Sustained:
    """What a punishment makes of a path; ``game`` as :func:`endless` gives it."""
    stage, n = game.stage, len(game.players)
    common = common_discounts(stage, cycle, punishment)
    alone = tuple(
        sustainable_discounts(stage, cycle, punishment, player=i, others=game.discount[0])[0]
        for i in range(n)
    )
    gain = path_gain(game, cycle, punishment)[0]
    holds = bool(gain <= FORGIVEN * stage.scale[0].max())
    sides = both_sides(stage, cycle, punishment, border=common[:1, 0] if len(common) else np.array([np.nan]))
    try:
        automaton = sustaining(game, cycle, punishment)
        border = float(common[0, 0]) if len(common) else 0.0
        at = game if border == 0.0 else Repeated(stage, np.array(min(border + CLOSE, 1 - ZERO)))
        profile = automaton if at is game else sustaining(at, cycle, punishment)
    except ValueError as error:
        return Sustained(punishment, False, common, alone, sides, reason=str(error))
    who, what, state = most_tempted(at, profile, everywhere=punishment in STICKS)
    if who is None:
        return Sustained(punishment, holds, common, alone, sides, automaton=automaton)
    told = tuple(profile.play[0, profile.states.index(state)].argmax(axis=1))
    now = float(temptations(stage)[(0, who, *told)])
    if now <= 0.0:
        return Sustained(punishment, holds, common, alone, sides, automaton=automaton)
    return Sustained(punishment, holds, common, alone, sides, who, what, state, now, automaton)


def common_discounts(stage: NormalForm, cycle: list[JointAction], punishment: str) -> Floats:
    """Intervals of common discounts that sustain a cycle; the first exact for one joint action for ever."""
    least = float(critical_discount(stage, cycle[0], punishment)[0]) if len(cycle) == 1 else np.nan
    if not np.isnan(least) and punishment not in STICKS:
        return np.array([[least, 1.0]])
    found = sustainable_discounts(stage, cycle, punishment)[0]
    if len(found) and not np.isnan(least):
        found[0, 0] = min(found[0, 0], least)
    return found if len(found) or np.isnan(least) else np.array([[least, 1.0]])


def most_tempted(game: Repeated, profile: Automaton, *, everywhere: bool) -> tuple[int | None, int, str]:
    """Who gains most by what, and where: on the path, or ``everywhere``; None where nobody has a choice."""
    gains = one_shot(game, profile).gains[0] / game.scale[0][:, np.newaxis, np.newaxis]
    for s, state in enumerate(profile.states):
        if not everywhere and not state.startswith("path"):
            gains[:, s] = np.nan
    if np.isnan(gains).all():
        return None, -1, ""
    who, where, what = np.unravel_index(np.nanargmax(gains), gains.shape)
    return int(who), int(what), profile.states[int(where)]
