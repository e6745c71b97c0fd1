"""TRK102 reexport-layer: a module only hands on names that other modules define.

## What it does

Reports each shim once, at its first line, or where it is put into `sys.modules`. The message says
what kind it is: deprecated, nested (its names come through another shim), a duplicate of another,
lazy (a `__getattr__` answers for names), an entry of `sys.modules`; how many references go
through it; and which modules define what it hands on. A facade, the `__init__` of a package that
gathers names of its own submodules, is public API and no finding; nor is a module that defines
something itself. Where only the form tells, neither is an interface by its name (`api`, `version`),
a private or generated module, one that gives names of its own to what it hands on, or that says
what is not installed, or a package that shows those of an internal one by the same names.

## Why is this bad?

Each layer is one more file to read on the way from a name to its definition, one more name to patch
in tests, and one more import that can close a cycle. Layers grow on layers.

## Before

```python
# tracking/helpers.py, kept for old imports
from tracking.runs import start_run
```

## After

```python
# All that imported tracking.helpers imports tracking.runs, and the file is gone.
```

## Fix safety

There is no fix of its own: TRK101 reports each reference, and TRK103 the shim without one.

## Options

`keep` names modules that are meant to stay, `shims` those that count as shims although they do
not look like it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from trackfix.lint.finding import Finding
from trackfix.lint.places import home_places, listing, shim_place
from trackfix.lint.rule import Example, LintProject
from trackfix.project.reexports.reexport_module import ReexportModule
from trackfix.project.shims.shims import Shims

_HOME = {"lib/__init__.py": "", "lib/home.py": "def f(): ...\n"}
_USER = {"app.py": "from lib.old import f\n\nf()\n"}


@dataclass(frozen=True, slots=True)
class ReexportLayer:
    """The rule ``reexport-layer``."""

    code: str = "TRK102"
    name: str = "reexport-layer"
    reads_others: bool = True
    asks_known: bool = True
    good: tuple[Example, ...] = (
        {**_HOME, "lib/facade/__init__.py": "from .part import x\n", "lib/facade/part.py": "x = 1"},
        {**_HOME, "lib/old.py": "from lib.home import f\n\ndef g(): return f()\n", **_USER},
    )
    bad: tuple[Example, ...] = (
        {**_HOME, "lib/old.py": "from lib.home import f  # found\n", **_USER},
        {
            **_HOME,
            "lib/older.py": '"""Deprecated."""  # found\nfrom lib.home import f\n',
            "lib/old.py": '"""Deprecated."""  # found\nfrom lib.older import f\n',
            **_USER,
        },
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return project.analysis(Shims).paths

    def places(self, project: LintProject) -> Iterable[str]:
        return project.analysis(Shims).paths

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        """The shims in one file that are not dead."""
        shims = project.analysis(Shims)
        for shim in shims.at(path):
            if shims.is_dead(shim):
                continue
            sure = shims.confidence(shim)
            if (sure < 1 or shim.virtual) and not shims.users(shim):
                # By its form alone it may as well be public, for users outside of the project.
                continue
            nested, twins = shims.nested_in(shim), shims.duplicates_of(shim)
            places = [shim_place(shim, "evidence")]
            places += [shim_place(other, "shim") for other in nested]
            places += [shim_place(other, "duplicate") for other in twins]
            related = (
                *places,
                *home_places(shims.homes_of(shim), shims.defined_for(shim), path, project),
            )
            kinds = _kinds(shim, nested, twins, shims)
            line, width = shim.line, len(shims.first_line(shim))
            message = f"{shim.module} is a shim: {kinds}; {_uses(shim, shims)}"
            place = (path, line, 1, line, width + 1)
            yield Finding(self.code, self.name, *place, message, sure, related=related)


def _kinds(
    shim: ReexportModule, nested: list[ReexportModule], twins: list[ReexportModule], shims: Shims
) -> str:
    kinds = []
    if shim.deprecated:
        kinds.append(f"deprecated ({shim.evidence[0]})")
    if nested:
        kinds.append(f"nested (through {listing(other.module for other in nested)})")
    if twins:
        kinds.append(f"a duplicate of {listing(other.module for other in twins)}")
    if shims.is_lazy(shim):
        kinds.append("lazy")
    if shim.virtual or shims.replaces_itself(shim):
        kinds.append("an entry of sys.modules")
    return ", ".join(kinds) or shim.evidence[0]


def _uses(shim: ReexportModule, shims: Shims) -> str:
    users = shims.users(shim)
    homes = f" to {listing(shims.homes_of(shim))}" if shim.names else ""
    if not users:
        return f"no reference goes through it{homes}"
    files = len({user.path for user in users})
    count = f"{len(users)} reference{'s go' if len(users) > 1 else ' goes'} through it{homes}"
    return f"{count}, in {files} file{'s' if files > 1 else ''}"


RULE = ReexportLayer()
