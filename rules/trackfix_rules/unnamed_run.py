"""TRK504 unnamed-run: a run without a name in a project that names its runs.

## What it does

Finds `mlflow.start_run` and `create_run` of a client without `run_name`, where most of the runs
that the project creates outside of its tests have a name, and three at least.

Not found are runs that are resumed by their id, calls with options that may hold a name, functions
that ask for the active run first, files that set the tag `mlflow.runName` or rename the run later,
and tests.

## Why is this bad?

MLflow invents a name, such as `bold-fox-421`. Among runs that are named by what they are, nobody
finds that one again, and code that looks a run up by its name does not see it.

## Before

```python
with mlflow.start_run():
    evaluate(model)
```

## After

```python
with mlflow.start_run(run_name=f"evaluate-{model.name}"):
    evaluate(model)
```

## Fix safety

There is no fix: the name is for the author to choose.

## Options

`named-runs-minimum = 1` in `[tool.trackfix]` is how many runs need a name for the project to be one
that names its runs; it is 3 by default.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.finding import Finding
from trackfix.lint.mlflow_findings import calls_in, files_calling, finding_at
from trackfix.lint.rule import Example, LintProject
from trackfix.project.mlflow_uses.run_names import (
    CREATORS,
    RunNames,
    creations,
    is_named,
    names_later,
    stands_in,
)
from trackfix.project.test_paths import is_test_path

_NAMED = (
    "import mlflow\ndef f(x, client: mlflow.MlflowClient):\n"
    "    with mlflow.start_run(run_name='a'): pass\n"
    "    with mlflow.start_run(run_name=x): pass\n"
    "    client.create_run('1', run_name='c')\n"
)


class UnnamedRun:
    """The rule."""

    code = "TRK504"
    name = "unnamed-run"
    bad: tuple[Example, ...] = (
        {"a.py": _NAMED, "b.py": "import mlflow\nwith mlflow.start_run():  # found\n    pass\n"},
        {"a.py": f"{_NAMED}    client.create_run('1')  # found\n"},
    )
    good: tuple[Example, ...] = (
        {"a.py": _NAMED},
        {"a.py": "import mlflow\nwith mlflow.start_run():\n    pass\n"},
        {"a.py": f"{_NAMED}    mlflow.start_run(x)\n"},
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return files_calling(project, *CREATORS)

    def triggers(self, project: LintProject) -> Iterable[str]:
        return CREATORS

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        file = None if is_test_path(path) else calls_in(path, project, *CREATORS)
        if file is None or names_later(file):
            return
        unnamed = (call for call in creations(file) if is_named(call) is False)
        found = [call for call in unnamed if not stands_in(call)]
        names = project.analysis(RunNames)
        if found and names.are_usual:
            named, total = names.named
            message = f"this run has no name; {named} of {total} in the project have one"
            for call in found:
                yield finding_at(self, file, call.node, message)


RULE = UnnamedRun()
