"""What is made from the code and stands in files: ``python -m tests.made`` writes it anew (``make docs``)."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

import sim
from sim.dataset import SCHEMA
from sim.dataset.tally import TALLY
from sim.pictures import draw
from sim.run.proved_sweeps import prove_beside
from sim.scenario import schema

ROOT = Path(__file__).parents[1]
ARCHITECTURE = ROOT / "docs" / "architecture.md"
REFERENCE = ROOT / "docs" / "reference.md"
FILE_SCHEMA = ROOT / "scenarios" / "schema.json"


def rooms():
    """The rooms, as the docstring of the package lists them."""
    lines = re.findall(r"^    \w+ +\S.*", sim.__doc__, re.MULTILINE)
    return "```text\n" + "\n".join(line[4:] for line in lines) + "\n```"


def variables():
    """The variables that every dataset shares, as the schema declares them."""
    kept = {"map": "always", "equilibria": "unless only what a map needs is kept", "full": "with `--full`"}
    rows = ["| variable | dims behind the axes | type | means | kept |", "|---|---|---|---|---|"]
    for one in SCHEMA:
        dims = ", ".join(f"`{dim}`" for dim in one.dims)
        unit = f" ({one.unit})" if one.unit and one.unit != one.meaning else ""
        rows.append(f"| `{one.name}` | {dims} | {one.dtype} | {one.meaning}{unit} | {kept[one.level]} |")
    return "\n".join(rows)


def counted():
    """The variables of a dataset that keeps shares."""
    rows = ["| variable | dims behind `block` | type | means |", "|---|---|---|---|"]
    for one in TALLY:
        dims = ", ".join(f"`{dim}`" for dim in one.dims)
        unit = f" ({one.unit})" if one.unit else ""
        rows.append(f"| `{one.name}` | {dims} | {one.dtype} | {one.meaning}{unit} |")
    return "\n".join(rows)


def with_block(text, name, made):
    """A page with what stands between the marks of a block made anew."""
    return re.sub(rf"(<!-- made: {name} -->\n).*?(<!-- end -->)", rf"\1{made}\n\2", text, flags=re.DOTALL)


def files():
    """Every file that is made, or of which a part is, as it should be."""
    return {
        ARCHITECTURE: with_block(ARCHITECTURE.read_text(), "rooms", rooms()),
        REFERENCE: with_block(
            with_block(REFERENCE.read_text(), "variables", variables()), "counted", counted()
        ),
        FILE_SCHEMA: json.dumps(schema(), indent=2) + "\n",
    }


PICTURES = {
    ROOT / "docs" / "security_dilemma.png": ("standoff_2021", "security_dilemma"),
    ROOT / "docs" / "patience.png": ("standoff_2021_repeated", "patience"),
}
"""Pictures of the README, each with the scenario and the sweep that it shows."""


def picture(path, folder):
    """A picture of the README, drawn anew into a folder by the commands that stand below it."""
    scenario, sweep = PICTURES[path]
    asked = sim.load(ROOT / "scenarios" / f"{scenario}.toml")
    sim.sweep(asked, sweep, out=folder)
    prove_beside(asked, asked.sweeps[sweep], folder)
    (drawn,) = draw(str(folder / f"{sweep}.zarr"))
    return drawn


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text)
    with tempfile.TemporaryDirectory() as place:
        for path in PICTURES:
            path.write_bytes(picture(path, Path(place)).read_bytes())
