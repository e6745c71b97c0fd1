"""TRK601 literal-tag-key: a tag key is written out although there is a constant for it.

## What it does

Finds the keys that `set_tag`, `set_tags`, `delete_tag`, `start_run` and `create_run` are given as
literals, and those that `run.data.tags` is asked for, where the project has one constant for the
key: a name in capitals at the top of a module outside of its tests, or in a class without bases,
where the name, the class or the module speaks of tags. For MLflow's own keys, such as
`mlflow.parentRunId`, it is that of `mlflow.utils.mlflow_tags` where the project has none.

Not found are keys with two constants, values of tags, keys in filters, and tests.

## Why is this bad?

A key that is misspelled in one place is no error: the tag is written, and never found. A key that
changes has to be searched for in all texts.

## Before

```python
client.set_tag(run_id, "code.stage", "training")
```

## After

```python
from pkg.tags import TAG_STAGE

client.set_tag(run_id, TAG_STAGE, "training")
```

## Fix safety

`use-tag-constants` puts the constant in the place of the literal. It is safe in the file that
defines it, in one that imports it already, and in one that imports its module already, if that
module doesn't lead back to the file. Elsewhere it is unsafe: the file then imports another module,
or one of MLflow's that is not public. There is no fix where the name means something else, where it
is defined or imported further down or not in every case, where its module loads the file in turn or
is a script that would run, or where the file doesn't import MLflow at its top.

## Options

In `[tool.trackfix]`, `tag-key-modules = ["pkg.keys"]` names modules all of whose constants are tag
keys, though no name there speaks of tags. `mlflow-tag-constants = false` leaves MLflow's own keys
alone where the project has no constant for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.finding import Finding, Fix, Related
from trackfix.lint.mlflow_findings import calls_in, files_calling, finding_at
from trackfix.lint.rule import Example, LintProject
from trackfix.project.mlflow_uses.tag_keys import (
    TRIGGERS,
    LiteralTagKey,
    TagConstant,
    TagConstants,
    find_literal_tag_keys,
)

_START = "import mlflow\nTAG_STAGE = 'code.stage'\n"


class LiteralTagKeyRule:
    """The rule."""

    code = "TRK601"
    name = "literal-tag-key"
    bad: tuple[Example, ...] = (
        {"a.py": _START + "mlflow.set_tag('code.stage', 'training')  # found\n"},
        {"a.py": "import mlflow\nmlflow.set_tags({'mlflow.parentRunId': 'r'})  # found\n"},
        {
            "tags.py": "class Tags:\n    STAGE = 'stage'\n",
            "a.py": "import mlflow\nprint(mlflow.get_run('r').data.tags['stage'])  # found\n",
        },
    )
    good: tuple[Example, ...] = (
        {"a.py": _START + "mlflow.set_tag(TAG_STAGE, 'code.stage')\n"},
        {"a.py": "import mlflow\nmlflow.set_tag('code.stage', 'training')\n"},
        {"a.py": _START + "TAG_OLD = 'code.stage'\nmlflow.set_tag('code.stage', 'a')\n"},
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return files_calling(project, *TRIGGERS)

    def triggers(self, project: LintProject) -> Iterable[str]:
        return TRIGGERS

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        file = calls_in(path, project, *TRIGGERS)
        if file is None:
            return
        for found in find_literal_tag_keys(file, project.analysis(TagConstants)):
            message = f"{found.node.value!r} is {found.constant.code} of {found.constant.module}"
            message += f"; left alone: {found.obstacle}" if found.obstacle else ""
            fix, related = _fix(found), _related(found.constant)
            yield finding_at(self, file, found.node, message, fix=fix, related=related)


def _related(constant: TagConstant) -> tuple[Related, ...]:
    if not constant.path:
        return ()
    message = f"{constant.code} is defined here"
    return (Related(constant.path, constant.line, constant.line, "constant", message),)


def _fix(found: LiteralTagKey) -> Fix | None:
    if found.obstacle:
        return None
    doubt = f", which is not proven safe: {found.doubt}" if found.doubt else ""
    safety = "unsafe" if doubt else "safe"
    return Fix("use-tag-constants", safety, f"{found.constant.code}{doubt}", is_judged=True)


RULE = LiteralTagKeyRule()
