"""TRK506 unpaged-search: one page of a search is taken for the whole answer.

## What it does

Finds `search_runs`, `search_experiments`, `search_registered_models`, `search_traces` and
`search_logged_models` of a client, called with neither `max_results` nor `page_token`, where the
result is gone through, by a loop, a comprehension, `sorted`, `max` and the like, or is counted: its
`len` is returned, added up or put into a mapping.

Not found are results whose `token` is read, that are returned or given to other functions, of which
only some are taken, or whose `len` is only compared or printed, searches for one name or run id,
those that a loop repeats until nothing is found,
the functions of the module `mlflow` (they read all pages themselves), and tests.

## Why is this bad?

A client gives one page: 1,000 runs or experiments, 100 registered models, traces or logged models.
With more of them the others are left out, without an error: a sum is too small, the best run is not
the best, what is looked for is not there.

## Before

```python
runs = client.search_runs([experiment_id])
mine = [run for run in runs if run.data.tags["owner"] == owner]
```

## After

```python
from trackfix.tracking import iter_runs

mine = list(iter_runs(experiment_id, tags={"owner": owner}, client=client))
```

Or `search_runs` with `page_token=runs.token` as long as there is one.

## Fix safety

There is no fix: whether all are wanted, or `max_results`, is for the author to say.

## Options

None: where one page is meant, `max_results` in the call says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.finding import Finding, Related
from trackfix.lint.mlflow_findings import calls_in, files_calling, finding_at
from trackfix.lint.rule import Example, LintProject
from trackfix.project.mlflow_uses.search_pages import PAGE_SIZES, find_single_pages

_START = "from mlflow import MlflowClient\nclient = MlflowClient()\n"


class UnpagedSearch:
    """The rule."""

    code = "TRK506"
    name = "unpaged-search"
    bad: tuple[Example, ...] = (
        {"a.py": _START + "for run in client.search_runs(['1']):  # found\n    print(run)\n"},
        {
            "a.py": _START + "models = client.search_registered_models()  # found\n"
            "names = [model.name for model in models]\n"
        },
    )
    good: tuple[Example, ...] = (
        {"a.py": _START + "for run in client.search_runs(['1'], max_results=5):\n    print(run)\n"},
        {"a.py": _START + "runs = client.search_runs(['1'])\nlatest = runs[0] if runs else None\n"},
        {"a.py": "import mlflow\nfor x in mlflow.search_experiments():\n    print(x)\n"},
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return files_calling(project, *PAGE_SIZES)

    def triggers(self, project: LintProject) -> Iterable[str]:
        return PAGE_SIZES

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        file = calls_in(path, project, *PAGE_SIZES)
        if file is None:
            return
        for found in find_single_pages(file):
            line = file.names.line(found.use)
            what = f"{found.call.api} gives {found.size:,} at most; further pages are not read"
            place = Related(path, line, line, "use", "used as if it were all")
            yield finding_at(self, file, found.call.node, what, related=(place,))


RULE = UnpagedSearch()
