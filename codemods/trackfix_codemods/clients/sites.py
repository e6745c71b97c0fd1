"""The places of one file at which the client factory is to be called instead of the class."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from trackfix.project.clients.constructions import Construction
from trackfix.project.clients.factory import ClientFactory
from trackfix.project.clients.undefined import UndefinedName
from trackfix.project.facts.expressions import call_name, dotted, string_value
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import Statement
from trackfix.project.meaning.scopes import Scope
from trackfix.source.document import Edit
from trackfix_codemods.clients.arguments import argument_edits
from trackfix_codemods.imports.leftovers import left_without

_CALLED_LATER = frozenset({"default_factory", "handed-on", "kept", "partial"})
# The attribute by which what holds the class shows it, by the kind of form.
_SHOWN_AS = {"default_factory": "default_factory", "partial": "func"}


@dataclass(eq=False)
class Site:
    """One such place.

    ``target`` is the expression in whose stead the factory's name goes: what is called, or the
    value of the name that is called. ``anchors`` are the imports by which the file comes by the
    class. ``word`` is the name of the module that ``target`` is looked up by, ``whole`` tells that
    it is all of the target. ``origin`` is the module and name in which a run looks the class up
    then; None where that was done when the file was imported, in ``first_origin``. ``alias`` is the
    name of the module by which the factory will be called; ``is_mend`` tells that nothing defines
    the name so far, ``is_called_elsewhere`` that what is made of the target when the file is
    imported calls it later. ``doubt`` is what an unsafe run changes it in spite of.
    """

    names: FileNames
    line: int
    text: str
    target: ast.expr
    scope: Scope
    anchors: tuple[Statement, ...] = ()
    edits: list[Edit] = field(default_factory=list)
    word: str = ""
    whole: bool = False
    origin: tuple[str, str] | None = None
    first_origin: tuple[str, str] | None = None
    alias: str = ""
    is_mend: bool = False
    is_called_elsewhere: bool = False
    obstacle: str = ""
    doubt: str = ""

    @property
    def path(self) -> str:
        """The file."""
        return self.names.path

    @property
    def verbatim(self) -> bool:
        """Whether the arguments stay as they are written."""
        return not self.edits

    @property
    def is_late(self) -> bool:
        """Whether the name is looked up when a function runs, not when the file is imported."""
        return runs_late(self.scope)


def runs_late(scope: Scope) -> bool:
    """Whether code in a scope runs later than the file is imported."""
    current: Scope | None = scope
    while current is not None:
        if current.kind == "function":
            return True
        current = current.parent
    return False


def root_of(target: ast.expr) -> ast.Name | None:
    """The first word of an expression that means the class."""
    node: ast.expr = target
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            node = node.value
        elif call_name(node) == "getattr" and isinstance(node, ast.Call) and node.args:
            node = node.args[0]
        else:
            return None
    return node


def left_over(names: FileNames, sites: Iterable[Site]) -> list[tuple[str, Scope]]:
    """The imported names that nothing in the file uses once the sites have changed, with the
    scopes that bind them."""
    return left_without(names, [root for site in sites if (root := root_of(site.target))])


def construction_sites(
    names: FileNames,
    found: list[Construction],
    factory: ClientFactory,
    is_taken: Callable[[str], bool],
    *,
    unsafe: bool,
) -> Iterator[Site]:
    """The sites of the constructions of one file. ``is_taken`` tells whether other files use a
    name of this one."""
    callees = {id(item.callee) for item in found if not item.form.obstacle}
    for item in found:
        target, scope = item.callee, item.scope
        alias = _alias(names, item, callees, is_taken)
        if alias is not None:
            target, scope = alias
        site = Site(names, item.start[0], ast.unparse(item.callee), target, scope)
        if alias is not None and scope is names.scopes.module:
            site.alias = item.name
        site.is_called_elsewhere = item.form.kind in _CALLED_LATER and not site.is_late
        site.edits, site.obstacle = argument_edits(
            item.document, item.callee, item.arguments, item.keywords, factory
        )
        site.obstacle = _form_problem(names, item, factory, unsafe) or site.obstacle
        if alias is not None:
            site.obstacle = site.obstacle or _declared(site, target)
        site.obstacle = site.obstacle or _defaulting(target)
        doubt = factory.doubt
        if doubt and not unsafe:
            site.obstacle = site.obstacle or f"unsafe: {doubt}"
        _trace(site, item.imports)
        yield site


def lookup(names: FileNames, found: Construction) -> tuple[str, str] | None:
    """The module, by its path if it is this file, and the name in which a run looks the class up
    for a construction; None when that was done before."""
    site = Site(names, found.start[0], "", found.callee, found.scope)
    _trace(site, found.imports)
    if site.word and site.whole and site.is_late:
        return names.path, site.word
    return site.origin


def first_lookup(names: FileNames, found: Construction) -> tuple[str, str] | None:
    """The same for the look-up when the file was imported; None when there is none."""
    site = Site(names, found.start[0], "", found.callee, found.scope)
    _trace(site, found.imports)
    return site.first_origin


def mending_sites(
    names: FileNames, found: list[UndefinedName], factory: ClientFactory
) -> Iterator[Site]:
    """The sites of undefined names that the factory can stand for."""
    for item in found:
        site = Site(names, item.start[0], item.name, item.use.node, item.use.scope, is_mend=True)
        if item.is_client:
            if item.call is None:
                continue
            site.edits, site.obstacle = argument_edits(
                item.document,
                item.use.node,
                tuple(item.call.args),
                tuple(item.call.keywords),
                factory,
            )
            site.word = item.name
            site.whole = True
        elif item.name != factory.name:
            continue
        yield site


def _form_problem(
    names: FileNames, item: Construction, factory: ClientFactory, unsafe: bool
) -> str:
    """Why the factory can't stand where the class does; empty when it can."""
    kind = item.form.kind
    if item.form.obstacle:
        return item.form.obstacle
    mirrors = factory.signature is not None and factory.signature.mirrors_class
    if kind == "kept" and not unsafe:
        return "unsafe: what keeps the class may be asked for it"
    if kind in ("handed-on", "kept") and not mirrors:
        return f"it is not known with which arguments {factory.name} would be called"
    if kind == "partial" and not (mirrors or unsafe):
        return f"unsafe: it is not known which arguments {factory.name} would get later"
    asker = "" if unsafe else _asker(names, item)
    return f"unsafe: {asker} may ask for the class by .{_SHOWN_AS[kind]}" if asker else ""


