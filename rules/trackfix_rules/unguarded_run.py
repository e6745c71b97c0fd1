"""TRK501 unguarded-run: ``mlflow.start_run()`` whose end is not guaranteed.

## What it does

Finds `mlflow.start_run()` outside of a `with` where the run ends wrong as soon as anything fails:

* `mlflow.end_run()` stands further down in the same block, with calls or the `yield` of a context
  manager between them, and no `try` with an `end_run()` in its `finally` or in a handler;
* no line of the project ends a run, and this one is begun by a script, or by a function whose name
  doesn't say that it leaves a run behind (`start`, `init`, `create` and the like).

It also finds `start_run()` without `nested=True` within the block of a `with mlflow.start_run()`.

Not found is what may end elsewhere: a run that is returned, kept in an attribute or given to a
call, `with run:`, `ExitStack.enter_context`, what a caller's handler or another method of a
callback ends, cells of a notebook or of one kept as a script, and tests, whose fixtures clean up.

## Why is this bad?

After an exception the run stays active: the next `start_run()` in the process fails, and what other
code logs goes to the wrong run. When the process ends, MLflow marks the run FINISHED although it
failed. The block of a `with` ends it in every case, and as FAILED if it did.

`start_run()` while a run is active raises, unless it is told `nested=True`.

## Before

```python
mlflow.start_run(run_name="train")
train()
mlflow.end_run()
```

## After

```python
with mlflow.start_run(run_name="train"):
    train()
```

## Fix safety

`guard-runs` makes `with` of a pair of `start_run()` and `end_run()`. Safe at the left margin of a
file with no other runs: no caller can catch the exception there and go on with the run. Unsafe in a
function, where the lines between may be left by `return`, `break` or `continue`, where the file
loads another one that ends runs, or one that may call `sys.exit()` or imports click, typer or absl.

There is no fix where `end_run()` has an argument or shares its line, where the run may be ended or
the process end well between the two, as by `sys.exit()`, which a `with` takes for a failure, where
the run's name has an annotation, where the import of `end_run` would be unused, or where a test
puts a double in the place of one of the two or asks how it is called. Inner pairs are mended first.

## Options

`run-ends = ["company.ml:finish_run"]` in `[tool.trackfix]` names functions that end the active run,
besides MLflow's own. What they end counts as ended elsewhere, and there is no fix for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.finding import Finding, Fix, Related
from trackfix.lint.mlflow_findings import calls_in, files_calling, finding_at
from trackfix.lint.rule import Example, LintProject
from trackfix.project.mlflow_uses.calls import FileCalls
from trackfix.project.mlflow_uses.run_blocks import RunBlock
from trackfix.project.mlflow_uses.unguarded_runs import UnguardedRun, find_unguarded_runs


class UnguardedRunRule:
    """The rule."""

    code = "TRK501"
    name = "unguarded-run"
    bad: tuple[Example, ...] = (
        {"a.py": "import mlflow\nmlflow.start_run()  # found\nprint(fit())\nmlflow.end_run()\n"},
        {"a.py": "import mlflow\nrun = mlflow.start_run()  # found\nfit(mlflow.log_metric)\n"},
        {
            "a.py": "import mlflow\nwith mlflow.start_run():\n"
            "    with mlflow.start_run():  # found\n        pass\n"
        },
    )
    good: tuple[Example, ...] = (
        {"a.py": "import mlflow\nwith mlflow.start_run():\n    fit()\n"},
        {
            "a.py": "import mlflow\ndef f():\n    mlflow.start_run()\n    try:\n        fit()\n"
            "    finally:\n        mlflow.end_run()\n"
        },
        {
            "a.py": "import mlflow\nclass Callback:\n    def on_train_begin(self):\n"
            "        mlflow.start_run()\n    def on_train_end(self):\n        mlflow.end_run()\n"
        },
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return files_calling(project, "start_run")

    def triggers(self, project: LintProject) -> Iterable[str]:
        return ("start_run",)

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        file = calls_in(path, project, "start_run")
        if file is None:
            return
        for found in find_unguarded_runs(file):
            block = RunBlock(file, found)
            obstacle = block.obstacle if found.end is not None else ""
            message = _message(found, file) + (f"; left alone: {obstacle}" if obstacle else "")
            fix, related = _fix(found, block), _related(found, file)
            yield finding_at(self, file, found.call.node, message, fix=fix, related=related)


def _message(found: UnguardedRun, file: FileCalls) -> str:
    if found.kind == "active":
        return "start_run() while a run is active raises; nested=True makes it a child of that run"
    if found.end is None:
        return "nothing in the project ends this run: MLflow marks it FINISHED also when it failed"
    line = file.names.line(found.end)
    return f"the run stays active if a line before end_run() in line {line} fails"


def _fix(found: UnguardedRun, block: RunBlock) -> Fix | None:
    if found.end is None or block.obstacle:
        return None
    doubt = f", which is not proven safe: {block.doubt}" if block.doubt else ""
    safety = "unsafe" if doubt else "safe"
    return Fix("guard-runs", safety, f"begin it with a with statement{doubt}")


def _related(found: UnguardedRun, file: FileCalls) -> tuple[Related, ...]:
    place = found.around or found.end
    if place is None:
        return ()
    line, is_active = file.names.line(place), found.kind == "active"
    role, what = ("active-run", "is active") if is_active else ("end", "ends here if all goes well")
    return (Related(file.names.path, line, line, role, f"the run {what}"),)


RULE = UnguardedRunRule()
