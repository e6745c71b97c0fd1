"""TRK503 swallowed-tracking-error: nobody sees that a tracking call has failed.

## What it does

Finds `except Exception`, `except BaseException` and bare `except` that only pass, continue, or log
at the level of debugging, and `contextlib.suppress(Exception)`, around calls of MLflow that write:
metrics, parameters, tags, artifacts, models and new runs.

Not found are handlers that raise, log at a higher level, print, warn, note the failure or return a
value; those of a `try` that is left by `return` or `break` if all goes well, or has an `else`, or
notes that it went well (`is_logged = True`); narrower exceptions; calls that only read or that end
a run; what is done within a handler; and tests.

## Why is this bad?

An outage, a refused value or a full disk leaves a hole in the record of the experiment, and the run
looks complete. It is missed when the results are compared, and can't be told from what was never
logged.

## Before

```python
try:
    mlflow.log_metrics(metrics)
except Exception:
    pass
```

## After

```python
try:
    mlflow.log_metrics(metrics)
except MlflowException as error:
    logger.warning("the metrics of this epoch were not logged: %s", error)
```

## Fix safety

There is no fix: what is to become of the error is for the author to say.

## Options

In `[tool.trackfix]`, `unseen-log-levels = ["debug", "info"]` names the levels of logging that
nobody looks at, `debug` alone by default, and `swallowed-exceptions = ["MlflowException"]` further
exceptions that are not to be swallowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.finding import Finding, Related
from trackfix.lint.mlflow_findings import calls_in, files_calling, finding_at
from trackfix.lint.rule import Example, LintProject
from trackfix.project.mlflow_uses.swallowed_errors import WRITES, find_swallowed_errors

_START = "import logging, mlflow\n"


class SwallowedTrackingError:
    """The rule."""

    code = "TRK503"
    name = "swallowed-tracking-error"
    bad: tuple[Example, ...] = (
        {
            "a.py": _START
            + "try:\n    mlflow.log_param('a', 1)\nexcept Exception:  # found\n    pass\n"
        },
        {
            "a.py": _START + "from contextlib import suppress\n"
            "with suppress(Exception):  # found\n    mlflow.set_tag('a', 'b')\n"
        },
    )
    good: tuple[Example, ...] = (
        {
            "a.py": _START + "try:\n    mlflow.log_param('a', 1)\nexcept Exception:\n"
            "    logging.warning('a was not logged', exc_info=True)\n"
        },
        {"a.py": _START + "try:\n    mlflow.log_param('a', 1)\nexcept KeyError:\n    pass\n"},
        {"a.py": _START + "try:\n    mlflow.end_run()\nexcept Exception:\n    pass\n"},
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return files_calling(project, *WRITES)

    def triggers(self, project: LintProject) -> Iterable[str]:
        return WRITES

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        file = calls_in(path, project, *WRITES)
        if file is None:
            return
        for found in find_swallowed_errors(file):
            message = f"when this fails, nobody learns that {found.lost} got lost"
            lines = dict.fromkeys(file.names.line(call.node) for call in found.calls)
            places = tuple(Related(path, n, n, "call", "this may have failed") for n in lines)
            yield finding_at(self, file, found.node, message, related=places)


RULE = SwallowedTrackingError()
