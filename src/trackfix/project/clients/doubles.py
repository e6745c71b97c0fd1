"""Where tests put a double in the place of mlflow, or of its client class."""

from __future__ import annotations

import ast

from trackfix.project.facts.expressions import dotted, last_call_name, string_value
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import CLASS_MODULES, CLASS_NAME

_PATCHES = frozenset({"patch", "object", "multiple", "setattr"})
_ENTRIES = frozenset({"dict", "setitem", "delitem", "setdefault"})


class Doubles:
    """The parts of one file in which mlflow's names may mean a double.

    A double that one test makes is there for this test; any other, such as that of a fixture, may
    be there for the whole file. ``modules`` are the texts that name modules to be replaced.
    """

    def __init__(self, names: FileNames) -> None:
        self._names = names
        self._of_class: set[ast.AST] = set()
        self.modules: list[ast.expr] = []
        for node in names.document.index.strings:
            kind = self._kind(node)
            if kind == "class":
                self._of_class.add(self._part(node))
            elif kind:
                self.modules.append(node)
        self.modules += [c for c in names.document.index.calls if _is_entry_by_keyword(c)]
        self._of_module = set(map(self._part, self.modules))
        for use in names.scopes.uses:
            if not use.is_read and use.attributes[-1:] == (CLASS_NAME,):
                self._of_class.add(self._part(use.node))

    def hide(self, node: ast.AST, *, bound_before: bool) -> bool:
        """Whether ``node`` may mean a double. ``bound_before`` tells that the class was taken from
        mlflow when the file was imported: a patch of mlflow's own name does not reach that."""
        hiding = self._of_module if bound_before else self._of_module | self._of_class
        if not hiding:
            return False
        current: ast.AST | None = node
        while current is not None:
            if current in hiding:
                return True
            current = self._names.parents.get(current)
        return False

    def _part(self, node: ast.AST) -> ast.AST:
        """The test around a node, or the whole file."""
        current: ast.AST | None = node
        while current is not None:
            if isinstance(
                current, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
            ) and current.name.startswith(("test", "Test")):
                return current
            current = self._names.parents.get(current)
        return self._names.document.tree

    def _kind(self, node: ast.Constant) -> str:
        """What a string is the place of a double for: the ``class``, a ``module``, or nothing."""
        text = str(node.value)
        if text == CLASS_NAME or (
            text.endswith(f".{CLASS_NAME}") and text.rpartition(".")[0] in CLASS_MODULES
        ):
            call = self._call_around(node)
            if last_call_name(call) in _PATCHES:
                return "class" if text != CLASS_NAME or self._is_of_mlflow(call) else ""
            return ""
        if f"mlflow.{text}" in CLASS_MODULES:
            call = self._call_around(node)
            is_patch = last_call_name(call) in _PATCHES and self._is_of_mlflow(call, certainly=True)
            return "module" if is_patch else ""
        if text.partition(".")[0] != "mlflow" or not text.replace(".", "").isidentifier():
            return ""
        parent = self._names.parents.get(node)
        if isinstance(parent, ast.Subscript):
            is_entry = dotted(parent.value) == "sys.modules"
            return "module" if is_entry and not isinstance(parent.ctx, ast.Load) else ""
        name = last_call_name(self._call_around(node))
        if name in _PATCHES and text in CLASS_MODULES:
            return "module"
        return "module" if name in _ENTRIES else ""

    def _is_of_mlflow(self, call: ast.Call | None, *, certainly: bool = False) -> bool:
        """Whether ``patch.object(owner, "MlflowClient")`` is about mlflow, or may be."""
        if call is None or not call.args:
            return False
        scope = self._names.scope_at(call)
        found = self._names.of(call.args[0], scope)
        if found is None:
            return not certainly
        return found.module.partition(".")[0] == "mlflow"

    def _call_around(self, node: ast.AST) -> ast.Call | None:
        parent = self._names.parents.get(node)
        while isinstance(parent, (ast.Dict, ast.keyword)):
            parent = self._names.parents.get(parent)
        return parent if isinstance(parent, ast.Call) else None


def _is_entry_by_keyword(call: ast.Call) -> bool:
    """``patch.dict(sys.modules, mlflow=double)``, ``sys.modules.update(mlflow=double)``"""
    if all(keyword.arg != "mlflow" for keyword in call.keywords):
        return False
    owner = call.args[0] if call.args else getattr(call.func, "value", None)
    return "sys.modules" in (dotted(owner), string_value(owner))
