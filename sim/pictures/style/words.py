"""The words around a picture: axis labels, captions, and how text is measured and wrapped."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.game import Game
from sim.kernels.base.tolerances import BORDER
from sim.plugins import concepts, forms, solvers

if TYPE_CHECKING:
    from sim.dataset.proved import Regions

__all__ = [
    "FONT",
    "answer_words",
    "axis_label",
    "balance",
    "caption",
    "concept_words",
    "description",
    "equals",
    "equilibria_words",
    "holding",
    "loads",
    "paragraphs",
    "percent",
    "proof_words",
    "sentence",
    "set_apart",
    "shorten",
    "text_width",
    "with_what",
    "wrap",
]

FONT = "DejaVu Sans"  # comes with matplotlib, so that pictures are the same everywhere
LONGEST_LINE = 1000  # characters, of which some have no width
FINE = 400  # cells along an axis, from which on a picture shows borders as fine as a page does
MOST_SET = 3  # parameters set off their defaults that a subtitle lists


def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Width of one line in inches, kerning apart: the sum of its characters."""
    return sum(advance(character, weight) for character in text) * size


@lru_cache(maxsize=4096)
def advance(character: str, weight: str) -> float:
    """Width of a character in inches for each point of size."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=FONT, size=100, weight=weight)
    width, _, _ = text_to_path.get_text_width_height_descent(f"|{character}|", font, ismath=False)
    frame, _, _ = text_to_path.get_text_width_height_descent("||", font, ismath=False)
    return float(width - frame) / 100 / 72


def wrap(text: str, width: float, size: float, weight: str = "normal", most: int | None = None) -> list[str]:
    """Lines no wider than ``width`` inches; what goes beyond ``most`` lines becomes an ellipsis."""
    lines: list[str] = []
    for word in filter(None, re.split(r"[ \n\t]+", text)):  # other spaces do not break
        if most is not None and len(lines) > most:  # nobody will see the rest, however long
            break
        together = f"{lines[-1]} {word}" if lines else word
        if lines and fitting(together, width, size, weight) == len(together):
            lines[-1] = together
            continue
        while word and (most is None or len(lines) <= most):  # a word wider than the line is cut
            fits = fitting(word, width, size, weight)
            lines.append(word[:fits])
            word = word[fits:]
    if most is not None and len(lines) > most:
        last = lines[most - 1]
        while last and text_width(last + "…", size, weight) > width:
            last = last[:-1]
        lines = [*lines[: most - 1], last.rstrip(" ,;(") + "…"]
    return lines


def fitting(text: str, width: float, size: float, weight: str) -> int:
    """How many characters from the first on fit into a line, at least one."""
    used = 0.0
    for place, character in enumerate(text[:LONGEST_LINE]):
        used += advance(character, weight)
        if used * size > width:
            return max(place, 1)
    return min(len(text), LONGEST_LINE)


def balance(text: str, width: float, size: float, most: int | None = None) -> list[str]:
    """Lines as :func:`wrap` makes them, and no more, but of about equal length."""
    lines = wrap(text, width, size, most=most)
    if len(lines) < 2:
        return lines
    longest = max(text_width(word, size) for word in re.split(r"[ \n\t]+", text))  # is not to be cut
    narrow = max(text_width(text, size) / len(lines), min(longest, width), width / 10)
    while narrow < width:
        even = wrap(text, narrow, size, most=most)
        if len(even) == len(lines) and not even[-1].endswith("…"):
            return even
        narrow *= 1.05
    return lines


def shorten(meaning: str) -> str:
    """A meaning without its afterthoughts: up to the first bracket, semicolon or full stop, if it is long."""
    if len(meaning) <= 60:
        return meaning
    short = re.split(r"\s*[;(:]|\.\s|\s+-\s|,\s", meaning, maxsplit=1)[0].strip()
    return short if len(short) >= 12 else meaning


def axis_label(dataset: Any, name: str) -> tuple[str, str]:
    """``meaning (unit)`` of a swept parameter, and its name."""
    attrs = dataset[name].attrs
    meaning, unit = shorten(str(attrs.get("long_name") or "")), str(attrs.get("units") or "")
    if unit and not meaning.lower().startswith(unit.lower()):
        meaning = f"{meaning or name.replace('_', ' ')} ({unit})"
    return meaning or name.replace("_", " "), name


def concept_words(concept: str) -> str:
    """``subgame_perfect`` -> ``subgame-perfect equilibria``; ``maxmin`` -> ``maxmin play``."""
    return registered_title(concepts, concept) or f"{concept.replace('_', '-')} equilibria"


def solver_words(solver: str) -> str:
    """``markov_tracing`` -> ``Markov tracing``."""
    return registered_title(solvers, solver) or solver.replace("_", " ")


def registered_title(registry: Mapping[str, Any], name: str) -> str:
    """What is registered under a name is called so in pictures; nothing for a dataset of somebody else's."""
    return str(registry[name].title) if name in registry else ""


