"""TRK702 file-store-uri: a tracking URI of the file store, which MLflow 3.13 and newer refuse.

## What it does

Finds `file:` URIs, `Path(...).as_uri()` and plain folders such as `./mlruns` that are given to
`set_tracking_uri`, `set_registry_uri`, `MlflowClient` or as `tracking_uri`, or that the environment
variable `MLFLOW_TRACKING_URI` is set to.

Nothing is found in a project that names `MLFLOW_ALLOW_FILE_STORE`, which lets MLflow use file
stores all the same, in one that allows no release from 3.13 on (`target-mlflow`, or else its
requirements, as TRK701 reads them), nor where the URI comes from elsewhere: a parameter, the
settings.

## Why is this bad?

From MLflow 3.13 on the file store raises an exception. It was slow with many runs, and lacked much
of what the other stores can do. The embedded SQLite store needs no server either, and is the
default since 3.7.

## Before

```python
mlflow.set_tracking_uri("file:./mlruns")
```

## After

```python
mlflow.set_tracking_uri("sqlite:///mlflow.db")
```

`mlflow migrate-filestore --source ./mlruns --target sqlite:///mlflow.db` takes the runs along.

## Fix safety

There is no fix: the runs that are there have to be moved as well.

## Options

`target-mlflow` in `[tool.trackfix]` is the release to be ready for, see TRK701: `"3.12"` or lower
means that file stores may stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.finding import Finding
from trackfix.lint.mlflow_findings import calls_in, files_calling, finding_at
from trackfix.lint.rule import Example, LintProject
from trackfix.project.mlflow_uses.file_stores import (
    REFUSED_SINCE,
    VARIABLE,
    allows_file_stores,
    find_file_stores,
)
from trackfix.project.mlflow_uses.requirements import MlflowRequirements

_WORDS = ("tracking_uri", "registry_uri", "MlflowClient", VARIABLE)
_MESSAGE = (
    "MLflow 3.13 and newer refuse file stores: use sqlite:///mlflow.db; "
    "'mlflow migrate-filestore' takes the runs along"
)


class FileStoreUri:
    """The rule."""

    code = "TRK702"
    name = "file-store-uri"
    bad: tuple[Example, ...] = (
        {"a.py": "import mlflow\nmlflow.set_tracking_uri('file:./mlruns')  # found\n"},
        {"a.py": "from mlflow import MlflowClient\nclient = MlflowClient('./mlruns')  # found\n"},
        {
            "a.py": "import os, mlflow\n"
            "os.environ['MLFLOW_TRACKING_URI'] = f'file://{os.getcwd()}'  # found\n"
        },
    )
    good: tuple[Example, ...] = (
        {"a.py": "import mlflow\nmlflow.set_tracking_uri('sqlite:///mlflow.db')\n"},
        {"a.py": "import mlflow\ndef f(uri):\n    mlflow.set_tracking_uri(uri)\n"},
        {
            "a.py": "import mlflow\nmlflow.set_tracking_uri('file:./mlruns')\n",
            "b.py": "import os\nos.environ['MLFLOW_ALLOW_FILE_STORE'] = 'true'\n",
        },
        {
            "a.py": "import mlflow\nmlflow.set_tracking_uri('file:./mlruns')\n",
            "requirements.txt": "mlflow>=2.9,<3\n",
        },
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return files_calling(project, *_WORDS)

    def triggers(self, project: LintProject) -> Iterable[str]:
        return _WORDS

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        file = calls_in(path, project, *_WORDS)
        found = list(find_file_stores(file)) if file is not None else []
        if file is None or not found or allows_file_stores(project.project):
            return
        if project.analysis(MlflowRequirements).releases(path).highest >= REFUSED_SINCE:
            for node in found:
                yield finding_at(self, file, node, _MESSAGE)


RULE = FileStoreUri()
