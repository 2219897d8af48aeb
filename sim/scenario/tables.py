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

from sim.answers import KEEPS
from sim.designs.distributions import Belief
from sim.designs.points import MOST_IN_HYPERCUBE, SAMPLED
from sim.expression import Number
from sim.kernels.base.tolerances import BORDER
from sim.scenario import fields
from sim.scenario.beliefs import Distribution, Said, belief_of
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
from sim.scenario.problems import choices, shown

__all__ = [
    "DESIGNS",
    "PROVED",
    "Axis",
    "BordersTable",
    "Lets",
    "Parameter",
    "Parameters",
    "Promise",
    "Promises",
    "Proof",
    "Sample",
    "SampleTable",
    "Sweep",
    "SweepTable",
    "SweepTables",
    "too_many",
    "too_many_draws",
    "usual_points",
]

MOST_POINTS = 100_000  # along one axis
MOST_CELLS = 100_000_000
MOST_COUNTED = 10_000_000_000  # where only shares are kept
MOST_AXES = 6
MOST_REPLICATES = 10_000
MOST_IN_SEQUENCE = 2**29
DESIGNS = ("grid", *SAMPLED)
PROVED = "borders"
EQUILIBRIA = ("all", "pure")  # which ones count where a map is proved
DRAWS, REPLICATES = 1024, 16


def usual_points(axes: int) -> int:
    """Points of each axis where nobody says how many: 201 of the only one, 101 of each of two or more."""
    return 201 if axes == 1 else 101


def too_many(points: Mapping[str, int], keep: str | None = None) -> str:
    """Which limit a grid breaks that has so many points along each axis, in words; nothing if none."""
    for name, size in points.items():
        if size > MOST_POINTS:
            return f"{name} has {size} points; an axis has at most {MOST_POINTS}"
    beyond = too_many_cells(math.prod(points.values()), keep)
    if beyond:
        return beyond
    if len(points) > MOST_AXES:
        return f"has {len(points)} axes; a sweep has at most {MOST_AXES}"
    return ""


def too_many_cells(cells: int, keep: str | None) -> str:
    """That a sweep has too many cells for what it keeps of them, in words; nothing if it has not."""
    if keep == "shares" and cells > MOST_COUNTED:
        return f"has {cells} cells; a sweep that keeps shares has at most {MOST_COUNTED}. Use fewer points"
    if keep != "shares" and cells > MOST_CELLS:
        return f'has {cells} cells; a sweep has at most {MOST_CELLS}. Use fewer points, or keep = "shares"'
    return ""


def too_many_draws(design: str, points: int, replicates: int, keep: str | None = None) -> str:
    """What is wrong with the numbers of a sample, in words; nothing if nothing is."""
    if design == "sobol" and points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        return f"points = {points} is no power of 2, as Sobol' points need; try {below} or {2 * below}"
    if design == "latin" and points > MOST_IN_HYPERCUBE:
        return f"points = {points}; a Latin hypercube has at most {MOST_IN_HYPERCUBE}: take more replicates"
    if design == "sobol" and points > MOST_IN_SEQUENCE:
        return f"points = {points}; a replicate has at most {MOST_IN_SEQUENCE}: take more replicates"
    return too_many_cells(points * replicates, keep)


class Parameter(Table):
    """A number that payoff formulas use, with the range in which the model is meant."""

    default: Annotated[Numeral, Field(description="value unless a sweep or --set says otherwise")]
    low: Annotated[Numeral, Field(description="lowest value that may be used")]
    high: Annotated[Numeral, Field(description="highest value that may be used")]
    unit: Annotated[Text, Field(description="unit of the value, as axes of maps show it")] = ""
    meaning: Annotated[Text, Field(description="what it stands for, in plain words")] = ""
    source: Annotated[Text, Field(description="why this value and this range")] = ""
    distribution: Annotated[
        Distribution, Field(description="what is believed of it between its bounds; uniform if left out")
    ] = Said("uniform")

    @property
    def belief(self) -> Belief:
        """What is believed of its value."""
        return belief_of(self.distribution, self.default, self.low, self.high)

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


def one_of(allowed: tuple[str, ...], kind: str) -> PlainValidator:
    """A text that is one of a few words."""

    def word(value: Any) -> str:
        if value not in allowed:
            raise mistake(f"unknown {kind} {shown(value)} {choices(str(value), {f'{kind}s': allowed})}")
        return str(value)

    return PlainValidator(word)


