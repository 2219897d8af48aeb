"""What all pages share: head, style, script, and the policy that lets nothing else run or load."""

from __future__ import annotations

import base64
import hashlib

from sim.markup import Markup, element, in_a_row, raw

__all__ = ["details", "document", "section"]

STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; padding: 0 1rem 3rem; max-width: 60rem; font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a;
  background: #fff; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 1.5rem 0 0.3rem; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 0.5rem; border-bottom: 1px solid #bbb; }
h3 { font-size: 1.05rem; margin: 1.4rem 0 0.3rem; }
a { color: #0b4f9c; }
.note, figcaption { color: #505050; font-size: 0.9rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 0.5rem 0; }
caption { text-align: left; font-weight: 600; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.7rem 0.25rem 0; border-bottom: 1px solid #ddd;
  overflow-wrap: normal; }
td.marked { font-weight: 700; outline: 2px solid #1a1a1a; padding-left: 0.3rem; }
pre { white-space: pre-wrap; font-size: 0.85rem; }
details { margin: 0.4rem 0; }
summary { cursor: pointer; }
summary h3, summary h4, summary h5 { display: inline; }
figure { margin: 1rem 0 1.5rem; }
.picture { position: relative; min-width: 38rem; }
.picture img { display: block; width: 100%; height: auto; }
.picture svg { position: absolute; }
.picture path { fill: transparent; }
.picture path:hover { stroke: #000; stroke-width: 3px; vector-effect: non-scaling-stroke; }
.swatch { display: inline-block; width: 1.4em; height: 0.9em; border: 1px solid #666; vertical-align: -0.05em; }
.colours { list-style: none; padding: 0; columns: 16rem; }
.strip { width: 100%; min-width: 12rem; height: 1.3rem; border: 1px solid #666; display: block; }
.kept { border-left: 0.3rem solid #2a72bc; padding-left: 0.8rem; margin: 0.9rem 0; }
.no { border-left-color: #b8782a; }
.broken { border-left-color: #9f0e0a; }
blockquote { margin: 0.2rem 0 0.2rem 1rem; font-style: italic; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1.5rem; }
.cards img { width: 100%; height: 9rem; border: 1px solid #666; }
.side { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem; }
.side .picture { min-width: 0; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; }
@media (max-width: 45rem) { .side { grid-template-columns: 1fr; } body { padding: 0 0.7rem 2rem; } }
@media print {
  @page { size: A4; margin: 16mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  figure, tr, .kept, h2, h3 { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .picture { min-width: 0; }
  .wide { overflow: visible; }
  .at, .skip, nav { display: none; }
}
"""

SCRIPT = """
for (const over of document.querySelectorAll(".picture svg")) {
  const at = over.closest("figure").querySelector(".at");
  over.addEventListener("pointermove", (event) => {
    const box = over.getBoundingClientRect(), told = [];
    for (const [way, share] of [["x", (event.clientX - box.left) / box.width],
                                ["y", 1 - (event.clientY - box.top) / box.height]]) {
      const low = Number(over.dataset[way + "low"]), high = Number(over.dataset[way + "high"]);
      told.push(over.dataset[way] + " = " + (low + share * (high - low)).toPrecision(3));
    }
    const title = event.target.querySelector("title");
    at.textContent = told.join(", ") + (title ? ": " + title.textContent : "");
  });
}
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
});
"""


def document(title: str, *body: str | None) -> str:
    """A whole page; no request leaves it, and no script runs but its own."""
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("style", raw(STYLE)),
    )
    whole = element(
        "html",
        head,
        element(
            "body",
            element("a", "To the content", class_="skip", href="#content"),
            element("main", *body, id="content"),
            element("script", raw(SCRIPT)),
        ),
        lang="en",
    )
    return f"<!DOCTYPE html>\n{whole}\n"


def section(title: str, *parts: str | None) -> Markup | None:
    """A heading and what stands below; nothing where nothing does."""
    inside = in_a_row(parts)
    return element("section", element("h2", title), inside) if inside else None


def details(title: str, *parts: str | None, level: str = "h3") -> Markup:
    """Something folded, which print unfolds."""
    return element("details", element("summary", element(level, title)), *parts)
