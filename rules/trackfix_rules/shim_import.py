"""TRK101 shim-import: a name is taken through a shim and not from the module that defines it.

## What it does

Reports imports, attributes and strings (the targets of `mock.patch`, arguments of
`import_module`, entries in settings, roles in docstrings) that reach a name through a shim: a
module whose names all come from elsewhere and that is kept so that old imports go on working.
Each message says where the name is defined and why the module is taken for a shim. Names that
the setting `renames` moves are reported alike. A test of what importing the shim does is no
finding, nor is the package around a shim that shows the module itself.

## Why is this bad?

As long as one reference is left, the shim can't go. Until then there are two names for one thing:
a `mock.patch` of the one does not reach the code that looks up the other, and a search for the
users of a function finds half of them.

## Before

```python
from training.legacy.tracking import start_run
```

## After

```python
from tracking.runs import start_run
```

## Fix safety

`rewrite-imports` mends it. The fix is safe if the name is the same object in its home, whatever
happens at run time, and all that must move together can. It is unsafe if the home is private, or
depends on the platform, if the new import closes an import cycle, or if the shim also loads a
module that does more than define names, which the file would load no more. Where something stands
in the way, such as a patch that would reach more than before, there is no fix, and the message says
what.

## Options

`shims` names modules that are shims although they do not look like it, `keep` those that are
none; `renames` moves what is no shim.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trackfix.lint.finding import Finding, Fix
from trackfix.lint.places import home_places, listing, shim_place
from trackfix.lint.rule import Example, LintProject
from trackfix.project.shims.shims import Shims

if TYPE_CHECKING:
    from trackfix.project.shims.reading import ShimReference

_LIBRARY = {
    "lib/__init__.py": "",
    "lib/home.py": "def f(): ...\ndef g(): ...\n",
    "lib/old.py": '"""Deprecated, use lib.home."""\nfrom lib.home import f, g\n',
}


@dataclass(frozen=True, slots=True)
class ShimImport:
    """The rule ``shim-import``."""

    code: str = "TRK101"
    name: str = "shim-import"
    reads_others: bool = True
    asks_known: bool = True
    good: tuple[Example, ...] = (
        {**_LIBRARY, "app.py": "from lib.home import f\n\nf()\n"},
        {**_LIBRARY, "app.py": "import lib\n\nprint(lib, 'lib is not old')\n"},
    )
    bad: tuple[Example, ...] = (
        {**_LIBRARY, "app.py": "from lib.old import f  # found\n\nf()\n"},
        {**_LIBRARY, "app.py": "import lib.old as old  # found\n\nold.f()\nold.g()\n"},
        {
            **_LIBRARY,
            "app.py": "from lib.old import f  # found\n\ndef run(): return f()\n",
            "test_app.py": "from unittest.mock import patch\n\n"
            '@patch("lib.old.g")  # found\ndef test_app(g): ...\n',
        },
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        """The files whose bytes name a shim."""
        return project.analysis(Shims).candidates

    def triggers(self, project: LintProject) -> Iterable[str] | None:
        return project.analysis(Shims).words

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        """One finding for each reference, or for each part of it that has a fate of its own."""
        shims = project.analysis(Shims)
        for reference in shims.references_in(path):
            related = home_places(reference.homes, reference.defined, path, project)
            if reference.shim is not None:
                related = (shim_place(reference.shim), *related)
            message, fix = _message(reference), None
            if reference.safety:
                doubt = f", which is not proven safe: {reference.obstacle}"
                what = f"refer to {listing(reference.homes)} instead"
                text = what + (doubt if reference.obstacle else "")
                fix = Fix("rewrite-imports", reference.safety, text, is_judged=True)
            else:
                message += f"; left alone: {reference.obstacle}"
            sure = shims.confidence(reference.shim)
            place = (path, *reference.place)
            yield Finding(self.code, self.name, *place, message, sure, fix, related)


def _message(reference: ShimReference) -> str:
    names, homes = listing(map(repr, reference.names)), listing(reference.homes)
    one = len(reference.names) == 1
    if reference.shim is None:
        return f"{names or reference.module} moved from {reference.module} to {homes}, says renames"
    text = f"{reference.module} is a shim" + (f" for {homes}" if homes else "")
    if names:
        text = f"{names} come{'s' if one else ''} through the shim {reference.module}"
        if homes:
            how = "defined in" if reference.is_definition else "handed on by"
            text += f"; {'it is' if one else 'they are'} {how} {homes}"
    return f"{text} ({reference.shim.evidence[0]})"


RULE = ShimImport()
