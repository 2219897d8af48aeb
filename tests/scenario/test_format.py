"""The JSON Schema and the reference of the file format say what the code does."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from sim.scenario import load, schema
from sim.scenario.forms import FORMS
from sim.scenario.schema import KEYS
from sim.scenario.tables import Parameter, Promise, SweepTable

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs" / "scenario-format.md").read_text()
EXAMPLES = [
    text
    for text in re.findall(r"^```toml\n(.*?)^```", REFERENCE, re.MULTILINE | re.DOTALL)
    if text.startswith("schema = 1")
]
SCENARIOS = [
    *sorted((ROOT / "scenarios").glob("*.toml")),
    *sorted((ROOT / "tests/cases/scenarios").glob("*.toml")),
]


@pytest.fixture(scope="module")
def validator():
    made = schema()
    Draft202012Validator.check_schema(made)
    return Draft202012Validator(made)


def test_published_schema_is_current():
    published = json.loads((ROOT / "scenarios" / "schema.json").read_text())
    assert published == schema(), "run: standoff schema > scenarios/schema.json"


@pytest.mark.parametrize("path", SCENARIOS, ids=[path.stem for path in SCENARIOS])
def test_schema_accepts_every_scenario(path, validator):
    assert list(validator.iter_errors(tomllib.loads(path.read_text()))) == []


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios").glob("*.toml")), ids=lambda path: path.stem)
def test_scenarios_name_their_schema(path):
    assert re.match(r"#:schema (\./)?schema\.json\n", path.read_text())


@pytest.mark.parametrize(
    "name",
    ["key_misspelt_top", "schema_other", "parameter_key_misspelt", "parameter_text", "sweep_two_values",
     "sweep_key_unknown", "promise_no_claim", "promise_no_list", "outcome_flat", "players_trait_no_number",
     "payoffs_true", "form_unknown", "repeated_key", "title_no_text"],
)  # fmt: skip
def test_schema_refuses_what_has_the_wrong_shape(name, validator):
    data = tomllib.loads((ROOT / "tests" / "cases" / "broken" / f"{name}.toml").read_text())
    assert list(validator.iter_errors(data)) != []


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_examples_of_the_reference_are_good(number, tmp_path, validator):
    path = tmp_path / "example.toml"
    (tmp_path / "horse.efg").write_text('EFG 2 R "t" { "A" } p "" 1 1 "" { "x" } 0 t "" 1 "" { 1 }')
    path.write_text(EXAMPLES[number])
    scenario = load(path)
    assert scenario.game().cells == 1
    assert list(validator.iter_errors(tomllib.loads(EXAMPLES[number]))) == []


def test_reference_explains_every_key():
    assert len(EXAMPLES) >= 3
    tables = [Parameter, SweepTable, Promise, *(form.table for form in FORMS.values() if form.table)]
    keys = {key for table in tables for key in table.model_fields}
    missing = {key for key in keys | set(KEYS) if not re.search(rf"`(\[+)?{key}(\.NAME)?(\]+)?`", REFERENCE)}
    assert missing == set()
