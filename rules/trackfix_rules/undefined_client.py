"""TRK202 undefined-client: ``MlflowClient`` or the client factory is used but not defined.

## What it does

Finds reads of `MlflowClient`, of `create_mlflow_client` and of the client factory's name in scopes
where nothing defines them: no import, no assignment, no star import that could give the name, and
no `global` or `globals()` that could set it. An import within another function, one for type
checkers only (`if TYPE_CHECKING:`) and one that a `del` has undone don't count.

## Why is this bad?

It is a `NameError` as soon as the line is executed. Where that is rare, such as in a fold of a
cross-validation or a branch for one kind of store, it is met in production first. At an entry of
`__all__`, `from module import *` fails with an `AttributeError`.

## Before

```python
# The import of MlflowClient went away in a clean-up.
def create_child_run(tracking_uri, run_id):
    client = MlflowClient(tracking_uri=tracking_uri)
```

## After

```python
from pkg.clients import create_mlflow_client

def create_child_run(tracking_uri, run_id):
    client = create_mlflow_client(tracking_uri=tracking_uri)
```

## Fix safety

`use-client-factory` mends it. Unsafe: what fails today will run, and that the name was meant for
mlflow's class, or for the factory, is in all likelihood so, but not proved. There is no fix for a
class that is not called, such as in `isinstance` or `__all__`, and none where the arguments don't
fit the factory (see TRK203).

## Options

`client-factory` in `[tool.trackfix]` names the factory; see TRK201.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.finding import Finding, Fix
from trackfix.lint.rule import Example, LintProject
from trackfix.project.clients.constructions import Clients
from trackfix.project.clients.factory import ClientFactory
from trackfix.project.clients.factory_finder import find_client_factory
from trackfix.project.clients.undefined import UndefinedName, find_listed, find_undefined
from trackfix.project.facts.expressions import string_value
from trackfix.project.files_with_words import files_with
from trackfix.project.meaning.meaning import CLASS_NAME

_USUAL_NAME = "create_mlflow_client"


class UndefinedClient:
    """The rule."""

    code = "TRK202"
    name = "undefined-client"
    asks_known = True
    bad: tuple[Example, ...] = (
        {"a.py": "def f(uri):\n    return MlflowClient(tracking_uri=uri)  # found\n"},
        {
            "a.py": "def f():\n    from mlflow import MlflowClient\n    return MlflowClient()\n"
            "def g():\n    return MlflowClient()  # found\n"
        },
        {"a.py": "client = create_mlflow_client()  # found\n"},
        {"a.py": "__all__ = ['MlflowClient']  # found\n"},
    )
    good: tuple[Example, ...] = (
        {"a.py": "from mlflow import *\nclient = MlflowClient()\n"},
        {"a.py": "def f(client: 'MlflowClient'): pass\n"},
        {"a.py": "from mlflow import MlflowClient\n__all__ = ['MlflowClient']\n"},
        {"a.py": "try:\n    MlflowClient\nexcept NameError:\n    pass\n"},
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return files_with(project.project, _words(project))

    def triggers(self, project: LintProject) -> Iterable[str]:
        return _words(project)

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        for found in find_undefined(project.analysis(Clients), path, _words(project)):
            factory = project.analysis(find_client_factory)
            obstacle = _obstacle(found, factory)
            why = f"; left alone: {obstacle}" if obstacle else ""
            yield Finding(
                self.code,
                self.name,
                path,
                *found.start,
                *found.end,
                f"{found.name} is not defined here: {found.evidence}{why}",
                fix=None if obstacle else _fix(found, factory),
            )
        for entry in find_listed(project.analysis(Clients), path, _words(project)):
            yield Finding(
                self.code,
                self.name,
                path,
                *project.project.document(path).places(entry),
                f"{string_value(entry)} is not defined here: nothing binds it, and __all__ lists "
                "it; left alone: whether it is to be imported or unlisted, only its users tell",
            )


def _words(project: LintProject) -> tuple[str, ...]:
    factory = project.analysis(find_client_factory)
    return tuple(dict.fromkeys((CLASS_NAME, _USUAL_NAME, factory.name)))


def _obstacle(found: UndefinedName, factory: ClientFactory) -> str:
    if found.is_client:
        call = found.call
        return factory.fit(call.args, call.keywords).obstacle if call else "it is not called"
    return "" if found.name == factory.name else f"the client factory is {factory.home}"


def _fix(found: UndefinedName, factory: ClientFactory) -> Fix:
    what = f"import it from {factory.module}"
    if found.is_client:
        what = f"call {factory.name}(...) from {factory.module}"
    return Fix("use-client-factory", "unsafe", what)


RULE = UndefinedClient()
