"""Who imports what from a module."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from trackfix.project.facts.module_facts import ModuleFacts, is_package
from trackfix.project.modules.roots import parent_folder
from trackfix.project.project import Module, Project, absolute
from trackfix.project.test_paths import is_test_path

Taken = dict[str, dict[str, str]]


def names_taken(
    project: Project,
    facts: Iterable[tuple[str, ModuleFacts]],
    modules: Collection[str] | None = None,
) -> Taken:
    """For each file the names that other files import from it, each with one of these files, no
    test if there is another. An empty name is the module itself. ``modules`` are the names of the
    modules in question, None for all."""
    taken: Taken = {}
    lasts = None if modules is None else {name.rpartition(".")[2] for name in modules}
    for path, found in sorted(facts, key=lambda item: is_test_path(item[0])):
        package = Module(project.primary_name(path) or "", path, found).package
        for statement in found.imports:
            last = statement.module.rpartition(".")[2]
            if (
                lasts is not None
                and last
                and last not in lasts
                and lasts.isdisjoint(statement.names)
            ):
                continue
            target = absolute(statement.module, package)
            if target is None:
                continue
            for member in statement.names or ("",):
                for module_name, name in ((target, member), (f"{target}.{member}", "")):
                    if module_name[-1] in ".*" or not (modules is None or module_name in modules):
                        continue
                    module = project.find(module_name, path)
                    if module is not None and module.path and module.path != path:
                        taken.setdefault(module.path, {}).setdefault(name, path)
    return taken


def names_taken_from(project: Project, target: str) -> dict[str, str]:
    """The same for one file; only what may import from it is parsed."""
    modules = project.names_of(target)
    paths = project.may_import(modules)
    if is_package(target):
        folder = f"{parent_folder(target)}/".lstrip("/")
        paths.update(p for p in project.facts.importing_parents if p.startswith(folder))
    # In the order of the files: of several that take a name the first one counts.
    found = ((path, project.facts[path]) for path in sorted(paths - {target}))
    return names_taken(project, found, modules).get(target, {})
