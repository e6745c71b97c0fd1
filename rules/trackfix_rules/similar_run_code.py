"""TRK309 similar-run-code: a function with calls of MLflow is written like another one.

## What it does

Compares the statements of all functions that call MLflow, without their names and literals and
without what they only print or log, and aligns them with gaps. It finds copies for jobs of which
TRK301 to TRK305 know nothing: exporting, registering, logging the results of a fold. What is alike
must have at least six statements with two different functions of MLflow.

Not found are pairs that those rules report, functions of which one calls the other, be it through
others, and tests. It is off by default: code that is written alike may be so for a reason.

## Why is this bad?

A copy with other names is still a copy: the next change of what is logged, or where, reaches one of
the two.

## Before

```python
def log_fold(fold, model, scores):
    with mlflow.start_run(run_name=f"fold-{fold}", nested=True):
        mlflow.log_params(model.get_params())
        for name, value in scores.items():
            mlflow.log_metric(name, value)
        mlflow.set_tag("stage", "fold")
        mlflow.sklearn.log_model(model, name="model")
```

and the same for a refit in another module, with other names.

## After

```python
log_model_run(f"fold-{fold}", model, scores, stage="fold")
```

## Fix safety

There is no fix: what the two should have in common is for a person to choose.

## Options

`duplicate-thresholds = { similar-code = 0.9 }` in `[tool.trackfix]` sets how alike two functions
must be, from 0 to 1; the default is 0.8. `duplicates-in-tests = true` looks at tests, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.finding import Finding, Note, Related
from trackfix.lint.rule import Example, LintProject
from trackfix.project.run_logic.similar_code import Similar, SimilarCode

_FOLD = """
import mlflow
def log_fold(fold, model, scores):
    with mlflow.start_run(run_name=f"fold-{fold}", nested=True):
        mlflow.log_params(model.get_params())
        for name, value in scores.items():
            mlflow.log_metric(name, value)
        mlflow.set_tag("stage", "fold")
        mlflow.sklearn.log_model(model, name="model")
"""
_REFIT = """
import mlflow as ml
def keep(best, results):  # found
    print(best)
    with ml.start_run(run_name=f"refit-{best}", nested=True):
        ml.log_params(best.parameters())
        total = len(results)
        for metric, number in results.items():
            ml.log_metric(metric, number)
        ml.set_tag("kind", "refit")
        ml.sklearn.log_model(best, name="refit")
"""


class SimilarRunCode:
    """The rule."""

    code = "TRK309"
    name = "similar-run-code"
    reads_others = True
    bad: tuple[Example, ...] = ({"fold.py": _FOLD, "refit.py": _REFIT},)
    good: tuple[Example, ...] = (
        {"fold.py": _FOLD},
        {"fold.py": _FOLD, "tests/test_fold.py": _REFIT},
        {"fold.py": _FOLD, "refit.py": _REFIT.replace("print(best)", "log_fold(1, best, results)")},
        {"fold.py": _FOLD, "refit.py": _REFIT.replace("import mlflow as ml", "import ml")},
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return project.analysis(SimilarCode).files()

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        for found in project.analysis(SimilarCode).of(path):
            yield self._finding(found)

    def _finding(self, found: Similar) -> Finding:
        code, other = found.code, found.other
        lines = f"lines {found.first} to {found.last} are written like"
        where = f"{found.other_first} to {found.other_last}"
        alone = f"{found.only_here} statements here only, {found.only_there} there only"
        return Finding(
            self.code,
            self.name,
            code.path,
            code.line,
            code.column,
            code.line,
            code.column + 1,
            f"{code.name}: {lines} {other.name} in {other.path} ({found.score:.2f})",
            confidence=found.score,
            related=(
                Related(other.path, found.other_first, found.other_last, "alike", other.name),
            ),
            notes=(
                Note("same steps", " → ".join(found.apis)),
                Note("differs", f"in names and values; {alone}; there in lines {where}"),
            ),
        )


RULE = SimilarRunCode()
