"""That a project which is to call the tracking library has to require it."""

from __future__ import annotations

from trackfix.project.clients.factory import LIBRARY_FACTORY, ClientFactory
from trackfix.project.mlflow_uses.requirements import MlflowRequirements
from trackfix.project.modules.resolution import Resolver
from trackfix.source.patterns import lazy_pattern

# Neither the table of settings, nor the library's module in one of them.
_NAMED = lazy_pattern(rb"(?<![\w.-])trackfix(?![\w-]*[.:/])")


def missing_requirement(factory: ClientFactory, path: str, resolver: Resolver) -> str:
    """Which file has to require the library for a file that is to call its factory; empty when one
    does, or the factory is another."""
    if factory.module != LIBRARY_FACTORY.module:
        return ""
    files = resolver.analysis(MlflowRequirements).files(path)
    if any(_NAMED.search(resolver.project.read(file)) for file in files):
        return ""
    needed = "trackfix[tracking], which needs MLflow 3.1 or newer,"
    if not files:
        return f"{needed} has to be installed with it"
    return f"{needed} has to be required in {' or '.join(files)}"
