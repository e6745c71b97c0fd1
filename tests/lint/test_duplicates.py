"""The fix of findings about run logic that is written more than once."""

import pytest

from trackfix.lint.registry import available_rules
from trackfix.lint.rule import LintProject
from trackfix.project.project import open_project

FINDER = '''\
def find_newest(client, name):
    """The newest run; the single source of truth."""
    experiment = client.get_experiment_by_name(name)  # mlflow
    if experiment is None:
        raise LookupError(name)
    runs = client.search_runs([experiment.experiment_id], order_by=["start_time DESC"])
    return runs[0].info.run_id
'''
PLAIN = """\
def newest(mlflow_client, study):
    found = mlflow_client.get_experiment_by_name(study)
    hits = mlflow_client.search_runs([found.experiment_id], order_by=["start_time DESC"])
    return hits[0].info.run_id
"""
GUARDED = PLAIN.replace("    return", "    if not hits:\n        return None\n    return")


@pytest.fixture
def fixes(tmp_path):
    def run(copy):
        (tmp_path / "finder.py").write_text(FINDER)
        (tmp_path / "tags.py").write_text(f"import mlflow\n\n\n{copy}")
        rule = next(entry for entry in available_rules() if entry.code == "TRK301").load()
        found = list(rule.check("tags.py", LintProject(open_project(tmp_path))))
        assert len(found) == 1
        return [(finding.fix, _left_alone(finding)) for finding in found]

    return run


def _left_alone(finding):
    return [note.text for note in finding.notes if note.label == "left alone"]


def test_a_plain_copy_has_an_unsafe_fix_that_says_what_changes(fixes):
    ((fix, left_alone),) = fixes(PLAIN)
    assert left_alone == []
    assert (fix.codemod, fix.safety) == ("use-source-of-truth", "unsafe")
    assert fix.message == (
        "call find_newest from finder; without an experiment it raises LookupError, "
        "where AttributeError was raised"
    )


def test_a_copy_with_a_guard_of_its_own_has_no_fix_and_says_why(fixes):
    why = "without a run it returns None, but find_newest fails as the steps do"
    assert fixes(GUARDED) == [(None, [why])]


@pytest.fixture
def differences(tmp_path):
    """What findings say of the difference to the source of truth."""

    def run(code, files):
        for name, text in files.items():
            (tmp_path / name).write_text(f"import mlflow\n\n\n{text}")
        rule = next(entry for entry in available_rules() if entry.code == code).load()
        found = rule.check("tags.py", LintProject(open_project(tmp_path)))
        return [note.text for f in found for note in f.notes if note.label == "differs"]

    return run


RAISING = GUARDED.replace("return None", "raise ValueError(study)")
BUILDER = "def {0}(a, b):\n    return {{'a': a, 'mlflow.user': b, 'c': {1}}}\n"


@pytest.mark.parametrize("copy", [GUARDED, RAISING])
def test_steps_alone_are_called_the_same(differences, copy):
    assert differences("TRK301", {"finder.py": FINDER, "tags.py": copy}) == [
        "in no step; what they do where nothing is found was not compared"
    ]


def test_what_a_fix_tells_is_not_told_again(differences):
    assert differences("TRK301", {"finder.py": FINDER, "tags.py": PLAIN}) == ["in no step"]


def test_tags_are_never_looked_for(differences):
    files = {"lineage.py": BUILDER.format("lineage_tags", 1), "tags.py": BUILDER.format("own", 1)}
    files["lineage.py"] = files["lineage.py"].replace(
        "\n", '\n    """Single source of truth."""\n', 1
    )
    assert differences("TRK304", files) == ["in no step"]


@pytest.fixture
def calls(tmp_path):
    """What findings in a project without a function for the job say to call."""

    def run(rule, text):
        for name in ("one", "two"):
            (tmp_path / f"{name}.py").write_text(text.replace("NAME", f"{name}_of"))
        check = next(entry for entry in available_rules() if entry.code == rule).load().check
        project = LintProject(open_project(tmp_path))
        found = [finding for path in ("one.py", "two.py") for finding in check(path, project)]
        return {note.text for f in found for note in f.notes if note.label == "call instead"}

    return run


def test_the_librarys_finder_is_to_be_called_so_that_it_takes_the_newest_run(calls):
    text = f"import mlflow\n\n\n{PLAIN.replace('def newest', 'def _NAME')}"
    assert calls("TRK301", text) == {
        "find_mlflow_run(..., strict=False).run_id from trackfix.tracking"
    }


def test_other_functions_of_the_library_are_called_with_what_is_at_hand(calls):
    text = (
        "import mlflow\n\n\ndef _NAME(client, name):\n"
        "    experiment = client.get_experiment_by_name(name)\n"
        "    if experiment is None:\n        return client.create_experiment(name)\n"
        "    return experiment.experiment_id\n"
    )
    assert calls("TRK303", text) == {"get_or_create_experiment(...) from trackfix.tracking"}
