"""SARIF: valid by the schema of OASIS, and fixes that give the planned contents."""

import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from trackfix.lint.report_data import FileChange
from trackfix.report.lint import sarif
from trackfix.report.lint.sarif_fixes import replacements

SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif-schema-2.1.0.json").read_text())


def run(report):
    log = json.loads(sarif.render(report))
    jsonschema.validate(log, SCHEMA)
    assert log["version"] == "2.1.0"
    (only,) = log["runs"]
    return only


def applied(text, edits):
    """What a tool makes of a text that takes the replacements."""
    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text))]

    def offset(region, line, column):
        return starts[region[line] - 1] + region[column] - 1

    for edit in reversed(edits):
        region = edit["deletedRegion"]
        start = offset(region, "startLine", "startColumn")
        end = offset(region, "endLine", "endColumn")
        text = text[:start] + edit.get("insertedContent", {"text": ""})["text"] + text[end:]
    return text


def test_every_report_is_valid(full, clean, same):
    for report in (full, clean, same):
        run(report)


def test_the_tool_says_which_rules_it_has(full):
    driver = run(full)["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("trackfix", "1.2.3")
    assert [rule["id"] for rule in driver["rules"]] == ["TRK201", "TRK202", "TRK203"]
    assert driver["rules"][0]["help"]["markdown"] == "# Page\n\nWhy"
    assert driver["rules"][1]["name"] == "undefined-client"


def test_a_result_points_at_its_rule_and_place(full):
    found = run(full)
    result = next(r for r in found["results"] if r["ruleId"] == "TRK201")
    assert found["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "TRK201"
    assert found["columnKind"] == "unicodeCodePoints"
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "src/app.py", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 4, "startColumn": 15, "endLine": 4, "endColumn": 39},
    }
    assert result["rank"] == 99.9
    assert result["relatedLocations"][0]["message"]["text"] == (
        "source-of-truth: the factory is here"
    )


def test_paths_are_encoded_and_columns_in_notebooks_left_out(full):
    found = run(full)
    place = found["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "notes/a%20b%23c.ipynb"
    assert place["region"] == {"startLine": 1, "endLine": 1}
    assert found["originalUriBaseIds"] == {"SRCROOT": {"uri": "file:///srv/some%20project/"}}


def test_a_notebook_has_columns_where_they_are_known(full):
    found = run(replace(full, columns_of=lambda finding: (7, 19)))["results"][0]
    region = found["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "endLine": 1, "startColumn": 7, "endColumn": 19}


def test_files_that_could_not_be_checked_are_notifications(full, clean):
    invocation = run(full)["invocations"][0]
    assert invocation["executionSuccessful"] is False
    first, second = invocation["toolExecutionNotifications"]
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}
    assert second["message"]["text"] == "does not exist; check the path"
    assert run(clean)["invocations"][0]["executionSuccessful"] is True


def test_a_fix_gives_the_planned_contents(full):
    found = run(full)
    for result in found["results"][1:]:
        (fix,) = result["fixes"]
        (change,) = fix["artifactChanges"]
        assert change["artifactLocation"]["uri"] == "src/app.py"
        assert applied(full.changes[0].before, change["replacements"]) == full.changes[0].after
    assert found["results"][1]["fixes"][0]["description"]["text"] == (
        "call create_mlflow_client(uri) (use-client-factory, safe)"
    )
    assert "fixes" not in found["results"][0]


def test_a_change_by_another_codemod_or_a_removal_is_no_fix(full):
    change = full.changes[0]
    for other in (change._replace(codemods=("rewrite-imports",)), change._replace(after=None)):
        results = run(replace(full, changes=(other,)))["results"]
        assert not any("fixes" in result for result in results)


def test_a_file_emptied_by_a_fix_is_emptied(full):
    change = FileChange("src/app.py", "a\nb", "", ("use-client-factory",))
    (fix,) = run(replace(full, changes=(change,)))["results"][1]["fixes"]
    assert applied("a\nb", fix["artifactChanges"][0]["replacements"]) == ""


def test_fingerprints_survive_moves_and_tell_equals_apart(same):
    def prints(report):
        return [r["partialFingerprints"]["trackfix/v1"] for r in run(report)["results"]]

    before = prints(same)
    assert len(set(before)) == 3
    moved = replace(
        same,
        findings=tuple(f._replace(line=f.line + 9, end_line=f.line + 9) for f in same.findings),
    )
    assert prints(moved) == before


TEXTS = st.text(st.sampled_from("ab\n\r\x0c\u2028é"))


@given(TEXTS, TEXTS)
def test_replacements_lead_from_one_text_to_the_other(before, after):
    edits = list(replacements(before, after))
    assert applied(before, edits) == after
    if before == after:
        assert edits == []
