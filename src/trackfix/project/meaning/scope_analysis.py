"""Reads the scopes of a module, and which binding each name in it means."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from trackfix.project.facts.expressions import call_name, dotted
from trackfix.project.meaning.scopes import Scope, Scopes, Use, plain_string_span
from trackfix.source.document import Document
from trackfix.source.errors import TOO_DEEP
from trackfix.source.syntax_index import children


def analyse(document: Document) -> Scopes:
    """The scopes of a document, found once as long as it is kept.

    Raises:
        SourceError: it is no Python, or nested too deeply.
    """
    return document.analysis(analyse, lambda: _analysed(document))


def _analysed(document: Document) -> Scopes:
    visitor = _Visitor(document)
    found = visitor.run()
    if _in_place(document, visitor.formatted):
        return found
    document.parse_exactly()
    return _Visitor(document).run()


def _in_place(document: Document, uses: Iterable[Use]) -> bool:
    return all(
        document.code.startswith(use.name, use.start) or not use.name.isascii() for use in uses
    )


def unused_imports(document: Document) -> set[str]:
    """Names that the module imports at top level and never reads."""
    return _imports(document, used=False)


def used_imports(document: Document) -> set[str]:
    """Names that the module imports at top level and reads itself."""
    return _imports(document, used=True)


def _imports(document: Document, *, used: bool) -> set[str]:
    scopes = analyse(document)
    read = {use.name for use in scopes.uses}
    return {
        name
        for name, nodes in scopes.module.bindings.items()
        if (name in read) is used
        and all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in nodes)
    }


class _Visitor:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.tree = document.tree
        self.module = Scope("module", self.tree, None)
        self.scope = self.module
        self.all = [self.module]
        self.uses: list[Use] = []
        self.early: list[Use] = []  # those of names that the class has not bound yet
        self.formatted: list[Use] = []  # those within f-strings, which may be misplaced
        self.statement_scopes: dict[ast.stmt, Scope] = {}
        self.star_imports = False
        self.base: int | None = None

    def run(self) -> Scopes:
        for statement in self.tree.body:
            self.visit(statement, self.tree)
        return Scopes(self.module, self.uses, self.all, self.statement_scopes, self.star_imports)

    def visit(self, node: ast.AST | None, parent: ast.AST | None) -> None:
        if node is None:
            return
        if isinstance(node, ast.stmt):
            self.statement_scopes[node] = self.scope
        method = _METHODS.get(type(node))
        if method is not None:
            method(self, node, parent)
        else:
            self.children(node)

    def children(self, node: ast.AST) -> None:
        """Visit what is below a node. What only holds others does so without recursion: hundreds of
        operators, or of ``elif``, are nested as deeply."""
        waiting = [(child, node) for child in reversed(children(node))]
        while waiting:
            child, parent = waiting.pop()
            if isinstance(child, ast.stmt):
                self.statement_scopes[child] = self.scope
            method = _METHODS.get(type(child))
            if method is not None:
                method(self, child, parent)
            else:
                waiting += [(inner, child) for inner in reversed(children(child))]

    def visit_Constant(self, node: ast.Constant, parent: ast.AST | None) -> None:
        """Binds and reads nothing."""

    def visit_JoinedStr(self, node: ast.JoinedStr, parent: ast.AST | None) -> None:
        first = len(self.uses)
        self.children(node)
        self.formatted += self.uses[first:]

    def visit_all(self, nodes: Iterable[ast.AST | None], parent: ast.AST) -> None:
        for node in nodes:
            self.visit(node, parent)

    def open(self, kind: str, node: ast.AST) -> Scope:
        scope = Scope(kind, node, self.scope)
        self.all.append(scope)
        return scope

    # Uses

    def visit_Name(self, node: ast.Name, parent: ast.AST | None) -> None:
        if isinstance(node.ctx, ast.Load):
            self.use(node, (), parent)
        else:
            self.target(node)

    def visit_Attribute(self, node: ast.Attribute, parent: ast.AST | None) -> None:
        chain: list[ast.Attribute] = []
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute):
            chain.append(inner)
            inner = inner.value
        if isinstance(inner, ast.Name):
            self.use(inner, tuple(reversed(chain)), parent)
        else:
            self.visit(inner, chain[-1])

    def use(self, node: ast.Name, chain: tuple[ast.Attribute, ...], parent: ast.AST | None) -> None:
        use = Use(node.id, node, self.scope, chain, parent, self.document, self.base)
        self.uses.append(use)
        if self.scope.kind == "class" and node.id not in self.scope.bindings:
            self.early.append(use)

    def target(self, node: ast.Name) -> None:
        scope = self.scope
        while (
            scope.kind == "comprehension"
            and scope.parent is not None
            and (node.id not in scope.bindings)
        ):
            scope = scope.parent
        scope.bind(node.id, node)
        if scope.elsewhere.get(node.id) == "global":
            self.module.bind(node.id, node)

    # Statements and expressions that bind

    def visit_Import(self, node: ast.Import, parent: ast.AST | None) -> None:
        for alias in node.names:
            self.bind(alias.asname or alias.name.partition(".")[0], node)

    def visit_ImportFrom(self, node: ast.ImportFrom, parent: ast.AST | None) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.star_imports = True
            else:
                self.bind(alias.asname or alias.name, node)

    def bind(self, name: str, node: ast.AST) -> None:
        self.scope.bind(name, node)
        if self.scope.elsewhere.get(name) == "global":
            self.module.bind(name, node)

    def visit_Global(self, node: ast.Global, parent: ast.AST | None) -> None:
        for name in node.names:
            self.scope.elsewhere[name] = "global"
            for earlier in self.scope.bindings.get(name, ()):
                self.module.bind(name, earlier)

    def visit_Nonlocal(self, node: ast.Nonlocal, parent: ast.AST | None) -> None:
        for name in node.names:
            self.scope.elsewhere[name] = "nonlocal"

    def visit_FunctionDef(self, node: ast.FunctionDef, parent: ast.AST | None) -> None:
        self.bind(node.name, node)
        self.visit_all(node.decorator_list, node)
        self.function(node, node.args, node.body, node.returns)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef, parent: ast.AST | None) -> None:
        self.bind(node.name, node)
        self.visit_all(node.decorator_list, node)
        self.function(node, node.args, node.body, node.returns)

    def visit_Lambda(self, node: ast.Lambda, parent: ast.AST | None) -> None:
        self.function(node, node.args, [node.body], None)

    def function(
        self,
        node: ast.AST,
        arguments: ast.arguments,
        body: Sequence[ast.AST],
        returns: ast.expr | None,
    ) -> None:
        parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        parameters += [a for a in (arguments.vararg, arguments.kwarg) if a is not None]
        self.visit_all([*arguments.defaults, *arguments.kw_defaults], node)
        outer = self.scope
        scope = self.open("function", node)
        self.type_parameters(node, scope)
        self.scope = scope if getattr(node, "type_params", ()) else outer
        for parameter in parameters:
            self.annotation(parameter.annotation, parameter)
        self.annotation(returns, node)
        self.scope = scope
        for parameter in parameters:
            scope.bind(parameter.arg, parameter)
        self.visit_all(body, node)
        self.scope = outer

    def type_parameters(self, node: ast.AST, scope: Scope) -> None:
        for parameter in getattr(node, "type_params", ()):
            scope.bind(parameter.name, parameter)
            outer, self.scope = self.scope, scope
            self.children(parameter)
            self.scope = outer

    def visit_ClassDef(self, node: ast.ClassDef, parent: ast.AST | None) -> None:
        self.bind(node.name, node)
        self.visit_all(node.decorator_list, node)
        outer = self.scope
        if getattr(node, "type_params", ()):
            self.scope = self.open("function", node)
            self.type_parameters(node, self.scope)
        self.visit_all([*node.bases, *node.keywords], node)
        self.scope = scope = self.open("class", node)
        around, self.early = self.early, []
        self.visit_all(node.body, node)
        self.scope = outer
        for use in self.early:
            # ``client = client.Client()`` reads what is around all classes.
            if use.name in scope.bindings:
                use.scope = _around_classes(scope)
        self.early = around

    def visit_Assign(self, node: ast.Assign, parent: ast.AST | None) -> None:
        if self.scope.kind == "class":
            self.visit(node.value, node)
            self.visit_all(node.targets, node)
        else:
            self.children(node)

    def visit_TypeAlias(self, node: ast.AST, parent: ast.AST | None) -> None:
        name = node.name  # type: ignore[attr-defined]
        self.bind(name.id, node)
        outer, self.scope = self.scope, self.open("function", node)
        self.type_parameters(node, self.scope)
        self.visit(node.value, node)  # type: ignore[attr-defined]
        self.scope = outer

    def visit_ListComp(self, node: ast.ListComp, parent: ast.AST | None) -> None:
        self.comprehension(node, node.generators, [node.elt])

    def visit_SetComp(self, node: ast.SetComp, parent: ast.AST | None) -> None:
        self.comprehension(node, node.generators, [node.elt])

    def visit_GeneratorExp(self, node: ast.GeneratorExp, parent: ast.AST | None) -> None:
        self.comprehension(node, node.generators, [node.elt])

    def visit_DictComp(self, node: ast.DictComp, parent: ast.AST | None) -> None:
        self.comprehension(node, node.generators, [node.key, node.value])

    def comprehension(
        self, node: ast.AST, generators: list[ast.comprehension], elements: list[ast.expr]
    ) -> None:
        self.visit(generators[0].iter, node)
        outer = self.scope
        self.scope = self.open("comprehension", node)
        for generator in generators:
            for name in ast.walk(generator.target):
                if isinstance(name, ast.Name):
                    self.scope.bind(name.id, name)
        for position, generator in enumerate(generators):
            if position:
                self.visit(generator.iter, node)
            self.visit(generator.target, node)
            self.visit_all(generator.ifs, node)
        self.visit_all(elements, node)
        self.scope = outer

    def visit_NamedExpr(self, node: ast.NamedExpr, parent: ast.AST | None) -> None:
        self.visit(node.value, node)
        scope = self.scope
        while scope.kind == "comprehension" and scope.parent is not None:
            scope = scope.parent
        scope.bind(node.target.id, node.target)

    def visit_ExceptHandler(self, node: ast.ExceptHandler, parent: ast.AST | None) -> None:
        self.visit(node.type, node)
        if node.name:
            self.bind(node.name, node)
        self.visit_all(node.body, node)

    def visit_MatchAs(self, node: ast.MatchAs, parent: ast.AST | None) -> None:
        self.visit(node.pattern, node)
        if node.name:
            self.bind(node.name, node)

    def visit_MatchStar(self, node: ast.MatchStar, parent: ast.AST | None) -> None:
        if node.name:
            self.bind(node.name, node)

    def visit_MatchMapping(self, node: ast.MatchMapping, parent: ast.AST | None) -> None:
        self.children(node)
        if node.rest:
            self.bind(node.rest, node)

    # Annotations in strings

    def visit_AnnAssign(self, node: ast.AnnAssign, parent: ast.AST | None) -> None:
        self.annotation(node.annotation, node)
        self.visit(node.value, node)
        if node.value is not None or not isinstance(node.target, ast.Name):
            self.visit(node.target, node)
        else:
            self.bind(node.target.id, node)

    def visit_AugAssign(self, node: ast.AugAssign, parent: ast.AST | None) -> None:
        self.visit(node.value, node)
        self.visit(node.target, node)
        if isinstance(node.target, ast.Name):
            self.use(node.target, (), node)

    def visit_Call(self, node: ast.Call, parent: ast.AST | None) -> None:
        if (call_name(node) or "").rpartition(".")[2] == "cast" and node.args:
            self.visit(node.func, node)
            self.annotation(node.args[0], node)
            self.visit_all([*node.args[1:], *node.keywords], node)
        else:
            self.children(node)

    def annotation(self, node: ast.expr | None, parent: ast.AST) -> None:
        if node is None:
            return
        strings = list(_quoted_parts(node))
        self.visit(node, parent)
        for string in strings:
            self.quoted(string)

    def quoted(self, node: ast.Constant) -> None:
        span = plain_string_span(self.document, node)
        if span is None or self.base is not None:
            return
        start, end = span
        try:
            tree = ast.parse(self.document.code[start:end], mode="eval")
        except (SyntaxError, ValueError, *TOO_DEEP):
            return
        self.base = start
        self.visit(tree.body, node)
        self.base = None


# What each kind of node does; all others only hold others.
_METHODS = {
    getattr(ast, name.removeprefix("visit_")): method
    for name, method in vars(_Visitor).items()
    if name.startswith("visit_") and hasattr(ast, name.removeprefix("visit_"))
}


def _around_classes(scope: Scope) -> Scope:
    while scope.kind == "class" and scope.parent is not None:
        scope = scope.parent
    return scope


def _quoted_parts(node: ast.expr) -> Iterator[ast.Constant]:
    """The strings of an annotation that are annotations themselves."""
    stack: list[ast.AST] = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part
        elif isinstance(part, ast.Subscript) and (
            (dotted(part.value) or "").rpartition(".")[2] == "Literal"
        ):
            continue
        else:
            stack.extend(ast.iter_child_nodes(part))
