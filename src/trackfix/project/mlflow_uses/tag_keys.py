"""Literal tag keys for which there is a constant: the project's own, or MLflow's."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from trackfix.project.facts.expressions import string_value
from trackfix.project.files_with_words import files_with
from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.loading.entry_blocks import does_work
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.mlflow_uses.calls import FileCalls, MlflowCall
from trackfix.project.mlflow_uses.mlflow_import import obstacle_to
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.settings.config import ConfigError
from trackfix.project.settings.setting_values import close_word
from trackfix.project.test_paths import is_test_path
from trackfix.source.errors import SourceError
from trackfix.source.patterns import lazy_pattern

# Of mlflow/utils/mlflow_tags.py in MLflow 3.17: those that users set or ask for.
MLFLOW_MODULE = "mlflow.utils.mlflow_tags"
MLFLOW_CONSTANTS = {
    "mlflow.note.content": "MLFLOW_RUN_NOTE",
    "mlflow.parentRunId": "MLFLOW_PARENT_RUN_ID",
    "mlflow.runName": "MLFLOW_RUN_NAME",
    "mlflow.source.git.branch": "MLFLOW_GIT_BRANCH",
    "mlflow.source.git.commit": "MLFLOW_GIT_COMMIT",
    "mlflow.source.git.repoURL": "MLFLOW_GIT_REPO_URL",
    "mlflow.source.name": "MLFLOW_SOURCE_NAME",
    "mlflow.source.type": "MLFLOW_SOURCE_TYPE",
    "mlflow.user": "MLFLOW_USER",
}
# The position of the key, and of a dict of tags, in functions of the module and client methods.
_KEYS = {
    ("fluent", "set_tag"): 0,
    ("fluent", "delete_tag"): 0,
    ("client", "set_tag"): 1,
    ("client", "delete_tag"): 1,
}
_TAGS = {("fluent", "set_tags"): 0, ("fluent", "start_run"): None, ("client", "create_run"): 2}
# A word of a name: ``TAG`` of ``TAG_STAGE``, ``Run`` and ``Tags`` of ``RunTags``.
_WORD = lazy_pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
TRIGGERS = ("set_tag", "delete_tag", "start_run", "create_run", ".tags")


@dataclass(frozen=True)
class TagConstant:
    """A constant that holds a tag key; ``owner`` is the class around it, if any. ``path`` is empty
    for one of MLflow's."""

    module: str
    name: str
    owner: str = ""
    path: str = ""
    line: int = 0

    @property
    def code(self) -> str:
        """How it is written where it is imported."""
        return f"{self.owner}.{self.name}" if self.owner else self.name

    @property
    def imported(self) -> str:
        """The name that is to be imported from the module."""
        return self.owner or self.name


@dataclass(frozen=True, eq=False)
class LiteralTagKey:
    """A tag key at ``node`` that is written out although there is a ``constant``."""

    node: ast.Constant
    constant: TagConstant
    obstacle: str
    doubt: str


class TagConstants:
    """The constants of a project's tag keys, looked for by their value."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        """
        Raises:
            ConfigError: a module that the setting names is not there.
        """
        self._project = project
        self._graph = ImportGraph(project)
        config = project.config
        self._modules = frozenset(config.tag_key_modules)
        self._defaults = MLFLOW_CONSTANTS if config.mlflow_tag_constants else {}
        for module in config.tag_key_modules:
            if project.find(module) is None:
                known = tuple(filter(None, map(project.primary_name, project.facts)))
                raise ConfigError(
                    "pyproject.toml: [tool.trackfix] tag-key-modules: there is no module "
                    f"'{module}'{close_word(module, known, shows_all=False)}"
                )
        self._known: dict[str, TagConstant | None] = {}

    def of(self, key: str) -> TagConstant | None:
        """The only constant for a key; MLflow's where the project has none."""
        if key not in self._known:
            found = list(self._find(key))
            default = self._defaults.get(key)
            if not found and default is not None:
                found = [TagConstant(MLFLOW_MODULE, default)]
            self._known[key] = found[0] if len(found) == 1 else None
        return self._known[key]

    def obstacle(self, path: str, constant: TagConstant) -> str:
        """Why a file can't take a constant from its module, which it does not load yet."""
        if not constant.path or constant.path in self._graph.reachable(path):
            return ""
        if path in self._graph.reachable(constant.path):
            return f"{constant.module} loads the file in turn"
        is_script = does_work(self._project.document(constant.path).tree, ())
        return f"{constant.module} would run if it were imported" if is_script else ""

    def doubt(self, path: str, constant: TagConstant) -> str:
        """What is not proven where a file takes a constant from its module; nothing where it loads
        that already whenever it is imported itself."""
        if not constant.path:
            return "mlflow.utils is no public part of MLflow"
        if constant.path not in self._graph.loads(path):
            return f"the file would load {constant.module}"
        leads_back = path in self._graph.reachable(constant.path)
        return f"{constant.module} loads the file in turn" if leads_back else ""

    def _find(self, key: str) -> Iterator[TagConstant]:
        for path in files_with(self._project, (key,)):
            module = self._project.primary_name(path)
            if is_test_path(path) or not path.endswith(".py") or not module:
                continue
            try:
                tree = self._project.document(path).tree
            except SourceError:
                continue
            for owner, statement in _statements(tree):
                around = f"{module}.{owner}"
                around += ".TAG" if module in self._modules else ""
                name = _constant_name(statement, around, key)
                if name:
                    yield TagConstant(module, name, owner, path, statement.lineno)


