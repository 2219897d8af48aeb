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
    words = thought(beliefs)
    free = [pair for pair in beliefs.values() if pair[1] > pair[0]]
    if reach > 0:
        come = "" if reach == 1 else f"reached {amount(reach)}"
        return "; ".join(filter(None, (come, words)))
    if len(beliefs) == 2 and free:
        (word, (low, high)), _ = beliefs.items()
        return (
            f"never reached: any belief in {word} {span(low, high)}"
            if (low, high) != (0, 1)
            else "never reached: any belief"
        )
    return "never reached" + (f": {words}" if words else "")


def thought(beliefs: dict[str, tuple[Any, Any]]) -> str:
    """``believes in soft with 0.3, in firm with 0.7``; ``sure of soft``; what is excluded is left out."""
    sure = [word for word, (low, _) in beliefs.items() if low == 1]
    if sure:
        return f"sure of {sure[0]}"
    held = {word: pair for word, pair in beliefs.items() if pair[1] > 0}
    apart = "; " if any("," in word for word in held) else ", "
    parts = (
        f"in {word} {'with ' if low == high else ''}{span(low, high)}" for word, (low, high) in held.items()
    )
    return f"believes {apart.join(parts)}" if held else ""
