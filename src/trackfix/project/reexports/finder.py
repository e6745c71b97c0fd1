"""Re-export modules: found by what they are, and classed with the evidence for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from trackfix.project.meaning.handed_on import handed_on
from trackfix.project.modules.resolution import Resolution, Resolver
from trackfix.project.modules.takers import Takers, names_taken
from trackfix.project.project import Module, Project
from trackfix.project.reexports.candidates import is_listed, is_run_by_name, shim_candidates
from trackfix.project.reexports.reading import Reading
from trackfix.project.reexports.reexport_module import ReexportModule
from trackfix.project.vendored import is_vendored


def find_reexport_modules(project: Project, resolver: Resolver) -> list[ReexportModule]:
    """Every re-export module of the project, by path and line."""
    taken = names_taken(project, project.facts.items())
    readings = (_read(project, resolver, path, taken.get(path, {})) for path in project.facts)
    entries = (_entry(reading) for reading in readings if reading is not None)
    found = [entry for entry in entries if entry is not None]
    return _sorted([*found, *_virtual_modules(project, resolver)])


def find_shims(project: Project, resolver: Resolver) -> list[ReexportModule]:
    """The shims alone, by path and line; as few files as possible are parsed."""
    if project.known is not None and project.known.shims is not None:
        return list(project.known.shims)
    found = []
    for path in shim_candidates(project):
        reading = _read(project, resolver, path, {})
        if reading is None:
            continue
        entry = _entry(reading)
        has_own = reading.own or reading.wrappers
        is_open = not has_own and (entry is None or entry.class_ == "shim")
        if is_open or is_listed(project, path):
            reading = _read(project, resolver, path, resolver.analysis(Takers).of(path))
            entry = _entry(reading) if reading is not None else None
        if entry is not None and entry.class_ == "shim":
            found.append(entry)
    virtual = (e for e in _virtual_modules(project, resolver) if e.class_ == "shim")
    return _sorted([*found, *virtual])


def _read(
    project: Project, resolver: Resolver, path: str, taken: Mapping[str, str]
) -> Reading | None:
    """A file that may be a re-export module; ``taken`` are the names that others take from it."""
    name = project.primary_name(path)
    if name is None or path.endswith(".pyi") or is_run_by_name(path):
        return None
    if is_vendored(path) and not is_listed(project, path):
        return None
    return Reading(project, resolver, Module(name, path, project.facts[path]), taken)


def _entry(reading: Reading) -> ReexportModule | None:
    project, path = reading.project, reading.module.path
    entry = reading.classify()
    if entry is None and is_listed(project, path):
        entry = reading.entry("mixed", ())
    return _overruled(entry, project) if entry is not None else None


def _virtual_modules(project: Project, resolver: Resolver) -> Iterator[ReexportModule]:
    """The modules that are nothing but entries of ``sys.modules``."""
    for name, (path, alias) in project.aliases.items():
        module = project.find(name)
        if module is None or module.alias is None:
            continue
        target = resolver.module(name)
        public = (
            handed_on(resolver, target.module, path)
            if alias.target
            else sorted({key for key, _ in alias.table})
        )
        names = {key: resolver.resolve(name, key) for key in public}
        why = _no_other_name(project, name, target)
        evidence = (*why, f"{path}:{alias.line} registers it in sys.modules")
        class_ = "facade" if why else "shim"
        entry = ReexportModule(name, path, class_, False, evidence, names, alias.line, True)
        yield _overruled(entry, project)


def _no_other_name(project: Project, name: str, target: Resolution) -> tuple[str, ...]:
    """Why an entry of ``sys.modules`` is more than another name for a module: then its users have
    no home to go to instead. Empty if nothing speaks for that."""
    if target.is_choice:
        return (f"a condition chooses what {name} is",)
    is_object = target.status == "conditional" and target.module == name
    holder = project.find(target.hops[0].module) if is_object and target.hops else None
    if holder is not None and holder.path:
        return (f"{name} is {target.hops[0].name}, which {holder.path} makes",)
    return ()


def _sorted(entries: list[ReexportModule]) -> list[ReexportModule]:
    return sorted(entries, key=lambda entry: (entry.path, entry.line, entry.module))


def _overruled(entry: ReexportModule, project: Project) -> ReexportModule:
    """The settings ``keep`` and ``shims`` have the last word."""
    config = project.config_for(entry.path)
    names = {entry.module, *(project.names_of(entry.path) if not entry.virtual else ())}
    for setting, class_ in ((config.keep, "facade"), (config.shims, "shim")):
        if any(fnmatchcase(name, pattern) for name in names for pattern in setting):
            word = "keep" if class_ == "facade" else "shims"
            evidence = (f"[tool.trackfix] {word} names it", *entry.evidence)
            return entry._replace(class_=class_, evidence=evidence, is_configured=True)
    return entry
