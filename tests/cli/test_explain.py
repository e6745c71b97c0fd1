import pytest

from trackfix.lint.pages import HEADINGS
from trackfix.lint.registry import available_rules


@pytest.mark.parametrize("query", ["TRK101", "trk101", "shim-import", "Shim-Import"])
def test_a_page_is_shown_by_code_or_name(trackfix, query):
    done = trackfix("explain", query)
    assert done.exit_code == 0
    assert done.stdout.startswith("TRK101 shim-import: ")
    assert all(f"## {heading}\n" in done.stdout for heading in HEADINGS)


@pytest.mark.parametrize("entry", available_rules(), ids=lambda entry: entry.code)
def test_every_rule_has_a_page(trackfix, entry):
    done = trackfix("explain", entry.code)
    assert done.exit_code == 0
    assert done.stdout.startswith(f"{entry.code} {entry.name}: ")


@pytest.mark.parametrize(
    "query, hint",
    [
        ("TRK1011", "did you mean 'TRK101'?"),
        ("shim-imports", "did you mean 'shim-import'?"),
        ("W605", "'trackfix rules' lists them"),
    ],
)
def test_an_unknown_rule_is_one_line_with_a_suggestion_and_exit_code_2(trackfix, query, hint):
    done = trackfix("explain", query)
    assert done.exit_code == 2
    assert done.stderr == f"trackfix: unknown rule '{query}'; {hint}\n"
    assert done.stdout == ""
