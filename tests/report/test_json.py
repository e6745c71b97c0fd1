"""The JSON of every command against its schema in docs/schema."""

import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from trackfix.cli import cli

ROOT = Path(__file__).parents[2]
TREE = ROOT / "fixtures" / "legacy_training"


def schema(name):
    return json.loads((ROOT / "docs" / "schema" / f"{name}.json").read_text())


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("scan", ["scan", "--format", "json", str(TREE)]),
        (
            "references",
            ["scan", "--references", "orchestration.mlflow_utils", "--format", "json", str(TREE)],
        ),
        ("apply", ["apply", "--check", "--remove-shims", "--format", "json", str(TREE)]),
        ("apply", ["apply", "--check", "--unsafe", "--format", "json", str(TREE)]),
    ],
)
def test_the_answer_has_the_shape_of_its_schema(name, arguments):
    done = CliRunner().invoke(cli, arguments)
    jsonschema.validate(json.loads(done.stdout), schema(name))


def test_each_line_of_resolve_has_the_shape_of_its_schema():
    queries = [
        "orchestration.mlflow_utils:setup_mlflow",
        "orchestration.compat_finder",
        "json:dumps",
    ]
    arguments = ["resolve", "--path", str(TREE), "--format", "json", *queries]
    lines = CliRunner().invoke(cli, arguments).stdout.splitlines()
    assert len(lines) == 3
    for line in lines:
        jsonschema.validate(json.loads(line), schema("resolve"))


def test_apply_tells_what_an_unsafe_run_changes_in_behaviour():
    arguments = ["apply", "--check", "--unsafe", "--format", "json", str(TREE)]
    changed = json.loads(CliRunner().invoke(cli, arguments).stdout)["changed"]
    notes = [note for file in changed for note in file["notes"]]
    assert notes
    assert all(note["line"] >= 1 and note["message"] for note in notes)


def test_a_wrong_shape_is_refused():
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"version": 2, "modules": []}, schema("scan"))
