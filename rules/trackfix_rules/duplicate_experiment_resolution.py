"""TRK303 duplicate-experiment-resolution: an experiment is got or created by hand, as elsewhere.

## What it does

Finds functions that ask for an experiment by its name and create it when there is none, where
another function of the project does the same. It pairs other ways, too, each with its like: the
errors of asking become errors of their own, and it is looked whether there is one; the id is only
asked for where none is given; a name may be an id; where `set_experiment` fails, a state says so;
and one that is missing is an error, if a helper says so or both say it in the same words. A bare
`get_experiment_by_name` is not found.

## Why is this bad?

Two processes that start at once both create it, and a deleted experiment of that name is in the way
of both; each copy has to know that.

## Before

```python
experiment = client.get_experiment_by_name(name)
if experiment is None:
    experiment_id = client.create_experiment(name)
```

## After

```python
experiment_id = get_or_create_experiment(name)
```

## Fix safety

`use-source-of-truth` replaces the plain shapes where the arguments map one to one, as an unsafe
fix only: what happens in the cases at the edge can change.

## Options

`sources-of-truth = { resolve-experiment = "pkg.experiments:get_or_create_experiment" }`
in `[tool.trackfix]` names the function to call. By default it is the one whose docstring says that
it is the single source of truth, else the one with most callers, else the one whose name and place
say so; where nothing in the project is made for it, or no one, that of `trackfix.tracking`.
`duplicate-thresholds = { resolve-experiment = 0.8 }` sets
how alike two places must be, from 0 to 1. `duplicates-in-tests = true` looks at tests, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.duplicates import duplicate_findings
from trackfix.lint.finding import Finding
from trackfix.lint.rule import Example, LintProject
from trackfix.project.run_logic.duplicates import Duplicates

_RESOLUTION = """
def get_or_create_experiment(client, name):
    \"\"\"An experiment's id; the single source of truth.\"\"\"
    experiment = client.get_experiment_by_name(name)  # mlflow
    if experiment is None:
        return client.create_experiment(name)
    return experiment.experiment_id
"""


class DuplicateExperimentResolution:
    """The rule."""

    code = "TRK303"
    name = "duplicate-experiment-resolution"
    bad: tuple[Example, ...] = (
        {
            "pkg/experiments.py": _RESOLUTION,
            "pkg/train.py": (
                "import mlflow\n"
                "def prepare(title):\n"
                "    found = mlflow.get_experiment_by_name(title)  # found\n"
                "    return found.experiment_id if found else mlflow.create_experiment(title)\n"
            ),
        },
    )
    good: tuple[Example, ...] = (
        {"pkg/experiments.py": _RESOLUTION},
        {
            "pkg/experiments.py": _RESOLUTION,
            "pkg/show.py": "import mlflow\nprint(mlflow.get_experiment_by_name('a'))\n",
        },
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return project.analysis(Duplicates).paths

    def triggers(self, project: LintProject) -> Iterable[str]:
        return ("_experiment",)

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        return duplicate_findings(
            self.code,
            self.name,
            "resolve-experiment",
            "gets or creates an experiment",
            path,
            project,
        )


RULE = DuplicateExperimentResolution()
