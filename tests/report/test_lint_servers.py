"""Formats that servers read: GitHub's, GitLab's and JUnit's."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import xmlschema

from trackfix.lint.finding import Finding
from trackfix.report.lint import github, gitlab, junit

DATA = Path(__file__).parent / "data"
GITLAB = json.loads((DATA / "gitlab-code-quality.json").read_text())
JUNIT = xmlschema.XMLSchema(str(DATA / "junit-10.xsd"))


# GitHub


def test_a_workflow_command_for_each_finding(full):
    assert github.render(full).splitlines() == [
        "::error file=notes/a b#c.ipynb,line=1,endLine=1,title=TRK202 undefined-client"
        "::not%0Adefined <&>\x1b[2J",
        "::error file=src/app.py,line=4,col=15,endLine=4,endColumn=39,title=TRK201 direct-client"
        "::MlflowClient is constructed here"
        "%0Afix: call create_mlflow_client(uri) (use-client-factory, safe)",
        "::error file=src/app.py,line=5,endLine=7,title=TRK203 factory-signature"
        "::the factory takes no 'uri': a, b"
        "%0Afix: widen the factory, 100%25 sure (use-client-factory, unsafe, with --unsafe-fixes)",
        "::error file=src/broken.py,line=3,title=trackfix::is not valid utf-8; save it as utf-8",
        "::error file=gone.py,title=trackfix::does not exist; check the path",
    ]


def test_a_notebook_has_columns_where_they_are_known(full):
    known = replace(full, columns_of=lambda finding: (7, 19))
    assert "a b#c.ipynb,line=1,col=7,endLine=1,endColumn=19," in github.render(known)


def test_what_would_end_a_command_is_escaped(clean):
    odd = Finding("TRK201", "direct-client", "a,b:c%.py", 1, 1, 1, 2, "50%\r\n::error::x")
    assert github.render(replace(clean, findings=(odd,))) == (
        "::error file=a%2Cb%3Ac%25.py,line=1,col=1,endLine=1,endColumn=2,"
        "title=TRK201 direct-client::50%25%0D%0A::error::x"
    )


def test_nothing_found_is_no_command(clean):
    assert github.render(clean) == ""


# GitLab


def issues(report):
    found = json.loads(gitlab.render(report))
    jsonschema.validate(found, GITLAB)
    return found


def test_an_issue_for_each_finding_and_error(full):
    found = issues(full)
    assert found[1] == {
        "description": "TRK201 MlflowClient is constructed here",
        "check_name": "direct-client",
        "fingerprint": found[1]["fingerprint"],
        "severity": "major",
        "location": {"path": "src/app.py", "lines": {"begin": 4, "end": 4}},
    }
    assert [issue["severity"] for issue in found] == ["major", "major", "minor", "blocker", "blocker"]  # fmt: skip


def test_the_report_of_ruff_has_the_same_keys_and_passes_the_same_schema(full, tmp_path):
    (tmp_path / "a.py").write_text("import os\n")
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache"]
    done = subprocess.run(
        [*command, "--output-format", "gitlab", "a.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    peers = json.loads(done.stdout)
    jsonschema.validate(peers, GITLAB)
    (peer,) = peers
    for issue in issues(full):
        assert issue.keys() == peer.keys()
        assert issue["location"].keys() - {"lines"} == peer["location"].keys() - {"positions"}


def test_a_description_is_one_line(full):
    assert issues(full)[0]["description"] == r"TRK202 not\ndefined <&>\x1b[2J"


def test_fingerprints_are_unique_and_survive_moved_lines(full, same):
    for report in (full, same):
        prints = [issue["fingerprint"] for issue in issues(report)]
        assert len(set(prints)) == len(prints)
    moved = replace(
        same,
        findings=tuple(f._replace(line=f.line + 9, end_line=f.line + 9) for f in same.findings),
    )
    assert [i["fingerprint"] for i in issues(moved)] == [i["fingerprint"] for i in issues(same)]


def test_nothing_found_is_an_empty_list(clean):
    assert issues(clean) == []


# JUnit


def suites(report):
    text = junit.render(report)
    JUNIT.validate(text)
    return ElementTree.fromstring(text.encode())


def test_a_suite_for_each_file_and_a_failure_for_each_finding(full):
    root = suites(full)
    assert dict(root.attrib) == {"name": "trackfix", "tests": "5", "failures": "3", "errors": "2"}
    assert [(s.get("name"), s.get("tests"), s.get("failures"), s.get("errors")) for s in root] == [
        ("notes/a b#c.ipynb", "1", "1", "0"),
        ("src/app.py", "2", "2", "0"),
        ("src/broken.py", "1", "0", "1"),
        ("gone.py", "1", "0", "1"),
    ]
    case = root[1][0]
    assert (case.get("classname"), case.get("name")) == ("src/app", "TRK201 direct-client:4:15")
    failure = case[0]
    assert (failure.get("type"), failure.get("message")) == (
        "TRK201",
        "MlflowClient is constructed here",
    )
    assert failure.text == (
        "src/app.py:4:15: TRK201 MlflowClient is constructed here\n"
        "fix: call create_mlflow_client(uri) (use-client-factory, safe)"
    )


def test_each_test_has_a_name_of_its_own(full, same):
    for report in (full, same):
        names = Counter((c.get("classname"), c.get("name")) for s in suites(report) for c in s)
        assert set(names.values()) == {1}


def test_what_xml_cannot_hold_is_replaced(full):
    assert "�[2J" in junit.render(full)


def test_nothing_found_is_a_test_that_passed(clean):
    root = suites(clean)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("1", "0", "0")
    assert [case.get("name") for suite in root for case in suite] == ["no findings"]
