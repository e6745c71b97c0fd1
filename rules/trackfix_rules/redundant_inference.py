"""TRK403 redundant-inference: a value that callers may give is inferred once more.

## What it does

Finds calls of functions named `infer_config_dir`, or longer, that override the parameter
`config_dir` of the function they stand in, or that infer it although there is one function that
may do so: the project's own `resolve_project_paths_with_fallback`, or that of `trackfix.tracking`.
In a project that has neither, one place that infers it for `None` is no finding. Tests are left
alone, and so is what asks more of the parameter than whether it is `None`, such as
`config_dir.exists()`.

## Why is this bad?

What a caller gives is to be believed. Where each function infers the folder for itself, two of
them find different ones as soon as a run writes outside of the project.

## Before

```python
def train(output_dir, config_dir=None):
    if config_dir is None:
        config_dir = infer_config_dir(output_dir)
```

## After

```python
def train(output_dir, config_dir=None):
    root_dir, config_dir = resolve_project_paths_with_fallback(output_dir, config_dir)
```

## Fix safety

There is no fix: the function that takes over also says where the root of the project is.

## Options

`inferred-parameters = { data_dir = "pkg.paths:resolve_data_dir" }` in `[tool.trackfix]` names more
parameters, or another function for `config_dir`, each with the one function that may call
`infer_data_dir`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.finding import Finding
from trackfix.lint.rule import Example, LintProject
from trackfix.project.meaning.inferences import Inferences

_PATHS = {
    "pkg/paths.py": (
        "def infer_config_dir(path): ...\n"
        "def resolve_project_paths_with_fallback(output_dir, config_dir):\n"
        "    if config_dir is None:\n"
        "        config_dir = infer_config_dir(output_dir)\n"
        "    return config_dir.parent, config_dir\n"
    ),
}
_START = "from pkg.paths import infer_config_dir\ndef f(out, config_dir=None):\n"
_GUARDED = "    if config_dir is None:\n        config_dir = infer_config_dir(out)"


class RedundantInference:
    """The rule."""

    code = "TRK403"
    name = "redundant-inference"
    bad: tuple[Example, ...] = (
        {**_PATHS, "pkg/train.py": f"{_START}{_GUARDED}  # found\n"},
        {**_PATHS, "pkg/train.py": f"{_START}    config_dir = infer_config_dir(out)  # found\n"},
        {**_PATHS, "run.py": f"{_START}    load(config_dir=infer_config_dir(out))  # found\n"},
    )
    good: tuple[Example, ...] = (
        _PATHS,
        {"a.py": f"{_START}{_GUARDED}\n"},
        {**_PATHS, "tests/test_a.py": f"{_START}{_GUARDED}\n"},
        {**_PATHS, "pkg/a.py": f"{_START}    print(infer_config_dir(out) == config_dir)\n"},
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return project.analysis(Inferences).files()

    def triggers(self, project: LintProject) -> Iterable[str]:
        return project.analysis(Inferences).words

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        inferences = project.analysis(Inferences)
        for found in inferences.redundant(path):
            document = project.project.document(path)
            parameter, one = found.parameter, inferences.one_functions[found.parameter].home
            message = {
                "for-none": f"{parameter} is inferred for None here, and not by {one}",
                "given": f"{parameter} is inferred again although it was given; {one} believes it",
                "elsewhere": f"{parameter} is inferred outside of {one}",
            }[found.form]
            yield Finding(self.code, self.name, path, *document.places(found.node), message)


RULE = RedundantInference()
