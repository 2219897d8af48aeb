"""What a game is, for every form alike: the protocol, and the checks of what callers give."""

from sim.game.protocol import Agent, Essence, Floats, Game, Integers, Judgement, Outcomes

__all__ = ["Agent", "Essence", "Floats", "Game", "Integers", "Judgement", "Outcomes"]
