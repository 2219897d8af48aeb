"""The page of one scenario, a section after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.explain import reasons
from sim.explain.sentences import (
    Paragraph,
    every_change,
    in_digits,
    least_of,
    looked_at,
    nearest_of,
    never_of,
    what_holds,
    whys,
)
from sim.markup import Markup, element, in_a_row
from sim.output.as_text import answer_page
from sim.output.page import Rows
from sim.output.sensitivity import sensitivity_text
from sim.pictures.style import percent
from sim.report.maps import figure, hexadecimal
from sim.report.material import Chapter, Material, Strip
from sim.report.regions import Region, told_regions
from sim.report.sheet import details, document, section
from sim.run.promises import Kept
from sim.run.sensed import about, sensed_in
from sim.scenario import Promise
from sim.scenario.source import Source
from sim.version import __version__

__all__ = ["colour_of", "listed_reasons", "page", "paragraphs_of", "promises", "strip"]

WIDTH, HEIGHT = 600, 24  # of the box that a strip is drawn in


def page(material: Material) -> str:
    """The whole page as HTML."""
    scenario = material.scenario
    return document(
        scenario.title or scenario.name,
        element("h1", scenario.title or scenario.name),
        element("p", counts(material), class_="note"),
        section("What it is about", *paragraphs_of(scenario.about), sources(scenario.sources)),
        section("What each side can do, and what can come of it", *choices(material)),
        section("At the defaults", *defaults(material)),
        section("What would have to change", *changes(material)),
        section("How sure", *how_sure(material)),
        section("Maps", *(part for chapter in material.chapters for part in told_map(material, chapter))),
        section("What the sources say, and the model", *(promise(*one) for one in material.kept)),
        section("Parameters", *parameters(material)),
        section("How this was made", made(material)),
    )


def counts(material: Material) -> str:
    """What there is on the page, in numbers."""
    scenario = material.scenario
    return (
        f"{scenario.name}, {scenario.form} form, of {' and '.join(scenario.players)}: "
        f"{len(scenario.parameters)} parameters, {len(material.chapters)} maps, {promises(material)}"
    )


def promises(material: Material) -> str:
    """``12 promises, all kept``."""
    count, kept = len(material.kept), sum(one.kept for _, one in material.kept)
    if not count:
        return "no promises"
    return f"{count} promise{'s' * (count != 1)}, {'all' if kept == count else kept} kept"


def paragraphs_of(text: str) -> Iterator[Markup]:
    """Prose, a paragraph where a line is empty."""
    for each in text.strip().split("\n\n"):
        if each.strip():
            yield element("p", " ".join(each.split()))


def sources(words: Sequence[str]) -> Markup | None:
    """The sources as a list."""
    if not words:
        return None
    return in_a_row([element("h3", "Sources"), element("ul", *(element("li", one) for one in words))])


def choices(material: Material) -> Iterator[Markup]:
    """Who can do what, and the outcomes with their colours."""
    scenario = material.scenario
    rows = [(player, ", ".join(own)) for player, own in zip(scenario.players, scenario.actions, strict=True)]
    yield element("div", Rows(rows, head=False).html(), class_="wide")
    yield element(
        "ul",
        *(
            element("li", colour_of(material, number), " ", name)
            for number, name in enumerate(scenario.outcomes.names)
        ),
        class_="colours",
    )


def colour_of(material: Material, number: int) -> Markup:
    """The colour of an outcome."""
    colour = hexadecimal(material.palette.colour(number))
    return element("span", "", class_="swatch", style=f"background:{colour}")


def defaults(material: Material) -> Iterator[Markup]:
    """The game at its defaults: table, equilibria, reasons."""
    scenario, solution = material.scenario, material.solution
    source = Source("", "", scenario.form, {}, tones=scenario.tones)
    for part in answer_page(source, solution).parts[1:]:
        inside = part.html() if isinstance(part, Rows) else element("pre", part)
        yield element("div", inside, class_="wide")
    yield from listed_reasons(whys(reasons(solution)))


def listed_reasons(paragraphs: Sequence[Paragraph], level: str = "h3") -> Iterator[Markup]:
    """Reasons: a heading and its sentences."""
    for one in paragraphs:
        items = (element("li", sentence) for sentence in one.sentences)
        if one.title.startswith("#"):
            yield in_a_row([element(level, one.title), element("ul", *items)])
        else:
            yield details(one.title, element("ul", *items), level=level)


def changes(material: Material) -> Iterator[Markup]:
    """Every tipping point, how far the nearest change is, and the least change to each outcome."""
    found = material.changes
    yield element("p", what_holds(found))
    sentences = every_change(material.scenario, found)
    if sentences:
        yield element("ul", *(element("li", one) for one in sentences))
    else:
        yield element("p", "No parameter alone changes the outcomes.")
    for sentence in (never_of(found), nearest_of(found.nearest) if found.nearest is not None else ""):
        if sentence:
            yield element("p", sentence)
    if found.least:
        items = (element("li", least_of(one, "sum")) for one in found.least)
        yield details("The least change to each outcome", element("ul", *items))
    if not found.exact:
        yield element("p", looked_at(found), class_="note")


def how_sure(material: Material) -> Iterator[Markup]:
    """What samples of what is believed say, where there are any."""
    for one in material.samples:
        sensed = sensed_in(one.dataset)
        yield in_a_row(
            [
                element("h3", one.title or one.name),
                figure(one.dataset, None, f"{one.title}: shares of outcomes", one.note),
                element("pre", sensitivity_text(about(sensed))),
            ]
        )


def told_map(material: Material, chapter: Chapter) -> Iterator[Markup]:
    """A picture, and its regions in words."""
    title = chapter.title or chapter.name
    shown = chapter.shown
    yield element("h3", title)
    found = list(told_regions(material.scenario, chapter.dataset, shown)) if shown is not None else []
    words = "; ".join(f"{one.words}, {percent(one.share)}" for one in found)
    yield figure(chapter.dataset, shown, f"{title} {words}".strip(), chapter.note)
    if found:
        yield element("ul", *(element("li", region(one)) for one in found))


def region(one: Region) -> Markup:
    """A region in words."""
    count = int(one.solution.count[0])
    answers = f"{count} answer{'s' * (count != 1)}"
    inside = f"deep inside it, at {one.point}, there {'is' if count == 1 else 'are'} {answers}"
    return in_a_row(
        [
            element("strong", one.words),
            f": {percent(one.share)} of the map; {inside}.",
            details("Why", *listed_reasons(one.why, "h5"), level="span"),
        ]
    )


def promise(asked: Promise, found: Kept) -> Markup:
    """What a source says, and whether the model bears it out."""
    verdict = "broken" if not found.kept else "holds" if asked.holds else "the model says no"
    kind = {"broken": "kept broken", "holds": "kept"}.get(verdict, "kept no")
    at = ", ".join(f"{name} = {in_digits(value)}" for name, value in asked.at.items())
    return element(
        "div",
        element("p", element("strong", f"{verdict[:1].upper()}{verdict[1:]}: "), asked.claim),
        element("blockquote", asked.quote) if asked.quote else None,
        element("p", asked.note) if asked.note else None,
        element("p", f"Asked {f'at {at}' if at else 'at the defaults'}.", class_="note"),
        element("p", found.found) if found.found else None,
        class_=kind,
    )


def parameters(material: Material) -> Iterator[Markup]:
    """Each parameter: what it means, its range and source, and what holds along it."""
    scenario = material.scenario
    if material.strips:
        yield element(
            "p",
            "A strip shows what holds along a parameter, from its lowest to its highest value, all others at their "
            "defaults; the black line is the default. Colours are those of the outcomes above, one above the other where "
            "several hold.",
            class_="note",
        )
    rows = []
    for name, one in scenario.parameters.items():
        at = [in_digits(change.at) for change in material.changes.changes if change.parameter == name]
        share = (float(one.default) - float(one.low)) / (float(one.high) - float(one.low) or 1.0)
        rows.append(
            element(
                "tr",
                element("th", element("code", name), scope="row"),
                element(
                    "td",
                    one.meaning,
                    element("br"),
                    element("span", one.source, class_="note"),
                ),
                element(
                    "td",
                    f"{in_digits(one.default)} ({in_digits(one.low)} to {in_digits(one.high)}) {one.unit}".strip(),
                    strip(material, material.strips[name], share) if name in material.strips else None,
                    element("span", f"Outcomes change at {', '.join(at)}.", class_="note") if at else None,
                ),
            )
        )
    if rows:
        head = element(
            "thead",
            element("tr", *(element("th", word, scope="col") for word in ("name", "meaning", "value"))),
        )
        yield element("div", element("table", head, element("tbody", *rows)), class_="wide")


def strip(material: Material, one: Strip, default: float) -> Markup:
    """A coloured strip: a part for each stretch on which the same holds, split where several outcomes do."""
    low, high = one.parts[0][0], one.parts[-1][1]
    names = material.scenario.outcomes.names
    pieces = []
    for start, end, held in one.parts:
        x, width = (WIDTH * (start - low) / (high - low), WIDTH * (end - start) / (high - low))
        words = f"{in_digits(float(f'{start:.4g}'))} to {in_digits(float(f'{end:.4g}'))}: " + (
            "; ".join(names[number] for number in held) or "no outcome for the better part"
        )
        colours = [hexadecimal(material.palette.colour(number)) for number in held] or ["#e8e4d8"]
        bands = (
            element(
                "rect", x=f"{x:.1f}", y=f"{HEIGHT * place / len(colours):.1f}", width=f"{width + 0.3:.1f}",
                height=f"{HEIGHT / len(colours) + 0.3:.1f}", fill=colour,
            )
            for place, colour in enumerate(colours)
        )  # fmt: skip
        pieces.append(element("g", element("title", words), *bands))
    mark = element(
        "rect", x=f"{WIDTH * default - 2:.1f}", y=0, width=4, height=HEIGHT, fill="#000", stroke="#fff"
    )
    return element(
        "svg", *pieces, mark, viewBox=f"0 0 {WIDTH} {HEIGHT}", preserveAspectRatio="none", class_="strip", role="img",
        aria_label="; ".join(
            f"{in_digits(float(f'{start:.4g}'))} to {in_digits(float(f'{end:.4g}'))}: "
            + (", ".join(names[number] for number in held) or "none")
            for start, end, held in one.parts
        ),
    )  # fmt: skip


def made(material: Material) -> Markup:
    """Where all of it is from."""
    scenario = material.scenario
    items = [
        f"Standoff {__version__}; scenario {scenario.name}, SHA-256 {scenario.digest}.",
        "Every answer is certified: values and gains are recomputed from the game alone.",
    ]
    for chapter in (*material.chapters, *material.samples):
        sizes = (
            " x ".join(str(size) for size in chapter.dataset["status"].shape)
            if "status" in chapter.dataset
            else ""
        )
        command = str(chapter.dataset.attrs.get("command", ""))
        items.append(
            f"{chapter.name}: {chapter.made}{f', {sizes} cells' if sizes else ''}; {command}".rstrip("; ")
            + "."
        )
    return element("ul", *(element("li", one) for one in items))
