"""TRK501: what leaves a run open, and what only looks so."""

import pytest


@pytest.fixture
def lines(check):
    """The lines of the findings in ``a.py``."""

    def run(source, path="a.py", **files):
        return [found.line for found in check("TRK501", {path: source, **files})]

    return run


FOUND = {
    "a comment that begins with a plus": "mlflow.start_run()\n# + a fit\nfit()\nmlflow.end_run()",
    "a name with an annotation": "run: mlflow.ActiveRun = mlflow.start_run()\nfit()\nmlflow.end_run()",
    "ended on some condition, too": "def f():\n    mlflow.start_run()\n    if fit():\n        mlflow.end_run('KILLED')\n        return\n    fit()\n    mlflow.end_run()",
    "calls between start and end": "mlflow.start_run()\nfit()\nmlflow.end_run()",
    "a name for the run": "run = mlflow.start_run()\nfit(run.info.run_id)\nmlflow.end_run()",
    "in a function": "def f():\n    mlflow.start_run()\n    fit()\n    mlflow.end_run()",
    "in a context manager": "@contextmanager\ndef f():\n    mlflow.start_run()\n    yield\n    mlflow.end_run()",
    "in a context manager that gives it": "@contextmanager\ndef f():\n    run = mlflow.start_run()\n    yield run\n    mlflow.end_run()",
    "in a loop": "for x in y:\n    mlflow.start_run()\n    fit()\n    mlflow.end_run()",
    "ended by status": "mlflow.start_run()\nfit()\nmlflow.end_run('FINISHED')",
    "a script that never ends it": "mlflow.start_run()\nfit()",
    "below the main guard": "if __name__ == '__main__':\n    mlflow.start_run()\n    fit()",
    "a function of a project that never ends one": "def train():\n    mlflow.start_run()\n    fit()",
    "a run in a run": "with mlflow.start_run():\n    with mlflow.start_run(run_name='b'):\n        fit()",
    "nested=False": "with mlflow.start_run():\n    with mlflow.start_run(nested=False):\n        fit()",
    "a finally that ends nothing": "mlflow.start_run()\ntry:\n    fit()\nfinally:\n    close()\nmlflow.end_run()",
}


@pytest.mark.parametrize("source", FOUND.values(), ids=FOUND)
def test_a_run_whose_end_is_not_guaranteed_is_found(lines, source):
    number = next(
        number
        for number, line in reversed(list(enumerate(source.splitlines(), 2)))
        if "start_run" in line
    )
    assert lines(f"import mlflow\n{source}\n") == [number]


