"""TRK304 duplicate-tag-building: tags are built by hand, as another function of the project does.

## What it does

Finds functions that build a set of tags of which at least three keys, and most by weight, are those
that another function of the project sets. Keys that are rare in the project weigh more.

## Why is this bad?

Runs are found again by their tags. A key that one copy spells otherwise, or leaves out, hides runs
from the finder.

## Before

```python
tags = {"code.stage": stage, "code.model": model, "code.study_key_hash": study_hash}
```

## After

```python
tags = build_training_tags(stage, model, study_hash)
```

## Fix safety

There is no fix: what happens in the cases at the edge can change, so a person must look.

## Options

`sources-of-truth = { build-tags = "pkg.tags:build_training_tags" }`
in `[tool.trackfix]` names the function to call. By default it is the one whose docstring says that
it is the single source of truth, else the one with most callers, else the one whose name and place
say so; where nothing in the project is made for it, or no one, that of `trackfix.tracking`.
`duplicate-thresholds = { build-tags = 0.8 }` sets
how alike two places must be, from 0 to 1. `duplicates-in-tests = true` looks at tests, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.duplicates import duplicate_findings
from trackfix.lint.finding import Finding
from trackfix.lint.rule import Example, LintProject
from trackfix.project.run_logic.duplicates import Duplicates

_TAGS = """
def build_training_tags(stage, model, study):
    \"\"\"The tags of a run of mlflow; the single source of truth.\"\"\"
    return {"code.stage": stage, "code.model": model, "code.study_key_hash": study}
"""


class DuplicateTagBuilding:
    """The rule."""

    code = "TRK304"
    name = "duplicate-tag-building"
    bad: tuple[Example, ...] = (
        {
            "pkg/tags.py": _TAGS,
            "pkg/train.py": (
                "import mlflow\n"
                "def train(stage, model, key):\n"
                "    tags = {'code.stage': stage}  # found\n"
                "    tags['code.model'] = model\n"
                "    tags['code.study_key_hash'] = key\n"
                "    mlflow.set_tags(tags)\n"
            ),
        },
    )
    good: tuple[Example, ...] = (
        {"pkg/tags.py": _TAGS},
        {
            "pkg/tags.py": _TAGS,
            "pkg/train.py": "import mlflow\nmlflow.set_tags({'code.stage': 1, 'b': 2, 'd': 3})\n",
        },
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return project.analysis(Duplicates).paths

    def triggers(self, project: LintProject) -> Iterable[str]:
        return ("tag", "Tag", "TAG", "mlflow.")

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        return duplicate_findings(self.code, self.name, "build-tags", "builds tags", path, project)


RULE = DuplicateTagBuilding()
