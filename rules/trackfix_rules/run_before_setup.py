"""TRK402 run-before-setup: an entry point creates a run before MLflow is set up.

## What it does

Follows the calls of each entry point in their order: of scripts, notebooks, console scripts, a
`main` that nothing calls, and the functions that `entry-points` names. It finds those that create a
run – by `mlflow.start_run`, the library's or the configured function – where nothing can have
been called before that sets MLflow up: `setup_mlflow`, `set_tracking_uri`, `set_experiment`, an
`MLFLOW_*` variable, or a configured function. The message gives the calls that lead there.

It is silent where it can't tell: after calls of unknown functions, below unknown decorators (those
of workflow engines are known around functions that `entry-points` names), where
a text of the project names `MLFLOW_TRACKING_URI`, and where no other entry point calls a function
of the project that is there to set MLflow up.

## Why is this bad?

The run goes to the default store and the experiment `Default`. Nothing fails, and nobody finds it.

## Before

```python
def main():
    train(load_config())  # which calls mlflow.start_run()
```

## After

```python
def main():
    config = load_config()
    setup_mlflow(config.experiment, tracking_uri=config.tracking_uri)
    train(config)
```

## Fix safety

There is no fix: which store and which experiment are meant is for people to say.

## Options

In `[tool.trackfix]`, `setup-functions = ["pkg.setup:init_tracking"]` names functions that set
MLflow up, and `entry-points = ["pkg.flows:train_flow"]` functions that a workflow engine calls. The
function that creates runs is `create-run` of `sources-of-truth`, see TRK302.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.finding import Finding, Related
from trackfix.lint.places import listing
from trackfix.lint.rule import Example, LintProject
from trackfix.project.run_order.entries import EarlyRun, EntryPoints

_SETUP = "import mlflow\ndef setup(uri): mlflow.set_tracking_uri(uri)\n"
_TRAIN = "import mlflow\ndef train():\n    with mlflow.start_run(): pass\n"
_START = "from pkg.setup import setup\nfrom pkg.train import train\n"
_TREE = {
    "pkg/__init__.py": "",
    "pkg/setup.py": _SETUP,
    "pkg/train.py": _TRAIN,
    "good.py": f"{_START}setup('u')\ntrain()\n",
}


class RunBeforeSetup:
    """The rule."""

    code = "TRK402"
    name = "run-before-setup"
    bad: tuple[Example, ...] = (
        {**_TREE, "run.py": f"{_START}train()  # found\nsetup('u')\n"},
        {
            **_TREE,
            "run.py": f"{_START}def main():\n    train()  # found\n"
            "if __name__ == '__main__':\n    main()\n",
        },
    )
    good: tuple[Example, ...] = (
        _TREE,
        {**_TREE, "run.py": f"{_START}import boot\nboot.up()\ntrain()\n"},
        {"pkg/train.py": _TRAIN, "run.py": "from pkg.train import train\ntrain()\n"},
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return project.analysis(EntryPoints).paths

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        for found in project.analysis(EntryPoints).early_runs(path):
            yield self._finding(path, found, project)

    def _finding(self, path: str, found: EarlyRun, project: LintProject) -> Finding:
        here = [step for step in found.chain if step.path == path]
        last = found.chain[-1]
        way = " → ".join(step.name for step in found.chain)
        where = f" ({last.path}:{last.line})" if last.path != path else ""
        message = (
            f"{found.entry} creates a run before {listing(found.ways)} is called: {way}{where}"
        )
        related = tuple(
            Related(step.path, step.line, step.line, "on the way", f"calls {step.name}")
            for step in found.chain
            if step is not here[-1]
        )
        place = project.project.document(path).places(here[-1].node)
        return Finding(self.code, self.name, path, *place, message, related=related)


RULE = RunBeforeSetup()
