"""TRK203 factory-signature: an argument that the project's client factory does not accept.

## What it does

Finds constructions of `MlflowClient` with an argument that the client factory has no parameter
for, those with an undefined `MlflowClient` (TRK202) included, and says what to add to the factory.
It also finds calls of the factory itself with an argument that it does not accept. Where it has a
finding, those of TRK201 and TRK202 for the same place are not shown beside it.

## Why is this bad?

A factory that cannot do what the class can does not take over: whoever needs a tracking URI goes on
to construct the class, and a clean-up breaks it. A call with such an argument is a `TypeError`.

## Before

```python
def create_mlflow_client():
    return MlflowClient()

client = MlflowClient(tracking_uri=uri)
```

## After

```python
def create_mlflow_client(tracking_uri: str | None = None):
    return MlflowClient(tracking_uri=tracking_uri)

client = create_mlflow_client(tracking_uri=uri)
```

## Fix safety

`use-client-factory` mends it. Unsafe: it adds the parameter to the factory, which may do what is
not made for another store, or gives a call the name by which the factory has it. What the factory
decides on itself, such as an address from the environment, comes after what it is given.

## Options

`client-factory` in `[tool.trackfix]` names the factory; see TRK201. A factory whose code is not in
the project is not judged.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from trackfix.lint.finding import Finding, Fix, Related
from trackfix.lint.rule import Example, LintProject
from trackfix.project.clients.constructions import Clients
from trackfix.project.clients.factory import ClientFactory
from trackfix.project.clients.factory_calls import find_factory_calls
from trackfix.project.clients.factory_finder import find_client_factory
from trackfix.project.clients.undefined import find_undefined
from trackfix.project.files_with_words import files_with
from trackfix.project.meaning.meaning import CLASS_NAME

_FACTORY = "import mlflow\ndef create_client():\n    return mlflow.MlflowClient()\n"
# The file, and where in it something starts and ends.
_Place = tuple[str, tuple[int, int], tuple[int, int]]


class FactorySignature:
    """The rule."""

    code = "TRK203"
    name = "factory-signature"
    asks_known = True
    # Its finding says what theirs at the same place would, and what to do first.
    covers = ("TRK201", "TRK202")
    bad: tuple[Example, ...] = (
        {"pkg.py": _FACTORY, "a.py": "import mlflow\nmlflow.MlflowClient('http://x')  # found\n"},
        {"pkg.py": _FACTORY, "a.py": "import pkg\npkg.create_client(uri='http://x')  # found\n"},
    )
    good: tuple[Example, ...] = (
        {"pkg.py": _FACTORY, "a.py": "import mlflow, pkg\nmlflow.MlflowClient()\n"},
        {"a.py": "import mlflow\nmlflow.MlflowClient('http://x')\n"},
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return files_with(project.project, self.triggers(project))

    def triggers(self, project: LintProject) -> Iterable[str]:
        factory = project.analysis(find_client_factory)
        if not factory.is_complete:
            return ()
        return {*project.analysis(Clients).words, factory.name, factory.definition.name}

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        clients, factory = project.analysis(Clients), project.analysis(find_client_factory)
        if not factory.is_complete or not factory.is_found_from(path, project.project):
            return
        for found in clients.constructions(path):
            refused = factory.fit(found.arguments, found.keywords).refused
            if refused and not factory.holds(found):
                what = f"MlflowClient is constructed directly ({found.evidence})"
                yield self._widen((path, found.start, found.end), what, refused, factory)
        for name in find_undefined(clients, path, (CLASS_NAME,)):
            call = name.call
            if call and (refused := factory.fit(call.args, call.keywords).refused):
                what = f"MlflowClient is not defined here: {name.evidence}"
                yield self._widen((path, name.start, name.end), what, refused, factory)
        for made in find_factory_calls(clients, factory, path):
            yield from self._call((path, made.start, made.end), made.call, factory)

    def _widen(
        self, place: _Place, what: str, refused: Sequence[str], factory: ClientFactory
    ) -> Finding:
        what = f"{what}, and {factory.name} does not accept {' and '.join(refused)}"
        return self._finding(place, what, refused, factory)

    def _call(self, place: _Place, call: ast.Call, factory: ClientFactory) -> Iterator[Finding]:
        assert factory.signature is not None
        problems = " and ".join(factory.signature.problems(call.args, call.keywords))
        if problems:
            refused = factory.signature.unaccepted(call.keywords)
            lacking = [name for name in refused if factory.signature.lacks(name)]
            renames = factory.signature.renames(call.args, call.keywords).items()
            mends = tuple(f"give {old} as {new.name}" for old, new in renames)
            why = "" if mends or lacking else "; left alone: nothing tells what was meant"
            yield self._finding(place, f"{factory.name} {problems}{why}", lacking, factory, *mends)

    def _finding(
        self, place: _Place, what: str, lacking: Sequence[str], factory: ClientFactory, *mends: str
    ) -> Finding:
        path, start, end = place
        added = ", ".join(f"{name}: str | None = None" for name in lacking)
        widen = [f"add {added} to {factory.name} in {factory.path}:{factory.line}"] if added else []
        related = Related(factory.path, factory.line, factory.end_line, "factory", "the factory")
        mend = " and ".join((*mends, *widen))
        fix = Fix("use-client-factory", "unsafe", mend) if mend else None
        place_and_message = (path, *start, *end, "; ".join((what, *widen)))
        return Finding(self.code, self.name, *place_and_message, fix=fix, related=(related,))


RULE = FactorySignature()
