"""TRK302 duplicate-run-creation: a run is created by hand, as another function of the project does.

## What it does

Finds functions that create a run with its parent, its experiment and its tags by the calls of the
client, or by `start_run` with a parent, where another function of the project does the same. It
finds runs that are taken up again in the same way, too: one that is made if the state has none,
one that is started by its id above or below the active run, nested runs whose names are built
alike and whose ids are kept, one name for the active run or else a new one, and runs that are kept
but ended at once. A plain `start_run` alone is no copy of anything; it is where at least four more
steps around it are the same: tags, parameters and artifacts of the same names, functions of the
project that are called, what is written when it fails. Metrics and parameters of any training, such
as `val_loss` or `epochs`, don't count.

## Why is this bad?

The parent's tag, the experiment of the parent and the status at the end have to be right in each
copy. One that forgets the tag makes a run that no page shows below its parent.

## Before

```python
tags = {"mlflow.parentRunId": parent_run_id}
run = client.create_run(parent.info.experiment_id, tags=tags)
```

## After

```python
run = create_child_run(parent_run_id)
```

## Fix safety

`use-source-of-truth` replaces the plain shapes where the arguments map one to one, as an unsafe
fix only: what happens when nothing is found can change.

## Options

`sources-of-truth = { create-run = "pkg.runs:create_child_run" }`
in `[tool.trackfix]` names the function to call. By default it is the one whose docstring says that
it is the single source of truth, else the one with most callers, else the one whose name and place
say so; where nothing in the project is made for it, or no one, that of `trackfix.tracking`.
`duplicate-thresholds = { create-run = 0.8 }` sets
how alike two places must be, from 0 to 1. `duplicates-in-tests = true` looks at tests, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.duplicates import duplicate_findings
from trackfix.lint.finding import Finding
from trackfix.lint.rule import Example, LintProject
from trackfix.project.run_logic.duplicates import Duplicates

_CREATION = """
def create_child_run(client, parent):
    \"\"\"A child run; the single source of truth.\"\"\"
    tags = {"mlflow.parentRunId": parent.info.run_id}
    return client.create_run(parent.info.experiment_id, tags=tags)
"""

_FILLED = """
def {0}(plan):
    with mlflow.start_run(run_name=plan.name):{1}
        mlflow.set_tags({{"plan": plan.name, "owner": plan.owner}})
        mlflow.log_param("rows", plan.rows)
        mlflow.log_artifact("plan.json")
"""
_PLAIN = """
import mlflow
def validate(model, plan):
    with mlflow.start_run(run_name=plan.name):
        mlflow.log_params({"epochs": 3, "lr": 0.1})
        mlflow.log_metric("val_loss", model.validate())
        mlflow.set_tag("plan", plan.name)
"""


class DuplicateRunCreation:
    """The rule."""

    code = "TRK302"
    name = "duplicate-run-creation"
    bad: tuple[Example, ...] = (
        {
            "pkg/runs.py": _CREATION,
            "pkg/cv.py": (
                "from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID\n"
                "def fold(mlflow_client, parent_run, number):\n"
                "    return mlflow_client.create_run(  # found\n"
                "        experiment_id=parent_run.info.experiment_id,\n"
                "        tags={MLFLOW_PARENT_RUN_ID: parent_run.info.run_id},\n"
                "    )\n"
            ),
        },
        {
            "pkg/train.py": "import mlflow\n" + _FILLED.format("train", ""),
            "pkg/validate.py": "import mlflow\n" + _FILLED.format("validate", "  # found"),
        },
    )
    good: tuple[Example, ...] = (
        {"pkg/runs.py": _CREATION},
        {
            "pkg/train.py": "import mlflow\n" + _FILLED.format("train", ""),
            "pkg/validate.py": _PLAIN,
        },
        {
            "pkg/runs.py": _CREATION,
            "pkg/train.py": "import mlflow\ndef train():\n    with mlflow.start_run(): pass\n",
        },
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return project.analysis(Duplicates).paths

    def triggers(self, project: LintProject) -> Iterable[str]:
        return ("create_run", "start_run")

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        return duplicate_findings(
            self.code, self.name, "create-run", "creates a run", path, project
        )


RULE = DuplicateRunCreation()
