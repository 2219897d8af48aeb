"""Rows of text in columns."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["columns"]


def columns(rows: Iterable[tuple[str, ...]]) -> str:
    """Rows of text in aligned columns."""
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    )