RIGHT = {
    "ended by who calls it": "def f():\n    mlflow.start_run()\n    fit()\n    mlflow.end_run()\ntry:\n    f()\nexcept ValueError:\n    mlflow.end_run('KILLED')",
    "ended at last by who calls it": "def f():\n    mlflow.start_run()\n    fit()\n    mlflow.end_run()\ntry:\n    f()\nfinally:\n    mlflow.end_run()",
    "ended on some condition, and never else": "def f():\n    mlflow.start_run()\n    if fit():\n        mlflow.end_run()\n        return\n    fit()",
    "ended in one of two branches": "def f():\n    mlflow.start_run()\n    if fit():\n        mlflow.end_run()\n    else:\n        fit()\n    fit()\n    mlflow.end_run()",
    "returned by a name with an annotation": "def f():\n    run: Any = mlflow.start_run()\n    return run",
    "in cells of a notebook that is a script": "# %%\nmlflow.start_run()\n\n# %%\nfit()\nmlflow.end_run()",
    "in cells as Spyder and VS Code part them": "#%%\nmlflow.start_run()\n\n#%% Fit\nfit()\nmlflow.end_run()",
    "in cells of the light form of Jupytext": "# +\nmlflow.start_run()\n# -\n\n# +\nfit()\nmlflow.end_run()\n# -",
    "in cells of Databricks": "mlflow.start_run()\n\n# COMMAND ----------\n\nfit()\nmlflow.end_run()",
    "with": "with mlflow.start_run():\n    fit()",
    "with further down": "run = mlflow.start_run()\nprepare()\nwith run:\n    fit()",
    "an exit stack": "with ExitStack() as stack:\n    stack.enter_context(mlflow.start_run())\n    fit()",
    "try and finally behind it": "mlflow.start_run()\ntry:\n    fit()\nfinally:\n    mlflow.end_run()",
    "try and finally around it": "try:\n    mlflow.start_run()\n    fit()\nfinally:\n    mlflow.end_run()",
    "a handler that ends it": "mlflow.start_run()\ntry:\n    fit()\nexcept Exception:\n    mlflow.end_run('FAILED')\n    raise\nmlflow.end_run()",
    "nothing between that can fail": "run = mlflow.start_run()\nrun_id = run.info.run_id\nmlflow.end_run()",
    "returned": "def f():\n    return mlflow.start_run()",
    "returned by its name": "def f():\n    run = mlflow.start_run()\n    return run",
    "given to a call": "run = mlflow.start_run()\nwatch(run)",
    "kept in an attribute": "class A:\n    def f(self):\n        self.run = mlflow.start_run()",
    "a callback with two methods": "class A:\n    def on_begin(self):\n        mlflow.start_run()\n    def on_end(self):\n        mlflow.end_run()",
    "a function that says that it begins one": "def start_tracking():\n    mlflow.start_run()",
    "a context that gives it to somebody else": "@contextmanager\ndef f():\n    run = mlflow.start_run()\n    yield watch(run)\n    mlflow.end_run()",
    "a fixture, which is resumed whatever fails": "@pytest.fixture\ndef f():\n    mlflow.start_run()\n    yield\n    mlflow.end_run()",
    "a context that ends it at last": "@contextmanager\ndef f():\n    mlflow.start_run()\n    try:\n        yield\n    finally:\n        mlflow.end_run()",
    "at the exit": "import atexit\nmlflow.start_run()\natexit.register(mlflow.end_run)\nfit()",
    "within another context": "with managed():\n    mlflow.start_run()\n    fit()\n    mlflow.end_run()",
    "a child run": "with mlflow.start_run():\n    with mlflow.start_run(nested=True):\n        fit()",
    "nested by a value": "with mlflow.start_run():\n    with mlflow.start_run(nested=deep):\n        fit()",
    "options that may nest": "with mlflow.start_run():\n    with mlflow.start_run(**options):\n        fit()",
    "the outer one has ended": "with mlflow.start_run():\n    mlflow.end_run()\n    with mlflow.start_run():\n        fit()",
    "a function defined within": "with mlflow.start_run():\n    def later():\n        with mlflow.start_run():\n            fit()",
    "somebody else's start_run": "import aiplatform\naiplatform.start_run()\nfit()",
}


@pytest.mark.parametrize("source", RIGHT.values(), ids=RIGHT)
def test_what_may_end_otherwise_is_not_found(lines, source):
    assert lines(f"import mlflow\n{source}\n") == []


def test_tests_are_left_to_their_fixtures(lines):
    source = (
        "import mlflow\ndef test_a():\n    mlflow.start_run()\n    fit()\n    mlflow.end_run()\n"
    )
    assert lines(source, "tests/test_a.py") == []


def test_another_file_of_the_project_may_end_the_run(check):
    files = {"a.py": "import mlflow\nmlflow.start_run()\nfit()\n", "b.py": "mlflow.end_run()\n"}
    assert check("TRK501", files) == []


def test_cells_of_a_notebook_are_run_by_hand(check):
    def notebook(*cells):
        parts = [f'{{"cell_type": "code", "source": {cell}}}' for cell in cells]
        return f'{{"cells": [{", ".join(parts)}]}}'

    apart = notebook(
        '["import mlflow\\n", "mlflow.start_run()"]', '["fit()\\n", "mlflow.end_run()"]'
    )
    whole = notebook(
        '["import mlflow\\n", "mlflow.start_run()\\n", "fit()\\n", "mlflow.end_run()"]'
    )
    found = check("TRK501", {"a.ipynb": apart, "b.ipynb": whole})
    assert [item.path for item in found] == ["b.ipynb"]


