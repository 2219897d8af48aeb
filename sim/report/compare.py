"""Two scenarios side by side on one page: the same outcomes in the same colours, and what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sim.explain import reasons
from sim.explain.sentences import every_change, in_digits, listed, what_holds, whys
from sim.markup import Markup, element, in_a_row
from sim.report.maps import figure
from sim.report.material import Chapter, Material, material_of
from sim.report.page import colour_of, listed_reasons, paragraphs_of, promises
from sim.report.sheet import document, section
from sim.report.write import put_down
from sim.scenario.tables import Parameter

__all__ = ["compare"]


def compare(one: str, other: str, out: Path, results: Path = Path("results")) -> Path:
    """``out/ONE-OTHER.html``.  Raises ValueError for what is no scenario, and for twice the same one."""
    pair = material_of(one, results), material_of(other, results)
    names = [each.scenario.name for each in pair]
    if names[0] == names[1]:
        raise ValueError(f"--compare sets two scenarios side by side, and both are {names[0]}")
    title = " and ".join(each.scenario.title or each.scenario.name for each in pair)
    path = out / f"{names[0]}-{names[1]}.html"
    text = document(
        title,
        element("h1", title),
        side(pair, introduced),
        section("Outcomes", outcomes(pair)),
        section("At the defaults", side(pair, defaults)),
        section("Parameters that differ", *parameters(pair)),
        section("What would have to change", side(pair, changes)),
        section("Maps", *maps(pair)),
    )
    put_down(path, text)
    return path


Pair = tuple[Material, Material]


def side(pair: Pair, tell: Callable[[Material], Iterable[str | None]]) -> Markup:
    """The same of both, one beside the other."""
    columns = (
        element("div", element("h3", each.scenario.title or each.scenario.name), *tell(each)) for each in pair
    )
    return element("div", *columns, class_="side")


def introduced(material: Material) -> Iterator[Markup]:
    """What it is about, in a paragraph."""
    yield from list(paragraphs_of(material.scenario.about))[:1]
    scenario = material.scenario
    who = "; ".join(
        f"{player}: {', '.join(own)}" for player, own in zip(scenario.players, scenario.actions, strict=True)
    )
    yield element("p", who)
    yield element("p", f"{scenario.form} form; {promises(material)}", class_="note")


def outcomes(pair: Pair) -> Markup:
    """Every outcome of either, its colour in each, and whether it holds there at the defaults."""
    names = dict.fromkeys(name for each in pair for name in each.scenario.outcomes.names)
    rows = []
    for name in names:
        cells = []
        for each in pair:
            own = each.scenario.outcomes.names
            holds = name in each.changes.outcomes
            word = " holds" if holds else " does not hold"
            cells.append(
                element("td", colour_of(each, own.index(name)), word, class_="marked" if holds else None)
                if name in own
                else element("td", "no such outcome")
            )
        rows.append(element("tr", element("th", name, scope="row"), *cells))
    titles = (element("th", each.scenario.title or each.scenario.name, scope="col") for each in pair)
    head = element("thead", element("tr", element("th", "outcome", scope="col"), *titles))
    return element("div", element("table", head, element("tbody", *rows)), class_="wide")


def defaults(material: Material) -> Iterator[Markup]:
    """Equilibria and reasons."""
    yield from listed_reasons(whys(reasons(material.solution)), "h4")


def parameters(pair: Pair) -> Iterator[Markup]:
    """Parameters of one only, and those of both with other defaults or bounds; how many are the same."""
    one, other = (each.scenario.parameters for each in pair)
    rows, same = [], []
    for name in dict.fromkeys([*one, *other]):
        own = [words(table.get(name)) for table in (one, other)]
        if own[0] == own[1]:
            same.append(name)
            continue
        meaning = (one.get(name) or other[name]).meaning
        cells = (element("td", word or "not there") for word in own)
        rows.append(
            element("tr", element("th", element("code", name), scope="row"), *cells, element("td", meaning))
        )
    titles = [each.scenario.title or each.scenario.name for each in pair]
    if rows:
        head = element(
            "thead",
            element("tr", *(element("th", word, scope="col") for word in ("name", *titles, "meaning"))),
        )
        yield element("div", element("table", head, element("tbody", *rows)), class_="wide")
    if same:
        yield element("p", f"The same in both: {listed(same)}.")


def words(one: Parameter | None) -> str:
    """``2 (0 to 5)``; nothing where there is none."""
    return f"{in_digits(one.default)} ({in_digits(one.low)} to {in_digits(one.high)})" if one else ""


def changes(material: Material) -> Iterator[Markup]:
    """The tipping points."""
    yield element("p", what_holds(material.changes))
    yield element("ul", *(element("li", one) for one in every_change(material.scenario, material.changes)))


def maps(pair: Pair) -> Iterator[Markup]:
    """Maps of the same question beside each other: of one name or over the same parameters; else the first of each."""
    one, other = (each.chapters for each in pair)
    matched = [(a, b) for a in one for b in other if alike(a, b)]
    if not matched and one and other:
        yield element("p", "No question is asked in both: the first map of each.")
        matched = [(one[0], other[0])]
    for a, b in matched:
        columns = (
            element(
                "div",
                element("h3", each.title or each.name),
                figure(each.dataset, each.shown, each.title or each.name),
            )
            for each in (a, b)
        )
        yield in_a_row([element("div", *columns, class_="side")])


def alike(one: Chapter, other: Chapter) -> bool:
    """Whether two sweeps ask the same."""
    axes = (tuple(each.dataset["status"].dims) for each in (one, other))
    return one.name == other.name or len(set(axes)) == 1
