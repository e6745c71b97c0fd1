"""TRK103 dead-shim: a shim that nothing refers to any more.

## What it does

Reports shims that no import, attribute, string, notebook, setting or document in the repository
refers to any more, at their first line, and such entries of `sys.modules` where they are made.
Shims that only refer to each other are dead together. A
module that never said it is deprecated, and that no code here ever took anything from, is not
reported: it may be public. (TRK102 is not reported for a dead shim.)

## Why is this bad?

It is code that is read, moved along and kept working for nobody, and the next import through it is
one completion of an editor away.

## Before

```python
# tracking/helpers.py, deprecated, and imported by nothing
from tracking.runs import start_run
```

## After

```python
# The file is gone.
```

## Fix safety

`remove-shims` removes the file. The fix is unsafe: that nobody outside the repository imports the
module can't be seen from inside it. An entry of `sys.modules` has no fix.

## Options

`keep` names modules that are meant to stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from trackfix.lint.finding import Finding, Fix
from trackfix.lint.places import home_places, listing, shim_place
from trackfix.lint.rule import Example, LintProject
from trackfix.project.shims.shims import Shims

_LIBRARY = {"lib/__init__.py": "", "lib/home.py": "def f(): ...\n"}
_OLD = '"""Deprecated, use lib.home."""  # found\nfrom lib.home import f\n'


@dataclass(frozen=True, slots=True)
class DeadShim:
    """The rule ``dead-shim``."""

    code: str = "TRK103"
    name: str = "dead-shim"
    reads_others: bool = True
    asks_known: bool = True
    good: tuple[Example, ...] = (
        {**_LIBRARY, "lib/old.py": _OLD, "app.py": "from lib.old import f\n\nf()\n"},
        {**_LIBRARY, "lib/old.py": _OLD, "settings.toml": 'job = "lib.old:f"\n'},
        {**_LIBRARY, "lib/__init__.py": "from lib.home import f\n"},
    )
    bad: tuple[Example, ...] = (
        {**_LIBRARY, "lib/old.py": _OLD, "app.py": "from lib.home import f\n\nf()\n"},
        {
            **_LIBRARY,
            "lib/old.py": _OLD,
            "lib/older.py": '"""Deprecated."""  # found\nfrom lib.old import f\n',
        },
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        """The shims, which are few."""
        return project.analysis(Shims).paths

    def places(self, project: LintProject) -> Iterable[str]:
        return project.analysis(Shims).paths

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        """The dead shim that a file is."""
        shims = project.analysis(Shims)
        for shim in shims.at(path):
            if not shims.is_dead(shim):
                continue
            related = (
                shim_place(shim, "evidence"),
                *home_places(shims.homes_of(shim), shims.defined_for(shim), path, project),
            )
            # The fix asks the rest of the repository, too, before it removes anything.
            where = " in this project" if project.project.is_part_of_repository else ""
            message = f"nothing{where} refers to the shim {shim.module} any more"
            message += f" ({shim.evidence[0]})"
            homes = listing(shims.homes_of(shim))
            text = "remove the file" + (f"; what it hands on comes from {homes}" if homes else "")
            fix = None if shim.virtual else Fix("remove-shims", "unsafe", text)
            if shim.virtual:
                message += "; no fix removes the statement, as it may do more"
            place = (path, shim.line, 1, shim.line, len(shims.first_line(shim)) + 1)
            yield Finding(
                self.code, self.name, *place, message, shims.confidence(shim), fix, related
            )


RULE = DeadShim()
