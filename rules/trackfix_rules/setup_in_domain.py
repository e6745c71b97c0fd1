"""TRK404 setup-in-domain: domain code configures MLflow, which is the infrastructure's job.

## What it does

Finds where a module of a layer in the middle calls `mlflow.set_tracking_uri`, `set_registry_uri` or
`set_experiment`, or changes an `MLFLOW_*` variable in `os.environ`. The lowest layer may do so, as
it is the infrastructure, and so may the highest, the scripts. What stands below
`if __name__ == "__main__"` is a script, and an environment made for a subprocess is no set-up.

## Why is this bad?

The store and the experiment are those of the whole process. A training or a sweep that sets them
moves the runs of whoever called it, and the entry point that chose a store is overruled in silence.

## Before

```python
def train(config):  # of the layer domain
    mlflow.set_tracking_uri(config.uri)
    with mlflow.start_run():
        ...
```

## After

```python
def main():  # of the layer scripts
    setup_mlflow("churn", tracking_uri=config.uri)
    train(config)
```

## Fix safety

There is no fix: which entry point has to call the set-up is for people to decide.

## Options

`[tool.trackfix.layers]` names the layers, see TRK401; without it the rule does nothing.
`setup-layers = ["infrastructure", "scripts"]` in `[tool.trackfix]` names those that may configure
MLflow, instead of the lowest and the highest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.finding import Finding
from trackfix.lint.rule import Example, LintProject
from trackfix.project.loading.entry_blocks import is_main_block
from trackfix.project.meaning.meanings import Meanings
from trackfix.project.mlflow_uses.calls import MlflowCalls
from trackfix.project.mlflow_uses.setup import SETUP_WORDS, files_with_setup, find_setup_steps
from trackfix.project.modules.layers import Layers

_LAYERS = {
    "pyproject.toml": (
        '[tool.trackfix.layers]\nlow = ["pkg.setup"]\nmid = ["pkg.hpo"]\nhigh = ["run"]\n'
    ),
    "pkg/setup.py": "import mlflow\ndef setup(uri): mlflow.set_tracking_uri(uri)\n",
    "run.py": "import mlflow\nmlflow.set_experiment('sweep')\n",
}


class SetupInDomain:
    """The rule."""

    code = "TRK404"
    name = "setup-in-domain"
    bad: tuple[Example, ...] = (
        {
            **_LAYERS,
            "pkg/hpo.py": "import mlflow\nmlflow.set_tracking_uri('u')  # found\n",
        },
        {
            **_LAYERS,
            "pkg/hpo.py": (
                "import os, mlflow\ndef f(): os.environ['MLFLOW_TRACKING_URI'] = 'u'  # found\n"
            ),
        },
    )
    good: tuple[Example, ...] = (
        {**_LAYERS, "pkg/hpo.py": "import mlflow\ndef f(): return mlflow.get_tracking_uri()\n"},
        {
            **_LAYERS,
            "pkg/hpo.py": (
                "import os, subprocess, mlflow\n"
                "def f(): subprocess.run([], env={**os.environ, 'MLFLOW_RUN_ID': '1'})\n"
            ),
        },
        {"pkg/hpo.py": "import mlflow\ndef f(): mlflow.set_tracking_uri('u')\n"},
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        """The files of the layers in the middle that could call MLflow."""
        layers = project.analysis(Layers)
        if not layers:
            return ()
        return [p for p in files_with_setup(project.project) if self._may_not(p, layers)]

    def triggers(self, project: LintProject) -> Iterable[str]:
        return SETUP_WORDS if project.project.config.layers else ()

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        layers = project.analysis(Layers)
        number = layers.of(path)
        if number is None or not self._may_not(path, layers):
            return
        names = project.analysis(Meanings).file(path)
        if names is None or path.endswith(".pyi"):
            return
        calls = project.analysis(MlflowCalls).file(path)
        document = project.project.document(path)
        for step in find_setup_steps(names, calls):
            if is_main_block(step.node, names.parents):
                continue
            message = (
                f"{layers.names[number]} configures MLflow by {step.what}, which is the job of "
                f"{' and '.join(layers.setup_names)}"
            )
            yield Finding(self.code, self.name, path, *document.places(step.node), message)

    def _may_not(self, path: str, layers: Layers) -> bool:
        number = layers.of(path)
        return number is not None and layers.names[number] not in layers.setup_names


RULE = SetupInDomain()
