"""Which call of the source of truth does what one copy does."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.project import Project
from trackfix.project.run_logic.fragments import Term
from trackfix.project.run_logic.groups.group import Copy
from trackfix.project.run_logic.replacing.first_read import is_first
from trackfix.project.run_logic.replacing.left_clients import left_client
from trackfix.project.run_logic.replacing.local_names import local_name
from trackfix.project.run_logic.replacing.not_plain import NotPlain, UsedAgain
from trackfix.project.run_logic.replacing.outcomes import NONE, Guards
from trackfix.project.run_logic.replacing.plain_resolutions import plain_resolution
from trackfix.project.run_logic.replacing.plain_shapes import Assigned, Role, Shape, Shapes
from trackfix.project.run_logic.replacing.plain_sources import Source
from trackfix.project.run_logic.replacing.plain_tails import plain_tail
from trackfix.project.run_logic.replacing.replacement import Replacement
from trackfix.project.run_logic.replacing.taken import taken
from trackfix.project.run_logic.replacing.text_checks import (
    check_caught,
    check_left_over,
    check_store,
    check_suite,
    kinds_in,
    line_start,
    parsed,
    suite_at,
)
from trackfix.source.document import Edit

# What may be missing, in the order of `Guards`.
_CASES = ("experiment", "run")


class Judge:
    """Judges one copy."""

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
        """The call that does what the copy does.

        Raises:
            NotPlain: there is none, or not in all likelihood.
        """
        fragment = self.copy.fragment
        call = self.shapes.call_at(fragment.line, fragment.column)
        if self.shapes.function(call) is None:
            is_inside = isinstance(self.shapes.around(call), ast.Lambda)
            raise NotPlain(f"it stands {'in a lambda' if is_inside else 'outside of a function'}")
        if fragment.kind == "resolve-experiment":
            return self._of_resolution(call)
        if fragment.kind == "find-run":
            shape = self.shapes.search(call)
            there = self.copy.step.terms if self.copy.step else ()
            if not _are_met(fragment.terms, there):
                raise NotPlain(f"it asks for {_otherwise(fragment.terms, there)}")
        else:
            shape = self.shapes.creation(call)
        if shape.quotes.keys() != self.source.quotes.keys():
            is_less = shape.quotes.keys() < self.source.quotes.keys()
            told = "compares runs in code, too" if is_less else "asks for other tags"
            raise NotPlain(f"it {told}")
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
        target, after, or_none = taken(self.shapes, shape.anchor, self.source.result)
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
            check_caught(self.shapes, statement)
        check_suite(self.shapes, gone, statement, target)
        start = self.document.span(target)[0]
        end = self.document.span(target)[1]
        edits = [Edit(start, end, self._call(shape))]
        if gone:
            first = min(line_start(self.shapes, step) for step in gone)
            edits.append(Edit(first, line_start(self.shapes, statement), ""))
        kinds = [kind for node in (*gone, target) for kind in kinds_in(node)]
        return self._made(shape, edits, kinds, [], {name.id for name, _ in steps}, guards)

    def _of_tail(self, shape: Shape) -> Replacement:
        """The call in the place of all steps and the guards between them."""
        tail = plain_tail(self.shapes, shape, self.source.result)
        self._check_guards(tail.guards)
        first, last = tail.statements[0], tail.statements[-1]
        check_suite(self.shapes, list(tail.statements[:-1]), last, last)
        start, end = self.document.span(first)[0], self.document.span(last)[1]
        edits = [Edit(start, end, f"return {self._call(shape)}")]
        kinds = [kind for node in tail.statements for kind in kinds_in(node)]
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
        truth has its own.

        Raises:
            NotPlain: the client that stays may ask another store than the source of truth.
        """
        if shape.held is None or "client" in shape.roles:
            return []
        name, kept = shape.held
        inside = {id(part) for node in nodes for part in ast.walk(node)}
        uses = self.shapes.uses(kept)
        given = {id(part) for node in shape.roles.values() for part in ast.walk(node)}
        if any(id(use) in given for use in uses):
            raise NotPlain(f"what it is asked with is read from {name.id}")
        if uses and all(id(use) in inside for use in uses) and self._is_beside(kept, nodes):
            return [shape.held]
        check_store(self.shapes, name.id, kept, shape.anchor)
        return []

    def _is_beside(self, kept: ast.stmt, nodes: Sequence[ast.AST]) -> bool:
        """Whether the next statement is one of those of some nodes."""
        suite = suite_at(self.shapes, kept)
        after = suite[suite.index(kept) + 1 :][:1]
        return any(self._statement(node) in after for node in nodes)

    def _check_guards(self, guards: Guards) -> None:
        """That the source of truth does what the guards of the steps do."""
        for what, ours, theirs in zip(_CASES, guards, self.source.guards, strict=True):
            if ours and ours != theirs:
                other = theirs or "fails as the steps do"
                raise NotPlain(f"without {_an(what)} it {ours}, but {self.truth.name} {other}")

    def _of_resolution(self, call: ast.Call) -> Replacement:
        statement = self._statement(call)
        suite = suite_at(self.shapes, statement)
        found = plain_resolution(self.shapes, call, suite)
        self._check_makers(found.shape)
        held = self._own_client(found.shape, found.statements)
        statements = [*(step for _, step in held), *found.statements]
        first, last = statements[0], statements[-1]
        check_suite(self.shapes, statements[:-1], last, last)
        text = found.lead + self._call(found.shape)
        edits = [Edit(self.document.span(first)[0], self.document.span(last)[1], text)]
        kinds = [kind for node in statements for kind in kinds_in(node)]
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
        held = shape.held if "client" not in shape.roles else None
        is_kept = held is not None and held[0].id not in steps
        client = left_client(self.shapes, held) if held is not None and is_kept else None
        own = {client.name} if client is not None else set()
        check_left_over(self.shapes, edits, {*steps, *own, shape.experiment})
        local = self._local(shape)
        text = " ".join(edit.replacement for edit in edits)
        change = Counter([*come, *(kind for kind in kinds_in(parsed(text)) if kind == "Call")])
        change.subtract(gone)
        return Replacement(
            self.shapes.names,
            self.truth,
            tuple(edits),
            self._message(shape, guards),
            needs_import=not local,
            statements=change,
            makers=(*(shape.makers if self.source.maker is not None else ()), *shape.helpers),
            asked=tuple(shape.asked),
            client=client,
            lookups=tuple(self._lookups(edits, text)),
        )

    def _lookups(self, edits: Sequence[Edit], text: str) -> Iterator[ast.Name]:
        """The uses of names of the module that edits take away; ``text`` is what they write."""
        scopes = self.shapes.names.scopes
        kept = {node.id for node in ast.walk(parsed(text)) if isinstance(node, ast.Name)}
        for use in scopes.uses:
            is_gone = any(edit.start <= use.start < edit.end for edit in edits)
            owner = scopes.binding_scope(use.name, use.scope)
            if is_gone and use.name not in kept and owner is scopes.module:
                yield use.node

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
        return f"{self._local(shape) or self.truth.name}({arguments})"

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

    def _statement(self, node: ast.AST) -> ast.stmt:
        while not isinstance(node, ast.stmt):
            node = self.shapes.parents[node]
        return node

    def _local(self, shape: Shape) -> str:
        return local_name(self.shapes, self.project, self.graph, self.truth, shape.anchor)


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


def _otherwise(asked: Collection[Term], there: Collection[Term]) -> str:
    """What a copy asks for that its source of truth does not ask for."""
    ours, theirs = ([term for term in terms if term.kind != "status"] for terms in (asked, there))
    if Counter(ours) != Counter(theirs):
        return "other tags"
    return "a status of its own" if len(asked) > len(ours) else "no status"


def _an(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
