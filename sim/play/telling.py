"""What is said of crises that were played: by whom, with which odds, and how to play them again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.expression import Number

__all__ = ["Request"]


@dataclass(frozen=True)
class Request:
    """What was asked for: which ``file`` is played, by whom, how often and how long, and with which odds.

    ``given`` are parameters with other values; ``seed`` is that of all random numbers.
    """

    file: str
    by: str
    runs: int
    periods: int
    seed: int
    tremble: float = 0.0
    mistake: float = 0.0
    given: Mapping[str, Number] = field(default_factory=dict)

    @property
    def odds(self) -> dict[str, str]:
        """The probabilities that are not 0, as texts."""
        odds = {"tremble": self.tremble, "mistake": self.mistake}
        return {name: f"{value:g}" for name, value in odds.items() if value}

    @property
    def player(self) -> str:
        """``played by fictitious play``."""
        return f"played by {self.by.replace('_', ' ')}"

    def sentence(self, verdict: str = "") -> str:
        """``played by grim, tremble 0.1, seed 3; subgame perfect``."""
        slips = [f"{name} {value}" for name, value in self.odds.items()]
        how = ", ".join([self.player, *slips, f"seed {self.seed}"])
        return f"{how}; {verdict}" if verdict else how

    @property
    def command(self) -> str:
        """The command that plays the same again."""
        words = ["standoff", "play", self.file, "--by", self.by]
        for name, value in sorted(self.given.items()):
            words += ["--set", f"{name}={value}"]
        for name, odd in self.odds.items():
            words += [f"--{name}", odd]
        counts = {"runs": self.runs, "periods": self.periods, "seed": self.seed}
        for name, count in counts.items():
            words += [f"--{name}", str(count)]
        return shlex.join(words)

    def words(self, verdict: str = "") -> dict[str, str]:
        """What a picture says of it: ``by``, ``how`` and ``command``."""
        return {"by": self.player, "how": self.sentence(verdict), "command": self.command}
