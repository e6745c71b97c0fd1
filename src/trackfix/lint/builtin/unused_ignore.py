"""TRK001 unused-ignore: a comment suppresses nothing.

## What it does

Reports `# trackfix: ignore[...]` and `# trackfix: ignore-file[...]` comments that no finding
needs, that name no known rule, or that have no brackets and so no effect; and `TRK` codes in a
`# noqa` alike. What names a rule that does not run on the file is not judged. A bare `# noqa`
and the codes of other tools are left to those tools.

## Why is this bad?

The comment stays when its reason is gone, and hides the next mistake in that line.

## Before

```python
client = create_mlflow_client()  # trackfix: ignore[TRK201] -- moved next week
```

## After

```python
client = create_mlflow_client()
```

## Fix safety

There is no fix. Take the comment away, or name the rule that was meant.

## Options

None of its own. An ignore comment that names `TRK001` too is spared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from trackfix.lint.finding import Finding
from trackfix.lint.rule import Example, LintProject


@dataclass(frozen=True, slots=True)
class UnusedIgnore:
    """The rule ``unused-ignore``. The runner makes its findings when all others are known."""

    code: str = "TRK001"
    name: str = "unused-ignore"
    good: tuple[Example, ...] = (
        {"app.py": "x = 1  # trackfix: ignore[TRK201, TRK001] -- both are meant\n"},
        {"app.py": "x = 1  # noqa\n"},
    )
    bad: tuple[Example, ...] = ({"app.py": "x = 1  # trackfix: ignore[TRK201] -- old  # found\n"},)

    def candidates(self, project: LintProject) -> Iterable[str]:
        """No file: a comment is judged by the findings of the other rules."""
        return ()

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        """Nothing: one file's facts do not tell which comments are used."""
        return iter(())


RULE = UnusedIgnore()