Keep = Annotated[str, one_of(KEEPS, "level"), WithJsonSchema({"enum": list(KEEPS)})]
AnyDesign = Annotated[str, one_of((*DESIGNS, PROVED), "design"), WithJsonSchema({"enum": ["grid"]})]
ProvedDesign = Annotated[str, one_of((PROVED,), "design"), WithJsonSchema({"enum": [PROVED]})]
Equilibria = Annotated[str, one_of(EQUILIBRIA, "word"), WithJsonSchema({"enum": list(EQUILIBRIA)})]
Drawing = Annotated[str, one_of(SAMPLED, "design"), WithJsonSchema({"enum": list(SAMPLED)})]


class QuestionTable(Table):
    """What all sweeps say: what is set, what is solved, and how much is kept."""

    title: Annotated[Line, Field(description="the question the map answers")] = ""
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
    keep: Annotated[
        Keep | None,
        Field(
            description="what is stored: shares, map, equilibria or full; by the number of cells if left out"
        ),
    ] = None
    note: Annotated[Text, Field(description="anything a reader of the map should know")] = ""


class SweepTable(QuestionTable):
    """One question asked of the scenario over a grid: which parameters vary."""

    design: Annotated[AnyDesign, Field(description="where to look: a grid if left out")] = "grid"
    over: Annotated[
        dict[Name, AxisTable],
        Field(description="parameters that vary: [low, high, points]", min_length=1, max_length=MOST_AXES),
    ]


def drawn(value: Any) -> dict[str, tuple[Number, Number] | None]:
    """``"all"``, names, or names with narrower ranges: by name the range, None for that of the parameter."""
    if value == "all":
        return {}
    if isinstance(value, list) and value:
        found = [fields.name(word) for word in value]
        twice = next((word for place, word in enumerate(found) if word in found[:place]), None)
        if twice is not None:
            raise mistake(f"{shown(twice)} is there twice")
        return dict.fromkeys(found)
    if not isinstance(value, dict) or not value:
        raise mistake(f'expected "all", names, or {{ name = [low, high] }}, found {shown(value)}')
    return {fields.name(word): narrower(word, ends) for word, ends in value.items()}


def narrower(word: str, value: Any) -> tuple[Number, Number]:
    """``[low, high]``."""
    if not isinstance(value, list) or len(value) != 2:
        raise mistake(f"{word}: expected [low, high], found {shown(value)}")
    low, high = number(value[0]), number(value[1])
    if not low < high:
        raise mistake(f"{word}: runs from {shown(low)} to {shown(high)}; the first must be the smaller")
    return low, high


ENDS = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}
DRAWN_SCHEMA = {
    "anyOf": [
        {"const": "all"},
        {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True},
        {"type": "object", "additionalProperties": ENDS, "minProperties": 1},
    ]
}
Drawn = Annotated[
    dict[str, tuple[Number, Number] | None], PlainValidator(drawn), WithJsonSchema(DRAWN_SCHEMA)
]


class SampleTable(QuestionTable):
    """One question asked of the scenario where parameters are drawn from what is believed of them."""

    design: Annotated[Drawing, Field(description="how points are drawn")]
    over: Annotated[Drawn, Field(description='parameters that are drawn: "all", names, or narrower ranges')]
    points: Annotated[Whole, Field(description="of one replicate; of a Sobol' design a power of 2")] = DRAWS
    replicates: Annotated[Whole, Field(description="independent samples; intervals need 2")] = REPLICATES
    seed: Annotated[Whole, Field(description="the same seed draws the same points")] = 0

    @model_validator(mode="after")
    def of_sensible_size(self) -> SampleTable:
        """Points, replicates and seed are numbers that a sample can have."""
        if self.points < 2:
            raise mistake(f"points = {self.points}; a sample has at least 2")
        if not 1 <= self.replicates <= MOST_REPLICATES:
            raise mistake(f"replicates = {self.replicates}; there are 1 to {MOST_REPLICATES}")
        if self.seed < 0:
            raise mistake(f"seed = {self.seed}; a seed is 0 or above")
        beyond = too_many_draws(self.design, self.points, self.replicates, self.keep)
        if beyond:
            raise mistake(beyond)
        return self


