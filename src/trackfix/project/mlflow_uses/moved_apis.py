"""The uses of MLflow's moved APIs in a file, by what MLflow the project may run with."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from trackfix.project.facts.expressions import is_none, string_value
from trackfix.project.files_with_words import files_with, has_word
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meanings import Meanings
from trackfix.project.meaning.scopes import Scope, Use
from trackfix.project.mlflow_uses.calls import MlflowCall, MlflowCalls
from trackfix.project.mlflow_uses.moved_api_table import ApplicableApis, MovedApi, moved_apis
from trackfix.project.mlflow_uses.requirements import NEWEST, AllowedReleases, MlflowRequirements
from trackfix.project.mlflow_uses.version_guards import VersionGuards
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.settings.config import ConfigError
from trackfix.project.settings.setting_values import close_word
from trackfix.source.document import Edit
from trackfix.source.patterns import lazy_pattern

# Modules that ``import mlflow`` imports, in every release since the new names below them are there.
_LOADED = frozenset(
    {
        "mlflow.entities.trace_info_v2",
        "mlflow.exceptions",
        "mlflow.genai",
        "mlflow.models",
        "mlflow.store.tracking",
        "mlflow.tracking.context.abstract_context",
        "mlflow.tracking.context.databricks_notebook_context",
        "mlflow.tracking.context.default_context",
        "mlflow.tracking.context.git_context",
        "mlflow.tracking.context.registry",
        "mlflow.utils.annotations",
        "mlflow.utils.uri",
    }
)
# Moved modules whose package has their new home under the old name, in every release since: only
# an import of the module by its own name fails.
STILL_IN_PACKAGE = frozenset({"mlflow.store.artifact_repo"})
# https://mlflow.org/docs/latest/ml/model/: what the name of a logged model must not hold.
_NOT_IN_NAMES = lazy_pattern("[/:.%\"']")
_RETURN_RUNS = frozenset({"active_run", "create_run", "get_run", "last_active_run", "start_run"})
_GENAI_TYPES = frozenset(
    {"question-answering", "text-summarization", "text", "retriever", "databricks-agent"}
)


@dataclass(frozen=True, slots=True, eq=False)
class MovedUse:
    """A use of a moved API, from ``start`` to ``end`` in the text.

    ``root`` is the name that leads to it. ``edits`` make it use the new form where that takes no
    other import. ``problem`` says why it is not rewritten; one without ``is_certain`` only goes by
    its name. ``node`` is what is called,
    where the API is a method or a parameter, else what means it.
    """

    api: MovedApi
    start: int
    end: int
    scope: Scope
    root: ast.AST | None = None
    edits: tuple[Edit, ...] = ()
    problem: str = ""
    is_certain: bool = True
    node: ast.expr | None = None


class MovedApis:
    """The uses of moved APIs in all files of one project."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        """
        Raises:
            ConfigError: the setting allows an API that has not moved.
        """
        known = tuple(sorted({api.old for api in moved_apis()}))
        for name in project.config.allowed_mlflow_apis:
            if name not in known:
                raise ConfigError(
                    "pyproject.toml: [tool.trackfix] allowed-mlflow-apis: no API of the name "
                    f"'{name}' has moved{close_word(name, known, shows_all=False)}"
                )
        self.project = project
        self._resolver = resolver
        self._requirements = resolver.analysis(MlflowRequirements)
        self._applicable: dict[AllowedReleases, ApplicableApis] = {}

    def files(self) -> Iterator[str]:
        """The files that may use one of them."""
        telling = self._resolver.analysis(MlflowCalls).words
        for path in files_with(self.project, telling, stubs=True):
            words = self.applicable(path).words if self._takes_installed_mlflow(path) else ()
            if has_word(self.project, path, words):
                yield path

    def _takes_installed_mlflow(self, path: str) -> bool:
        """Whether ``mlflow`` is not a module of the project itself, as in MLflow's own source."""
        return self.project.find("mlflow", path) is None

    def applicable(self, path: str) -> ApplicableApis:
        """The moved APIs that matter in one file."""
        return self._of(self._requirements.releases(path))

    def _of(self, releases: AllowedReleases) -> ApplicableApis:
        if releases not in self._applicable:
            self._applicable[releases] = ApplicableApis(
                releases, self.project.config.allowed_mlflow_apis
            )
        return self._applicable[releases]

    def uses(self, path: str) -> list[MovedUse]:
        """The uses in one file, in the order of the text."""
        data = self.project.facts.bytes_of(path) or b""
        telling = self._resolver.analysis(MlflowCalls).words
        # Names and requirements are only worth reading where an API is used that has moved at all.
        moved = self._of(NEWEST)
        if not any(word.encode() in data for word in moved.words):
            return []
        if not has_word(self.project, path, telling) or not self._takes_installed_mlflow(path):
            return []
        names = self._resolver.analysis(Meanings).file(path)
        if names is None:
            return []
        found = self._resolver.analysis(MlflowCalls).file(path)
        calls = found.calls if found is not None else ()
        uses = list(_Finder(names, moved, calls).uses())
        if uses:
            uses = list(_Finder(names, self.applicable(path), calls).uses())
        return sorted(uses, key=lambda use: (use.start, use.end))


