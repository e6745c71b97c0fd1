"""Who names what a module holds: patches in tests, attributes, imports, by strings or directly."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping

from trackfix.project.clients.constructions import Clients
from trackfix.project.facts.expressions import call_name, string_value
from trackfix.project.files_with_words import files_with
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import CLASS_MODULES
from trackfix.project.meaning.scopes import Use, plain_string_span
from trackfix.project.project import Project
from trackfix.project.references.string_contexts import is_target, target_calls
from trackfix.source.patterns import lazy_pattern
from trackfix_codemods.clients.built_texts import text_of, whole_of
from trackfix_codemods.clients.reference import Reference
from trackfix_codemods.clients.sites import runs_late

_DOTTED = lazy_pattern(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_WITH_NAME = frozenset({"object", "setattr", "delattr", "spy", "stub", "getattr", "hasattr"})
_READS = frozenset({"getattr", "hasattr"})
# By which keyword, or as which first argument, a call takes a text only to show or to match it.
_LABELS = frozenset({"name", "match", "id", "msg"})
_LABELLED = lazy_pattern(r".*Mock|create_autospec|param|raises|warns|fail|skip|xfail")
_NAMING = frozenset({"type", "namedtuple", "getLogger", "get_logger"})
# What holds the names of a module by text: ``module.__dict__``, ``function.__globals__``.
_NAMESPACES = frozenset({"__dict__", "__globals__"})

Wanted = Mapping[str, Collection[str]]


def find_references(clients: Clients, wanted: Wanted) -> list[Reference]:
    """The references of a project to the names ``wanted`` of modules."""
    words = frozenset(name for found in wanted.values() for name in found)
    fragment = re.compile(rf"(?:^|\W)(?:{'|'.join(map(re.escape, sorted(words)))})$")
    found: list[Reference] = []
    for path in _files_naming(clients.project, words):
        names = clients.meanings.file(path)
        if names is not None:
            finder = _Finder(clients, names, wanted, words, fragment)
            found += sorted(finder.run(), key=lambda reference: reference.offset)
    return found


def _files_naming(project: Project, words: Collection[str]) -> Iterator[str]:
    """The files that may take one of ``words`` from a module: as an attribute, in a string, by a
    keyword, as an import. Where a name is only bound and read, nobody else's is meant."""
    named = "|".join(map(re.escape, sorted(words))).encode()
    pattern = re.compile(rb"[.\"'](?:" + named + rb")\b|\b(?:" + named + rb")\s*=")
    for path in files_with(project, words):
        taken = {name for statement in project.facts[path].imports for name in statement.names}
        if not taken.isdisjoint({"*", *words}) or pattern.search(project.read(path)):
            yield path