class BordersTable(QuestionTable):
    """One question whose regions are proved, with the borders between them, in place of points that are solved."""

    design: Annotated[ProvedDesign, Field(description="the regions between borders are proved")]
    over: Annotated[Drawn, Field(description='parameters that vary: "all", names, or narrower ranges')]
    accuracy: Annotated[
        Numeral, Field(description="share of each range below which nothing is cut further")
    ] = BORDER
    equilibria: Annotated[Equilibria, Field(description="all, or pure ones only")] = "all"

    @model_validator(mode="after")
    def of_all_equilibria(self) -> BordersTable:
        """Nothing is said that only solved points have."""
        for word in ("solver", "select", "refine", "keep"):
            if getattr(self, word) is not None:
                raise mistake(
                    f'{word}: is about points that are solved, and design = "{PROVED}" solves none; '
                    "leave it out, or sweep a grid: over = { name = [low, high, points] }"
                )
        if not 0 < self.accuracy <= 0.5:
            raise mistake(
                f"accuracy = {shown(self.accuracy)}; it is a share of each range, above 0 and at most 0.5"
            )
        return self


@dataclass(frozen=True)
class Proof:
    """How finely the regions of a sweep are proved, and of which equilibria."""

    accuracy: float = BORDER
    equilibria: str = "all"


@dataclass(frozen=True)
class Sample:
    """Parameters that are drawn, each from a range within its bounds, and how often."""

    design: str
    ranges: dict[str, tuple[Number, Number]]
    points: int = DRAWS
    replicates: int = REPLICATES
    seed: int = 0


@dataclass(frozen=True)
class Sweep:
    """A sweep of a scenario: ``over`` in the order of the axes, the rest as the file says.

    Where parameters are drawn, ``sample`` says which and how, and ``over`` is empty.  Where ``proof`` is there regions
    are proved between the ends of ``over``, whose points are those that a grid would have.
    """

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
    keep: str | None = None
    sample: Sample | None = None
    proof: Proof | None = None


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


def tipping(value: Any) -> dict[str, tuple[Number, ...]]:
    """``{ threat = 1.2, chill = [0.75, 1.5], prize = [] }``: by parameter all values at which outcomes change."""
    if not isinstance(value, dict) or not value:
        raise mistake(f"expected {{ name = value }} or {{ name = [values] }}, found {shown(value)}")
    found = {}
    for word, each in value.items():
        values = each if isinstance(each, list) else [each]
        found[fields.name(word)] = tuple(sorted(number(one) for one in values))
    return found


def box(value: Any) -> dict[str, tuple[Number, Number]]:
    """``{ threat = [0, 1.2] }``: by parameter from where to where."""
    if not isinstance(value, dict) or not 0 < len(value) <= MOST_AXES:
        raise mistake(
            f"expected {{ name = [low, high] }} of 1 to {MOST_AXES} parameters, found {shown(value)}"
        )
    return {fields.name(word): narrower(word, ends) for word, ends in value.items()}


TIPS_SCHEMA = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": {"anyOf": [NUMBER, {"type": "array", "items": NUMBER}]},
}
BOX_SCHEMA = {"type": "object", "minProperties": 1, "additionalProperties": ENDS}
Tips = Annotated[dict[str, tuple[Number, ...]], PlainValidator(tipping), WithJsonSchema(TIPS_SCHEMA)]
Box = Annotated[dict[str, tuple[Number, Number]], PlainValidator(box), WithJsonSchema(BOX_SCHEMA)]


class Promise(Table):
    """A claim about the model that ``standoff check`` and the tests keep: one of six kinds."""

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
    share: Annotated[
        dict[str, Range] | None,
        Field(description="for an outcome the range of its share where parameters are as believed"),
    ] = None
    tips: Annotated[
        Tips | None,
        Field(description="by parameter all values at which the outcomes change as it alone moves, proved"),
    ] = None
    region: Annotated[
        Box | None, Field(description="the box of parameters in which the outcomes hold everywhere, proved")
    ] = None
    holds: Annotated[
        Truth, Field(description="false: the model refutes the claim here; the promise is that it does")
    ] = True
    note: Annotated[Text, Field(description="why, in plain words")] = ""

    @model_validator(mode="after")
    def one_of_six(self) -> Promise:
        """Exactly one comparison is asked for, and nothing that it has no use for."""
        kinds = ("outcomes", "never", "values", "perfect", "share", "tips")
        given = [key for key in kinds if getattr(self, key) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise mistake(f"expected exactly one of {', '.join(kinds)}; found {found}")
        if self.region is not None and self.outcomes is None:
            raise mistake(
                f"region: is where outcomes hold, and {given[0]} is asked: give outcomes, or use at"
            )
        if self.region is not None or self.tips is not None:
            for word in ("select", "refine"):
                if getattr(self, word) is not None:
                    raise mistake(
                        f'{word}: what is proved is of all equilibria, or with solver = "pure" of pure ones'
                    )
        return self


Parameters = dict[Name, Parameter]
Lets = dict[Name, FormulaText]
SweepTables = dict[str, SweepTable | SampleTable | BordersTable]
Promises = list[Promise]
