"""TRK401 layer-violation: a module imports from a layer above its own.

## What it does

Finds imports that point upwards: of a module in a higher layer than the one they stand in. What
counts is where a name is made: an import through a shim or a facade is an import of its home, and
`import pkg; pkg.hpo.f()` is one of `pkg.hpo`. Imports within functions count like all others.
Tests and what stands in no layer are left alone.

## Why is this bad?

Infrastructure that knows of experiments can't be used without them. The next import the other way
round closes a circle, and then it takes a local import to make the program start at all.

## Before

```python
# pkg/paths.py, of the layer infrastructure
from pkg.hpo.study import study_folder
```

## After

```python
# pkg/hpo/study.py, of the layer domain
from pkg.paths import folder_of
```

## Fix safety

There is no fix: what belongs where is for people to decide.

## Options

`[tool.trackfix.layers]` names the layers, the lowest first, with their packages; without it the
rule does nothing. A module may import from its own layer and from those below. A package covers
what is in it, the longest name counts; `*` stands for one part of a name, `**` for any number.

```toml
[tool.trackfix.layers]
infrastructure = ["pkg.setup", "pkg.hash", "pkg.paths"]
domain = ["pkg.hpo", "pkg.training"]
scripts = ["scripts"]
```

`layers = "tracking"` in `[tool.trackfix]` is a ready-made set: modules called setup, hash and paths
below hpo, training, runs and naming, and these below scripts, workflows and notebooks.
`layers-allow-type-checking = true` allows imports below `if TYPE_CHECKING`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.finding import Finding
from trackfix.lint.places import home_places
from trackfix.lint.rule import Example, LintProject
from trackfix.project.meaning.imported_homes import ImportedHome, ImportedHomes
from trackfix.project.modules.layers import Layers

_LAYERS = {
    "pyproject.toml": '[tool.trackfix.layers]\nlow = ["pkg.paths"]\nhigh = ["pkg.hpo"]\n',
    "pkg/__init__.py": "",
    "pkg/hpo.py": "def study(): ...\n",
    "pkg/old.py": "from pkg.hpo import study\n",
}


class LayerViolation:
    """The rule."""

    code = "TRK401"
    name = "layer-violation"
    bad: tuple[Example, ...] = (
        {**_LAYERS, "pkg/paths.py": "from pkg.hpo import study  # found\n"},
        {**_LAYERS, "pkg/paths.py": "def f():\n    from pkg.old import study  # found\n"},
        {**_LAYERS, "pkg/paths.py": "import pkg.old as old  # found\nold.study()\n"},
    )
    good: tuple[Example, ...] = (
        {**_LAYERS, "pkg/paths.py": "", "pkg/hpo.py": "import pkg.paths\n"},
        {**_LAYERS, "pkg/paths.py": "", "other.py": "from pkg.hpo import study\n"},
        {"a.py": "from b import f\n", "b.py": "def f(): ...\n"},
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        """The files that stand in a layer other than the highest."""
        layers = project.analysis(Layers)
        if layers:
            for path, number in layers.files():
                if number + 1 < len(layers.names) and not path.endswith(".pyi"):
                    yield path

    def triggers(self, project: LintProject) -> Iterable[str] | None:
        return None if project.project.config.layers else ()

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        layers = project.analysis(Layers)
        own = layers.of(path)
        if own is None or own + 1 == len(layers.names) or path.endswith(".pyi"):
            return
        allows = project.project.config.layers_allow_type_checking
        seen: set[tuple[object, str]] = set()
        for home in project.analysis(ImportedHomes).of(path):
            other = layers.of(home.path)
            is_up = other is not None and other > own and not (allows and home.for_checkers)
            if other is not None and is_up and (home.statement, home.path) not in seen:
                seen.add((home.statement, home.path))
                layer = layers.names[other]
                yield self._finding(path, home, layers.names[own], layer, project)

    def _finding(
        self, path: str, home: ImportedHome, own: str, other: str, project: LintProject
    ) -> Finding:
        what = f"{home.name} of {home.module}" if home.name else home.module
        through = f" through {home.written}" if home.written != home.module else ""
        message = f"{own} may not import from {other}, which is above it: {what}{through}"
        related = home_places([home.module], [home.name], path, project)
        place = project.project.document(path).places(home.alias)
        return Finding(self.code, self.name, path, *place, message, related=related)


RULE = LayerViolation()
