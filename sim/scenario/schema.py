"""The file format as a whole, and its JSON Schema, which editors use to complete and check scenarios."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, PlainValidator, WithJsonSchema, create_model

from sim.scenario.fields import PAYOFFS, Line, Table, Text, mistake
from sim.scenario.forms import FORMS
from sim.scenario.problems import shown
from sim.scenario.tables import Lets, Parameters, Promises, SweepTables
from sim.scenario.tones import TONES_SCHEMA

__all__ = ["HEAD", "KEYS", "SCHEMA_VERSION", "Head", "schema"]

SCHEMA_VERSION = 1

TRAITS = {"type": "object", "additionalProperties": {"type": "number"}}
PLAYERS = {
    "anyOf": [
        {
            "type": "object",
            "minProperties": 2,
            "additionalProperties": {
                "anyOf": [
                    {"type": "array", "items": {"type": "string"}, "minItems": 1},
                    {"type": "object", "additionalProperties": TRAITS, "minProperties": 1},
                    {"type": "object", "additionalProperties": {"type": ["number", "string"]}},
                ]
            },
        },
        {"type": "array", "items": {"type": "string"}, "minItems": 1},
    ]
}
OUTCOMES = {
    "type": "object",
    "additionalProperties": {
        "anyOf": [
            {
                "type": "array",
                "minItems": 1,
                "items": {"type": "array", "items": {"type": "string"}, "minItems": 2},
            },
            {"type": "string"},
        ]
    },
}


def version(value: Any) -> int:
    """The version of the format, the one this program reads."""
    if isinstance(value, bool) or value != SCHEMA_VERSION:
        raise mistake(
            f"expected {SCHEMA_VERSION}, the version of the file format that this program reads; "
            f"found {shown(value)}"
        )
    return SCHEMA_VERSION


class Head(Table):
    """The keys above the first table."""

    schema_: Annotated[int, PlainValidator(version), WithJsonSchema({"const": SCHEMA_VERSION})] = Field(
        SCHEMA_VERSION, alias="schema", description="version of the file format"
    )
    title: Annotated[Line, Field(description="title of the scenario")] = ""
    form: Annotated[Text, Field(description="form of the game")] = "normal"
    about: Annotated[Text, Field(description="prose for readers")] = ""
    sources: list[Text] = Field(default_factory=list, description="where the story and the numbers come from")


HEAD = ("schema", "title", "form", "about", "sources")
KEYS = (*HEAD, "players", "parameters", "let", "payoffs", "outcomes", "tones", "sweeps", "expect")


def schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file, made from the models that check it."""
    plain: Any = dict[str, Any]
    sections: dict[str, Any] = {
        "players": (
            Annotated[plain, WithJsonSchema(PLAYERS)],
            Field(
                {},
                description="each player's actions, as a list or as a table of actions with traits; where [moves] "
                "says what can be done, a list of names",
            ),
        ),
        "parameters": (Parameters, Field({}, description="numbers that may be varied")),
        "let": (Lets, Field({}, description="named formulas, in order")),
        "payoffs": (
            Annotated[plain, WithJsonSchema(PAYOFFS)],
            Field({}, description="what each player gets"),
        ),
        "outcomes": (
            Annotated[plain, WithJsonSchema(OUTCOMES)],
            Field(
                {},
                description='named results with their joint actions, "*" for any action; in trees with a condition '
                "on traits, the first that holds",
            ),
        ),
        "tones": (
            Annotated[plain, WithJsonSchema(TONES_SCHEMA)],
            Field({}, description="colour of outcomes in pictures, from peace to war, or #rrggbb"),
        ),
        "sweeps": (SweepTables, Field({}, description="questions: which parameters vary")),
        "expect": (Promises, Field([], description="promises, kept by `standoff check`")),
    }
    for name, form in FORMS.items():
        if form.table is not None:
            sections[name] = (form.table, Field(None, description=f'with form = "{name}" only'))
        for key, (annotation, description) in form.sections.items():
            sections.setdefault(key, (annotation, Field(None, description=description)))
    model: type[Head] = create_model("Scenario", __base__=Head, **sections)
    found: dict[str, Any] = model.model_json_schema(by_alias=True, mode="validation")
    found["properties"]["form"]["enum"] = list(FORMS)
    found["required"] = ["schema"]
    others = [name for name, form in FORMS.items() if form.roster is not None]
    found["if"] = {"properties": {"form": {"enum": others}}, "required": ["form"]}
    found["else"] = {"required": ["players"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **found,
        "title": "Standoff scenario",
        "description": "A scenario of Standoff; docs/scenario-format.md explains every key.",
    }
