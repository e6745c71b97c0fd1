"""The bodies of the functions of one file, and what their names hold at a place."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TypeVar, cast

from trackfix.project.facts.expressions import dotted, is_none, last_name, written_module
from trackfix.project.run_logic.values.holdings import (
    DEFINITIONS,
    HOLDING,
    Function,
    Holding,
    holdings_of,
    own_nodes,
)
from trackfix.source.document import Document
from trackfix.source.patterns import holds_match, lazy_pattern

# Nothing but MLflow has methods of these names. They are called, or handed to what calls them.
OF_MLFLOW = r"\.(?:search_runs|list_run_infos|get_experiment_by_name)\s*[(,]"
WORDS_OF_MLFLOW = ("search_runs", "list_run_infos", "get_experiment_by_name")
_OF_MLFLOW = lazy_pattern(OF_MLFLOW)
# ``tags=made()``, ``set_tags(run_id, made())``, and ``tags={"k": v, **made()}``.
_TAG_MAKER = lazy_pattern(
    r"(?:\btags\s*=\s*|\bset_tags\(\s*(?:[\w.]+,\s*)?)(?:\{[^{}]*?\*\*)?(?:\w+\.)*(\w+)\("
)
# ``client = mlflow.MlflowClient()`` and ``client: MlflowClient``, in one line.
_CLIENT_NAME = lazy_pattern(r"\b(\w+)\s*(?::[^=,()]*)?[=:]\s*[\"']?(?:\w+\.)*MlflowClient\b")
_CLIENTS = ("MlflowClient", "TrackingServiceClient")
_BLOCKS = ("body", "orelse", "finalbody")
_SCOPES = (*DEFINITIONS, ast.Lambda)
Node = TypeVar("Node", bound=ast.AST)


class Body:
    """One function, or the module outside of all functions; ``owner`` is the class around it. What
    inner functions hold are bodies of their own, with this one as their ``outer``."""

    def __init__(
        self,
        file: FileBodies,
        node: Function | ast.Module,
        name: str,
        owner: str,
        outer: Body | None,
    ) -> None:
        self.file = file
        self.node = node
        self.name = name
        self.owner = owner
        self.outer = outer
        self._holdings: dict[str, list[Holding]] = {}
        # What names were found to hold at a line, or are being looked for there: texts and tags.
        self.texts: dict[tuple[str, int], str] = {}
        self.tags: dict[tuple[str, int], dict[str, int]] = {}
        # Calls that other calls make, each with that other one, which is in the tree.
        self.handed_over: dict[ast.Call, ast.Call] = {}

    @cached_property
    def text(self) -> str:
        """Its code, that of inner functions included."""
        if isinstance(self.node, ast.Module):
            return self.file.document.code
        start, end = self.file.document.span(self.node)
        return self.file.document.code[start:end]

    @cached_property
    def own_text(self) -> str:
        """Its code; that of a module without its imports and without the bodies of functions."""
        if not isinstance(self.node, ast.Module):
            return self.text
        code, span = self.file.document.code, self.file.document.span
        found: list[str] = []
        stack: list[ast.stmt] = self.node.body[::-1]
        while stack:
            part = stack.pop()
            if isinstance(part, Function):
                found += [code[slice(*span(decorator))] for decorator in part.decorator_list]
                found.append(code[span(part)[0] : span(part.body[0])[0]])
            elif isinstance(part, ast.ClassDef):
                stack += part.body[::-1]
            elif not isinstance(part, (ast.Import, ast.ImportFrom)):
                found.append(code[slice(*span(part))])
        return "\n".join(found)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Its nodes in the order of the text."""
        found: list[ast.AST] = []
        for part, inside in own_nodes(self.node, self.file.parents):
            found.append(part)
            if type(part) in HOLDING:
                for target, holding in holdings_of(part):
                    self._hold(target, holding, inside)
        return found

    @cached_property
    def _by_type(self) -> dict[type[ast.AST], list[ast.AST]]:
        found: dict[type[ast.AST], list[ast.AST]] = {}
        for node in self.nodes:
            found.setdefault(type(node), []).append(node)
        return found

    def of(self, kind: type[Node]) -> list[Node]:
        """Its nodes of one type in the order of the text."""
        return cast("list[Node]", self._by_type.get(kind, []))

    @cached_property
    def calls(self) -> list[ast.Call]:
        """Its calls in the order of the text."""
        return self.of(ast.Call)

    @cached_property
    def reads(self) -> dict[str, list[ast.Name]]:
        """Where its names are read, in the order of the text."""
        found: dict[str, list[ast.Name]] = {}
        for node in self.of(ast.Name):
            if isinstance(node.ctx, ast.Load):
                found.setdefault(node.id, []).append(node)
        return found

    @property
    def holdings(self) -> dict[str, list[Holding]]:
        """What its names get, in the order of the text. A name in the body of a class is
        ``Class.name``, an attribute ``owner.name``."""
        _ = self.nodes
        return self._holdings

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters, without ``self`` and ``cls``."""
        if isinstance(self.node, ast.Module):
            return ()
        given = self.node.args
        names = [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
        return tuple(name for name in names if name not in ("self", "cls"))

    @property
    def options(self) -> str:
        """The name of the parameter that takes all other keywords; empty if there is none."""
        rest = None if isinstance(self.node, ast.Module) else self.node.args.kwarg
        return rest.arg if rest is not None else ""

    @contextmanager
    def told(self, given: Mapping[str, ast.expr]) -> Iterator[None]:
        """Within the block its parameters hold what is ``given``."""
        texts, holdings = self.texts, self.holdings
        if given:
            self.texts = {}
            self._holdings = holdings | {name: [Holding(0, given[name])] for name in given}
        try:
            yield
        finally:
            self.texts, self._holdings = texts, holdings

    @cached_property
    def defaults(self) -> dict[str, ast.expr]:
        """The defaults of the parameters that have one."""
        if isinstance(self.node, ast.Module):
            return {}
        given = self.node.args
        positional = [*given.posonlyargs, *given.args]
        last = positional[len(positional) - len(given.defaults) :]
        pairs = [*zip(last, given.defaults, strict=True)]
        pairs += [(a, d) for a, d in zip(given.kwonlyargs, given.kw_defaults, strict=True) if d]
        return {parameter.arg: default for parameter, default in pairs}

    @property
    def required(self) -> tuple[str, ...]:
        """Those without a default."""
        if isinstance(self.node, ast.Module):
            return ()
        given = self.node.args
        positional = [a.arg for a in (*given.posonlyargs, *given.args)]
        first = len(positional) - len(given.defaults)
        pairs = zip(given.kwonlyargs, given.kw_defaults, strict=True)
        names = [*positional[:first], *(a.arg for a, default in pairs if default is None)]
        return tuple(name for name in names if name not in ("self", "cls"))

    def held(self, name: str, line: int) -> list[Holding]:
        """What a name may hold at a line, the nearest first. A value that is only given where the
        name was tested leaves what it held before, and so does None, which stands for nothing yet;
        nothing later counts."""
        before = [holding for holding in self.holdings.get(name, ()) if holding.line <= line]
        found: list[Holding] = []
        for holding in reversed(before):
            if holding.how == "each" and any(
                holding.is_made_in(o) and o.ends < line for o in before
            ):
                continue
            found.append(holding)
            is_nothing = is_none(holding.value)
            if not holding.guarded and holding.how != "added" and not is_nothing:
                return found
        if not found and self.outer is not None and name not in self.parameters:
            return self.outer.held(name, 1 << 30)
        return found

    @staticmethod
    def depth_below(held: Sequence[Holding], depth: int) -> int:
        """How deep to call what a name holds: several values that are each made of others would
        make more and more of them."""
        return depth + (1 if len(held) < 3 else 3)

    def is_parameter(self, name: str) -> bool:
        """Whether a name is a parameter of this function or of one around it."""
        return name in self.parameters or (
            name not in self.holdings and self.outer is not None and self.outer.is_parameter(name)
        )

    def _hold(self, target: ast.expr, holding: Holding, owner: str = "") -> None:
        """Note what a target gets, perhaps in the body of the class ``owner``."""
        if isinstance(target, (ast.Tuple, ast.List)):
            values = holding.value
            for number, part in enumerate(target.elts):
                paired = isinstance(values, (ast.Tuple, ast.List)) and len(values.elts) == len(
                    target.elts
                )
                if paired and isinstance(values, (ast.Tuple, ast.List)):
                    value = Holding(holding.line, values.elts[number], holding.how)
                else:
                    value = Holding(holding.line, holding.value, "part")
                self._hold(part, value, owner)
            return
        name = target.id if isinstance(target, ast.Name) else ""
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            name = f"{target.value.id}.{target.attr}"
        elif name and owner:
            name = f"{owner}.{name}"
        if name:
            guarded = self._is_guarded(target, name)
            self._holdings.setdefault(name, []).append(
                Holding(holding.line, holding.value, holding.how, guarded)
            )

    def _is_guarded(self, node: ast.AST, name: str) -> bool:
        """Whether a binding is made only after a test of the same name."""
        inner, outer = node, self.file.parents.get(node)
        while outer is not None and not isinstance(outer, (*_SCOPES, ast.Module)):
            if isinstance(outer, ast.If) and inner is not outer.test:
                tested = (dotted(part) for part in ast.walk(outer.test) if _is_name(part))
                if name in tested:
                    return True
            elif isinstance(outer, ast.ExceptHandler):
                return True
            inner, outer = outer, self.file.parents.get(outer)
        return False


class FileBodies:
    """The bodies of one file. Each is read when it is first asked for."""

    def __init__(self, document: Document) -> None:
        """
        Raises:
            SourceError: it is no Python.
        """
        self.document = document
        self.parents: dict[ast.AST, ast.AST] = {}
        self.imports: dict[str, tuple[str, str]] = {}
        self.bodies: list[Body] = []
        self.by_name: dict[str, Body] = {}
        # The classes that are made from MLflow's client.
        self.clients: set[str] = set()
        # The last names of what each class is made from.
        self.bases: dict[str, tuple[str, ...]] = {}
        module = Body(self, document.tree, "", "", None)
        self.bodies.append(module)
        self._find(document.tree.body, "", "", module)

    @cached_property
    def is_near_mlflow(self) -> bool:
        """Whether the file imports MLflow or a module of the project that is about it, or has
        methods that only MLflow has."""
        modules = (module for module, _ in self.imports.values())
        return any("mlflow" in module.split(".") for module in modules) or holds_match(
            self.document.code, _OF_MLFLOW, WORDS_OF_MLFLOW
        )

    @cached_property
    def tag_makers(self) -> frozenset[str]:
        """The last names of what is called to make the tags that something is given."""
        code = self.document.code
        gives = "tags=" in code or "tags =" in code or "set_tags(" in code
        return frozenset(_TAG_MAKER.findall(code) if gives else ())

    @cached_property
    def client_names(self) -> frozenset[str]:
        """The names that are MLflow's client somewhere in the file."""
        code = self.document.code
        lines = code.splitlines() if "MlflowClient" in code else []
        return frozenset(
            found[1]
            for line in lines
            if "MlflowClient" in line
            for found in _CLIENT_NAME.finditer(line)
        )

    def _find(self, statements: list[ast.stmt], prefix: str, owner: str, outer: Body) -> None:
        """The functions among some statements, and what is imported there."""
        for node in statements:
            if isinstance(node, Function):
                body = Body(self, node, prefix + node.name, owner, outer)
                self.bodies.append(body)
                self.by_name.setdefault(body.name, body)
                self._find(node.body, f"{body.name}.", owner, body)
            elif isinstance(node, ast.ClassDef):
                name = prefix + node.name
                self.bases[name] = tuple(filter(None, map(last_name, node.bases)))
                if any(base in _CLIENTS for base in self.bases[name]):
                    self.clients.add(name)
                self._find(node.body, f"{name}.", name, outer)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                self._note_import(node)
            else:
                for field in _BLOCKS:
                    self._find(getattr(node, field, []), prefix, owner, outer)
                for field in ("handlers", "cases"):
                    for part in getattr(node, field, ()):
                        self._find(part.body, prefix, owner, outer)

    def _note_import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if isinstance(node, ast.ImportFrom):
                module = written_module(node)
                self.imports[alias.asname or alias.name] = (module, alias.name)
            else:
                name = alias.asname or alias.name.partition(".")[0]
                self.imports[name] = (alias.name if alias.asname else name, "")

    def forget(self) -> None:
        """Let go of the bodies, which refer back to this, so that nothing has to collect them."""
        self.bodies.clear()
        self.by_name.clear()

    def line(self, node: ast.expr | ast.stmt | ast.pattern) -> int:
        """The line of the file at which a node starts."""
        return self.document.file_line(node.lineno)

    def last_line(self, node: ast.expr | ast.stmt | ast.pattern) -> int:
        """The line of the file at which a node ends."""
        return self.document.file_line(node.end_lineno or node.lineno)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement around a node."""
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) or (
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    )
