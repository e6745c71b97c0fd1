"""Mending until nothing is left to mend."""

import pytest

from trackfix.lint import fixes
from trackfix.lint.finding import Finding, Fix
from trackfix.lint.fixes import Fixed, is_allowed
from trackfix.lint.outcome import Outcome
from trackfix.rewrite.transaction import Change


def codes(outcome):
    return [f"{found.path} {found.code}" for found in outcome.findings]


def finding(path="app.py", code="TRK101", safety="safe"):
    fix = Fix("rewrite-imports", safety, "") if safety else None
    return Finding(code, "name", path, 1, 1, 1, 2, "message", fix=fix)


def test_findings_before_and_after_and_the_changes_are_told(session):
    fixed = session().fix(unsafe=False)
    assert codes(fixed.before) == ["app.py TRK101", "lib/old.py TRK102"]
    assert codes(fixed.after) == ["lib/old.py TRK102"]
    assert fixed.changes == (
        Change(
            "app.py",
            b"from lib.old import f\n\nprint(f())\n",
            b"from lib.home import f\n\nprint(f())\n",
        ),
    )
    assert fixed.codemods == {"app.py": ("rewrite-imports",)}
    assert fixed.converged
    assert fixed.mended == 1


def test_where_nothing_is_found_nothing_changes(session, project, write):
    write(project, {"app.py": "print(1)\n", "lib/old.py": ""})
    fixed = session().fix(unsafe=True)
    assert fixed == Fixed(Outcome(()), Outcome(()), (), {}, ())


def test_what_only_has_findings_without_a_fix_does_not_change(session):
    fixed = session("lib").fix(unsafe=True)
    assert fixed.changes == ()
    assert codes(fixed.before) == codes(fixed.after) == ["lib/old.py TRK102"]


def test_one_fix_may_call_for_the_next(session, project):
    (project / "README.md").unlink()
    fixed = session().fix(unsafe=True)
    assert {change.path: change.after is None for change in fixed.changes} == {
        "app.py": False,
        "lib/old.py": True,
    }
    assert fixed.codemods["lib/old.py"] == ("remove-shims",)
    assert fixed.after.findings == ()
    assert (project / "lib/old.py").exists()


def test_a_chain_of_shims_is_followed_to_its_end(session, project, write):
    write(project, {"lib/older.py": '"""Deprecated."""\nfrom lib.old import f\n'})
    write(project, {"app.py": "from lib.older import f\n\nf()\n"})
    fixed = session("app.py").fix(unsafe=False)
    assert [change.after for change in fixed.changes] == [b"from lib.home import f\n\nf()\n"]


def test_only_given_files_change_although_others_have_the_same_finding(session, project, write):
    write(project, {"b.py": "from lib.old import g\n\ng()\n"})
    assert [change.path for change in session("b.py").fix(unsafe=False).changes] == ["b.py"]


@pytest.mark.parametrize("rounds", [1, 2])
def test_what_does_not_come_to_rest_in_time_changes_nothing(session, monkeypatch, rounds):
    monkeypatch.setattr(fixes, "_MOST_ROUNDS", rounds)
    fixed = session().fix(unsafe=False)
    assert fixed.converged == (rounds > 1)
    assert bool(fixed.changes) == (rounds > 1)
    assert (fixed.before == fixed.after) == (rounds == 1)


def test_the_same_file_with_fewer_findings_of_a_rule_counts_as_mended():
    before = Outcome((finding(), finding(), finding("b.py")))
    after = Outcome((finding(), finding("b.py"), finding("c.py", "TRK103")))
    assert Fixed(before, after, (), {}, ()).mended == 1


def test_findings_that_have_no_fix_and_stay_are_not_taken_for_those_that_had_one():
    before = Outcome((finding(), finding(), finding(safety=""), finding(safety="")))
    after = Outcome((finding(safety=""), finding(safety="")))
    assert Fixed(before, after, (), {}, ()).mended == 2


def test_a_finding_without_a_fix_that_is_gone_was_not_mended():
    before = Outcome((finding(safety=""), finding("b.py")))
    assert Fixed(before, Outcome(()), (), {}, ()).mended == 1


@pytest.mark.parametrize(
    "safety, unsafe, allowed",
    [
        ("safe", False, True),
        ("safe", True, True),
        ("unsafe", False, False),
        ("unsafe", True, True),
        ("", True, False),
    ],
)
def test_unsafe_fixes_are_allowed_on_request_only(safety, unsafe, allowed):
    assert is_allowed(finding(safety=safety), unsafe=unsafe) is allowed


def test_a_finding_that_was_tried_in_vain_is_not_called_fixable_any_more(session, project, write):
    write(
        project, {"pyproject.toml": "[tool.trackfix]\nper-file-ignores = {'b.py' = ['TRK101']}\n"}
    )
    write(project, {"b.py": "from lib.old import f\n\nf()\n"})
    fixed = session().fix(unsafe=False)
    assert all(found.fix is None or found.fix.safety != "safe" for found in fixed.after.findings)
    assert fixed.before.findings[0].fix is not None


def test_what_a_finding_without_a_fix_lacks_is_told_by_the_codemod(session, project, write):
    client = "from mlflow import MlflowClient\n\n\n"
    write(
        project,
        {
            "pyproject.toml": "[tool.trackfix]\nclient-factory = 'make:make'\n",
            "make.py": f"{client}def make(): return MlflowClient()\n",
            "app.py": f"{client}def a(): return MlflowClient()\n\n\n"
            "def b(**k): return MlflowClient(**k)\n",
        },
    )
    after = session(select=["TRK2"]).fix(unsafe=True).after
    assert [f.message.partition("; left alone: ")[2] for f in after.findings] == [
        "it is not known which arguments it passes"
    ]


def test_a_rule_that_mends_nothing_is_told_of_no_obstacle_in_its_line(session, project, write):
    client = "from mlflow import MlflowClient\n\n\n"
    write(
        project,
        {
            "pyproject.toml": "[tool.trackfix]\nclient-factory = 'make:make'\n",
            "make.py": f"{client}def make(): return MlflowClient()\n",
            "app.py": f"{client}def a(): return len(MlflowClient().search_experiments())\n",
            "other.py": f"{client}def a(): return MlflowClient()\n",
            "test_app.py": "from unittest.mock import patch\n\n\n"
            "def test():\n    with patch.multiple('app', MlflowClient=None): pass\n",
        },
    )
    after = session(select=["TRK201", "TRK506"]).fix(unsafe=True).after
    told = {f.code: f.message.partition("; left alone: ")[2] for f in after.findings}
    assert told == {
        "TRK201": "MlflowClient: test_app.py:5 patches MlflowClient of this module: "
        "the name can't be replaced where it is written",
        "TRK506": "",
    }
