"""TRK201 direct-client: ``MlflowClient`` is constructed outside the client factory.

## What it does

Finds every place where mlflow's `MlflowClient` is constructed, however it is imported or named:
`mlflow.MlflowClient()`, aliases, star imports, imports within functions, names that a module of the
project hands on, `C = MlflowClient; C()`, `functools.partial(MlflowClient)`,
`default_factory=MlflowClient`, `getattr(mlflow, "MlflowClient")()`, and where a function of the
project that is given the class calls it. Annotations, `isinstance`, `spec=`, subclasses and classes
of the same name from elsewhere are not found, nor is what cannot be proved to be mlflow's class.

## Why is this bad?

Each construction decides for itself which store it talks to. A change of that rule, a retry or
a token then has to reach all of them, and a clean-up that misses one fails where nobody looks.

## Before

```python
from mlflow.tracking import MlflowClient

client = MlflowClient(tracking_uri=uri)
```

## After

```python
from pkg.clients import create_mlflow_client

client = create_mlflow_client(tracking_uri=uri)
```

## Fix safety

`use-client-factory` mends it. Safe when the factory is the project's own, or named by the settings,
and only passes its arguments on to `MlflowClient`; else unsafe, as it is where a file would load
with the factory what sets MLflow up, makes a client or needs a variable of the environment. There
is no fix where the arguments don't fit the factory's parameters (see TRK203), where it ignores them
as it keeps the client of its first call, where only a class will do, or in a service whose own
package has the same name.

## Options

`client-factory = "pkg.module:create_mlflow_client"` in `[tool.trackfix]` names the factory. By
default it is the project's own: the function at the top of a module, outside the tests, that
returns a newly constructed `MlflowClient`; of several the one most used outside of tests, but one
that calls methods of the client before it returns it only where there is no other, and one that
takes no address but gives its own comes last. One in a script that does its work when it is
imported is not taken, unless another file imports it already. A project that has none is pointed to
`trackfix.tracking:create_mlflow_client`, and then has to require `trackfix[tracking]`: an unsafe
run names the file. As that function imports MLflow when it is called, a construction stays where
only the import of the class shows the code that MLflow is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.finding import Finding, Fix, Related
from trackfix.lint.rule import Example, LintProject
from trackfix.project.clients.constructions import Clients, Construction
from trackfix.project.clients.factory import ClientFactory
from trackfix.project.clients.factory_finder import find_client_factory

_FACTORY = (
    "from mlflow import MlflowClient\n"
    "def create_mlflow_client(tracking_uri=None):\n"
    "    return MlflowClient(tracking_uri=tracking_uri)\n"
)


class DirectClient:
    """The rule."""

    code = "TRK201"
    name = "direct-client"
    asks_known = True
    bad: tuple[Example, ...] = (
        {"pkg.py": _FACTORY, "a.py": "import mlflow\nclient = mlflow.MlflowClient()  # found\n"},
        {"a.py": "from mlflow.tracking import *\ndef f():\n    return [MlflowClient()]  # found\n"},
    )
    good: tuple[Example, ...] = (
        {"pkg.py": _FACTORY, "a.py": "from pkg import create_mlflow_client as c\nclient = c()\n"},
        {"a.py": "from mlflow import MlflowClient\ndef f(x: MlflowClient): return x.get_run('')\n"},
        {"a.py": "class MlflowClient: pass\nclient = MlflowClient()\n"},
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return project.analysis(Clients).files()

    def triggers(self, project: LintProject) -> Iterable[str]:
        return project.analysis(Clients).words

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        for found in project.analysis(Clients).constructions(path):
            factory = project.analysis(find_client_factory)
            is_near = factory.is_found_from(path, project.project)
            if not factory.holds(found):
                yield self._finding(found, factory if is_near else None)

    def _finding(self, found: Construction, factory: ClientFactory | None) -> Finding:
        what = "constructed directly" if found.form.is_whole else "handed on to be constructed"
        obstacle, home = _obstacle(found, factory), factory.home if factory else "a factory"
        why = f"; left alone: {obstacle}" if obstacle else ""
        return Finding(
            self.code,
            self.name,
            found.path,
            *found.start,
            *found.end,
            f"MlflowClient is {what}, not by {home} ({found.evidence}){why}",
            fix=_fix(found, factory) if factory and not obstacle else None,
            related=_related(factory) if factory else (),
        )


def _obstacle(found: Construction, factory: ClientFactory | None) -> str:
    if found.form.obstacle:
        return found.form.obstacle
    if not found.name:
        return "it is not known how the class comes here"
    if factory is None:
        return "an import of the factory would find another file here"
    return factory.fit(found.arguments, found.keywords).obstacle


def _fix(found: Construction, factory: ClientFactory) -> Fix:
    safety = "safe" if factory.is_safe and found.form.kind != "kept" else "unsafe"
    doubt = f", which is not proven safe: {factory.doubt}" if factory.doubt else ""
    message = f"call {factory.name}(...) from {factory.module}{doubt}"
    return Fix("use-client-factory", safety, message)


def _related(factory: ClientFactory) -> tuple[Related, ...]:
    message = f"the client factory: {factory.evidence}"
    place = (factory.path, factory.line, factory.end_line)
    return (Related(*place, "factory", message),) if factory.path else ()


RULE = DirectClient()