def answer_words(concept: str) -> tuple[str, str]:
    """What one answer of a concept is called, and several."""
    if concept_words(concept).endswith("equilibria"):
        return "equilibrium", "equilibria"
    return "answer", "answers"


def equilibria_words(dataset: Any) -> str:
    """What a dataset shows: ``Nash equilibria``, ``risk-dominant Nash equilibria``, ``.. best for Russia``."""
    words = concept_words(dataset.attrs.get("concept", "nash"))
    selection, _, player = str(dataset.attrs.get("selected", "")).partition(" ")
    if not selection:
        return words
    if player:
        return f"{words} {selection.replace('_', ' ')} {player}"
    return f"{selection.replace('_', '-')} {words}"


def holding(dataset: Any) -> tuple[str, str]:
    """What outcomes do where they hold, and where they do not: in games that are repeated they last."""
    form = forms.get(dataset.attrs.get("form", ""), Game)
    return str(form.holding[0]), str(form.holding[1])


def loads(dataset: Any, attribute: str, default: Any) -> Any:
    """A JSON attribute of a dataset."""
    text = dataset.attrs.get(attribute)
    return json.loads(text) if isinstance(text, str) and text else default if text is None else text


def caption(dataset: Any, finding: str = "", *notes: str) -> list[str]:
    """Paragraphs below a picture: the finding, what is set, how it was found, where it is from.

    ``finding`` is told where the dataset has no note of its own.  The attribute ``caption = "full"`` of the
    dataset asks for all parameters, and for all that is set apart from others otherwise.
    """
    found = str(dataset.attrs.get("note", "")) or sentence(finding)
    return paragraphs(dataset, found, method(dataset, *notes), full=dataset.attrs.get("caption") == "full")


def description(dataset: Any) -> str:
    """The whole caption as one text, all parameters included, for the metadata of a file."""
    how = str(dataset.attrs.get("how", ""))
    told = sentence(how) if how else method(dataset) if "status" in dataset else ""
    return "\n".join(paragraphs(dataset, str(dataset.attrs.get("note", "")), told, full=True))


def method(dataset: Any, *notes: str) -> str:
    """How a dataset was made, at which resolution, and what it shows where that is not everything."""
    from sim.dataset.proved import regions_of, stands_alone

    proved = regions_of(dataset)
    if proved is not None and stands_alone(dataset):
        return " ".join(
            map(sentence, [f"{equilibria_words(dataset)}: {proof_words(proved)}", *filter(None, notes)])
        )
    sizes = " x ".join(str(dataset.sizes[dim]) for dim in dataset["status"].dims)
    solver = solver_words(dataset.attrs.get("solver", "?"))
    how = [f"{equilibria_words(dataset)} by {solver}, {f'{sizes} cells' if sizes else 'one cell'}"]
    gridded = "draw" not in dataset.dims
    if proved is not None:
        how.append(proof_words(proved))
    elif (
        gridded
        and len(dataset["status"].dims) > 1
        and min(dataset.sizes[dim] for dim in dataset["status"].dims) < FINE
    ):
        spans = (
            np.ptp(dataset[dim].values) / max(dataset.sizes[dim] - 1, 1) for dim in dataset["status"].dims
        )
        how[-1] += f", each {' by '.join(f'{span:.2g}' for span in spans)}: borders are known no finer"
    if "complete" in dataset:
        share = 1 - float(dataset["complete"].values.mean())
        several = answer_words(dataset.attrs.get("concept", "nash"))[1]
        if share == 1:
            how.append(f"shown are the {several} that this method finds; it does not look for all")
        elif share:
            how.append(
                f"shown are all {several}; in {percent(share)} of cells those that were found, "
                "and others are not ruled out"
            )
    return " ".join(map(sentence, [*how, *filter(None, notes)]))