def _statements(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """The statements of a module, and those of its classes that have no base and no decorator."""
    for statement in tree.body:
        yield "", statement
        if isinstance(statement, ast.ClassDef) and not (
            statement.bases or statement.keywords or statement.decorator_list
        ):
            for inner in statement.body:
                yield statement.name, inner


def _constant_name(statement: ast.stmt, around: str, key: str) -> str:
    """The name that a statement within ``around`` gives to a tag key, or nothing. The same text may
    be the key of something else, so one of the names has to speak of tags."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign):
        target = statement.target
    else:
        return ""
    if not isinstance(target, ast.Name) or string_value(statement.value) != key:
        return ""
    words = map(str.lower, _WORD.findall(f"{around}.{target.id}"))
    speaks_of_tags = any(word.startswith("tag") or word.endswith("tags") for word in words)
    return target.id if target.id.isupper() and speaks_of_tags else ""


def find_literal_tag_keys(file: FileCalls, constants: TagConstants) -> Iterator[LiteralTagKey]:
    """Those in one file; none in tests, which compare with what is stored."""
    if is_test_path(file.names.path):
        return
    for node in sorted(_keys(file), key=lambda n: (n.lineno, n.col_offset)):
        constant = constants.of(str(node.value))
        if constant is not None:
            doubt = constants.doubt(file.names.path, constant)
            obstacle, doubt = _judge(file.names, node, constant, doubt)
            obstacle = obstacle or constants.obstacle(file.names.path, constant)
            yield LiteralTagKey(node, constant, obstacle, doubt)


def _keys(file: FileCalls) -> Iterator[ast.Constant]:
    for call in file.calls:
        if call.is_certain:
            yield from (n for n in _keys_of(call) if isinstance(n, ast.Constant) and _is_text(n))
    for node in file.names.document.index.strings:
        if _is_read(node, file.names):
            yield node


def _is_text(node: ast.Constant) -> bool:
    return isinstance(node.value, str)


def _keys_of(call: MlflowCall) -> Iterator[ast.expr]:
    kind = (call.kind, call.api)
    if kind in _KEYS:
        key = call.argument("key", _KEYS[kind])
        if key is not None:
            yield key
    elif kind in _TAGS:
        tags = call.argument("tags", _TAGS[kind])
        if isinstance(tags, ast.Dict):
            yield from (key for key in tags.keys if key is not None)


def _is_read(node: ast.Constant, names: FileNames) -> bool:
    """``run.data.tags["key"]`` or ``run.data.tags.get("key")``"""
    parent = names.parents.get(node)
    if isinstance(parent, ast.Subscript) and parent.slice is node:
        return _is_tags(parent.value)
    if isinstance(parent, ast.Call) and parent.args[:1] == [node]:
        func = parent.func
        return isinstance(func, ast.Attribute) and func.attr == "get" and _is_tags(func.value)
    return False


def _is_tags(node: ast.expr) -> bool:
    is_tags = isinstance(node, ast.Attribute) and node.attr == "tags"
    inner = node.value if isinstance(node, ast.Attribute) else None
    return is_tags and isinstance(inner, ast.Attribute) and inner.attr == "data"


def _judge(
    names: FileNames, node: ast.Constant, constant: TagConstant, doubt: str
) -> tuple[str, str]:
    """What stands in the way of the constant in the place of a key, and what is not proven."""
    word = constant.imported
    scope = names.scope_at(node)
    if constant.path != names.path:
        obstacle = _is_shadowed(names, node, word) or obstacle_to(names, constant.module, word)
        bound = [names.statement(part) for part in names.scopes.module.bindings.get(word, ())]
        if obstacle or (len(bound) == 1 and bound[0] in names.document.tree.body):
            is_late = bound and scope is names.scopes.module and node.lineno <= bound[0].lineno
            return obstacle or (f"{word} is imported further down" if is_late else ""), ""
        return (f"{word} is not imported in every case", "") if bound else ("", doubt)
    if scope is names.scopes.module and node.lineno <= constant.line:
        return f"{word} is defined further down", ""
    bindings = names.scopes.module.bindings.get(word, [])
    if len(bindings) != 1:
        return f"{word} is bound more than once", ""
    return _is_shadowed(names, node, word), ""


def _is_shadowed(names: FileNames, node: ast.Constant, word: str) -> str:
    scope = names.scope_at(node)
    owner = names.scopes.binding_scope(word, scope)
    return "" if owner in (None, names.scopes.module) else f"{word} means something else here"
