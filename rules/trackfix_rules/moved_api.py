"""TRK701 moved-api: an API of MLflow is used that was moved, renamed or removed.

## What it does

Finds imports, attributes, methods of a value known to be an `MlflowClient`, and arguments (also
those that `functools.partial` gives) that MLflow has removed or deprecated. What counts is which
releases of MLflow the project allows: the setting `target-mlflow`, or else its requirements
(`pyproject.toml`, `pixi.toml`, `setup.cfg`, `setup.py`, `requirements*.txt`, `environment.yml`,
`Pipfile`, lock files; those nearest to the file); without any, the newest release that trackfix
knows. Reported is what is gone or deprecated in one of them.

Nothing is found in code that already minds the release: below a test of `mlflow.__version__`, also
by a name or a function for it in another module, or in a `try` whose other branch does the same in
another way.

## Why is this bad?

The code breaks when MLflow is next upgraded, or has already, with an `ImportError` or a `TypeError`
that only shows on the line that is executed last.

## Before

```python
from mlflow.store.file_store import FileStore

mlflow.evaluate(model, data, custom_metrics=[loss])
```

## After

```python
from mlflow.store.tracking.file_store import FileStore

mlflow.models.evaluate(model, data, extra_metrics=[loss])
```

## Fix safety

`modernize-mlflow` mends it where the new form is in the lowest release that is allowed, and was
proven to be the same object, or to do the same. That is safe if the project says which releases
it allows, and unsafe otherwise, and for `run.info.run_uuid`, which only goes by its name. It is
unsafe as well where a test puts a double in the place of what is called, or asks how it is. For all
others the message says what to do by hand: what looks alike but returns something else, or takes
other arguments, is never rewritten.

## Options

`target-mlflow` in `[tool.trackfix]` is the release to be ready for, such as `"3.1"` or `"3.x"`, or
a range such as `">=2.9,<4"`.

`allowed-mlflow-apis = ["MlflowClient.get_latest_versions", "artifact_path"]` names those that may
stay, as the messages have them; `modernize-mlflow` leaves them as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.finding import Finding, Fix
from trackfix.lint.rule import Example, LintProject
from trackfix.project.mlflow_uses.moved_api_table import MovedApi, release_text
from trackfix.project.mlflow_uses.moved_apis import MovedApis, MovedUse
from trackfix.project.mlflow_uses.requirements import AllowedReleases


class MovedApiRule:
    """The rule."""

    code = "TRK701"
    name = "moved-api"
    bad: tuple[Example, ...] = (
        {"a.py": "from mlflow.store.file_store import FileStore  # found\n"},
        {"a.py": "import mlflow\nmlflow.evaluate(model, data)  # found\n"},
        {"a.py": "import mlflow\nc = mlflow.MlflowClient()\nc.list_experiments()  # found\n"},
        {
            "requirements.txt": "mlflow==2.12.1\n",
            "a.py": "import mlflow\nmlflow.pyfunc.log_model('m', code_path=['a'])  # found\n",
        },
    )
    good: tuple[Example, ...] = (
        {
            "requirements.txt": "mlflow==1.30\n",
            "a.py": "import mlflow\nmlflow.evaluate(model, data, custom_metrics=[])\n",
        },
        {
            "a.py": "try:\n    from mlflow.store.tracking.file_store import FileStore\n"
            "except ImportError:\n    from mlflow.store.file_store import FileStore\n"
        },
        {"a.py": "import other as mlflow\nmlflow.evaluate(1)\nprint('mlflow.evaluate')\n"},
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return project.analysis(MovedApis).files()

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        apis = project.analysis(MovedApis)
        for use in apis.uses(path):
            releases = apis.applicable(path).releases
            document = project.project.document(path)
            start, end = document.place(use.start), document.place(use.end)
            message = _message(use.api, use.problem, releases)
            confidence = 1.0 if use.is_certain else 0.9
            yield Finding(
                self.code, self.name, path, *start, *end, message, confidence, _fix(use, releases)
            )


def _message(api: MovedApi, problem: str, releases: AllowedReleases) -> str:
    what = f"the parameter {api.old}" if api.kind == "parameter" else api.old
    happened = api.since(releases)
    assert happened is not None
    how = "was removed in" if happened[0] == "removed" else "is deprecated since"
    instead = f"; it is {api.new} now" if api.new else ""
    note = f" ({problem})" if problem and instead else f"; {problem}" if problem else ""
    return f"{what} {how} MLflow {release_text(happened[1])}{instead}{note}"


def _fix(use: MovedUse, releases: AllowedReleases) -> Fix | None:
    if use.problem:
        return None
    safety = "safe" if releases.source and use.is_certain else "unsafe"
    return Fix("modernize-mlflow", safety, f"use {use.api.new}")


RULE = MovedApiRule()
