"""TRK000 syntax-error: the file can't be read as Python.

## What it does

Reports files that can't be parsed, can't be decoded, or are no notebook although they are
named so. Syntax that is newer than the running interpreter is understood. Templates of Cookiecutter
and Copier are left out: `{{ cookiecutter.name }}/train.py` with `{{` or `{%` in it.

A run over a whole project looks at files that one of the rules has to parse, and at no others; what
is given by name is always parsed.

## Why is this bad?

Nothing can be said about such a file: no other rule looks at it, and references in it are
neither found nor moved. So this rule stays on whatever `--select` names; only `ignore`, an
exclude or a per-file ignore that means it turns it off.

## Before

```python
def train(:
    ...
```

## After

```python
def train():
    ...
```

## Fix safety

There is no fix: only the author knows what was meant.

## Options

None of its own. `exclude` leaves files out that are broken on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from trackfix.lint.finding import Finding
from trackfix.lint.rule import Example, LintProject


@dataclass(frozen=True, slots=True)
class SyntaxErrorRule:
    """The rule ``syntax-error``. The runner makes its findings from what could not be read."""

    code: str = "TRK000"
    name: str = "syntax-error"
    good: tuple[Example, ...] = ({"app.py": "def train():\n    ...\n"},)
    bad: tuple[Example, ...] = ({"app.py": "def train(:  # found\n    ...\n"},)

    def candidates(self, project: LintProject) -> Iterable[str]:
        """No file: an unreadable one has no facts."""
        return ()

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        """Nothing: an unreadable file is never given to a rule."""
        return iter(())


RULE = SyntaxErrorRule()
