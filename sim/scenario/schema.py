"""The file format as a whole, and its JSON Schema, which editors use to complete and check scenarios."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, PlainValidator, WithJsonSchema

from sim.scenario.fields import Table, Text, mistake
from sim.scenario.problems import shown

__all__ = ["HEAD", "KEYS", "SCHEMA_VERSION", "Head"]

SCHEMA_VERSION = 1


def version(value: Any) -> int:
    if isinstance(value, bool) or value != SCHEMA_VERSION:
        raise mistake(f"expected {SCHEMA_VERSION}, the version of the file format this program reads; found {shown(value)}")
    return SCHEMA_VERSION


class Head(Table):
    """The keys above the first table."""

    schema_: Annotated[int, PlainValidator(version), WithJsonSchema({"const": SCHEMA_VERSION})] = Field(
        SCHEMA_VERSION, alias="schema", description="version of the file format"
    )
    title: Annotated[Text, Field(description="title of the scenario")] = ""
    form: Annotated[Text, Field(description="form of the game")] = "normal"
    about: Annotated[Text, Field(description="prose for readers")] = ""
    sources: Annotated[list[Text], Field(description="where the story and the numbers come from")] = []


HEAD = ("schema", "title", "form", "about", "sources")
KEYS = (*HEAD, "players", "parameters", "let", "payoffs", "outcomes", "sweeps", "expect")
