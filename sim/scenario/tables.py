"""The tables of a scenario file that have fixed keys: parameters, sweeps, promises."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema

from sim.expression import Number
from sim.scenario.fields import (
    NUMBER,
    FormulaText,
    Line,
    Name,
    Numeral,
    Table,
    Text,
    Truth,
    Whole,
    mistake,
    number,
    whole,
)
from sim.scenario.problems import shown

__all__ = [
    "Axis",
    "Lets",
    "Parameter",
    "Parameters",
    "Promise",
    "Promises",
    "Sweep",
    "SweepTable",
    "SweepTables",
    "too_many",
]

MOST_POINTS = 100_000  # along one axis
MOST_CELLS = 100_000_000
MOST_AXES = 6


def too_many(points: Mapping[str, int]) -> str:
    """Which limit a grid breaks that has so many points along each axis, in words; nothing if none."""
    for name, size in points.items():
        if size > MOST_POINTS:
            return f"{name} has {size} points; an axis has at most {MOST_POINTS}"
    cells = math.prod(points.values())
    if cells > MOST_CELLS:
        return f"has {cells} cells; a sweep has at most {MOST_CELLS}. Use fewer points"
    if len(points) > MOST_AXES:
        return f"has {len(points)} axes; a sweep has at most {MOST_AXES}"
    return ""


class Parameter(Table):
    """A number that payoff formulas use, with the range in which the model is meant."""

    default: Annotated[Numeral, Field(description="value unless a sweep or --set says otherwise")]
    low: Annotated[Numeral, Field(description="lowest value that may be used")]
    high: Annotated[Numeral, Field(description="highest value that may be used")]
    unit: Annotated[Text, Field(description="unit of the value, as axes of maps show it")] = ""
    meaning: Annotated[Text, Field(description="what it stands for, in plain words")] = ""
    source: Annotated[Text, Field(description="why this value and this range")] = ""

    @model_validator(mode="after")
    def default_in_bounds(self) -> Parameter:
        """The bounds are in order, the default between them."""
        if self.low > self.high:
            raise mistake(f"low = {shown(self.low)} is above high = {shown(self.high)}")
        if not self.low <= self.default <= self.high:
            raise mistake(
                f"default = {shown(self.default)} lies outside its bounds "
                f"{shown(self.low)} .. {shown(self.high)}"
            )
        return self


class Axis(Table):
    """A parameter that a sweep varies: ``points`` equally spaced values from ``low`` to ``high``."""

    low: Annotated[Numeral, Field(description="first value")]
    high: Annotated[Numeral, Field(description="last value")]
    points: Annotated[Whole, Field(description="how many values, both ends included")]

    @model_validator(mode="after")
    def ascending(self) -> Axis:
        """The axis has a length and points."""
        if not self.low < self.high:
            raise mistake(f"runs from {shown(self.low)} to {shown(self.high)}; the first must be the smaller")
        if not 2 <= self.points <= MOST_POINTS:
            raise mistake(f"points = {shown(self.points)}; an axis has 2 to {MOST_POINTS} points")
        return self


def axis_from_list(value: Any) -> Any:
    """``[low, high, points]`` as a table."""
    if isinstance(value, list):
        if len(value) != 3:
            raise mistake(f"expected [low, high, points], found {shown(value)}")
        return {"low": number(value[0]), "high": number(value[1]), "points": whole(value[2])}
    if not isinstance(value, dict):
        raise mistake(f"expected [low, high, points], found {shown(value)}")
    return value


class OrList:
    """In the JSON Schema: the table, or a list of its three values."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        numbers = [NUMBER, NUMBER, {"type": "integer"}]
        return {
            "anyOf": [{"type": "array", "prefixItems": numbers, "minItems": 3, "maxItems": 3}, handler(core)]
        }


AxisTable = Annotated[Axis, BeforeValidator(axis_from_list), OrList()]


def picture(value: Any) -> dict[str, str | bool]:
    """``"scalar_map"`` or ``{ name = "scalar_map", variable = "count" }``, as the table."""
    table = {"name": value} if isinstance(value, str) else value
    if not isinstance(table, dict) or not isinstance(table.get("name"), str):
        raise mistake(f"expected the name of a plot, or {{ name = ..., option = ... }}, found {shown(value)}")
    for key, option in table.items():
        if not isinstance(option, str | bool):
            raise mistake(f"{key}: expected a text in quotes, true or false, found {shown(option)}")
    return table


