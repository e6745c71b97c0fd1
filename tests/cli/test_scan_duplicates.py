import json

import pytest

FINDER = '''\
def find_newest(client, name):
    """The newest run; the single source of truth."""
    experiment = client.get_experiment_by_name(name)  # mlflow
    runs = client.search_runs([experiment.experiment_id], order_by=["start_time DESC"])
    return runs[0].info.run_id
'''
COPY = """\
def newest(mlflow_client, study):
    found = mlflow_client.get_experiment_by_name(study)
    hits = mlflow_client.search_runs([found.experiment_id], order_by=["start_time DESC"])
    return hits[0].info.run_id
"""


@pytest.fixture
def copies(tree):
    (tree / "lib/finder.py").write_text(FINDER)
    (tree / "copy").mkdir()
    (tree / "copy/tags.py").write_text(COPY)
    return tree


@pytest.mark.parametrize(
    "format_, start",
    [
        ("text", "Finding a run: lib.finder.find_newest"),
        ("json", "{"),
        ("markdown", "# Run logic that is written more than once"),
        ("html", "<!doctype html>"),
    ],
)
def test_each_format_tells_the_copy(copies, trackfix, format_, start):
    done = trackfix("scan", "--duplicates", "--format", format_, copies)
    assert done.exit_code == 0
    assert done.stdout.startswith(start)
    assert "copy/tags.py" in done.stdout
    assert done.stderr == ""


def test_the_whole_project_is_seen_from_any_path_in_it(copies, trackfix):
    whole = trackfix("scan", "--duplicates", "--format", "json", copies).stdout
    assert json.loads(whole)["groups"]
    for path in ("lib", "copy/tags.py", "app.py"):
        assert trackfix("scan", "--duplicates", "--format", "json", copies / path).stdout == whole


def test_a_project_without_copies_says_so(tree, trackfix):
    done = trackfix("scan", "--duplicates", tree)
    assert (done.exit_code, done.output) == (0, "No run logic is written more than once.\n")


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["--format", "html"], "--format html is for --duplicates only"),
        (["--references", "lib.old", "--format", "html"], "--format html is for --duplicates"),
        (["--references", "lib.old", "--format", "markdown"], "--references has no markdown"),
        (["--references", "lib.old", "--duplicates"], "--references is about re-export modules"),
    ],
)
def test_options_that_contradict_each_other_are_one_line_and_exit_code_2(
    tree, trackfix, arguments, told
):
    done = trackfix("scan", *arguments, tree)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"trackfix: {told}")
    assert done.stderr.count("\n") == 1


def test_a_file_that_is_no_python_is_named_and_the_rest_is_told(copies, trackfix):
    (copies / "broken.py").write_text("import mlflow\nmlflow.search_runs(\n")
    done = trackfix("scan", "--duplicates", copies)
    assert done.exit_code == 0
    assert "copy/tags.py" in done.stdout
    assert done.stderr.startswith("broken.py:")
    assert done.stderr.count("\n") == 1


def test_settings_that_are_wrong_are_one_line_and_exit_code_2(copies, trackfix):
    (copies / "pyproject.toml").write_text("[tool.trackfix]\nduplicate-thresholds = 3\n")
    done = trackfix("scan", "--duplicates", copies)
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
