"""Reads of a client's name in scopes where nothing defines it: a ``NameError`` to come."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from trackfix.project.clients.constructions import Clients, qualified_name
from trackfix.project.facts.expressions import call_name, dotted
from trackfix.project.facts.runtime import hands_on_globals, sets_names_itself
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import CLASS_MODULES, CLASS_NAME, NOTHING
from trackfix.project.meaning.scopes import Scope, Scopes, Use
from trackfix.project.placed import Placed
from trackfix.source.document import Document
from trackfix.source.patterns import lazy_pattern

# What runs other code among the names of this module, in notebooks and as Databricks' comments.
_RUNS_CODE = lazy_pattern(
    r"^[ \t]*(?:#[ \t]*MAGIC[ \t]+)?%(?:run|load|loadpy|pylab|store|cat)\b|run_line_magic",
    re.MULTILINE,
)
_NAMESPACES = frozenset({"globals", "vars", "locals", "dir"})


@dataclass(frozen=True, eq=False)
class UndefinedName(Placed):
    """A read of a name that nothing defines; ``call`` is the call of it, if it is called.

    ``evidence`` tells what comes closest to a definition. ``is_client`` tells the class from the
    factory.
    """

    document: Document
    scopes: Scopes
    use: Use
    call: ast.Call | None
    function: str
    evidence: str

    @property
    def name(self) -> str:
        """The name."""
        return self.use.name

    @property
    def is_client(self) -> bool:
        """Whether it is the name of mlflow's class."""
        return self.name == CLASS_NAME

    @property
    def span(self) -> tuple[int, int]:
        """The offsets of the name."""
        return self.use.start, self.use.ends[0]


def find_undefined(clients: Clients, path: str, words: Collection[str]) -> list[UndefinedName]:
    """The reads of ``words`` in one file that nothing defines, in the order of the text."""
    names = clients.file(path, words)
    if names is None:
        return []
    found = []
    for word in words:
        undefined = [
            _undefined(names, use, evidence)
            for use in names.scopes.uses
            if use.name == word and (evidence := _why(names, use)) and not _is_expected(names, use)
        ]
        # What this asks of other files takes longer than all else.
        if undefined and not _may_appear(clients, names, word):
            found += undefined
    return sorted(found, key=lambda item: item.span)


def find_listed(clients: Clients, path: str, words: Collection[str]) -> list[ast.Constant]:
    """The entries of ``__all__`` among ``words`` that nothing in the module binds: at them
    ``from module import *`` fails."""
    names = clients.file(path, words)
    exports = names.facts.exports if names is not None else None
    if names is None or exports is None:
        return []
    missing = {
        word
        for word in words
        if word in exports.names
        and word not in names.scopes.module.bindings
        and word not in names.facts.bindings
        and not (names.facts.opaque or names.facts.delegates or names.facts.aliases)
        and clients.project.find(f"{names.module}.{word}", path) is None
        and not _may_appear(clients, names, word)
    }
    return [
        string
        for string in (names.document.index.strings if missing else ())
        if string.value in missing
        and (statement := names.statement(string)) in names.document.tree.body
        and _makes_all(statement)
    ]


def _makes_all(statement: ast.stmt) -> bool:
    """Whether a statement makes ``__all__`` of a list, or adds one to it, as it is written."""
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, (ast.AnnAssign, ast.AugAssign)):
        targets = [statement.target]
    else:
        return False
    is_list = isinstance(statement.value, (ast.List, ast.Tuple))
    return is_list and [dotted(target) for target in targets] == ["__all__"]


def _undefined(names: FileNames, use: Use, evidence: str) -> UndefinedName:
    called = not use.chain and isinstance(use.parent, ast.Call) and use.parent.func is use.node
    call = use.parent if called and isinstance(use.parent, ast.Call) else None
    function = qualified_name(use.scope)
    return UndefinedName(names.document, names.scopes, use, call, function, evidence)


def _may_appear(clients: Clients, names: FileNames, word: str) -> bool:
    """Whether the name can come to be in the module in a way that is no binding in its text."""
    facts = names.facts
    if facts.overwrites or word in facts.rebound_globals or word in names.document.magic_words:
        return True
    if any(scope.elsewhere.get(word) for scope in names.scopes.all):
        return True
    text = names.document.text
    if ("%" in text or "_magic" in text) and _RUNS_CODE.search(text):
        return True
    # Such as ``globals()["name"] = ...``, which is no binding of a scope.
    set_at_run = any(b.guard != "type-checking" for b in facts.bindings.get(word, ()))
    if set_at_run and word not in names.scopes.module.bindings:
        return True
    if any(_star_may_give(names, target, word) for _, target in names.star_modules()):
        return True
    calls = names.document.index.calls
    if any(call_name(c) == "exec" or hands_on_globals(c) or sets_names_itself(c) for c in calls):
        return True
    if any(isinstance(part, ast.Subscript) for part in _namespace_uses(names)):
        return True
    asked = (s for s in names.document.index.strings if s.value == word)
    if any(isinstance(names.parents.get(s), ast.Compare) for s in asked):
        return True
    return clients.meanings.patched(names.module, word) or clients.is_builtin(word)


