"""Which copies a call of the source of truth can stand for, and what it changes."""

from __future__ import annotations

import ast
import io
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from trackfix.project.facts.expressions import last_name
from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.loading.entry_blocks import does_work
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import Meaning
from trackfix.project.meaning.meanings import Meanings
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.run_logic.fragments import Term
from trackfix.project.run_logic.groups.group import Copy
from trackfix.project.run_logic.groups.truths import Truth
from trackfix.project.run_logic.replacing.first_read import is_first
from trackfix.project.run_logic.replacing.not_plain import NotPlain, UsedAgain
from trackfix.project.run_logic.replacing.outcomes import NONE, Guards
from trackfix.project.run_logic.replacing.plain_resolutions import plain_resolution
from trackfix.project.run_logic.replacing.plain_shapes import Assigned, Role, Shape, Shapes
from trackfix.project.run_logic.replacing.plain_sources import Source, read_source
from trackfix.project.run_logic.replacing.plain_tails import plain_tail
from trackfix.source.document import Edit
from trackfix.source.syntax_index import suite_of

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
# What may be missing, in the order of `Guards`.
_CASES = ("experiment", "run")


class Replacement(NamedTuple):
    """A call in the stead of a copy: the edits of its statements, and ``message``, what the call is
    and what it changes. ``needs_import`` tells that the file has the function by no name yet.
    ``statements`` counts the statements and calls that come, or go, by kind. ``makers`` are the
    expressions that were called for a client, where the function has one of its own now."""

    names: FileNames
    truth: Truth
    edits: tuple[Edit, ...]
    message: str
    needs_import: bool
    statements: Mapping[str, int]
    makers: tuple[ast.expr, ...]


