"""TRK301 duplicate-run-finder: a run is found by hand, as another function of the project does.

## What it does

Compares what functions do with MLflow, not how they read: where the experiment comes from, what
`search_runs` is asked for and in which order, which run is picked and what is taken of it. It finds
the places that pick one run the way the project's own finder does: by the same tags, by its name,
as the newest one, or as its own run, else the active one; or by an id that is given, where both do
the same when there is no such run. A search without any condition is for the newest run only if it
says so by its order. The best run by a metric is only like the best run by the same metric, of
searches that ask for the same. Listing runs and cleaning up are other jobs.

## Why is this bad?

Each copy decides anew what happens when there is no experiment, no run, or more than one. The next
change of the tags reaches one of them, and the others return an unrelated run without a word.

## Before

```python
experiment = client.get_experiment_by_name(name)
runs = client.search_runs([experiment.experiment_id], order_by=["start_time DESC"])
run_id = runs[0].info.run_id
```

## After

```python
run_id = find_latest_run(name)
```

## Fix safety

`use-source-of-truth` replaces the plain shapes where the arguments map one to one, guards such as
`if not runs: return None` where the function has the same. A client that the code makes itself goes
where the function makes its own in the same way, unless a test puts a double in its place. It is an
unsafe fix: what happens when nothing is found can change.

## Options

`sources-of-truth = { find-run = "pkg.finder:find_mlflow_run" }`
in `[tool.trackfix]` names the function to call. By default it is the one whose docstring says that
it is the single source of truth, else the one with most callers, else the one whose name and place
say so; where nothing in the project is made for it, or no one, that of `trackfix.tracking`.
`duplicate-thresholds = { find-run = 0.8 }` sets
how alike two places must be, from 0 to 1. `duplicates-in-tests = true` looks at tests, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.duplicates import duplicate_findings
from trackfix.lint.finding import Finding
from trackfix.lint.rule import Example, LintProject
from trackfix.project.run_logic.duplicates import Duplicates
from trackfix.project.run_logic.reading import WORDS_OF_RUNS

_FINDER = """
def find_latest_run(client, name):
    \"\"\"The newest run; the single source of truth.\"\"\"
    experiment = client.get_experiment_by_name(name)  # mlflow
    runs = client.search_runs([experiment.experiment_id], order_by=["start_time DESC"])
    return runs[0].info.run_id
"""
_BY_ID = """
def {0}_of(mlflow_client, run_id):
    try:
        run = mlflow_client.get_run(run_id){1}
    except KeyError as error:
        raise LookupError(run_id) from error
    return run.data.{0}
"""
_BY_ALIAS = """
def {0}(mlflow_client, name):
    version = mlflow_client.get_model_version_by_alias(name, "champion"){1}
    return mlflow_client.get_run(version.run_id)
"""


class DuplicateRunFinder:
    """The rule."""

    code = "TRK301"
    name = "duplicate-run-finder"
    bad: tuple[Example, ...] = (
        {
            "pkg/finder.py": _FINDER,
            "pkg/tags.py": (
                "def newest(mlflow_client, study):\n"
                "    found = mlflow_client.get_experiment_by_name(study)\n"
                "    ids = [found.experiment_id]\n"
                "    hits = mlflow_client.search_runs(ids, order_by=['start_time DESC'])  # found\n"
                "    return hits[0].info.run_id\n"
            ),
        },
        {
            "pkg/params.py": _BY_ID.format("params", "  # found"),
            "pkg/metrics.py": _BY_ID.format("metrics", ""),
        },
        {
            "pkg/champion.py": _BY_ALIAS.format("champion", ""),
            "pkg/live.py": _BY_ALIAS.format("live", "  # found"),
        },
    )
    good: tuple[Example, ...] = (
        {"pkg/finder.py": _FINDER},
        {
            "pkg/finder.py": _FINDER,
            "pkg/best.py": (
                "def best(mlflow_client, name):\n"
                "    found = mlflow_client.get_experiment_by_name(name)\n"
                "    hits = mlflow_client.search_runs(\n"
                "        [found.experiment_id], order_by=['metrics.loss ASC'])\n"
                "    return hits[0].info.run_id\n"
            ),
        },
        {
            "pkg/finder.py": _FINDER,
            "pkg/all.py": (
                "def all_runs(mlflow_client, name):\n"
                "    found = mlflow_client.get_experiment_by_name(name)\n"
                "    return list(mlflow_client.search_runs([found.experiment_id]))\n"
            ),
        },
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return project.analysis(Duplicates).paths

    def triggers(self, project: LintProject) -> Iterable[str]:
        return ("search_runs", "list_run_infos", "active_run", "get_run", *WORDS_OF_RUNS)

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        return duplicate_findings(self.code, self.name, "find-run", "finds a run", path, project)


RULE = DuplicateRunFinder()
