"""TRK502 nested-params: a nested dict is logged as parameters without flattening it.

## What it does

Finds `mlflow.log_params` with a dict that has a dict as a value: written in the call, or under a
name that is bound once and not changed.

Not found are dicts that come from a function or a file, empty ones, those within lists, what a
function such as `json.dumps` makes text of, and tests.

## Why is this bad?

MLflow stores the text of the inner dict, such as `{'lr': 0.1, 'steps': 10}`, as the value of one
parameter. Its numbers can't be searched for or compared, runs can't be shown side by side by them,
and a long one is refused or cut at 6,000 characters.

## Before

```python
mlflow.log_params({"optimizer": {"lr": 0.1, "steps": 10}})
```

## After

```python
mlflow.log_params({"optimizer.lr": 0.1, "optimizer.steps": 10})
```

The trackers of `trackfix.tracking` flatten nested dicts so.

## Fix safety

There is no fix: other code may read the parameters by the names that they have now.

## Options

None: a dict that a function has flattened is never found, whatever the function is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.finding import Finding
from trackfix.lint.mlflow_findings import calls_in, files_calling, finding_at
from trackfix.lint.places import listing
from trackfix.lint.rule import Example, LintProject
from trackfix.project.mlflow_uses.nested_params import find_nested_params

_START = "import mlflow\n"


class NestedParamsRule:
    """The rule."""

    code = "TRK502"
    name = "nested-params"
    bad: tuple[Example, ...] = (
        {"a.py": _START + "mlflow.log_params({'a': 1, 'model': {'depth': 3}})  # found\n"},
        {"a.py": _START + "p = dict(model={'depth': 3})\nmlflow.log_params(p)  # found\n"},
    )
    good: tuple[Example, ...] = (
        {"a.py": _START + "mlflow.log_params({'model.depth': 3, 'layers': [1, 2]})\n"},
        {"a.py": _START + "p = {'model': {'depth': 3}}\nmlflow.log_params(flatten(p))\n"},
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return files_calling(project, "log_params")

    def triggers(self, project: LintProject) -> Iterable[str]:
        return ("log_params",)

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        file = calls_in(path, project, "log_params")
        if file is None:
            return
        for found in find_nested_params(file):
            message = f"{listing(found.keys)} is a dict: MLflow stores its text as one parameter"
            yield finding_at(self, file, found.argument, message)


RULE = NestedParamsRule()
