"""What is believed, in words: one thing for sure, several with their chances, and where play never comes."""

from __future__ import annotations

import pytest

from sim.output.belief_text import believed


@pytest.mark.parametrize(
    ("reach", "beliefs", "said"),
    [
        (1, {"soft": (1.0, 1.0), "firm": (0.0, 0.0)}, "sure of soft"),
        (1, {"soft": (0.3, 0.3), "firm": (0.7, 0.7)}, "believes in soft with 0.3, in firm with 0.7"),
        (0.5, {"t1, w": (0.4, 0.4), "t1, s": (0.0, 0.0), "t2, w": (0.6, 0.6)},
         "reached 0.5; believes in t1, w with 0.4; in t2, w with 0.6"),
        (0, {"soft": (0.5, 1.0), "firm": (0.0, 0.5)}, "never reached: any belief in soft from 0.5 up"),
        (0, {"soft": (0.0, 1.0), "firm": (0.0, 1.0)}, "never reached: any belief"),
        (0, {"a": (0.2, 0.4), "b": (0.0, 0.5), "c": (0.3, 0.3)},
         "never reached: believes in a from 0.2 to 0.4, in b up to 0.5, in c with 0.3"),
        (1, {}, ""),
    ],
)  # fmt: skip
def test_beliefs_are_told_as_a_sentence(reach, beliefs, said):
    assert believed("X", {"reach": {"X": reach}, "beliefs": {"X": beliefs}}) == said
