"""Whether a stored dataset is what its scenario file asks: of this version of the file, at the points it names.

What a store says of itself is enough: nothing is solved, and values are neither read nor checked.
"""

from __future__ import annotations

import json
import shlex
import warnings
from pathlib import Path
from typing import Any

from sim.dataset.labels import command
from sim.interchange.files import read_file
from sim.scenario import Scenario, Sweep
from sim.scenario.beside import digest_of
from sim.scenario.library import shelved
from sim.version import __version__

__all__ = ["Stale", "replaces", "said_of", "tell_if_stale", "unlike_the_file"]


class Stale(UserWarning):
    """What is shown was made from another version of the scenario's file."""


def said_of(path: Path) -> dict[str, Any]:
    """The attributes of the finished dataset, or the words of the proved map, at ``path``; none where none can be read."""
    try:
        if path.suffix == ".json":
            words = json.loads(path.read_bytes())["words"]
            return words if isinstance(words, dict) else {}
        attrs = json.loads((path / "zarr.json").read_bytes())["attributes"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return attrs if isinstance(attrs, dict) else {}


def unlike_the_file(path: Path, scenario: Scenario, sweep: str) -> str:
    """In what the dataset at ``path`` is not what the file of ``scenario`` asks of its ``sweep``; nothing if in nothing.

    Words that follow the name of the dataset: ``is not there``, ``was made from another version of x.toml``, ``was
    made with --points 5``, ``was made by Standoff 0.0.9``.  A sweep that was interrupted has no dataset yet.  Whether
    pieces of it are whole is another question (:func:`sim.dataset.open_dataset`), and so is whether code changed
    since.  Raises KeyError for a sweep that the file does not have.
    """
    asked, attrs = scenario.sweeps[sweep], said_of(path)
    if not attrs:
        return "is not there"
    if attrs.get("scenario_digest") != scenario.digest:
        return f"was made from another version of {scenario.path}"
    if attrs.get("standoff_version") != __version__:
        return f"was made by Standoff {attrs.get('standoff_version', 'of an unknown version')}"
    plain = command(scenario, asked, {})
    said = str(attrs.get("command") or "")
    if said == plain:
        return ""
    options = beyond(plain, said)
    return f"was made with {options}" if options else "was made by another question than the file's"


def replaces(path: Path, scenario: Scenario, sweep: Sweep, now: str) -> str:
    """What to say before the command ``now`` replaces a dataset that the file asks for; nothing where it does not."""
    if sweep.name not in scenario.sweeps or unlike_the_file(path, scenario, sweep.name):
        return ""
    plain = command(scenario, sweep, {})
    if now == plain:
        return ""
    return (
        f"{path} is what {scenario.path} asks for, and is replaced by one with {beyond(plain, now)}; "
        f"`{plain}` makes it again, and --out puts the new one elsewhere"
    )


def beyond(plain: str, said: str) -> str:
    """The options that a command has after those of a plainer one."""
    return shlex.join(shlex.split(said)[len(shlex.split(plain)) :])


def tell_if_stale(path: Path, file: Path | None = None) -> None:
    """Warn, as :class:`Stale`, where the dataset at ``path`` was made from other content than ``file`` has now.

    ``file`` is that of its scenario; None: look where a scenario of its name would be found.
    """
    attrs = said_of(path)
    name, digest = str(attrs.get("scenario") or ""), attrs.get("scenario_digest")
    there = file or (shelved(name) if name else None)
    if digest and there is not None and there.is_file() and digest_of(read_file(there)) != digest:
        again = shlex.join(["standoff", "sweep", str(there)])
        warnings.warn(
            f"{path} was made from another version of {there}: `{again}` makes it from the file as it is now",
            Stale,
            stacklevel=2,
        )
