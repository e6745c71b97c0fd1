"""The settings that a project could start with, from what can be seen of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from trackfix.project.clients.factory_finder import find_client_factory
from trackfix.project.modules.layers import Layers
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.reexports.finder import find_shims
from trackfix.project.run_logic.duplicates import Duplicates
from trackfix.project.run_logic.groups.group import Group

_MANY = 8


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found; ``why`` is the evidence for it."""

    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What was found. ``truths`` maps jobs of run logic to functions, ``layers`` names to the
    packages that seem to belong there, the lowest first."""

    roots: tuple[str, ...]
    factory: Found | None
    truths: dict[str, Found]
    layers: dict[str, tuple[str, ...]]
    shims: tuple[Found, ...]


def draft_settings(project: Project) -> Draft:
    """Look at a project, which should be opened without the settings that it has."""
    resolver = Resolver(project)
    factory = resolver.analysis(find_client_factory)
    own = Found(f"{factory.module}:{factory.name}", factory.evidence) if factory.path else None
    truths = _truths(project, resolver.analysis(Duplicates).groups)
    shims = tuple(Found(s.module, "; ".join(s.evidence)) for s in find_shims(project, resolver))
    roots = tuple(root or "." for root in project.roots)
    return Draft(roots, own, truths, _layers(project, resolver), shims)


def _truths(project: Project, groups: Collection[Group]) -> dict[str, Found]:
    """The one function to call for each job. A setting makes copies of all others that do the job;
    where that would be news, as with a second source of truth, there is none to write."""
    truths: dict[str, Found] = {}
    for group in groups:
        truth = group.truth
        # That one is the largest of its kind is no reason to make it the one to call.
        is_clear = truth.path and truth.module and not truth.chosen.startswith("the largest")
        if is_clear and truth.name.isidentifier():
            truths.setdefault(group.kind, Found(f"{truth.module}:{truth.name}", truth.chosen))
    if not truths:
        return {}
    given = {job: found.value for job, found in truths.items()}
    config = project.config._replace(sources_of_truth=given)
    with_them = Project(project.root, config, project.listing, base=project)
    after = Resolver(with_them).analysis(Duplicates).groups
    return {j: found for j, found in truths.items() if _copies(groups, j) == _copies(after, j)}


def _copies(groups: Iterable[Group], job: str) -> set[tuple[str, int, str]]:
    """Where the copies of one job are, and what they are told to call."""
    return {
        (copy.fragment.path, copy.fragment.line, copy.truth.home)
        for group in groups
        for copy in group.copies
        if group.kind == job
    }


def _layers(project: Project, resolver: Resolver) -> dict[str, tuple[str, ...]]:
    """The packages and modules that are called as those of the ready-made layers."""
    layers = Layers(project, resolver, "tracking")
    found: dict[str, set[str]] = {name: set() for name in layers.names}
    for path, number in layers.files():
        found[layers.names[number]].add(layers.package_of(path))
    seen = {name: _outermost(entries) for name, entries in found.items() if entries}
    return seen if len(seen) > 1 else {}


def _outermost(entries: Iterable[str]) -> tuple[str, ...]:
    """The entries without those that stand in another one."""
    known = set(entries)
    return tuple(sorted(e for e in known if not any(e.startswith(f"{o}.") for o in known)))


def as_toml(draft: Draft) -> str:
    """The table ``[tool.trackfix]`` with a comment on each thing; it ends with a newline.

    What is only a guess is a comment itself.
    """
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    yield "[tool.trackfix]"
    yield "# Written by `trackfix init` from what it found here. Every line is optional."
    yield "# The folders that imports start from:"
    yield f"src = {_list(draft.roots)}"
    if draft.factory is not None:
        yield f"# The one place that constructs MLflow clients: {_comment(draft.factory.why)}."
        yield f"client-factory = {_string(draft.factory.value)}"
    if draft.truths:
        yield "# The function to call for each job that is done in several places (TRK301 to 305):"
        for job, found in draft.truths.items():
            yield f"# {_comment(found.why)}"
            yield f"sources-of-truth.{job} = {_string(found.value)}"
    if draft.shims:
        yield "# These are taken for shims; name under `keep` what is none:"
        for shim in draft.shims[:_MANY]:
            yield f"#   {shim.value}: {_comment(shim.why)}"
        if len(draft.shims) > _MANY:
            yield f"#   and {len(draft.shims) - _MANY} more; `trackfix scan` lists them"
    if draft.layers:
        yield "# Layers by the names of the modules, the lowest first. Take these lines for TRK401"
        yield "# to TRK404 when they are right:"
        for name, entries in draft.layers.items():
            yield f"# layers.{name} = {_list(entries)}"
    yield '# Which rules run: "recommended", "strict" (all) or "migration"; see `trackfix rules`.'
    yield 'rule-set = "recommended"'


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _list(items: Iterable[str]) -> str:
    return f"[{', '.join(map(_string, items))}]"


def _comment(text: str) -> str:
    """Text of the project in one line, without characters that no TOML comment may hold."""
    return "".join(c if c.isprintable() else " " for c in text).rstrip(".")
