"""The kinds of values a scenario file has, each checked with our own words, and tables of them.

pydantic walks the tables, finds every mistake and makes the JSON Schema; the sentences are ours.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainValidator, TypeAdapter, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.expression import RESERVED, Number, is_name, is_numeral, read_number, written
from sim.expression.numbers import NUMERAL_TEXT
from sim.plugins import nearest
from sim.scenario.positions import KeyPath
from sim.scenario.problems import Report, choices, shown

__all__ = [
    "LONGEST_LABEL",
    "NUMBER",
    "FormulaText",
    "Label",
    "Line",
    "Name",
    "Numeral",
    "Table",
    "Text",
    "Truth",
    "Whole",
    "label",
    "mistake",
    "name",
    "number",
    "validated",
]

LONGEST_LABEL = 60
LONGEST_LINE = 200
LARGEST_NUMBER = 1e100


def mistake(message: str) -> PydanticCustomError:
    """A mistake in a value, in our words."""
    return PydanticCustomError("standoff", "{message}", {"message": message})


def number(value: Any) -> Number:
    """A finite number of sensible size, as it was written: a text such as ``"1/3"`` is one too."""
    found = value
    if isinstance(value, str):
        if not is_numeral(value):
            raise mistake(f"expected a number, found {shown(value)}")
        try:
            found = read_number(value)
        except ValueError as error:
            raise mistake(f"expected a number: {error}") from None
    elif isinstance(value, bool) or not isinstance(value, (int, float, Fraction)):
        raise mistake(f"expected a number, found {shown(value)}")
    if not abs(found) <= LARGEST_NUMBER:
        raise mistake(f"expected a number from -1e100 to 1e100, found {shown(value)}")
    return written(found)


def whole(value: Any) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise mistake(f"expected a whole number, found {shown(value)}")
    return value


def truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise mistake(f"expected true or false, found {shown(value)}")
    return value


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise mistake(f"expected a text in quotes, found {shown(value)}")
    return value.strip()


def line(value: Any) -> str:
    """A text that fits above a table and a map."""
    words = text(value)
    if not words.isprintable() or len(words) > LONGEST_LINE:
        raise mistake(f"{shown(words)} cannot be a title; use one line of at most {LONGEST_LINE} characters")
    return words


def formula(value: Any) -> str | Number:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float, Fraction)):
        raise mistake(f"expected a number or a formula in quotes, found {shown(value)}")
    return number(value)


def name(value: Any) -> str:
    """A word that formulas can use."""
    word = text(value)
    if word in RESERVED:
        raise mistake(
            f"{shown(word)} is a word of formulas ({', '.join(sorted(RESERVED))}); choose another name"
        )
    if not is_name(word) or len(word) > LONGEST_LABEL:
        raise mistake(
            f"{shown(word)} cannot be a name in formulas; use letters a-z, digits and _, beginning with a "
            f"letter, at most {LONGEST_LABEL}"
        )
    return word


def label(value: Any) -> str:
    """A name of a player, action or state: any short text that can be told apart in tables."""
    word = value if isinstance(value, str) else text(value)
    if not word.strip() or word != word.strip() or not word.isprintable() or len(word) > LONGEST_LABEL:
        raise mistake(
            f"{shown(word)} cannot be a name; use 1 to {LONGEST_LABEL} printable characters "
            "without spaces at the ends"
        )
    for sign in "@*,":
        if sign in word:
            raise mistake(f"{shown(word)} cannot be a name; {sign!r} has a meaning of its own")
    return word


PAYOFFS = {
    "type": "object",
    "description": "a formula or a matrix for each player, or cells: tables by action of each player in turn",
    "additionalProperties": {"type": ["number", "string", "array", "object"]},
}
NUMBER = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^{NUMERAL_TEXT}$"}],
    "description": 'a number, or one in quotes such as "1/3"',
}
Numeral = Annotated[Number, PlainValidator(number), WithJsonSchema(NUMBER)]
Whole = Annotated[int, PlainValidator(whole), WithJsonSchema({"type": "integer"})]
Truth = Annotated[bool, PlainValidator(truth), WithJsonSchema({"type": "boolean"})]
Line = Annotated[str, PlainValidator(line), WithJsonSchema({"type": "string", "maxLength": LONGEST_LINE})]
Text = Annotated[str, PlainValidator(text), WithJsonSchema({"type": "string"})]
FormulaText = Annotated[
    str | Number,
    PlainValidator(formula),
    WithJsonSchema({"type": ["number", "string"], "description": "a number, or a formula in quotes"}),
]
Name = Annotated[
    str, PlainValidator(name), WithJsonSchema({"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]*$"})
]
Label = Annotated[str, PlainValidator(label), WithJsonSchema({"type": "string", "minLength": 1})]


class Table(BaseModel):
    """A table with fixed keys: unknown ones are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


@lru_cache
def adapter(annotation: Any) -> TypeAdapter[Any]:
    """Pydantic's validator of an annotation."""
    return TypeAdapter(annotation)


def validated(annotation: Any, value: Any, key: KeyPath, report: Report) -> Any:
    """The value as its annotation wants it, or None with every mistake reported."""
    try:
        return adapter(annotation).validate_python(value)
    except ValidationError as error:
        findings = error.errors(include_url=False)
        unknown = [found["loc"] for found in findings if found["type"] == "extra_forbidden"]
        for found in findings:
            path = tuple(part for part in found["loc"] if part != "[key]")
            misspelt = (str(loc[-1]) for loc in unknown if loc[:-1] == path[:-1])
            if found["type"] == "missing" and any(nearest(word, [str(path[-1])]) for word in misspelt):
                continue  # told already, as the unknown key that was meant to be this one
            report.add((*key, *path), sentence(found, annotation, path))
        return None


def sentence(found: Any, annotation: Any, path: tuple[Any, ...]) -> str:
    """A finding of pydantic in our words."""
    kind = found["type"]
    if kind == "standoff":
        return str(found["ctx"]["message"])
    if kind == "missing":
        return "is missing; every such table needs it"
    if kind == "extra_forbidden":
        allowed = keys_at(annotation, path[:-1])
        return f"unknown key {shown(path[-1])} {choices(str(path[-1]), {'keys': allowed})}"
    expected = {
        "model_type": "a table { key = value, ... }",
        "dict_type": "a table { name = value, ... }",
        "list_type": "a list [ ... ]",
        "tuple_type": "a list [ ... ]",
        "too_short": "at least one",
        "too_long": f"at most {found.get('ctx', {}).get('max_length')}",
    }.get(kind)
    if expected:
        return f"expected {expected}, found {shown(found['input'])}"
    return f"{found['msg'][:1].lower()}{found['msg'][1:]}, found {shown(found['input'])}"


def keys_at(annotation: Any, path: tuple[Any, ...]) -> list[str]:
    """The keys allowed in the table at a path below an annotation."""
    for part in path:
        if isinstance(annotation, type) and issubclass(annotation, Table):
            annotation = annotation.model_fields[str(part)].annotation
        else:
            annotation = annotation.__args__[-1]
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return [field.alias or key for key, field in annotation.model_fields.items()]
    return []