class _Finder:
    """Finds those of one file. ``words`` are the names of all modules, ``fragment`` what a text is
    like that ends with one."""

    def __init__(
        self,
        clients: Clients,
        names: FileNames,
        wanted: Wanted,
        words: frozenset[str],
        fragment: re.Pattern[str],
    ) -> None:
        self.clients = clients
        self.names = names
        self.wanted = wanted
        self.words = words
        self.fragment = fragment
        self.quoted = {use.start for use in names.scopes.uses if use.quoted}

    def run(self) -> Iterator[Reference]:
        docstrings = {id(node) for node in self.names.document.index.docstrings}
        for node in self.names.document.index.strings:
            if id(node) not in docstrings and isinstance(node.value, str):
                yield from self.string(node, node.value)
        for call in self.names.document.index.calls:
            yield from self.keywords(call)
        for use in self.names.scopes.uses:
            if not use.quoted and not self.words.isdisjoint(use.attributes):
                yield from self.attribute(use)
        for statement, scope in self.names.scopes.statement_scopes.items():
            target = self.names.target(statement) if isinstance(statement, ast.ImportFrom) else None
            if not isinstance(statement, ast.ImportFrom) or target is None:
                continue
            key = self.key(target)
            starred = statement.names[0].name == "*"
            for name in self.wanted.get(key, ()) if key != self.names.path else ():
                if starred or any(alias.name == name for alias in statement.names):
                    offset = self.names.document.span(statement)[0]
                    late = runs_late(scope)
                    yield Reference(self.names, statement, offset, "import", key, name, late=late)

    def key(self, module: str) -> str:
        found = self.clients.project.find(module, self.names.path)
        return found.path if found is not None and found.path else module

    def is_wanted(self, module: str, name: str) -> bool:
        return name in self.wanted.get(module, ())

    # Strings

    def string(self, node: ast.Constant, text: str) -> Iterator[Reference]:
        ends = self.fragment.search(text) is not None and not any(map(str.isspace, text))
        whole = whole_of(self.names, node)
        if whole is not node:
            yield from self.ending(node, text, whole) if ends else ()
        elif text in self.words:
            span = plain_string_span(self.names.document, node)
            is_type = span is not None and span[0] in self.quoted
            parent = self.names.parents[node]
            is_known = is_type or self.is_of_doubles(parent) or _is_equated(parent)
            if not (is_known or _is_label(node, parent, self.names.parents)):
                yield from self.second_argument(node, text)
        elif _DOTTED.fullmatch(text) and not self.words.isdisjoint(text.split(".")):
            span = plain_string_span(self.names.document, node)
            calls = target_calls(node, self.names.parents, self.names.scopes)
            yield from self.dotted(node, text.split("."), span, calls)
        elif ends:
            yield from self.built(node, re.split(r"\W", text)[-1])

    def ending(self, node: ast.Constant, text: str, whole: ast.expr) -> Iterator[Reference]:
        """The end of a text that is put together."""
        known = text_of(self.names, whole)
        words = (known or text).split(".")
        if known is None and "mlflow" in words[1:-1]:
            # Whatever module it starts with, in the end the name is taken from mlflow.
            words = words[words.index("mlflow", 1) :]
        elif known is None or not _DOTTED.fullmatch(known):
            yield from self.built(node, re.split(r"\W", text)[-1])
            return
        call = self.names.parents.get(whole)
        calls = (
            [call] if isinstance(call, ast.Call) and is_target(whole, self.names.parents) else []
        )
        yield from self.dotted(node, words, None, calls, _end_of(self.names, whole, words[-1]))

    def built(
        self, node: ast.expr, name: str, kind: str = "built", module: str = ""
    ) -> Iterator[Reference]:
        offset = self.names.document.span(node)[0]
        yield Reference(self.names, node, offset, kind, module, name, certain=False)

    def entry(self, node: ast.expr, name: str, spaces: list[ast.expr]) -> Iterator[Reference]:
        """A name that may be an entry of each of ``spaces``, the names of modules."""
        module = self.holder(spaces[0]) if len(spaces) == 1 else ""
        yield from self.built(node, name, "unknown" if spaces else "built", module)

    def holder(self, namespace: ast.expr) -> str:
        """The module whose names ``module.__dict__`` or ``vars(module)`` is; empty if not known."""
        asked: ast.expr | None = None
        if isinstance(namespace, ast.Call) and call_name(namespace) == "vars":
            asked = namespace.args[0] if namespace.args else None
        elif isinstance(namespace, ast.Attribute) and namespace.attr == "__dict__":
            asked = namespace.value
        found = self.names.of(asked, self.names.scope_at(asked)) if asked is not None else None
        return self.key(found.module) if found is not None and not found.name else ""

    def dotted(
        self,
        node: ast.Constant,
        parts: list[str],
        span: tuple[int, int] | None,
        calls: list[ast.Call],
        last: tuple[int, int] | None = None,
    ) -> Iterator[Reference]:
        """A dotted name that stands at ``span``, or of which only the ``last`` part is known to
        stand somewhere, with the calls that it is the target of."""
        is_type = span is not None and span[0] in self.quoted
        steps = list(self.steps(parts))
        if not steps and parts[-1] in self.words and not is_type:
            yield from self.built(node, parts[-1])
        for module, name, position in steps:
            if not self.is_wanted(module, name):
                continue
            end = len(".".join(parts[: position + 1]))
            place = (span[0] + end - len(name), span[0] + end) if span is not None else None
            if position == len(parts) - 1:
                place = place or last
            is_last = position == len(parts) - 1 and not is_type
            for call in calls or (None,):
                yield Reference(
                    self.names,
                    node,
                    self.names.document.span(node)[0],
                    "patch" if is_last else "below",
                    module,
                    name,
                    place,
                    span[0] if span is not None else 0,
                    call,
                    certain=bool(calls) or is_type,
                )

    def steps(self, parts: list[str]) -> Iterator[tuple[str, str, int]]:
        """The modules on the way of a dotted name, what is taken from each, and where."""
        project, path = self.clients.project, self.names.path
        for count in range(len(parts) - 1, 0, -1):
            module = ".".join(parts[:count])
            found = project.find(module, path)
            if (found is not None and found.path) or module in CLASS_MODULES:
                break
        else:
            return
        for position in range(count, len(parts)):
            yield self.key(module), parts[position], position
            meaning = self.clients.meanings.member(module, parts[position], path)
            if meaning is None or meaning.name or not meaning.module:
                return
            module = meaning.module

    def is_of_doubles(self, node: ast.AST) -> bool:
        """``doubles["name"]``, where ``patch.multiple`` gives the doubles."""
        if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load):
            return False
        name = node.value.id if isinstance(node.value, ast.Name) else ""
        scopes = self.names.scopes
        owner = scopes.binding_scope(name, self.names.scope_at(node))
        bound = owner.bindings.get(name, ()) if owner is not None else ()
        return bool(bound) and all(_is_given_doubles(n, self.names.parents) for n in bound)

    def second_argument(self, node: ast.Constant, name: str) -> Iterator[Reference]:
        """``patch.object(module, "name")`` and the like."""
        call = self.names.parents.get(node)
        function = call.func if isinstance(call, ast.Call) else None
        last = function.attr if isinstance(function, ast.Attribute) else call_name(call)
        if not isinstance(call, ast.Call) or call.args[1:2] != [node] or last not in _WITH_NAME:
            yield from self.entry(node, name, self.namespaces(node))
            return
        scope = self.names.scope_at(call)
        owner = self.names.of(call.args[0], scope)
        if owner is None:
            yield from self.built(node, name, "unknown")
        elif not owner.name and self.is_wanted(self.key(owner.module), name):
            kind = "read" if last in _READS else "patch"
            offset = self.names.document.span(node)[0]
            span = plain_string_span(self.names.document, node)
            yield Reference(
                self.names, node, offset, kind, self.key(owner.module), name, span, call=call
            )

    def namespaces(self, node: ast.Constant) -> list[ast.expr]:
        """The names of modules that a string is a key of, or may be: ``module.__dict__[name]``,
        ``setitem(function.__globals__, name, value)``."""
        parent = self.names.parents.get(node)
        if isinstance(parent, ast.Subscript):
            return [parent.value] if _is_namespace(parent.value) else []
        while isinstance(parent, (ast.Dict, ast.keyword)):
            parent = self.names.parents.get(parent)
        if isinstance(parent, (ast.Assign, ast.AnnAssign)):
            calls = map(self.call_with, self.uses_of_assigned(parent))
            return [space for call in calls if call is not None for space in _namespaces_of(call)]
        return _namespaces_of(parent) if isinstance(parent, ast.Call) else []

    def uses_of_assigned(self, statement: ast.Assign | ast.AnnAssign) -> Iterator[Use]:
        """Where the names are read that a statement gives a value."""
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            if isinstance(target, ast.Name):
                scopes = self.names.scopes
                owner = scopes.binding_scope(target.id, self.names.scope_at(target))
                yield from scopes.uses_of(target.id, owner) if owner is not None else ()

    def call_with(self, use: Use) -> ast.Call | None:
        """The call that is given what a name holds, as it is or spread out."""
        parent = self.names.parents.get(use.node)
        while isinstance(parent, (ast.Dict, ast.keyword)):
            parent = self.names.parents.get(parent)
        return parent if isinstance(parent, ast.Call) else None

    def keywords(self, call: ast.Call) -> Iterator[Reference]:
        """``patch.multiple(module, name=...)``: the test gets the double by this name. Other calls
        may do the same, such as ``vars(module).update(name=...)``."""
        for keyword in call.keywords:
            name = keyword.arg
            if name is None or name not in self.words:
                continue
            module = self.owner(call)
            if module is None:
                if (call_name(call) or "").endswith("multiple"):
                    yield from self.built(keyword.value, name, "unknown")
                else:
                    yield from self.entry(keyword.value, name, _namespaces_of(call))
            elif self.is_wanted(self.key(module), name):
                offset = self.names.document.span(call)[0]
                yield Reference(
                    self.names, call, offset, "patch", self.key(module), name, call=call
                )

    def owner(self, call: ast.Call) -> str | None:
        """The module in which ``patch.multiple`` replaces names; None when it is not known."""
        if (call_name(call) or "").rpartition(".")[2] != "multiple" or not call.args:
            return None
        scope = self.names.scope_at(call)
        found = self.names.of(call.args[0], scope)
        return string_value(call.args[0]) or (found.module if found is not None else None)

    # Attributes

    def attribute(self, use: Use) -> Iterator[Reference]:
        found = self.names.of_name(use.name, use.scope)
        for depth, node in enumerate(use.chain):
            if found is None or found.name or not found.module:
                return
            key = self.key(found.module)
            if self.is_wanted(key, node.attr) and key != self.names.path:
                end = use.ends[depth + 1]
                kind = "read" if isinstance(node.ctx, ast.Load) else "assign"
                yield Reference(
                    self.names,
                    use.node,
                    use.start,
                    kind,
                    key,
                    node.attr,
                    (end - len(node.attr), end),
                    use=use,
                    late=runs_late(use.scope),
                )
            found = self.clients.meanings.member(found.module, node.attr, self.names.path)


