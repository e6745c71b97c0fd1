"""Which code of a project a call runs, and what of others' code is known to leave MLflow alone."""

from __future__ import annotations

import ast
import sys

from trackfix.project.meaning.meaning import Meaning
from trackfix.project.project import Project
from trackfix.project.run_order.files import Definition, Function, OrderFile, OrderFiles

# Builtins and modules of the standard library that run code which is not seen here.
RUNS_CODE = frozenset({"exec", "eval", "__import__", "compile", "runpy", "importlib", "code"})
# Third parties' modules that have nothing to do with MLflow.
_HARMLESS = frozenset(
    {
        *("attr", "attrs", "catboost", "click", "joblib", "lightgbm", "loguru", "matplotlib"),
        *("numpy", "omegaconf", "optuna", "orjson", "pandas", "polars", "psutil", "pydantic"),
        *("requests", "rich", "scipy", "seaborn", "simplejson", "sklearn", "sqlalchemy"),
        *("statsmodels", "tabulate", "tomli", "torch", "torchvision", "tqdm", "typer", "xgboost"),
        "yaml",
    }
)


class Callees:
    """What the calls of one project run."""

    def __init__(self, project: Project, files: OrderFiles) -> None:
        self._project = project
        self._files = files

    def target(
        self, file: OrderFile, node: ast.Call, meaning: Meaning | None
    ) -> tuple[OrderFile, Definition] | None:
        """The code of the project that a call runs, with its file."""
        if meaning is not None and meaning.name:
            return self._files.definition(meaning, file.names.path)
        if isinstance(node.func, ast.Name):
            owner = file.names.scopes.binding_scope(node.func.id, file.names.scope_at(node))
            bound = owner.bindings.get(node.func.id, []) if owner is not None else []
            if len(bound) == 1 and isinstance(bound[0], Definition):
                return file, bound[0]
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            return _own_method(file, node, node.func.value.id, node.func.attr)
        return None

    def is_own(self, meaning: Meaning) -> bool:
        """Whether something is the project's."""
        return self._project.find(meaning.module.partition(".")[0]) is not None

    def is_harmless(self, meaning: Meaning) -> bool:
        """Whether something that is not the project's leaves MLflow as it is."""
        top = meaning.module.partition(".")[0]
        if self.is_own(meaning) or top in RUNS_CODE:
            return False
        return top == "mlflow" or top in sys.stdlib_module_names or top in _HARMLESS


def _own_method(
    file: OrderFile, node: ast.Call, owner: str, name: str
) -> tuple[OrderFile, Definition] | None:
    """The method of the class around that ``self.name()`` calls."""
    function = file.outer(node, *Function.__args__)
    around = file.names.parents.get(function) if function is not None else None
    if not isinstance(function, Function) or not isinstance(around, ast.ClassDef):
        return None
    if not function.args.args or function.args.args[0].arg != owner:
        return None
    found = [p for p in around.body if isinstance(p, Function) and p.name == name]
    return (file, found[0]) if len(found) == 1 else None


def callee_name(node: ast.Call) -> str:
    """The last name of what is called."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else "(…)"


def root_meaning(file: OrderFile, node: ast.expr) -> Meaning | None:
    """What the name means that a chain of attributes begins with."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return file.meaning(node) if isinstance(node, ast.Name) else None