def proof_words(regions: Regions) -> str:
    """What is proved of a map, how finely, and what is left, in words."""
    record, left = regions.record, regions.record["undecided"]
    which = "pure equilibria only, " if record["equilibria"] == "pure" else ""
    fine = np.format_float_scientific(record["accuracy"], trim="-", exp_digits=1)
    if left > BORDER:
        rest = f"{percent(left)} of the map is undecided"
    elif left:
        rest = f"undecided are only points where borders meet, to {fine} of each range"
    else:
        rest = f"nothing is undecided, to {fine} of each range"
    doubtful = sum(one["share"] for one in record["regimes"] if one.get("perhaps"))
    if doubtful:
        rest += (
            f"; in {percent(doubtful)} of the map more may last by harder punishments than equilibria of one stage, "
            "which is not decided"
        )
    return f"proved by {record['leaves']} block{'s' * (record['leaves'] != 1)}, {which}with exact borders: {rest}"


def paragraphs(dataset: Any, finding: str, how: str, *, full: bool = False) -> list[str]:
    """Finding, parameters, method, sources, version and command, each where there is any.

    Parameters that are not at their defaults come first, with the default beside; only ``full`` lists the others.
    """
    fixed, changed = loads(dataset, "fixed", {}), set_apart(dataset)
    defaults = loads(dataset, "defaults", {})
    listed = [
        f"{equals(name, value)}\u00a0(default\u00a0{defaults[name]:g})" for name, value in changed.items()
    ]
    usual = [name for name in fixed if name not in changed]
    if full or not defaults:
        listed += [equals(name, fixed[name]) for name in usual]
        told = f"Fixed: {', '.join(listed)}." if listed else ""
    else:
        rest = f"All {'other ' if listed else ''}parameters at their defaults." if usual else ""
        told = " ".join(filter(None, [f"Set: {', '.join(listed)}." if listed else "", rest]))
    sources = loads(dataset, "sources", [])
    made = f"Standoff {dataset.attrs.get('standoff_version', '')}".strip()
    command = dataset.attrs.get("command", "")
    found = [
        finding,
        told,
        how,
        "Sources: " + "; ".join(map(str, sources)) + "." if sources else "",
        f"{made}: {command}" if command else f"{made}.",
    ]
    return [paragraph for paragraph in found if paragraph]


def set_apart(dataset: Any) -> dict[str, float]:
    """Fixed parameters that are not at their defaults, as far as a reader sees, with their values."""
    fixed, defaults = loads(dataset, "fixed", {}), loads(dataset, "defaults", {})
    return {
        name: value
        for name, value in fixed.items()
        if name in defaults and f"{value:g}" != f"{defaults[name]:g}"
    }


def with_what(dataset: Any) -> str:
    """``with war_value = 2.5``: what is set off its default, in few words; nothing where nothing is."""
    changed = [equals(name, value) for name, value in set_apart(dataset).items()]
    more = f" and {len(changed) - MOST_SET} more" if len(changed) > MOST_SET else ""
    return f"with {', '.join(changed[:MOST_SET])}{more}" if changed else ""


def equals(name: str, value: float) -> str:
    """``name = value`` that no line break parts."""
    return f"{name}\u00a0=\u00a0{value:g}"


def sentence(text: str) -> str:
    """With a capital first letter and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".") if text else ""


def percent(share: float) -> str:
    """A share in words that never say 0% or 100% of what is only nearly so."""
    if 0 < share < 0.01:
        return "<1%"
    if 0.99 < share < 1:
        return ">99%"
    return f"{100 * share:.0f}%"
