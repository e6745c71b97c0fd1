"""The JSON of findings against docs/schema/lint.json."""

import json
from pathlib import Path

import jsonschema
import pytest

from trackfix.report.lint import json as lint_json
from trackfix.report.lint import statistics_json

SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"
SCHEMA = json.loads((SCHEMAS / "lint.json").read_text())
STATISTICS = json.loads((SCHEMAS / "statistics.json").read_text())


def test_the_answer_has_the_shape_of_its_schema(full, clean):
    for report in (full, clean):
        jsonschema.validate(json.loads(lint_json.render(report)), SCHEMA)


def test_a_finding_is_spelled_as_the_interface_says(full):
    answer = json.loads(lint_json.render(full))
    assert answer["version"] == 1
    assert [f["code"] for f in answer["findings"]] == ["TRK202", "TRK201", "TRK203"]
    assert answer["findings"][1] == {
        "code": "TRK201",
        "name": "direct-client",
        "path": "src/app.py",
        "line": 4,
        "column": 15,
        "end_line": 4,
        "end_column": 39,
        "message": "MlflowClient is constructed here",
        "confidence": 1.0,
        "fix": {
            "codemod": "use-client-factory",
            "safety": "safe",
            "message": "call create_mlflow_client(uri)",
        },
        "related": [
            {
                "path": "src/lib/factory.py",
                "line": 1,
                "end_line": 2,
                "role": "source-of-truth",
                "message": "the factory is here",
            }
        ],
        "notes": [],
    }
    assert answer["findings"][0]["fix"] is None
    assert answer["findings"][2]["confidence"] == 0.76
    assert answer["errors"] == [
        {"path": "src/broken.py", "message": "line 3: is not valid utf-8; save it as utf-8"},
        {"path": "gone.py", "message": "does not exist; check the path"},
    ]


@pytest.mark.parametrize(
    "change", [{"confidence": 2}, {"line": 0}, {"fix": {"codemod": "a"}}, {"extra": 1}]
)
def test_a_wrong_shape_is_refused(full, change):
    answer = json.loads(lint_json.render(full))
    answer["findings"][0] |= change
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(answer, SCHEMA)


def test_statistics_have_the_shape_of_their_schema_and_count_the_files_left_out(full, clean):
    for report in (full, clean):
        jsonschema.validate(json.loads(statistics_json.render(report)), STATISTICS)
    assert json.loads(statistics_json.render(full))["unchecked"] == 2
    assert json.loads(statistics_json.render(clean))["rules"] == []
