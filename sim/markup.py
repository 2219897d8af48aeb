"""HTML and SVG as text: whatever is put into an element is escaped, unless it is an element itself.

That is by type: a ``str`` is always words, and only :func:`element` and :func:`raw` make :class:`Markup`.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from urllib.parse import quote

__all__ = ["Markup", "as_address", "element", "in_a_row", "raw"]

EMPTY = {"br", "img", "link", "meta", "path", "rect"}
"""Tags without an end where nothing is in them."""


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def raw(text: str) -> Markup:
    """Text of this package's own, such as a style, that is HTML already; never what a scenario says."""
    return Markup(text)


def in_a_row(children: Iterable[str | None]) -> Markup:
    """Elements and words one after the other; words are escaped, None is nothing."""
    return Markup(
        "".join(
            child if isinstance(child, Markup) else html.escape(child)
            for child in children
            if child is not None
        )
    )


def element(tag: str, *children: str | None, **attributes: str | float | bool | None) -> Markup:
    """``element("p", "a < b", class_="note")``: an attribute's last ``_`` goes, others are ``-``; None leaves one out."""
    told = "".join(
        f" {name.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{html.escape(str(value))}"')
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    inside = in_a_row(children)
    if tag in EMPTY and not inside:
        return Markup(f"<{tag}{told}>" if tag not in {"path", "rect"} else f"<{tag}{told}/>")
    return Markup(f"<{tag}{told}>{inside}</{tag}>")


def as_address(svg: str) -> str:
    """A picture as an address that holds all of it, for ``<img>``: no script in it runs, and it asks for nothing."""
    return "data:image/svg+xml," + quote(svg, safe=" ='/:;,.!*()-_+?@&$~[]|^`{}\n")
