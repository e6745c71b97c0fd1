"""From the syntax tree of a file to its facts, in one pass over its statements."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from trackfix.project.facts import lazy
from trackfix.project.facts.assignments import Assignments
from trackfix.project.facts.exports import ExportsReader, is_all_changed
from trackfix.project.facts.expressions import call_name, dotted, written_module
from trackfix.project.facts.module_facts import Binding, Import, ModuleFacts
from trackfix.project.facts.own_values import gives_own_values
from trackfix.project.facts.runtime import (
    hands_on_globals,
    literal_globals,
    sets_names,
)
from trackfix.project.facts.signals import (
    is_warning_helper,
    machinery,
    read_deprecations,
    says_public,
)
from trackfix.project.facts.wrappers import wrapped_class, wrapped_function
from trackfix.source.patterns import lazy_pattern

# The lines of the parser: ``str.splitlines`` knows more line ends.
_LINE_END = lazy_pattern(r"\r\n|\r|\n")
_MAY_SET_NAMES = ("__all__", "globals()", "vars()", "modules[__name__]")
_TRIES: tuple[type[ast.Try], ...] = (ast.Try, getattr(ast, "TryStar", ast.Try))
_TYPE_ALIAS: type[ast.stmt] = getattr(ast, "TypeAlias", ast.Pass)
# Managers that change nothing, or take back what they change.
_QUIET_MANAGERS = frozenset({"suppress", "catch_warnings"})
_Always = dict[str, list[int]]


def collect_facts(path: str, tree: ast.Module, text: str) -> ModuleFacts:
    """The facts of the module at ``path`` whose syntax tree is ``tree``."""
    lines = _LINE_END.split(text) if "\r" in text else text.split("\n")
    collector = _Collector(lines, text, is_stub=path.endswith(".pyi"))
    collector.block(tree.body, "", 0)
    lazy_names, delegates, opaque = lazy.read(tree)
    for binding in lazy_names:
        collector.bind(binding)
    return ModuleFacts(
        path=path,
        bindings={name: tuple(found) for name, found in collector.bindings.items()},
        imports=tuple(collector.imports),
        exports=collector.exports.result(),
        deprecations=tuple(sorted(set(read_deprecations(path, tree.body, lines, text)))),
        effects=tuple(collector.effects),
        aliases=tuple(collector.aliases),
        delegates=delegates,
        rebound_globals=frozenset(collector.rebound_globals),
        opaque=opaque or collector.opaque or collector.overwrites,
        has_main_guard=collector.has_main_guard,
        says_public=says_public(tree.body, lines),
        overwrites=collector.overwrites,
        patches=tuple(collector.patches),
        machinery=machinery(tree.body, hands_on=bool(lazy_names or delegates)),
        gives_own_values=gives_own_values(tree.body),
    )


class _Collector(Assignments):
    def __init__(self, lines: Sequence[str], text: str, *, is_stub: bool) -> None:
        super().__init__(text)
        self.lines = lines
        self.is_stub = is_stub
        self.depth = 0
        self.imports: list[Import] = []
        self.rebound_globals: set[str] = set()
        self.has_main_guard = False
        # Looks into functions and expressions are dear: the text tells where they are in vain.
        self.nesting = _lines_with(("import", "global "), lines, text)
        self.setting = _lines_with(_MAY_SET_NAMES, lines, text)
        self.may_set_names = bool(self.setting)

    def branch(self, body: Sequence[ast.stmt], guard: str, group: int) -> _Always | None:
        """Read a block that may not be executed; what it binds, None when it is left by force."""
        outer, self.always = self.always, {}
        self.depth += 1
        self.block(body, guard, group)
        self.depth -= 1
        inner, self.always = self.always, outer
        return None if body and isinstance(body[-1], ast.Raise) else inner

    def join(self, branches: Iterable[_Always | None], group: int) -> None:
        """Note what all of several branches bind, one of which is executed."""
        ended = [branch for branch in branches if branch is not None]
        for name in set(ended[0]).intersection(*ended[1:]) if ended else ():
            places = [place for branch in ended for place in branch[name]]
            found = self.bindings[name]
            if not self.depth:
                for place in places:
                    found[place] = found[place]._replace(covered=True, group=group)
            self.always.setdefault(name, []).extend(places)

    def block(self, body: Sequence[ast.stmt], guard: str, group: int) -> None:
        for statement in body:
            self.statement(statement, guard, group)

    def statement(self, node: ast.stmt, guard: str, group: int) -> None:
        line = node.lineno
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            self.read_import(node, guard, group)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.read_function(node, guard, group)
        elif isinstance(node, ast.ClassDef):
            wraps = wrapped_class(node)
            self.bind(Binding(node.name, "class", line, wraps=wraps, guard=guard, group=group))
            self.nested(node, eager=guard != "type-checking")
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            self.read_assignment(node, guard, group)
            value = node.value
            self.opaque |= (
                self.may_set_names and isinstance(value, ast.Call) and hands_on_globals(value)
            )
        elif isinstance(node, ast.If):
            self.read_if(node, guard, group)
        elif isinstance(node, _TRIES):
            self.read_try(node, guard, group)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            self.read_with(node, guard, group)
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            self.effects.append(line)
            if not isinstance(node, ast.While):
                self.bind_targets(node.target, line, "loop", line)
            self.branch([*node.body, *node.orelse], "loop", line)
            self.overwrites |= self.may_set_names and sets_names(node)
        elif isinstance(node, ast.Match):
            self.effects.append(line)
            for case in node.cases:
                for name in _captures(case.pattern):
                    self.bind(Binding(name, "value", line, guard="if", group=line))
                self.branch(case.body, "if", line)
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    self.bind(Binding(target.id, "delete", line, guard=guard, group=group))
                else:
                    self.effects.append(line)
        elif isinstance(node, ast.Expr):
            self.read_expression(node, guard, group)
        elif isinstance(node, _TYPE_ALIAS) and hasattr(node, "name"):
            self.bind_targets(node.name, line, guard, group)
        elif not (
            isinstance(node, ast.Pass) or (guard == "except" and isinstance(node, ast.Raise))
        ):
            self.effects.append(line)

    def read_import(self, node: ast.Import | ast.ImportFrom, guard: str, group: int) -> None:
        line = node.lineno
        self.imports.extend(_imports(node, eager=guard != "type-checking"))
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                target = alias.name if alias.asname else name
                same = alias.asname == alias.name
                self.bind(Binding(name, "import", line, target, "", guard, group, same))
            return
        noqa = any("noqa" in text for text in self.lines[line - 1 : node.end_lineno])
        module = written_module(node)
        for alias in node.names:
            form = "star" if alias.name == "*" else "import-from"
            name = alias.asname or alias.name
            deliberate = noqa or alias.asname == alias.name
            if alias.name == "__all__":
                self.exports.note_import(name, module, guard)
            self.bind(Binding(name, form, line, module, alias.name, guard, group, deliberate))

    def read_function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, guard: str, group: int
    ) -> None:
        self.nested(node, eager=False)
        if _is_marked(node, self.setting):
            self.overwrites |= sets_names(node)
            self.rebound_globals.update(literal_globals(node))
            if is_all_changed(node):
                self.exports.change()
        decorators = [dotted(decorator) for decorator in node.decorator_list]
        is_overload = any(name and name.rpartition(".")[2] == "overload" for name in decorators)
        # In a stub nothing but overloads may tell of a function.
        if is_overload and (not self.is_stub or node.name in self.bindings):
            return
        wraps = "" if node.name == "__getattr__" else wrapped_function(node)
        self.bind(
            Binding(node.name, "function", node.lineno, wraps=wraps, guard=guard, group=group)
        )

    def read_expression(self, node: ast.Expr, guard: str, group: int) -> None:
        call = node.value
        if isinstance(call, ast.Constant):
            return
        self.walrus(call, guard, group)
        if not isinstance(call, ast.Call):
            self.effects.append(node.lineno)
            return
        name = call_name(call) or ""
        owner, _, last = name.rpartition(".")
        if owner == "__all__":
            self.exports.call(last, call.args[0] if call.args else None)
        elif last == "setattr" and len(call.args) == 3:
            self.read_setattr(call, guard, group)
        elif self.may_set_names and sets_names(node):
            self.overwrites = True
        elif self.may_set_names and hands_on_globals(call):
            self.opaque = True
            self.effects.append(node.lineno)
        elif name == "exec":
            self.overwrites = True
            self.effects.append(node.lineno)
        elif not is_warning_helper(last):
            self.effects.append(node.lineno)

    def read_if(self, node: ast.If, guard: str, group: int) -> None:
        test = node.test
        negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
        name = dotted(test.operand if isinstance(test, ast.UnaryOp) else test) or ""
        if name.rpartition(".")[2] == "TYPE_CHECKING":
            checked, run = (node.orelse, node.body) if negated else (node.body, node.orelse)
            self.branch(checked, "type-checking", node.lineno)
            self.block(run, guard, group)
            return
        self.walrus(test, guard, group)
        inner = guard if guard in ("type-checking", "except") else "if"
        if _is_main_test(test):
            self.has_main_guard = True
            self.run_as_script(node.body)
            self.block(node.orelse, guard, group)
            return
        branches = [self.branch(part, inner, node.lineno) for part in (node.body, node.orelse)]
        self.join(branches, node.lineno)

    def run_as_script(self, body: Sequence[ast.stmt]) -> None:
        """What a module does as a script binds and does nothing for those who import it."""
        bindings, exports, effects = self.bindings, self.exports, self.effects
        first, self.bindings, self.exports = len(self.imports), {}, ExportsReader()
        self.effects = []
        self.branch(body, "if", 0)
        self.bindings, self.exports, self.effects = bindings, exports, effects
        self.imports[first:] = [found._replace(eager=False) for found in self.imports[first:]]

    def read_try(self, node: ast.Try, guard: str, group: int) -> None:
        escapes = all(
            handler.body and isinstance(handler.body[-1], ast.Raise) for handler in node.handlers
        )
        tried = [*node.body, *node.orelse]
        other = guard if guard == "type-checking" else "except"
        if escapes:
            self.block(tried, guard, group)
            branches = []
        else:
            branches = [self.branch(tried, guard or "try", node.lineno)]
        branches += [self.branch(part.body, other, node.lineno) for part in node.handlers]
        if not escapes:
            self.join(branches, node.lineno)
        self.block(node.finalbody, guard, group)

    def read_with(self, node: ast.With | ast.AsyncWith, guard: str, group: int) -> None:
        suppressing = False
        for item in node.items:
            manager = (call_name(item.context_expr) or "").rpartition(".")[2]
            suppressing |= manager == "suppress"
            if manager not in _QUIET_MANAGERS:
                self.effects.append(node.lineno)
            if item.optional_vars is not None:
                self.bind_targets(item.optional_vars, node.lineno, guard, group)
        if suppressing:
            self.branch(node.body, guard or "try", node.lineno)
        else:
            self.block(node.body, guard, group)

    def nested(self, owner: ast.stmt, *, eager: bool) -> None:
        """Imports and ``global`` statements inside a function or class body."""
        stack: list[tuple[ast.AST, bool]] = [(owner, eager)]
        while stack:
            node, eager = stack.pop()
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self.imports.extend(_imports(node, eager=eager))
            elif isinstance(node, ast.Global):
                self.rebound_globals.update(node.names)
            elif not isinstance(node, ast.stmt) or _is_marked(node, self.nesting):
                eager &= not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
                for field in ("finalbody", "handlers", "cases", "orelse", "body"):
                    stack.extend((part, eager) for part in reversed(getattr(node, field, ())))


def _lines_with(marks: Sequence[str], lines: Sequence[str], text: str) -> list[int]:
    """The numbers of the lines that hold one of ``marks``."""
    found: set[int] = set()
    for mark in marks:
        if mark in text:
            found.update(n for n, line in enumerate(lines, 1) if mark in line)
    return sorted(found)


def _is_marked(node: ast.stmt, marked: Sequence[int]) -> bool:
    """Whether one of the ``marked`` lines belongs to a statement."""
    first = bisect_left(marked, node.lineno)
    return first < len(marked) and marked[first] <= (node.end_lineno or node.lineno)


def _imports(node: ast.Import | ast.ImportFrom, *, eager: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield Import(alias.name, (), node.lineno, eager)
    else:
        names = tuple(alias.name for alias in node.names)
        yield Import(written_module(node), names, node.lineno, eager)


def _captures(pattern: ast.pattern) -> Iterator[str]:
    for node in ast.walk(pattern):
        name = getattr(node, "name", None) or getattr(node, "rest", None)
        if isinstance(name, str):
            yield name


def _is_main_test(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and any(
        isinstance(side, ast.Name) and side.id == "__name__"
        for side in (test.left, *test.comparators)
    )
