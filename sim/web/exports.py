"""What a page can take away: the picture as the house draws it, the data, and the question as a table of the file."""

from __future__ import annotations

import csv
import io
import shlex
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.claim import Status
from sim.output.as_json import assessed
from sim.pictures import draw_solved, figure_of
from sim.pictures.style import save
from sim.pictures.style.words import description
from sim.scenario import Scenario, Sweep
from sim.scenario.as_file import key, quoted
from sim.scenario.tables import Axis
from sim.web.asked import View
from sim.web.cells import solved_at
from sim.web.here import source_of
from sim.web.landscape import Landscape

__all__ = ["FILES", "as_csv", "as_question", "as_tree", "from_dataset"]

FILES = {
    "png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf", "csv": "text/csv; charset=utf-8",
    "nc": "application/x-netcdf", "toml": "application/toml; charset=utf-8", "tree.svg": "image/svg+xml",
}  # fmt: skip
NAME = "explored"


def swept(scenario: Scenario, view: View, points: int) -> Sweep:
    """The view as a sweep of the scenario.  Raises ValueError where there is no axis."""
    if not view.axes:
        raise ValueError(f"{scenario.name} has no parameter that varies: there is no map to take away")
    names = " and ".join(span.name for span in view.axes)
    return Sweep(
        NAME,
        f"What follows from {names}",
        {span.name: Axis(low=span.low, high=span.high, points=points) for span in view.axes},
        set={
            name: value for name, value in view.others.items() if value != scenario.parameters[name].default
        },
        concept=view.concept,
        solver=view.solver,
        select=view.select,
    )


def from_dataset(scenario: Scenario, view: View, points: int, kind: str) -> bytes:
    """A picture of the map, or all of its data as netCDF."""
    from sim.run import sweep  # with all that reads and writes datasets, for which the page need not wait

    dataset = sweep(scenario, swept(scenario, view, points)).load()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{NAME}.{kind}"
        if kind == "nc":
            dataset.to_netcdf(path, engine="scipy")
        else:
            save(figure_of(dataset), path, str(dataset.attrs["title"]), description(dataset))
        return path.read_bytes()


def as_csv(scenario: Scenario, view: View, points: int, give_way: Callable[[], None]) -> bytes:
    """A row for each cell: the parameters of the axes, what holds, how many equilibria, and the verdict."""
    asked = swept(scenario, view, points)
    land = Landscape(scenario, view, points, whole=True)
    land.work(float("inf"), give_way)
    assert land.cells is not None
    found = land.regimes(land.cells, land.refine.source, land.refine.source)
    code = found.code.ravel().tolist()
    words = [found.words(regime) for regime in found.regimes]
    stream = io.StringIO()
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow([*asked.over, "outcomes", "equilibria", "status"])
    columns: list[list[Any]] = [land.values[name].tolist() for name in asked.over]
    for place, number in enumerate(code):
        status = Status(int(land.cells.status[place])).name
        count = int(land.cells.count[place])
        rows.writerow([*(float(column[place]) for column in columns), words[number], count, status])
    return stream.getvalue().encode()


def as_tree(scenario: Scenario, view: View) -> bytes:
    """The tree, or the states, with the first equilibrium, as `standoff solve --out` draws it."""
    solution = solved_at(scenario, view, {})
    settings = [
        word
        for name, value in view.values.items()
        if value != scenario.parameters[name].default
        for word in ("--set", f"{name}={value}")
    ]
    command = shlex.join(["standoff", "solve", scenario.name, *settings, "--concept", view.concept])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tree.svg"
        assessments = [assessed(solution, 0, k) for k in range(int(solution.count[0]))]
        draw_solved(source_of(scenario, view), solution, assessments, command, path)
        return path.read_bytes()


def as_question(scenario: Scenario, view: View, points: int) -> bytes:
    """The view as a ``[sweeps]`` table, to be put into the scenario's file."""
    asked = swept(scenario, view, points)
    over = ", ".join(
        f"{key(name)} = [{number(axis.low)}, {number(axis.high)}, {axis.points}]"
        for name, axis in asked.over.items()
    )
    lines = [f"[sweeps.{NAME}]", f"title = {quoted(asked.title)}", f"over = {{ {over} }}"]
    if asked.set:
        lines.append(
            f"set = {{ {', '.join(f'{key(name)} = {number(v)}' for name, v in asked.set.items())} }}"
        )
    lines.append(f"concept = {quoted(asked.concept)}")
    lines += [f"solver = {quoted(asked.solver)}"] if asked.solver else []
    lines += [f"select = {quoted(asked.select)}"] if asked.select else []
    return ("\n".join(lines) + "\n").encode()


def number(value: Any) -> str:
    """A number as scenario files write it: one that no float tells in quotes."""
    return repr(value) if isinstance(value, float) else quoted(str(value))
