"""Modules that a name of their package hides: ``import`` finds them, a dotted name does not."""

from __future__ import annotations

from trackfix.project.modules.resolution import Resolver


def hidden_module(module: str, resolver: Resolver, importer: str) -> str:
    """Why ``module`` can't be reached from its package, as ``package.module`` and ``from package
    import module`` do; empty when it can.

    Where ``lib/__init__.py`` does ``from lib.run import run``, ``lib.run`` is the function.
    """
    parts = module.split(".")
    for length in range(2, len(parts) + 1):
        package, name = ".".join(parts[: length - 1]), parts[length - 1]
        below = resolver.project.find(f"{package}.{name}", importer)
        if below is None or not below.path:
            continue
        found = resolver.resolve(package, name, importer)
        if found.kind != "module" and found.status not in ("missing", "external"):
            return f"{package}.{name} is a {found.kind} of {package}, which hides the module"
    return ""
