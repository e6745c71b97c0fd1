"""The JSON of the copies, against its schema."""

import json
from pathlib import Path

import jsonschema
import pytest

from trackfix.report.duplicates import json as reporter

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "schema" / "duplicates.json").read_text(encoding="utf-8")
)


def test_the_answer_has_the_shape_of_its_schema(catalogue, no_copies):
    for found in (catalogue, no_copies):
        jsonschema.validate(json.loads(reporter.render(found)), SCHEMA)


def test_a_wrong_shape_is_refused(catalogue):
    value = json.loads(reporter.render(catalogue))
    value["groups"][0]["members"][1]["surplus"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(value, SCHEMA)


def test_a_copy_has_its_function_its_steps_and_what_to_call(catalogue):
    group = json.loads(reporter.render(catalogue))["groups"][0]
    truth, copy = group["members"]
    assert (truth["role"], truth["path"], truth["function_lines"]) == (
        "source-of-truth",
        "pkg/finder.py",
        [1, 7],
    )
    assert (copy["function"], copy["function_lines"]) == ("tag_newest", [3, 8])
    assert copy["beside"] == {"path": "pkg/finder.py", "first_line": 3, "last_line": 7}
    assert [row["how"] for row in copy["aligned"]] == ["shared", "differs", "shared", "shared"]
    assert copy["aligned"][0]["here"] == {"line": 4, "text": "experiment from its name"}
    assert copy["call_instead"].startswith("find_newest(client=..., name=...)")


def test_totals_are_told_for_each_job(catalogue):
    assert json.loads(reporter.render(catalogue))["totals"] == [
        {"kind": "find-run", "groups": 1, "copies": 1, "lines_to_go": 4},
        {"kind": "create-run", "groups": 1, "copies": 2, "lines_to_go": 8},
    ]


def test_the_first_copy_stands_alone_when_the_source_of_truth_is_elsewhere(catalogue):
    group = json.loads(reporter.render(catalogue))["groups"][1]
    first, second = group["members"]
    assert group["source_of_truth"]["path"] is None
    assert first["beside"] is None
    assert second["beside"]["path"] == "pkg/children.py"