def _asker(names: FileNames, item: Construction) -> str:
    """The file that may ask what holds the class for it: ``make.func``."""
    word = _SHOWN_AS.get(item.form.kind)
    if word is None:
        return ""
    shown = rf"\.{word}\b"
    assignment = names.parents.get(item.form.call) if item.form.call else None
    if item.form.kind == "partial" and isinstance(assignment, ast.Assign):
        # Without a name of its own it may be asked by any.
        shown = rf"\b{(dotted(assignment.targets[0]) or '').rpartition('.')[2]}{shown}"
    pattern = re.compile(shown.encode())
    project = names.meanings.project
    module = (project.primary_name(names.path) or "").rpartition(".")[2]
    files = project.facts.holding_all([module.encode(), word.encode()]) | {names.path}
    return next((p for p in sorted(files) if pattern.search(project.read_if_possible(p))), "")


def _alias(
    names: FileNames, item: Construction, callees: set[int], is_taken: Callable[[str], bool]
) -> tuple[ast.expr, Scope] | None:
    """The value of the name that is called, and its scope, when the name may stand for the
    factory from now on: ``Client = MlflowClient``, used for nothing but constructions."""
    owner = item.bound_in
    if owner is None or not isinstance(item.callee, ast.Name) or len(item.bindings) != 1:
        return None
    node = item.bindings[0]
    assignment = names.parents.get(node)
    value = _assigned(assignment, node)
    root = root_of(value) if value is not None else None
    if value is None or root is None or not isinstance(assignment, (ast.Assign, ast.AnnAssign)):
        return None
    if any(id(use.node) not in callees for use in names.scopes.uses_of(item.name, owner)):
        return None
    if owner is names.scopes.module and is_taken(item.name):
        return None
    scope = names.scopes.statement_scopes[assignment]
    holder = names.scopes.binding_scope(root.id, scope)
    nodes = holder.bindings[root.id] if holder is not None else []
    if not all(isinstance(n, (ast.Import, ast.ImportFrom)) for n in nodes):
        return None
    return value, scope