PICTURE_SCHEMA = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {"name": {"type": "string"}},
            "required": ["name"],
            "additionalProperties": {"type": ["string", "boolean"]},
        },
    ]
}
Picture = Annotated[dict[str, str | bool], PlainValidator(picture), WithJsonSchema(PICTURE_SCHEMA)]


class SweepTable(Table):
    """One question asked of the scenario: which parameters vary, which are set, what is solved."""

    title: Annotated[Line, Field(description="the question the map answers")] = ""
    over: Annotated[
        dict[Name, AxisTable],
        Field(description="parameters that vary: [low, high, points]", min_length=1, max_length=MOST_AXES),
    ]
    set: Annotated[
        dict[Name, Numeral], Field(description="parameters held at other values than their defaults")
    ] = Field(default_factory=dict)
    concept: Annotated[
        Text | None, Field(description="solution concept; the first one of the form if left out")
    ] = None
    solver: Annotated[Text | None, Field(description="method; the default of the concept if left out")] = None
    select: Annotated[
        Text | None, Field(description="which of several equilibria the map shows; all of them if left out")
    ] = None
    refine: Annotated[
        Text | None,
        Field(description="refinement that the equilibria shown survive: intuitive, d1 or undefeated"),
    ] = None
    plot: Annotated[
        Picture | None,
        Field(description="how it is drawn: a plot, or { name = plot, option = value }; else what fits"),
    ] = None
    note: Annotated[Text, Field(description="anything a reader of the map should know")] = ""


@dataclass(frozen=True)
class Sweep:
    """A sweep of a scenario: ``over`` in the order of the axes, the rest as the file says."""

    name: str
    title: str
    over: dict[str, Axis]
    set: dict[str, Number] = field(default_factory=dict)
    concept: str = "nash"
    solver: str | None = None
    select: str | None = None
    refine: str | None = None
    plot: dict[str, str | bool] | None = None
    note: str = ""


def value_range(value: Any) -> tuple[float, float]:
    """``[low, high]``, or a number that must be met up to rounding."""
    low, high = value if isinstance(value, list) and len(value) == 2 else (value, value)
    if isinstance(value, list) and len(value) != 2:
        raise mistake(f"expected a number or [low, high], found {shown(value)}")
    low, high = number(low), number(high)
    if low > high:
        raise mistake(f"runs from {shown(low)} to {shown(high)}; the first must not be the larger")
    return float(low), float(high)


RANGE_SCHEMA = {
    "anyOf": [
        NUMBER,
        {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2},
    ]
}
Range = Annotated[tuple[float, float], BeforeValidator(value_range), WithJsonSchema(RANGE_SCHEMA)]


class Promise(Table):
    """A claim about the model that ``standoff check`` and the tests keep: one of four kinds."""

    claim: Annotated[Text, Field(description="what is claimed, in plain words")]
    quote: Annotated[Text, Field(description="the sentence of the source it comes from")] = ""
    at: Annotated[
        dict[Name, Numeral], Field(description="parameters at other values than their defaults")
    ] = Field(default_factory=dict)
    concept: Annotated[
        Text | None, Field(description="solution concept; the first one of the form if left out")
    ] = None
    solver: Annotated[Text | None, Field(description="method; the default of the concept if left out")] = None
    select: Annotated[
        Text | None, Field(description="which of several equilibria are meant; all of them if left out")
    ] = None
    refine: Annotated[
        Text | None,
        Field(description="refinement that the equilibria meant survive: intuitive, d1 or undefeated"),
    ] = None
    outcomes: Annotated[
        tuple[Text, ...] | None,
        Field(description="exactly the outcomes that some equilibrium plays with probability 1/2 or more"),
    ] = None
    never: Annotated[tuple[Text, ...] | None, Field(description="outcomes that no equilibrium plays so")] = (
        None
    )
    values: Annotated[
        dict[str, Range] | None, Field(description="for each player the range of values of every equilibrium")
    ] = None
    perfect: Annotated[
        tuple[Text, ...] | None,
        Field(description="automata, by name, that are a subgame-perfect profile together"),
    ] = None
    holds: Annotated[
        Truth, Field(description="false: the model refutes the claim here; the promise is that it does")
    ] = True
    note: Annotated[Text, Field(description="why, in plain words")] = ""

    @model_validator(mode="after")
    def one_of_four(self) -> Promise:
        """Exactly one comparison is asked for."""
        given = [key for key in ("outcomes", "never", "values", "perfect") if getattr(self, key) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise mistake(f"expected exactly one of outcomes, never, values, perfect; found {found}")
        return self


Parameters = dict[Name, Parameter]
Lets = dict[Name, FormulaText]
SweepTables = dict[str, SweepTable]
Promises = list[Promise]
