"""What is made from the code and stands in files: ``python -m tests.made`` writes it anew (``make docs``)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import sim
from sim.scenario import schema

ROOT = Path(__file__).parents[1]
ARCHITECTURE = ROOT / "docs" / "architecture.md"
SCHEMA = ROOT / "scenarios" / "schema.json"


def rooms():
    """The rooms, as the docstring of the package lists them."""
    lines = re.findall(r"^    \w+ +\S.*", sim.__doc__, re.MULTILINE)
    return "```text\n" + "\n".join(line[4:] for line in lines) + "\n```"


def with_block(text, name, made):
    """A page with what stands between the marks of a block made anew."""
    return re.sub(rf"(<!-- made: {name} -->\n).*?(<!-- end -->)", rf"\1{made}\n\2", text, flags=re.DOTALL)


def files():
    """Every file that is made, or of which a part is, as it should be."""
    return {
        ARCHITECTURE: with_block(ARCHITECTURE.read_text(), "rooms", rooms()),
        SCHEMA: json.dumps(schema(), indent=2) + "\n",
    }


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text)