def _namespace_uses(names: FileNames) -> Iterator[ast.AST | None]:
    """What is done with ``globals()`` and the like: ``globals()[name] = value``."""
    for call in names.document.index.calls:
        if call_name(call) in _NAMESPACES and not call.args:
            parent = names.parents.get(call)
            if isinstance(parent, ast.Subscript) and not isinstance(parent.ctx, ast.Load):
                yield parent


def _star_may_give(names: FileNames, target: str, word: str) -> bool:
    if target.partition(".")[0] == "mlflow" and names.meanings.project.find(target) is None:
        return word == CLASS_NAME and target in CLASS_MODULES
    if names.meanings.star_member(target, word, names.path) != NOTHING:
        return True
    is_ours = names.meanings.project.find(target, names.path) is not None
    return is_ours and names.meanings.resolver.star_names(target, names.path) is None


def _why(names: FileNames, use: Use) -> str:
    """Why a use finds no definition; empty when it may find one."""
    scopes = names.scopes
    owner = scopes.binding_scope(use.name, use.scope)
    if owner is None:
        if use.quoted or _is_lazy_annotation(names, use):
            return ""
        return _elsewhere(names, use.name)
    nodes = owner.bindings[use.name]
    deletion = _deleted(names, use, owner, nodes)
    if deletion:
        return deletion
    if use.quoted or _is_annotation(names, use) or names.is_for_checkers(use.node):
        return ""
    imports = [node for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))]
    if len(imports) == len(nodes) and all(names.is_for_checkers(node) for node in imports):
        return f"line {names.line(imports[0])} imports it for type checkers only"
    return ""


def _elsewhere(names: FileNames, word: str) -> str:
    """Where else in the file the name is imported, or that nothing binds it here."""
    for scope in names.scopes.all:
        for node in scope.bindings.get(word, ()):
            if isinstance(node, (ast.Import, ast.ImportFrom)) and not names.is_for_checkers(node):
                where = qualified_name(scope)
                return f"it is imported in {where} only (line {names.line(node)})"
    return "nothing in scope binds it"


def _deleted(names: FileNames, use: Use, owner: Scope, nodes: list[ast.AST]) -> str:
    """Whether the last thing that happens to a name before a use of it is a ``del``, with nothing
    around the two that could make it otherwise."""
    deletions = [n for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Del)]
    if not deletions:
        return ""
    last = deletions[-1]
    statement = names.parents[last]
    body = getattr(owner.node, "body", ())
    if statement not in body or any(
        getattr(node, "lineno", 0) > last.lineno for node in nodes if node is not last
    ):
        return ""
    later = body[body.index(statement) + 1 :]
    current: ast.AST | None = use.node
    while current is not None and current not in later:
        current = names.parents.get(current)
    return f"it is deleted in line {names.line(last)}" if current is not None else ""


def _is_annotation(names: FileNames, use: Use) -> bool:
    inner: ast.AST = use.node
    outer = names.parents.get(inner)
    while outer is not None and not isinstance(inner, ast.stmt):
        if isinstance(outer, (ast.arg, ast.AnnAssign)) and outer.annotation is inner:
            return True
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)) and outer.returns is inner:
            return True
        inner, outer = outer, names.parents.get(outer)
    return False


def _is_lazy_annotation(names: FileNames, use: Use) -> bool:
    """Whether a use stands in an annotation that a run may never evaluate."""
    if not _is_annotation(names, use):
        return False
    of_local = isinstance(names.statement(use.node), ast.AnnAssign) and use.scope.kind == "function"
    future = any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
        for node in names.document.tree.body[:5]
    )
    return of_local or future


def _is_expected(names: FileNames, use: Use) -> bool:
    """Whether the code around a use is never executed, or expects the name to be missing."""
    if names.is_for_checkers(use.node):
        return True
    inner: ast.AST = use.node
    outer = names.parents.get(inner)
    while outer is not None:
        if isinstance(outer, ast.Try) and inner in outer.body:
            if any(_catches(handler, inner) for handler in outer.handlers):
                return True
        elif isinstance(outer, (ast.With, ast.AsyncWith)) and inner in outer.body:
            caught = {
                dotted(argument)
                for item in outer.items
                if isinstance(item.context_expr, ast.Call)
                for argument in item.context_expr.args
            }
            if caught & {"NameError", "UnboundLocalError"}:
                return True
        elif isinstance(outer, ast.If) and inner in outer.body and _is_false(outer.test):
            return True
        inner, outer = outer, names.parents.get(outer)
    return False


def _catches(handler: ast.ExceptHandler, tried: ast.AST) -> bool:
    """Whether a handler is there for the missing name."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    caught = {(dotted(kind) or "").rpartition(".")[2] if kind else "" for kind in kinds}
    if caught & {"NameError", "UnboundLocalError"}:
        return True
    # ``try: name`` asks for nothing but whether the name is there.
    only_asks = isinstance(tried, ast.Expr) and isinstance(tried.value, ast.Name)
    return only_asks and bool(caught & {"", "Exception", "BaseException"})


def _is_false(test: ast.expr) -> bool:
    return isinstance(test, ast.Constant) and not test.value