def test_a_finding_points_at_the_end_and_says_how_sure_the_fix_is(check):
    source = "import mlflow\nmlflow.start_run()\nfit()\nmlflow.end_run()\n"
    (top,) = check("TRK501", {"a.py": source})
    assert top.message == "the run stays active if a line before end_run() in line 4 fails"
    assert [(place.line, place.role) for place in top.related] == [(4, "end")]
    assert (top.fix.codemod, top.fix.safety) == ("guard-runs", "safe")


@pytest.mark.parametrize(
    "source, safety",
    [
        ("def f():\n    mlflow.start_run()\n    fit()\n    mlflow.end_run()", "unsafe"),
        ("mlflow.start_run()\nfit()\nmlflow.end_run('KILLED')", None),
        ("mlflow.start_run(); fit()\nmlflow.end_run()", None),
        ("mlflow.start_run()\nfit()", None),
    ],
)
def test_a_fix_is_only_promised_where_the_codemod_keeps_it(check, source, safety):
    (found,) = check("TRK501", {"a.py": f"import mlflow\n{source}\n"})
    assert (found.fix.safety if found.fix else None) == safety
    is_ended = "end_run" in source
    assert ("; left alone: " in found.message) == (is_ended and safety is None)


@pytest.mark.parametrize(
    "setting, end, count",
    [
        ("", "finish_run()", 1),
        ('run-ends = ["company.ml:finish_run"]', "finish_run()", 0),
        ('run-ends = ["company.ml:finish_run"]', "ml.finish_run()", 0),
        ('run-ends = ["company.ml:finish_run"]', "report()", 1),
    ],
)
def test_the_setting_names_what_else_ends_a_run(check, setting, end, count):
    imported = "" if "." in end else f"from company.ml import {end.removesuffix('()')}"
    source = (
        f"import mlflow\nfrom company import ml\n{imported}\nmlflow.start_run()\nfit()\n{end}\n"
    )
    tree = {"pyproject.toml": f"[tool.trackfix]\n{setting}\n", "a.py": source}
    assert len(check("TRK501", tree)) == count


def test_the_end_of_a_run_within_another_one_is_not_taken_for_its_own(check):
    source = (
        "import mlflow\ndef f():\n    mlflow.start_run()\n    mlflow.start_run(nested=True)\n    fit()\n"
        "    mlflow.end_run()\n    fit()\n    mlflow.end_run()\n"
    )
    outer, inner = (found.message for found in check("TRK501", {"a.py": source}))
    assert "end_run() in line 8 fails" in outer
    assert "end_run() in line 6 fails" in inner


def test_a_notebook_of_databricks_need_not_end_its_run(lines):
    source = "import mlflow\nmlflow.start_run()\nfit()\n"
    assert lines(f"# Databricks notebook source\n{source}") == []
    assert lines(f"# A source\n{source}") == [3]


PAIR = "import mlflow\ndef f():\n    mlflow.start_run()\n    fit()\n    mlflow.end_run()\n"


@pytest.mark.parametrize("path, found", [("b.py", []), ("test_b.py", [3])])
def test_a_run_that_a_caller_in_another_file_ends_is_not_found(lines, path, found):
    caller = "import a, mlflow\ntry:\n    a.f()\nexcept ValueError:\n    mlflow.end_run('FAILED')\n"
    assert lines(PAIR, **{path: caller}) == found


def test_a_handler_that_ends_what_another_function_began_is_no_matter(lines):
    caller = "import a, mlflow\ntry:\n    a.g()\nexcept ValueError:\n    mlflow.end_run('FAILED')\n"
    assert lines(PAIR, **{"b.py": caller}) == [3]