class _Finder:
    def __init__(
        self, names: FileNames, applicable: ApplicableApis, calls: Iterable[MlflowCall]
    ) -> None:
        self.names = names
        self.document = names.document
        self.applicable = applicable
        self.calls = tuple(calls)

    def uses(self) -> Iterator[MovedUse]:
        for node, scope in self.names.scopes.statement_scopes.items():
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                yield from self.unguarded(node, self.imported(node, scope))
        for use in self.names.scopes.uses:
            if not use.quoted and use.is_read:
                yield from self.unguarded(use.node, self.taken(use))
        yield from self.attributes()
        for call in self.calls:
            found = self.called(call.node, call.api, call.kind == "client", call)
            yield from self.unguarded(call.node, found)
        for called in self.document.index.calls:
            yield from self.unguarded(called, self.partial(called))

    def unguarded(self, node: ast.AST, found: Iterable[MovedUse]) -> Iterator[MovedUse]:
        """What was found at a node, unless that is reached with some releases only. Few nodes are
        worth the question."""
        return (use for use in found if not self.guards.hold(node))

    @cached_property
    def guards(self) -> VersionGuards:
        """The tests for a release in the file."""
        return VersionGuards(self.names)

    def imported(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> Iterator[MovedUse]:
        """The moved APIs that an import names."""
        module = self.names.target(node) if isinstance(node, ast.ImportFrom) else ""
        start, end = self.document.span(node)
        for alias in node.names:
            path = alias.name if isinstance(node, ast.Import) else f"{module}.{alias.name}"
            api = self.applicable.of(path)
            is_shown = isinstance(node, ast.ImportFrom) and path in STILL_IN_PACKAGE
            if api is not None and not is_shown:
                lost = "" if alias.name not in api.lost else f"{api.new} has no {alias.name}"
                problem = lost or self.applicable.problem(api)
                spot = (start, end)
                if hasattr(alias, "lineno") and len(node.names) > 1:
                    spot = (
                        self.document.lines.offset(alias.lineno, alias.col_offset),
                        self.document.lines.offset(
                            alias.end_lineno or 0, alias.end_col_offset or 0
                        ),
                    )
                yield MovedUse(api, *spot, scope, node, (), problem)

    def taken(self, use: Use) -> Iterator[MovedUse]:
        """The moved API that is taken from a module by its name."""
        names = use.attributes
        found = self.names.of_name(use.name, use.scope)
        if found is None or found.module.partition(".")[0] != "mlflow":
            return
        root = f"{found.module}.{found.name}" if found.name else found.module
        length = root.count(".") + 1
        taken = self.applicable.of(".".join((root, *names)))
        if taken is None or taken.old.count(".") < length or taken.old in STILL_IN_PACKAGE:
            return
        depth = taken.old.count(".") - length
        edits: tuple[Edit, ...] = ()
        problem = self.applicable.problem(taken)
        lost = names[depth + 1] if len(names) > depth + 1 else ""
        if lost in taken.lost:
            problem = f"{taken.new} has no {lost}"
        if not problem and taken.kind == "name" and taken.new.startswith(f"{root}."):
            home = taken.new.rpartition(".")[0]
            if home in _LOADED or home == taken.old.rpartition(".")[0]:
                rest = taken.new.removeprefix(root)
                edits = (Edit(use.ends[0], use.ends[depth + 1], rest),)
        problem = problem or self.genai_problem(taken, use)
        edits = () if problem else edits
        end, node = use.ends[depth + 1], (use.node, *use.chain)[depth + 1]
        yield MovedUse(taken, use.start, end, use.scope, use.node, edits, problem, node=node)

    def genai_problem(self, api: MovedApi, use: Use) -> str:
        call = use.parent
        if api.old != "mlflow.evaluate" or not isinstance(call, ast.Call):
            return ""
        kinds = (string_value(k.value) for k in call.keywords if k.arg == "model_type")
        if _GENAI_TYPES.isdisjoint(kinds):
            return ""
        return "of language models, mlflow.genai.evaluate is the new form, with other arguments"

    def attributes(self) -> Iterator[MovedUse]:
        """The moved attributes of what MLflow returns: ``run.info.run_uuid``."""
        by_name = {api.old.partition(".")[2]: api for api in self.applicable.attributes}
        if not any(name in self.document.code for name in by_name):
            return
        by_node = {call.node: call for call in self.calls}
        for node in self.names.parents:
            if not isinstance(node, ast.Attribute) or node.attr not in by_name:
                continue
            api, owner = by_name[node.attr], node.value
            is_owned = isinstance(owner, ast.Attribute) and f"{owner.attr}.{node.attr}" == api.old
            if not is_owned or not isinstance(node.ctx, ast.Load) or self.guards.hold(node):
                continue
            assert isinstance(owner, ast.Attribute)
            call = by_node.get(owner.value) if isinstance(owner.value, ast.Call) else None
            is_certain = call is not None and call.is_certain and call.api in _RETURN_RUNS
            _, end = self.document.span(node)
            start = end - len(node.attr)
            problem = self.applicable.problem(api)
            edits = () if problem else (Edit(start, end, api.new),)
            scope = self.names.scope_at(node)
            yield MovedUse(api, start, end, scope, None, edits, problem, is_certain, node)

    def called(
        self, node: ast.Call, function: str, is_method: bool, call: MlflowCall | None
    ) -> Iterator[MovedUse]:
        """The moved method that is called, and the moved parameters that are given."""
        if call is not None and is_method:
            if not call.is_certain:
                return
            method = self.applicable.methods.get(function)
            if method is not None:
                yield self.method(method, node, call.scope)
        name = f"MlflowClient.{function}" if is_method else function
        scope = call.scope if call is not None else self.names.scope_at(node)
        for api, position in self.applicable.parameters.get(name, ()):
            yield from self.parameter(api, position, node, scope, shift=call is None)

    def method(self, api: MovedApi, node: ast.Call, scope: Scope) -> MovedUse:
        assert isinstance(node.func, ast.Attribute)
        start, end = self.document.span(node.func)
        start = end - len(node.func.attr)
        problem = self.applicable.problem(api)
        if not problem and (node.args or any(k.arg is None for k in node.keywords)):
            problem = f"{api.new} takes other arguments by position: name them"
        edits = () if problem else (Edit(start, end, api.new),)
        return MovedUse(api, start, end, scope, None, edits, problem, node=node.func)

    def partial(self, node: ast.Call) -> Iterator[MovedUse]:
        """The parameters that ``functools.partial`` gives to a function of MLflow."""
        if not node.args:
            return
        scope = self.names.scope_at(node)
        found = self.names.of(node.func, scope)
        if found is None or (found.module, found.name) != ("functools", "partial"):
            return
        first = node.args[0]
        parts = [first.attr] if isinstance(first, ast.Attribute) else []
        if isinstance(first, ast.Attribute):
            inner: ast.expr = first.value
            while isinstance(inner, ast.Attribute):
                parts.append(inner.attr)
                inner = inner.value
        else:
            inner = first
        meaning = self.names.of_name(inner.id, scope) if isinstance(inner, ast.Name) else None
        if meaning is None or meaning.module.partition(".")[0] != "mlflow":
            return
        path = ".".join(filter(None, (meaning.module, meaning.name, *reversed(parts))))
        yield from self.called(node, path.removeprefix("mlflow."), False, None)

    def parameter(
        self, api: MovedApi, position: int | None, node: ast.Call, scope: Scope, *, shift: bool
    ) -> Iterator[MovedUse]:
        given = next((k for k in node.keywords if k.arg == api.old), None)
        problem = self.applicable.problem(api)
        taken = any(k.arg == api.new for k in node.keywords)
        if given is not None:
            if is_none(given.value) and taken:
                return
            start = self.document.lines.offset(given.lineno, given.col_offset)
            end = start + len(api.old)
            value = given.value
            edits: tuple[Edit, ...] = (Edit(start, end, api.new),)
        else:
            if position is None:
                return
            place = position + shift
            if len(node.args) <= place or any(isinstance(a, ast.Starred) for a in node.args):
                return
            value = node.args[place]
            start, end = self.document.span(value)
            edits = (Edit(start, start, f"{api.new}="),)
            if len(node.args) > place + 1:
                problem = problem or "more arguments follow it by position: name them"
        if not problem and taken:
            problem = f"{api.new} is given, too"
        if not problem:
            problem, further = self.value(api, value)
            edits += further
        edits = () if problem else edits
        function = node.args[0] if shift else node.func
        yield MovedUse(api, start, end, scope, None, edits, problem, node=function)

    def value(self, api: MovedApi, value: ast.expr) -> tuple[str, tuple[Edit, ...]]:
        """What stands in the way of a parameter's value, and how that changes."""
        text = string_value(value)
        if api.new == "name" and api.old == "artifact_path":
            if text is not None and _NOT_IN_NAMES.search(text):
                return "the name of a model must hold none of / : . % \" '", ()
        elif api.old in ("use_conda", "skip_image_build"):
            if not (isinstance(value, ast.Constant) and isinstance(value.value, bool)):
                return "its value is not written here", ()
            if api.old == "use_conda":
                new = '"conda"' if value.value else '"local"'
            else:
                new = str(not value.value)
            return "", (Edit(*self.document.span(value), new),)
        return "", ()
