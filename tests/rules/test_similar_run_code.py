"""TRK309: functions that are written alike, and those that are not to be told."""

import textwrap

import pytest

FOLD = """\
import mlflow


def log_fold(fold, model, scores):
    with mlflow.start_run(run_name=f"fold-{fold}", nested=True):
        mlflow.log_params(model.get_params())
        for name, value in scores.items():
            mlflow.log_metric(name, value)
        mlflow.set_tag("stage", "fold")
        mlflow.sklearn.log_model(model, name="model")
"""
REFIT = """\
from mlflow import log_metric, log_params, set_tag, sklearn, start_run


def keep(best, results):
    with start_run(run_name="refit", nested=True):
        log_params(best.parameters())
        for metric, number in results.items():
            log_metric(metric, number)
        set_tag("kind", "refit")
        sklearn.log_model(best, name="refit")
"""


@pytest.fixture
def found(check):
    def run(refit=REFIT, **tree):
        files = {"fold.py": FOLD, "refit.py": refit, **tree}
        return [(f.path, f.line, f.confidence) for f in check("TRK309", files)]

    return run


def test_a_finding_says_what_is_alike_and_where(check):
    (finding,) = check("TRK309", {"fold.py": FOLD, "refit.py": REFIT})
    assert finding.message == "keep: lines 5 to 10 are written like log_fold in fold.py (1.00)"
    assert [(r.path, r.line, r.end_line, r.role) for r in finding.related] == [
        ("fold.py", 5, 10, "alike")
    ]
    assert [(note.label, note.text) for note in finding.notes] == [
        ("same steps", "start_run → log_params → log_metric → set_tag → sklearn.log_model"),
        (
            "differs",
            "in names and values; 0 statements here only, 0 there only; there in lines 5 to 10",
        ),
    ]


ALIKE = {
    "statements between": REFIT.replace("        set_tag", "        extra = 1\n        set_tag"),
    "statements around": REFIT.replace(
        "    with", "    a = 1\n    if a:\n        print(best)\n    with"
    ),
    "talk and docstrings": REFIT.replace(
        "        log_params", '        "Parameters."\n        logging.info("x")\n        log_params'
    ),
    "an annotation": REFIT.replace("best, results", "best: object, results: dict[str, float]"),
    "a method": REFIT.replace("def keep(", "class A:\n  def keep(self, ").replace(
        "\n        ", "\n            "
    ),
}


@pytest.mark.parametrize("refit", ALIKE.values(), ids=ALIKE)
def test_gaps_and_names_do_not_hide_a_copy(found, refit):
    (finding,) = found(refit)
    assert finding[0] == "refit.py"
    assert finding[2] >= 0.8


OTHERS = {
    "too few statements": REFIT.replace('        set_tag("kind", "refit")\n', ""),
    "other functions of MLflow": REFIT.replace("log_metric(", "log_text(").replace(
        "import log_metric", "import log_text"
    ),
    "another order": textwrap.dedent("""\
        import mlflow
        def keep(best, results):
            with mlflow.start_run(run_name="refit", nested=True):
                mlflow.sklearn.log_model(best, name="refit")
                mlflow.set_tag("kind", "refit")
                for metric, number in results.items():
                    mlflow.log_metric(metric, number)
                mlflow.log_params(best.parameters())
    """),
    "a function that calls the other": REFIT.replace(
        "    with", "    log_fold(1, best, results)\n    with"
    ),
    "one that calls it through another": REFIT.replace("    with", "    between(best)\n    with")
    + "\n\ndef between(best):\n    log_fold(1, best, {})\n",
    "another library": REFIT.replace("from mlflow", "from wandb"),
}


@pytest.mark.parametrize("refit", OTHERS.values(), ids=OTHERS)
def test_what_is_no_copy_is_not_told(found, refit):
    assert found(refit) == []


def test_tests_count_only_when_they_are_asked_for(found):
    tree = {"tests/test_refit.py": REFIT}
    assert found("", **tree) == []
    settings = "[tool.trackfix]\nduplicates-in-tests = true\n"
    assert [f[0] for f in found("", **tree, **{"pyproject.toml": settings})] == [
        "tests/test_refit.py"
    ]


def test_the_threshold_is_a_setting(found):
    refit = ALIKE["statements between"]
    settings = "[tool.trackfix]\nduplicate-thresholds = { similar-code = 1 }\n"
    assert found(refit, **{"pyproject.toml": settings}) == []


def test_what_another_rule_reports_is_not_told_again(check):
    body = """\
        import mlflow


        def {0}(client, {1}):
            {2} = client.get_experiment_by_name({1})
            if {2} is None:
                raise LookupError({1})
            hits = client.search_runs([{2}.experiment_id], order_by=["start_time DESC"])
            if not hits:
                return None
            client.set_tag(hits[0].info.run_id, "seen", "yes")
            return hits[0].info.run_id
    """
    tree = {
        "finder.py": body.format("find_newest_run", "name", "found"),
        "tags.py": body.format("newest", "study", "experiment"),
    }
    assert len(check("TRK301", tree)) == 1
    assert check("TRK309", tree) == []


def test_each_copy_is_told_once_beside_one_before_it(found):
    tree = {f"z{number}.py": REFIT for number in range(3)}
    assert [path for path, *_ in found(**tree)] == ["refit.py", "z0.py", "z1.py", "z2.py"]
