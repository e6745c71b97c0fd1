"""What a terminal shows of findings."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackfix.lint.finding import Finding
from trackfix.lint.report_data import LintReport
from trackfix.report.lint import concise, statistics, text
from trackfix.report.lint.excerpt import excerpt

TEXT = """\
notes/a b#c.ipynb:1:5: TRK202 not\\ndefined <&>\\x1b[2J [undefined-client]
   |
 1 | c = MlflowClient()
   |     ^^^^^^^^^^^^

src/app.py:4:15: TRK201 [*] MlflowClient is constructed here [direct-client]
   |
 4 |     name = '名前', mlflow.MlflowClient(uri)
   |                    ^^^^^^^^^^^^^^^^^^^^^^^^
   = source-of-truth: src/lib/factory.py:1: the factory is here
   |
 1 | def create_mlflow_client(uri=None):
   = fix: call create_mlflow_client(uri) (use-client-factory, safe)

src/app.py:5:12: TRK203 the factory takes no 'uri': a, b [factory-signature]
   |
 5 |     return mlflow.MlflowClient(
   |            ^^^^^^^^^^^^^^^^^^^^
   = fix: widen the factory, 100% sure (use-client-factory, unsafe, with --unsafe-fixes)

src/broken.py:3: error: is not valid utf-8; save it as utf-8

gone.py: error: does not exist; check the path

Found 3 findings in 2 files; 1 fixable with --fix, perhaps 1 with --unsafe-fixes.
Could not check 2 files."""


def test_a_finding_is_shown_with_its_line_the_evidence_and_the_fix(full):
    assert text.render(full) == TEXT


def test_evidence_that_findings_share_is_told_once(full):
    (shown,) = [finding for finding in full.findings if finding.related]
    again = shown._replace(line=5, end_line=5, column=12, end_column=13, fix=None)
    lines = text.render(replace(full, findings=(shown, again), errors=())).splitlines()
    assert [line for line in lines if "source-of-truth" in line] == [
        "   = source-of-truth: src/lib/factory.py:1: the factory is here",
        "   = source-of-truth: src/lib/factory.py:1: as above",
    ]
    assert sum("def create_mlflow_client" in line for line in lines) == 1


def test_other_evidence_at_the_same_place_is_told(full):
    (shown,) = [finding for finding in full.findings if finding.related]
    other = shown.related[0]._replace(message="and this is another thing")
    again = shown._replace(line=5, end_line=5, related=(other,))
    found = text.render(replace(full, findings=(shown, again), errors=()))
    assert "and this is another thing" in found
    assert "as above" not in found


def test_colour_adds_nothing_but_colour(full):
    coloured = text.render(full, colour=True)
    assert "\x1b[1;31mTRK201\x1b[0m" in coloured
    plain = coloured
    for code in ("1", "1;31", "32", "34", "36", "0"):
        plain = plain.replace(f"\x1b[{code}m", "")
    assert plain == TEXT


def test_one_line_each(full):
    assert concise.render(full).splitlines() == [
        "notes/a b#c.ipynb:1:5: TRK202 not\\ndefined <&>\\x1b[2J",
        "src/app.py:4:15: TRK201 [*] MlflowClient is constructed here",
        "src/app.py:5:12: TRK203 the factory takes no 'uri': a, b"
        "; left to --unsafe-fixes: widen the factory, 100% sure",
        "src/broken.py:3:1: error: is not valid utf-8; save it as utf-8",
        "gone.py:1:1: error: does not exist; check the path",
        "Found 3 findings in 2 files; 1 fixable with --fix, perhaps 1 with --unsafe-fixes.",
        "Could not check 2 files.",
    ]


def test_statistics_count_by_rule(full, same):
    both = replace(full, findings=full.findings + same.findings, errors=())
    assert statistics.render(both).splitlines()[:-1] == [
        "4  TRK201  [*]  direct-client",
        "1  TRK202  [ ]  undefined-client",
        "1  TRK203  [ ]  factory-signature",
    ]


@pytest.mark.parametrize("render", [text.render, concise.render, statistics.render])
def test_a_clean_run_says_so(render, clean):
    assert render(clean) == "No findings."
    assert render(replace(clean, fixed=2)) == "Fixed 2 findings.\nNo findings left."
    assert render(replace(clean, known=1)) == "No findings.\nThe baseline holds 1 more finding."


def test_the_summary_names_only_what_there_is(full, same):
    safe = [f for f in full.findings if f.code == "TRK201"]
    unsafe = [f for f in full.findings if f.code == "TRK203"]
    lines = {
        (): "Found 3 findings in 1 file.",
        tuple(safe): "Found 1 finding in 1 file; 1 fixable with --fix.",
        tuple(unsafe): "Found 1 finding in 1 file; perhaps 1 fixable with --unsafe-fixes.",
    }
    for found, line in lines.items():
        assert list(text.summary(replace(same, findings=found or same.findings))) == [line]


def test_a_line_that_is_not_there_is_not_shown():
    report = LintReport((Finding("TRK102", "reexport-layer", "a.py", 1, 1, 1, 1, "a shim"),))
    assert text.render(report).splitlines()[:2] == [
        "a.py:1:1: TRK102 a shim [reexport-layer]",
        "",
    ]


@pytest.mark.parametrize(
    ("line", "column", "end", "shown", "carets"),
    [
        ("a = b()\n", 5, 8, "a = b()", "    ^^^"),
        ("\ta\tb", 4, 5, "    a   b", "        ^"),
        ("a\tb", 2, 3, "a   b", " ^^^"),
        ("\x0ca()", 2, 5, " a()", " ^^^"),
        ("名 = a()", 5, 8, "名 = a()", "     ^^^"),
        ("e\u0301 = a()", 6, 9, "e\u0301 = a()", "    ^^^"),
        ("\x1b[2J\u202ea", 6, 7, "�[2J�a", "     ^"),
        ("a()  ", 1, None, "a()", "^^^"),
        ("a", 9, 12, "a", " ^"),
        ("ab", 1, 1, "ab", "^"),
    ],
)
def test_carets_stand_under_what_is_meant(line, column, end, shown, carets):
    assert excerpt(line, column, end) == (shown, carets)


def test_of_a_very_long_line_the_part_in_question_is_shown():
    line = "x = 1; " * 1000 + "a()" + "; y = 2" * 1000
    shown, carets = excerpt(line, 7001, 7004)
    start = carets.index("^")
    assert shown[start : start + 3] == "a()"
    assert carets.count("^") == 3
    assert shown.startswith("…") and shown.endswith("…")
    assert len(shown) < 200


@given(st.text(), st.integers(1, 300), st.none() | st.integers(1, 400))
def test_any_line_can_be_shown(line, column, end):
    shown, carets = excerpt(line * 20, column, end)
    assert shown.isprintable()
    assert carets.strip(" ").strip("^") == "" and "^" in carets