def _assigned(assignment: ast.AST | None, target: ast.AST) -> ast.expr | None:
    """The value that a statement gives to one name only."""
    if isinstance(assignment, ast.Assign):
        return assignment.value if assignment.targets == [target] else None
    if isinstance(assignment, ast.AnnAssign):
        return assignment.value if assignment.target is target else None
    return None


def _declared(site: Site, alias: ast.expr) -> str:
    """Whether a name that is to mean the factory is declared to be a class."""
    assignment = site.names.statement(alias)
    if not isinstance(assignment, ast.AnnAssign):
        return ""
    words = {getattr(n, "id", getattr(n, "attr", "")) for n in ast.walk(assignment.annotation)}
    is_class = "Callable" not in words and "Any" not in words
    return f"{ast.unparse(assignment.target)} is declared to be a class" if is_class else ""


def _defaulting(target: ast.expr) -> str:
    """Whether the class may be missing where it is looked up: ``getattr(mlflow, name, None)``."""
    has_default = isinstance(target, ast.Call) and len(target.args) > 2
    return "getattr has a default for where the class is missing" if has_default else ""


def _trace(site: Site, imports: tuple[Statement, ...]) -> None:
    """Fill in by which imports and names the target means the class."""
    names, scopes = site.names, site.names.scopes
    target, scope = _source(names, site.target, site.scope)
    root = root_of(target) if target is not None else None
    if target is None or root is None:
        site.obstacle = site.obstacle or "it is not known how the class comes here"
        return
    owner = scopes.binding_scope(root.id, scope)
    nodes = owner.bindings[root.id] if owner is not None else []
    bound = [n for n in nodes if isinstance(n, (ast.Import, ast.ImportFrom))]
    bound = [n for n in bound if not names.is_for_checkers(n)]
    site.anchors = tuple(bound) or imports
    if any(scope.elsewhere.get(root.id) for scope in scopes.all):
        site.obstacle = site.obstacle or f"{root.id} is bound in more than one way"
    if owner is None or owner is scopes.module:
        site.word = root.id
        site.whole = isinstance(target, ast.Name)
    found = _origin(site, target, scope, bound)
    if runs_late(scope) and not (site.word and site.whole):
        site.origin = found
    else:
        site.first_origin = found


def _source(names: FileNames, target: ast.expr, scope: Scope) -> tuple[ast.expr | None, Scope]:
    """The expression, and its scope, in which a run looks the class up for a target: the value of
    a variable of a function. None where a variable may get it in several ways."""
    seen: set[ast.expr] = set()
    while isinstance(target, ast.Name):
        owner = names.scopes.binding_scope(target.id, scope)
        nodes = owner.bindings[target.id] if owner is not None else []
        if owner is None or owner.kind != "function" or not isinstance(nodes[0], ast.Name):
            break
        value = _assigned(names.parents[nodes[0]], nodes[0])
        if value is None or value in seen or len(nodes) > 1:
            return None, scope
        seen.add(value)
        target, scope = value, owner
    return target, scope


def _origin(
    site: Site, target: ast.expr, scope: Scope, bound: list[Statement]
) -> tuple[str, str] | None:
    """The module and the name in which the class is looked up, at last or by an import."""
    names = site.names
    if isinstance(target, ast.Name):
        statement = next(iter(bound or site.anchors), None)
        if not isinstance(statement, ast.ImportFrom):
            return None
        module = names.target(statement)
        taken = (a.name for a in statement.names if (a.asname or a.name) == target.id)
        # A star import takes it by its own name.
        return (_file_of(names, module), next(taken, target.id)) if module else None
    owner = target.value if isinstance(target, ast.Attribute) else None
    word = target.attr if isinstance(target, ast.Attribute) else ""
    if isinstance(target, ast.Call):
        owner, word = target.args[0], string_value(target.args[1]) or ""
    found = names.of(owner, scope)
    is_module = found is not None and not found.name
    return (_file_of(names, found.module), word) if found is not None and is_module else None


def _file_of(names: FileNames, module: str) -> str:
    """The path of a module of the project, the name of any other."""
    found = names.meanings.project.find(module, names.path)
    return found.path if found is not None and found.path else module
