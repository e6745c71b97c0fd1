"""Which files may be shims, as far as can be told without parsing much."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from trackfix.project.facts.module_facts import ModuleFacts, is_package
from trackfix.project.meaning.handed_on import makes_names
from trackfix.project.project import Module, Project, absolute
from trackfix.project.vendored import is_vendored

# What the compiler of protocol buffers writes.
_GENERATED = ("_pb2.py", "_pb2_grpc.py")
_RUN_BY_NAME = frozenset(
    {
        "__main__.py",
        "asgi.py",
        "conftest.py",
        "manage.py",
        "noxfile.py",
        "setup.py",
        "wsgi.py",
    }
)


def shim_candidates(project: Project) -> Iterator[str]:
    """Every file that may be a shim, and some more."""
    for path in project.facts:
        if path.endswith((".pyi", *_GENERATED)) or is_run_by_name(path):
            continue
        if is_listed(project, path):
            yield path
            continue
        if is_vendored(path):
            continue
        seen = project.facts.glance(path)
        if seen.defines or not (seen.modules or seen.sets_modules):
            continue
        facts = project.facts[path]
        if not (makes_names(facts) or (is_package(path) and _is_facade(project, path, facts))):
            yield path


def is_run_by_name(path: str) -> bool:
    """Whether tools run a file by its name, whoever imports it."""
    name = path.rpartition("/")[2]
    return name in _RUN_BY_NAME or name.startswith("test_") or name.endswith("_test.py")


def is_listed(project: Project, path: str) -> bool:
    """Whether the setting ``shims`` matches one of the names of a file."""
    patterns = project.config_for(path).shims
    return bool(patterns) and any(
        fnmatchcase(name, pattern) for name in project.names_of(path) for pattern in patterns
    )


def _is_facade(project: Project, path: str, facts: ModuleFacts) -> bool:
    """Whether a package hands on a name that the text of its own submodule defines."""
    name = project.primary_name(path)
    if name is None:
        return False
    module = Module(name, path, facts)
    for found in facts.bindings.values():
        binding = found[-1]
        target = absolute(binding.module, module.package) if binding.form == "import-from" else None
        if target is None or not target.startswith(f"{name}.") or binding.guard == "type-checking":
            continue
        below = project.find(target, path)
        path_below = below.path if below is not None else ""
        if path_below and project.facts.tells(path_below, "defines", binding.source):
            return True
    return False
