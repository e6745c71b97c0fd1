"""TRK305 tag-read-by-hand: a tag is read by hand although a function of the project reads it.

## What it does

Finds places that read a tag of a run, an experiment or a version of a model by hand

* where a function of the project is there to read that one tag and return it,
* where another function makes the same of its value, such as `json.loads`, or takes the same part
  of the run where it is missing,
* where another function reads just the same three or more tags, or puts most of them, and no
  others, into the same keys of a dictionary or the same arguments of a class.

A tag that is read in several places and nothing else is not reported.

## Why is this bad?

The helper knows what to do when the tag is missing: to compute the value, or to say so. A bare read
gives `None`, which is then searched for. What is parsed in two places is changed in one.

## Before

```python
study_hash = client.get_run(run_id).data.tags.get("code.study_key_hash")
```

## After

```python
study_hash = get_study_key_hash_from_run(run_id)
```

## Fix safety

There is no fix: what happens in the cases at the edge can change, so a person must look.

## Options

`sources-of-truth = { read-tag = "pkg.hashes:get_study_key_hash_from_run" }`
in `[tool.trackfix]` names the function to call. By default it is the one whose docstring says that
it is the single source of truth, else the one with most callers, else the one whose name and place
say so; for a hash where nothing in the project is made for it, the function of `trackfix.tracking`.
`duplicate-thresholds = { read-tag = 0.8 }` sets
how alike two places must be, from 0 to 1. `duplicates-in-tests = true` looks at tests, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.duplicates import duplicate_findings
from trackfix.lint.finding import Finding
from trackfix.lint.rule import Example, LintProject
from trackfix.project.run_logic.duplicates import Duplicates

_HELPER = """
def get_study_key_hash_from_run(client, run_id):
    \"\"\"The hash of a run of mlflow.\"\"\"
    value = client.get_run(run_id).data.tags.get("code.study_key_hash")
    if value is None:
        raise KeyError(run_id)
    return value
"""


class TagReadByHand:
    """The rule."""

    code = "TRK305"
    name = "tag-read-by-hand"
    bad: tuple[Example, ...] = (
        {
            "pkg/hashes.py": _HELPER,
            "pkg/refit.py": (
                "import mlflow\n"
                "def refit(run_id):\n"
                "    run = mlflow.get_run(run_id)\n"
                "    return print(run.data.tags['code.study_key_hash'])  # found\n"
            ),
        },
        {
            "pkg/hashes.py": "",
            "pkg/a.py": (
                "import json, mlflow\n"
                "def a(run):\n"
                "    models = run.data.tags['m']\n"
                "    return [json.loads(models)]\n"
            ),
            "pkg/b.py": (
                "import json, mlflow\n"
                "def b(run, tags):\n"
                "    models = json.loads(tags.get('m', '[]'))  # found\n"
                "    print('the models', models)\n"
            ),
        },
    )
    good: tuple[Example, ...] = (
        {"pkg/hashes.py": _HELPER},
        {
            "pkg/hashes.py": _HELPER,
            "pkg/show.py": "import mlflow\nprint(mlflow.get_run('r').data.tags['mlflow.user'])\n",
        },
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return project.analysis(Duplicates).paths

    def triggers(self, project: LintProject) -> Iterable[str]:
        return ("tags",)

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        return duplicate_findings(self.code, self.name, "read-tag", "reads a tag", path, project)


RULE = TagReadByHand()
