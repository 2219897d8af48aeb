"""The scenario file to begin with: short, complete, and with a word on everything that a file can say."""

from __future__ import annotations

import re
from pathlib import Path

from sim.scenario.as_file import quoted
from sim.scenario.library import results_of

__all__ = ["begin", "skeleton"]

LONGEST_NAME = 150  # a file may have 255 bytes

TEXT = """\
# A scenario of your own.  It runs as it stands; put your crisis in its place, section by section, and ask
# `standoff check {file}` whenever you like: it finds every mistake, with its line and the nearest right word.
# All that a file can say is in docs/scenario-format.md; `standoff list` shows scenarios to learn from.

schema = 1
title = {title}
about = \"\"\"
Two sides want the same thing.  Each can hold back or press on.  Who presses alone wins the prize and the other
loses face; if both press there is war.
\"\"\"
sources = ["where the story and the numbers come from"]

# Who plays, and what each can do.  The order counts: the first side is in the rows of tables.
[players]
North = ["hold", "press"]
South = ["hold", "press"]

# Every number that somebody may doubt: its value, the range in which the model is meant, and what it stands for.
[parameters.prize]
default = 1.0
low = 0.5
high = 4.0
unit = "utility"
meaning = "what pressing alone wins"
source = "the unit of all payoffs"

[parameters.loss]
default = 1.0
low = 0.0
high = 4.0
unit = "utility"
meaning = "what holding back loses where the other presses"
source = "a guess"

[parameters.war_cost]
default = 2.5
low = 0.0
high = 6.0
unit = "utility"
meaning = "what war costs each side"
source = "a guess: more than losing face"

# What each side gets, [North, South], for each action of North (the table) and of South (the key).
# Numbers, or formulas in quotes.  Other ways to write payoffs: a matrix or one formula over traits for each side.
[payoffs.hold]
hold = [0, 0]
press = ["-loss", "prize"]

[payoffs.press]
hold = ["prize", "-loss"]
press = ["-war_cost", "-war_cost"]

# What to call results: each pair of actions in exactly one.  Maps are coloured by these.
[outcomes]
"status quo" = [["hold", "hold"]]
"North gains" = [["press", "hold"]]
"South gains" = [["hold", "press"]]
"war" = [["press", "press"]]

# Their tones, from peace to war, which are the colours of all pictures: agreement, talks, quiet, concession, standoff,
# escalation, war.
[tones]
"status quo" = "quiet"
"North gains" = "concession"
"South gains" = "concession"
"war" = "war"

# Questions: what varies, from where to where, at how many points.  `standoff sweep` answers, `standoff map` draws.
# A question of the moment needs no line here: standoff sweep {file} --over prize=0.5:4
[sweeps.deterrence]
title = "How costly must war be to hold one side back?"
over = {{ war_cost = [0.0, 6.0, 241] }}

[sweeps.stakes]
title = "When is war better than losing face?"
over = {{ war_cost = [0.0, 6.0, 121], loss = [0.0, 4.0, 121] }}

# Promises: what you claim of the model, kept by `standoff check`.  They tell you when a change breaks the argument.
[[expect]]
claim = "Where war costs more than losing face, exactly one side presses; which, the model does not say."
outcomes = ["North gains", "South gains"]

[[expect]]
claim = "Where it costs less, both press."
at = {{ war_cost = 0.5 }}
outcomes = ["war"]
"""


def skeleton(path: Path) -> str:
    """The text of a scenario file to begin with, to be written to ``path``, whose name is its title."""
    title = re.sub(r"[_\s-]+", " ", path.stem).strip()
    return TEXT.format(file=path, title=quoted(title[:1].upper() + title[1:]))


def begin(word: str) -> Path:
    """Write such a file, ``word`` with ``.toml`` behind it if need be, and say where.

    Raises ValueError for what cannot be its name, and where there is a file already: nothing is overwritten.
    """
    path = Path(word)
    if path.suffix != ".toml":
        path = path.with_name(f"{path.name}.toml")
    results_of(path.stem)
    if len(path.stem) > LONGEST_NAME:
        raise ValueError(f"{word[:20]}... has {len(path.stem)} characters; a name has at most {LONGEST_NAME}")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(skeleton(path))
    except FileExistsError:
        raise ValueError(f"{path} is there already, and is not overwritten: choose another name") from None
    except FileNotFoundError:
        raise ValueError(f"{path.parent}: no such folder; make it first, or choose another name") from None
    return path
