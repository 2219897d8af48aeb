"""``python -m tests.literature CASES.json``: a line a case, the last one counts; exit 1 if any differs."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import tests.literature  # noqa: F401 - its files register models
from tests.literature.compare import differs
from tests.literature.registry import computed


def verdict(case):
    """``ok``, what differs, or ``no such model``; what breaks is a difference too."""
    try:
        found = computed(case)
    except Exception as error:  # noqa: BLE001 - a case that breaks must not hide the others
        return f"differs: {type(error).__name__}: {error}"
    if found is None:
        return "no such model"
    told = differs(case["expected"], found, case.get("tol", 1e-6))
    return f"differs: {told}" if told else "ok"


def main(path):
    """Judge every case of a file; 1 if any differs, 2 if it cannot be read."""
    try:
        cases = json.loads(Path(path).read_text())
    except (OSError, ValueError) as error:
        print(f"{path}: cannot be read: {error}", file=sys.stderr)  # noqa: T201
        return 2
    count = Counter()
    for case in cases:
        told = verdict(case)
        count[told.partition(":")[0]] += 1
        print(f"{case['id']}: {told}", flush=True)  # noqa: T201
    print(", ".join(f"{count[word]} {word}" for word in ("ok", "differs", "no such model")))  # noqa: T201
    return int(count["differs"] > 0)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.literature CASES.json")
    sys.exit(main(sys.argv[1]))