def _end_of(names: FileNames, whole: ast.expr, name: str) -> tuple[int, int] | None:
    """Where a name stands at the end of a text that is put together; None if not in one piece."""
    part = whole
    while isinstance(part, (ast.BinOp, ast.JoinedStr)):
        part = part.right if isinstance(part, ast.BinOp) else part.values[-1]
    if not isinstance(part, ast.Constant):
        return None
    # Before Python 3.12 a part of an f-string has the place of the whole of it.
    start, end = names.document.span(part)
    text = names.document.code[start:end].rstrip("\"'")
    return (start + len(text) - len(name), start + len(text)) if text.endswith(name) else None


def _namespaces_of(call: ast.Call) -> list[ast.expr]:
    """What may be the names of a module, of what a call is made with."""
    owner = [call.func.value] if isinstance(call.func, ast.Attribute) else []
    return list(filter(_is_namespace, (*owner, *call.args)))


def _is_namespace(node: ast.AST) -> bool:
    """Whether an expression may be the dictionary of a module's names."""
    if isinstance(node, ast.Attribute):
        return node.attr in _NAMESPACES
    if isinstance(node, ast.Constant):
        return str(node.value).rpartition(".")[2] in _NAMESPACES
    return call_name(node) in ("vars", "globals")


def _is_equated(node: ast.AST) -> bool:
    """``kind.__name__ == "name"``, which takes nothing from anywhere."""
    return isinstance(node, ast.Compare) and all(
        isinstance(operator, (ast.Eq, ast.NotEq)) for operator in node.ops
    )


def _is_given_doubles(bound: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """``with patch.multiple(...) as doubles``; ``**doubles`` of what is decorated by that."""
    parent = parents.get(bound)
    if isinstance(parent, ast.withitem):
        return _is_multiple(parent.context_expr)
    if not isinstance(parent, ast.arguments) or parent.kwarg is not bound:
        return False
    return any(map(_is_multiple, getattr(parents.get(parent), "decorator_list", ())))


def _is_multiple(call: ast.expr) -> bool:
    return (call_name(call) or "").rpartition(".")[2] == "multiple"


def _is_label(node: ast.Constant, parent: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """``Mock(name="name")``, ``type("name", (), {})``: nothing goes by that name."""
    call = parents.get(parent) if isinstance(parent, ast.keyword) else parent
    last = (call_name(call) or "").rpartition(".")[2]
    if isinstance(parent, ast.keyword):
        return parent.arg in _LABELS and _LABELLED.fullmatch(last) is not None
    return isinstance(call, ast.Call) and call.args[:1] == [node] and last in _NAMING