class Replacements:
    """Judges the copies of one project."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        self._project = project
        self._meanings = Meanings(project, resolver)
        self._graph = ImportGraph(project)
        self._sources: dict[tuple[str, int, int], Source | NotPlain] = {}

    def of(self, copy: Copy) -> Replacement:
        """The call that does what a copy does.

        Raises:
            NotPlain: there is none, or not in all likelihood; with the reason.
        """
        if copy.fragment.kind not in ("find-run", "create-run", "resolve-experiment"):
            raise NotPlain("there is no plain shape of it")
        names = self._meanings.file(copy.fragment.path)
        if names is None or copy.step is None:
            raise NotPlain(f"{copy.truth.home} is not in the project")
        source = self._source(copy)
        self._check_import(copy.fragment.path, copy.step.path)
        return _Judge(self._project, self._graph, Shapes(names), copy, source).replacement()

    def _check_import(self, path: str, home: str) -> None:
        """See that an import of the source of truth does not run a script."""
        is_loaded = home in self._graph.reachable(path)
        if not is_loaded and does_work(self._project.document(home).tree, ()):
            raise NotPlain(f"{home} would run if it were imported")

    def _source(self, copy: Copy) -> Source:
        step = copy.step
        assert step is not None
        key = (step.path, step.line, step.column)
        if key not in self._sources:
            names = self._meanings.file(step.path)
            try:
                if names is None or "." in copy.truth.name or step.function != copy.truth.name:
                    raise NotPlain("it leaves the steps to another function")
                self._sources[key] = read_source(Shapes(names), step)
            except NotPlain as error:
                self._sources[key] = NotPlain(f"{copy.truth.name}: {error}")
        found = self._sources[key]
        if isinstance(found, NotPlain):
            raise found
        return found


class _Judge:
    def __init__(
        self, project: Project, graph: ImportGraph, shapes: Shapes, copy: Copy, source: Source
    ) -> None:
        self.project = project
        self.graph = graph
        self.shapes = shapes
        self.copy = copy
        self.truth = copy.truth
        self.source = source
        self.document = shapes.document

    def replacement(self) -> Replacement:
        fragment = self.copy.fragment
        call = self.shapes.call_at(fragment.line, fragment.column)
        if self.shapes.function(call) is None:
            raise NotPlain("it stands outside of a function")
        if fragment.kind == "resolve-experiment":
            return self._of_resolution(call)
        if fragment.kind == "find-run":
            shape = self.shapes.search(call)
            if not _are_met(fragment.terms, self.copy.step.terms if self.copy.step else ()):
                raise NotPlain("it asks for other tags")
        else:
            shape = self.shapes.creation(call)
        if shape.quotes.keys() != self.source.quotes.keys():
            raise NotPlain("it asks for other tags")
        theirs = self.source.quotes
        if any(quote and theirs[role] not in ("", quote) for role, quote in shape.quotes.items()):
            raise NotPlain("other values than there break its quotes")
        self._check_makers(shape)
        try:
            return self._of_steps(shape)
        except UsedAgain:
            if fragment.kind != "find-run":
                raise
            return self._of_tail(shape)

    def _of_steps(self, shape: Shape) -> Replacement:
        """The call in the place of the last step."""
        assert self.source.result != "experiment-id"
        target, after, or_none = self.shapes.taken(shape.anchor, self.source.result)
        steps = [*shape.steps, *after]
        statement = self._statement(target)
        held = self._own_client(shape, [target, *(step for _, step in steps)])
        for name, step in shape.steps:
            if self.shapes.only_use(step) is not name:
                raise UsedAgain(f"{name.id} is used otherwise, too")
        guards = ("", NONE if or_none else "")
        self._check_guards(guards)
        steps += held
        gone = [step for _, step in steps]
        if gone and not is_first(target, statement, self.shapes.parents):
            raise NotPlain("something else is done, or decided, before the last step")
        if any(self.source.guards):
            self._check_caught(statement)
        self._check_suite(gone, statement, target)
        start = self.document.span(target)[0]
        end = self.document.span(target)[1]
        edits = [Edit(start, end, self._call(shape))]
        if gone:
            first = min(self._line_start(step) for step in gone)
            edits.append(Edit(first, self._line_start(statement), ""))
        kinds = [kind for node in (*gone, target) for kind in _kinds(node)]
        return self._made(shape, edits, kinds, [], {name.id for name, _ in steps}, guards)

    def _of_tail(self, shape: Shape) -> Replacement:
        """The call in the place of all steps and the guards between them."""
        tail = plain_tail(self.shapes, shape, self.source.result)
        self._check_guards(tail.guards)
        first, last = tail.statements[0], tail.statements[-1]
        self._check_suite(list(tail.statements[:-1]), last, last)
        start, end = self.document.span(first)[0], self.document.span(last)[1]
        edits = [Edit(start, end, f"return {self._call(shape)}")]
        kinds = [kind for node in tail.statements for kind in _kinds(node)]
        return self._made(shape, edits, kinds, ["Return"], tail.bound, tail.guards)

    def _check_makers(self, shape: Shape) -> None:
        """That both come by the client and the experiment in one way."""
        if shape.helper != self.source.helper:
            raise NotPlain("its experiment comes from elsewhere")
        if self.source.maker is None:
            return
        if shape.maker != self.source.maker:
            raise NotPlain(f"{self.truth.name} has a client of its own")
        shape.roles.pop("client", None)

    def _own_client(self, shape: Shape, nodes: Sequence[ast.AST]) -> list[Assigned]:
        """The assignment that keeps the client, if nobody but ``nodes`` asks it, and the source of
        truth has its own."""
        if shape.held is None or "client" in shape.roles:
            return []
        inside = {id(part) for node in nodes for part in ast.walk(node)}
        uses = self.shapes.uses(shape.held[1])
        return [shape.held] if uses and all(id(use) in inside for use in uses) else []

    def _check_guards(self, guards: Guards) -> None:
        """That the source of truth does what the guards of the steps do."""
        for what, ours, theirs in zip(_CASES, guards, self.source.guards, strict=True):
            if ours and ours != theirs:
                other = theirs or "fails as the steps do"
                raise NotPlain(f"without {_an(what)} it {ours}, but {self.truth.name} {other}")

    def _of_resolution(self, call: ast.Call) -> Replacement:
        statement = self._statement(call)
        suite = self._suite(statement)
        found = plain_resolution(self.shapes, call, suite)
        self._check_makers(found.shape)
        held = self._own_client(found.shape, found.statements)
        statements = [*(step for _, step in held), *found.statements]
        first, last = statements[0], statements[-1]
        self._check_suite(statements[:-1], last, last)
        text = found.lead + self._call(found.shape)
        edits = [Edit(self.document.span(first)[0], self.document.span(last)[1], text)]
        kinds = [kind for node in statements for kind in _kinds(node)]
        come = ["Return" if found.lead == "return " else "Assign"]
        return self._made(found.shape, edits, kinds, come, {name.id for name, _ in held})

    def _made(
        self,
        shape: Shape,
        edits: list[Edit],
        gone: list[str],
        come: list[str],
        steps: Collection[str] = (),
        guards: Guards = ("", ""),
    ) -> Replacement:
        self._check_left_over(edits, {*steps, shape.experiment})
        local = self._local(shape.anchor)
        text = " ".join(edit.replacement for edit in edits)
        change = Counter([*come, *(kind for kind in _kinds(_parsed(text)) if kind == "Call")])
        change.subtract(gone)
        return Replacement(
            self.shapes.names,
            self.truth,
            tuple(edits),
            self._message(shape, guards),
            needs_import=not local,
            statements=change,
            makers=tuple(shape.makers) if self.source.maker is not None else (),
        )

    # What the call says

    def _call(self, shape: Shape) -> str:
        """The call in text."""
        given: dict[str, str] = {}
        for role, name in self.source.parameters.items():
            if role in shape.roles:
                given[name] = self._text(shape.roles[role])
        for role in shape.roles:
            self._check_role(role, shape)
        for role in sorted(self.source.filled - shape.roles.keys()):
            raise NotPlain(f"{self.truth.name} has a {role.replace('-', ' ')} of its own")
        missing = [name for name in self.source.required if name not in given]
        if missing:
            raise NotPlain(f"{self.truth.name} needs {', '.join(missing)}, too")
        arguments = ", ".join(
            f"{name}={given[name]}" for name in self.truth.parameters if name in given
        )
        return f"{self._local(shape.anchor) or self.truth.name}({arguments})"

    def _check_role(self, role: Role, shape: Shape) -> None:
        if role in self.source.parameters:
            return
        node = shape.roles[role]
        literal = self.source.literals.get(role)
        if literal is None or self.shapes.constant(node) != literal:
            raise NotPlain(f"{self.truth.name} takes no {role.replace('-', ' ')}")

    def _text(self, node: ast.expr) -> str:
        if isinstance(node, ast.Constant) and not hasattr(node, "lineno"):
            return repr(node.value)
        start, end = self.document.span(node)
        text = self.document.text[start:end]
        if "\n" in text or "\r" in text:
            raise NotPlain("an argument has several lines")
        return text

    def _message(self, shape: Shape, guards: Guards) -> str:
        parts = [f"call {self.truth.name} from {self.truth.module}"]
        if self.copy.fragment.kind == "find-run":
            for what, error, ours, theirs in zip(
                _CASES, ("AttributeError", "IndexError"), guards, self.source.guards, strict=True
            ):
                if theirs and not ours and (what == "run" or "experiment-name" in shape.roles):
                    parts.append(f"without {_an(what)} it {theirs}, where {error} was raised")
        return "; ".join([*parts, *self.copy.differs])

    # Whether the text can change

    def _local(self, node: ast.AST) -> str:
        """The name by which the file has the source of truth where a node stands; empty if it
        could be imported.

        Raises:
            NotPlain: it can't.
        """
        names, name = self.shapes.names, self.truth.name
        scope = self.shapes.scope(node)
        wanted = Meaning(self.truth.module, name)
        if self.truth.path == names.path:
            if names.scopes.binding_scope(name, scope) is names.scopes.module:
                return name
            raise NotPlain(f"{name} means something else here")
        words = {name}
        for statement in names.scopes.statement_scopes:
            if isinstance(statement, ast.ImportFrom):
                words |= {a.asname for a in statement.names if a.asname and a.name == name}
        for word in sorted(words, key=lambda w: (len(w), w)):
            owner = names.scopes.binding_scope(word, scope)
            if owner is not None and names.of_name(word, scope) == wanted:
                at_top = names.document.tree if owner is names.scopes.module else owner.node
                first, *others = owner.bindings[word]
                is_early = owner is names.scopes.module or first.lineno < node.lineno  # type: ignore[attr-defined]
                if not others and self.shapes.parents.get(first) is at_top and is_early:
                    return word
                raise NotPlain(f"{word} is imported on some condition only")
        if any(name in scope.bindings for scope in names.scopes.all):
            raise NotPlain(f"{name} means something else in this file")
        if names.scopes.star_imports:
            raise NotPlain(f"a star import may bind {name}")
        if self.project.find(self.truth.module, names.path) is None:
            raise NotPlain(f"{self.truth.module} can't be imported here")
        if self.graph.half_loaded(names.path, self.truth.module):
            raise NotPlain(f"importing {self.truth.module} here would close an import cycle")
        return ""

    def _statement(self, node: ast.AST) -> ast.stmt:
        while not isinstance(node, ast.stmt):
            node = self.shapes.parents[node]
        return node

    def _suite(self, statement: ast.stmt) -> list[ast.stmt]:
        found = suite_of(statement, self.shapes.parents)
        if not found:
            raise NotPlain("the steps are not plain")
        return found

    def _check_suite(
        self,
        gone: Sequence[ast.stmt],
        last: ast.stmt,
        target: ast.AST,
    ) -> None:
        """That the steps follow each other, and that no comment would be lost."""
        suite = self._suite(last)
        place = suite.index(last)
        before = suite[place - len(gone) : place] if len(gone) <= place else []
        if sorted(map(id, gone)) != sorted(map(id, before)):
            raise NotPlain("other statements stand between the steps")
        start = self._line_start(before[0] if before else last)
        end = self.document.span(target)[1]  # type: ignore[arg-type]
        cells = {self.document.cell_of(at) for at in (start, end)} if self.document.cells else {0}
        lines = [self._line_start(node) for node in (*before, last)]
        text = self.document.text
        if len(cells) > 1 or len(set(lines)) < len(lines):
            raise NotPlain("the steps share a line")
        for at, node in zip(lines, (*before, last), strict=True):
            if text[at : self.document.span(node)[0]].strip():
                raise NotPlain("the steps share a line")
        if _has_comment(text[start:end]):
            raise NotPlain("a comment stands among the steps")

    def _check_caught(self, statement: ast.stmt) -> None:
        """That nothing waits for the errors by which the plain steps fail."""
        inner: ast.AST = statement
        while not isinstance(inner, (*_FUNCTIONS, ast.Module)):
            outer = self.shapes.parents[inner]
            caught: list[ast.expr | None] = []
            handlers = getattr(outer, "handlers", ())  # also those of except*
            if handlers and inner in getattr(outer, "body", ()):
                caught = [handler.type for handler in handlers]
            elif isinstance(outer, (ast.With, ast.AsyncWith)):
                calls = [item.context_expr for item in outer.items]
                caught = [
                    call
                    for call in calls
                    if isinstance(call, ast.Call) and last_name(call.func) == "suppress"
                ]
            if any(not _is_of_mlflow(kind) for kind in caught):
                raise NotPlain("errors of its steps are caught, which would not be raised")
            inner = outer

    def _check_left_over(self, edits: list[Edit], steps: set[str]) -> None:
        """That no name is left that nothing uses any more."""
        text = " ".join(edit.replacement for edit in edits)
        kept = {n.id for n in ast.walk(_parsed(text)) if isinstance(n, ast.Name)}
        outside: set[str] = set()
        inside: set[str] = set()
        for use in self.shapes.names.scopes.uses:
            is_inside = any(edit.start <= use.start < edit.end for edit in edits)
            (inside if is_inside else outside).add(use.name)
        left = sorted(inside - outside - kept - steps)
        scopes = self.shapes.names.scopes.all
        nodes = ((name, scope.bindings.get(name, ())) for name in left for scope in scopes)
        bound = [name for name, found in nodes if not all(isinstance(n, _IMPORTS) for n in found)]
        if bound:
            raise NotPlain(f"nothing else uses {bound[0]}")

    def _line_start(self, node: ast.stmt) -> int:
        start = self.document.span(node)[0]
        text = self.document.text
        return max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1


def _are_met(asked: Sequence[Term], there: Sequence[Term]) -> bool:
    """Whether a source of truth that asks for ``there`` can ask for what a copy asks for. A text
    that the copy compares a tag with is a value like others where the source is given one."""
    if len(asked) != len(there):
        return False
    return all(
        ours == theirs
        or (theirs.kind == "tag" and not theirs.value and ours._replace(value="") == theirs)
        for ours, theirs in zip(sorted(asked), sorted(there), strict=True)
    )


def _parsed(text: str) -> ast.Module:
    """What stands in the stead of statements, or of an expression."""
    return ast.parse(text.removeprefix("return ").strip() or "0")


def _kinds(node: ast.AST) -> list[str]:
    """The kinds of the statements and calls in a node."""
    return [type(n).__name__ for n in ast.walk(node) if isinstance(n, (ast.stmt, ast.Call))]


def _is_of_mlflow(caught: ast.expr | None) -> bool:
    """Whether a handler is for errors of MLflow alone."""
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return all(last_name(kind) in ("MlflowException", "RestException") for kind in kinds)


def _has_comment(text: str) -> bool:
    import textwrap
    import tokenize

    try:
        tokens = tokenize.generate_tokens(io.StringIO(textwrap.dedent(text)).readline)
        return any(token.type == tokenize.COMMENT for token in tokens)
    except (tokenize.TokenError, SyntaxError):
        return "#" in text


def _an(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
