"""What is believed where play comes, and where it does not, in words."""

from __future__ import annotations

from typing import Any

from sim.explain.sentences import span
from sim.output.wording import amount

__all__ = ["believed", "beside"]


def beside(first: list[str], second: list[str]) -> list[str]:
    """Two columns in one."""
    width = max(map(len, first), default=0)
    return [f"{one.ljust(width)}  {other}".rstrip() for one, other in zip(first, second, strict=True)]


def believed(label: str, known: dict[str, Any]) -> str:
    """Whether play comes to an information set, and what is believed there; nothing where both are certain."""
    reach, beliefs = known["reach"][label], known.get("beliefs", {}).get(label, {})
    words = [f"{word} {span(low, high)}" for word, (low, high) in beliefs.items()]
    free = [pair for pair in beliefs.values() if pair[1] > pair[0]]
    if reach > 0:
        come = "" if reach == 1 else f"reached {amount(reach)}"
        return "; ".join(filter(None, (come, f"believes {', '.join(words)}" if words else "")))
    if len(beliefs) == 2 and free:
        (word, (low, high)), _ = beliefs.items()
        return (
            f"never reached: any belief in {word} {span(low, high)}"
            if (low, high) != (0, 1)
            else "never reached: any belief"
        )
    return "never reached" + (f": believes {', '.join(words)}" if words else "")
