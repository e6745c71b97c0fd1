"""TRK507 filter-injection: a search filter is built from a value as it is.

## What it does

Finds filters of MLflow's searches (runs, experiments, registered models, model versions, traces,
logged models) into which a value is put between quotes as it is: by an f-string, `%`, `+`,
`.format`, or in parts that are joined by `AND`, also when the filter was given a name before.

It also finds texts that MLflow refuses or mistakes: `OR`, parentheses (but those of `IN`), and
quotes that are doubled as in SQL.

Not found are values that have no quotes in them as far as can be told: constants, numbers, what is
named `..._id`, `..._key`, `status` and the like, members of enumerations, what is checked or
cleaned before, what a loop takes from literals, and values outside of quotes. Tests are left out.

## Why is this bad?

A value such as `it's late` ends the text too early: MLflow refuses the filter, or reads another
condition out of the rest. There is no escape: a doubled quote matches nothing, without an error.
The value has to be put between the other kind of quote, and one with both kinds has to be
compared in Python.

## Before

```python
client.search_runs([experiment_id], f"tags.title = '{title}'")
```

## After

```python
from trackfix.tracking import tag_filter

client.search_runs([experiment_id], tag_filter({"title": title}))
```

## Fix safety

`use-tag-filter` calls `trackfix.tracking.tag_filter` where a filter compares nothing but tags by
`=`. It is unsafe: the file then needs `trackfix.tracking`, and `None`, which was taken for the text
"None", is an error. There is no fix for other filters, nor where the name is taken, a test asks
for the text of the filter, or MLflow isn't imported at the top of the file.

## Options

`quote-free-names = ["model_name", "*_slug"]` in `[tool.trackfix]` names variables, attributes, keys
and functions whose values have no quotes in them; `*` stands for any letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.finding import Finding, Fix
from trackfix.lint.mlflow_findings import calls_in, files_calling, finding_at
from trackfix.lint.rule import Example, LintProject
from trackfix.project.mlflow_uses.filter_faults import find_filter_faults
from trackfix.project.mlflow_uses.filter_strings import SEARCHES
from trackfix.project.mlflow_uses.filter_tags import tag_filter_obstacle, tags_of

_START = "import mlflow\ndef f(title, run_id):\n"


class FilterInjection:
    """The rule."""

    code = "TRK507"
    name = "filter-injection"
    bad: tuple[Example, ...] = (
        {"a.py": _START + "    mlflow.search_runs(['1'], f\"tags.t = '{title}'\")  # found\n"},
        {
            "a.py": _START
            + "    q = \"tags.t = '%s'\" % title  # found\n    mlflow.search_runs([], q)"
        },
        {
            "a.py": _START
            + "    mlflow.search_runs([], \"tags.t = 'a' OR tags.t = 'b'\")  # found\n"
        },
    )
    good: tuple[Example, ...] = (
        {"a.py": _START + "    mlflow.search_runs(['1'], \"tags.t = 'a' AND metrics.x > 1\")\n"},
        {"a.py": _START + "    mlflow.search_runs(['1'], f\"attributes.run_id = '{run_id}'\")\n"},
        {"a.py": _START + "    mlflow.search_runs(['1'], f'metrics.x > {title}')\n"},
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return files_calling(project, *SEARCHES)

    def triggers(self, project: LintProject) -> Iterable[str]:
        return SEARCHES

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        file = calls_in(path, project, *SEARCHES)
        if file is None:
            return
        for found in find_filter_faults(file):
            fix, message = None, found.message
            obstacle = tag_filter_obstacle(file, found)
            if not obstacle:
                what = f"tag_filter({tags_of(found.text)}) of trackfix.tracking"
                fix = Fix("use-tag-filter", "unsafe", what, is_judged=True)
            elif found.open_values:
                message += f"; left alone: {obstacle}"
            yield finding_at(self, file, found.node, message, fix=fix)


RULE = FilterInjection()
