"""Run logic that is nothing but its plain steps: newest run, run by one tag, child run, experiment.

Everything else raises `NotPlain`, with the reason in words.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import Literal

from trackfix.project.facts.expressions import dotted, is_none, string_value
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import CLIENT, Meaning
from trackfix.project.meaning.scopes import Scope
from trackfix.project.run_logic.replacing.not_plain import NotPlain
from trackfix.project.run_logic.replacing.plain_constants import constant_of
from trackfix.project.run_logic.replacing.plain_filters import conditions_of
from trackfix.source.patterns import lazy_pattern

Result = Literal["run", "run-id", "experiment-id"]
# ``client``, ``experiment-name``, ``experiment-id``, ``parent-run-id``, ``run-name``, and for each
# condition of a filter its value, ``value-of-tag …``.
Role = str

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
# What may do something else each time, or bind a name.
_EFFECTS = (ast.Call, ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom, ast.Lambda)
_NEWEST = lazy_pattern(r"^\s*(?:attributes?\.)?start_time\s+desc\s*$", re.IGNORECASE)
_SEARCH = ("experiment_ids", "filter_string", "run_view_type", "max_results", "order_by")
_CREATE = ("experiment_id", "start_time", "tags", "run_name")

Assigned = tuple[ast.Name, ast.Assign | ast.AnnAssign]


@dataclass
class Shape:
    """The plain steps around one call of MLflow.

    ``roles`` are the expressions that the steps are given. ``quotes`` tells for the roles that a
    filter has what stands around the value, if that is no literal. ``steps`` are the assignments
    that the steps go through, each with the name that leads there. ``experiment`` is the name that
    holds the experiment, ``helper`` the function that gives its id.

    ``maker`` is what the function calls for a client of its own, ``makers`` are the expressions
    that are called for it, ``held`` is the assignment that keeps it. ``asked`` are the methods of
    the client that are called, ``helpers`` the expressions that are called for ``helper``.
    ``calls`` tells by their ids what is known of the calls of ``maker`` and ``helper``.
    """

    anchor: ast.Call
    roles: dict[Role, ast.expr] = field(default_factory=dict)
    quotes: dict[Role, str] = field(default_factory=dict)
    steps: list[Assigned] = field(default_factory=list)
    experiment: str = ""
    helper: Meaning | None = None
    maker: Meaning | None = None
    makers: list[ast.expr] = field(default_factory=list)
    held: Assigned | None = None
    asked: list[ast.expr] = field(default_factory=list)
    helpers: list[ast.expr] = field(default_factory=list)
    calls: dict[int, Literal["there", "unknown"]] = field(default_factory=dict)

    def give(self, role: Role, value: ast.expr) -> None:
        """Note what a role is given.

        Raises:
            NotPlain: another expression has the role already.
        """
        is_made = role == "client" and id(value) in self.calls
        if not is_made and any(isinstance(part, _EFFECTS) for part in ast.walk(value)):
            raise NotPlain(f"its {role.replace('-', ' ')} is more than a value")
        known = self.roles.setdefault(role, value)
        if ast.dump(known) != ast.dump(value):
            raise NotPlain(f"two expressions give the {role.replace('-', ' ')}")


class Shapes:
    """Reads the plain shapes of one file."""

    def __init__(self, names: FileNames) -> None:
        self.names = names
        self.document = names.document
        self.parents = names.parents
        self._scopes = {id(use.node): use.scope for use in names.scopes.uses}

    def call_at(self, line: int, column: int) -> ast.Call:
        """The call that starts at a line of the file and a column of ``ast``, from 1.

        Raises:
            NotPlain: there is none.
        """
        for node in ast.walk(self.document.tree):
            if isinstance(node, ast.Call) and node.col_offset == column - 1:
                place = self.document.file_line(node.lineno)
                if place == line and isinstance(node.func, ast.Attribute):
                    return node
        raise NotPlain("it is no call of a method")

    def around(self, node: ast.AST) -> ast.AST | None:
        """The function, lambda or class whose own body a node stands in."""
        current = self.parents.get(node)
        while current is not None and not isinstance(current, (*_FUNCTIONS, ast.ClassDef)):
            current = self.parents.get(current)
        return current

    def function(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The function whose own body a node stands in."""
        found = self.around(node)
        return found if isinstance(found, (ast.FunctionDef, ast.AsyncFunctionDef)) else None

    def scope(self, node: ast.AST) -> Scope:
        """The scope of the function that a node stands in, else the module's."""
        owner = self.function(node)
        return next((s for s in self.names.scopes.all if s.node is owner), self.names.scopes.module)

    def binding(self, name: ast.Name) -> ast.Assign | ast.AnnAssign | None:
        """The assignment that alone binds a name of a function; None if something else does."""
        scope = self._scopes.get(id(name))
        owner = self.names.scopes.binding_scope(name.id, scope) if scope is not None else None
        if owner is None or isinstance(owner.node, (ast.Module, ast.ClassDef)):
            return None
        nodes = owner.bindings[name.id]
        statement = self.parents.get(nodes[0])
        if len(nodes) > 1 or owner is not scope:
            return None
        if isinstance(statement, ast.Assign) and statement.targets == nodes:
            return statement
        if isinstance(statement, ast.AnnAssign) and statement.target is nodes[0]:
            return statement if statement.value is not None else None
        return None

    def follow(self, node: ast.expr, shape: Shape) -> ast.expr:
        """What an expression is, through the names that hold it; these become steps."""
        while isinstance(node, ast.Name):
            statement = self.binding(node)
            if statement is None or statement.value is None:
                break
            shape.steps.append((node, statement))
            node = statement.value
        return node

    # The shapes

    def search(self, call: ast.Call) -> Shape:
        """A search for the newest run, or for the newest with one tag.

        Raises:
            NotPlain: it is something else.
        """
        shape = self._begun(call, "search_runs")
        given = arguments_of(call, _SEARCH)
        if "run_view_type" in given and not _is_active_only(given["run_view_type"]):
            raise NotPlain("it says which runs to view")
        if "experiment_ids" not in given:
            raise NotPlain("it names no experiments")
        ids = self.follow(given["experiment_ids"], shape)
        if not isinstance(ids, (ast.List, ast.Tuple)) or len(ids.elts) != 1:
            raise NotPlain("it may search more than one experiment")
        self._experiment(ids.elts[0], shape)
        if "filter_string" in given:
            self._filter(given["filter_string"], shape)
        if "order_by" in given:
            order = self.follow(given["order_by"], shape)
            texts = order.elts if isinstance(order, (ast.List, ast.Tuple)) else []
            if len(texts) != 1 or not _NEWEST.match(string_value(texts[0]) or ""):
                raise NotPlain("it does not ask for the newest run alone")
        limit = given.get("max_results")
        if limit is not None and not (
            isinstance(limit, ast.Constant) and isinstance(limit.value, int) and limit.value >= 1
        ):
            raise NotPlain("its number of results is not written out")
        return shape

    def creation(self, call: ast.Call) -> Shape:
        """The creation of a child run that has no tags but MLflow's own for parent and name.

        Raises:
            NotPlain: it is something else.
        """
        shape = self._begun(call, "create_run")
        given = arguments_of(call, _CREATE)
        if "start_time" in given:
            raise NotPlain("it sets the start time")
        if "experiment_id" not in given:
            raise NotPlain("it names no experiment")
        before = len(shape.steps)
        tags = self.follow(given["tags"], shape) if "tags" in given else None
        if not isinstance(tags, ast.Dict):
            raise NotPlain("its tags are not written out")
        for key, value in zip(tags.keys, tags.values, strict=True):
            name = self.constant(key)
            if name == "mlflow.parentRunId":
                shape.give("parent-run-id", value)
            elif name == "mlflow.runName":
                shape.give("run-name", value)
            else:
                raise NotPlain("it sets other tags")
        if "parent-run-id" not in shape.roles:
            is_one = all(self.only_use(step) is name for name, step in shape.steps[before:])
            raise NotPlain("it has no parent" if is_one else "its tags are not written at once")
        if "run_name" in given:
            shape.give("run-name", given["run_name"])
        self._experiment(given["experiment_id"], shape)
        return shape

    def _begun(self, call: ast.Call, name: str) -> Shape:
        function = call.func
        if not isinstance(function, ast.Attribute) or function.attr != name:
            raise NotPlain(f"it does not call {name} of a client")
        if self._module(function.value):
            raise NotPlain("it calls the module mlflow, not a client")
        shape = Shape(call)
        self.receiver(function.value, shape)
        return shape

    def receiver(self, node: ast.expr, shape: Shape) -> None:
        """Note whose method is called.

        Raises:
            NotPlain: it is no one client.
        """
        is_known = bool(shape.roles.keys() & {"client"} or shape.maker)
        maker = self._maker(node, shape)
        if is_known and shape.maker != maker:
            raise NotPlain("two expressions give the client")
        shape.maker = maker
        if maker is None and not _is_simple(node):
            raise NotPlain("its client is not a plain name")
        if not self._module(node):
            shape.give("client", node)
        function = self.parents[node]
        assert isinstance(function, ast.Attribute)
        shape.asked.append(function)

    def _maker(self, node: ast.expr, shape: Shape) -> Meaning | None:
        """What the function calls, without arguments, for a client of its own; MLflow's module
        makes one of its class for each question (``mlflow/tracking/fluent.py``).

        Raises:
            NotPlain: it asks another module than MLflow.
        """
        if module := self._module(node):
            if module.partition(".")[0] != "mlflow":
                raise NotPlain(f"it asks the module {module}, not MLflow")
            function = self.parents[node]
            assert isinstance(function, ast.Attribute)
            shape.makers.append(function)
            return CLIENT
        statement = self.binding(node) if isinstance(node, ast.Name) else None
        made = statement.value if statement is not None else node
        if not isinstance(made, ast.Call) or made.args or made.keywords:
            return None
        found = self.names.of(made.func, self.scope(made))
        if found is None or not found.name:
            return None
        shape.calls[id(made)] = "there"
        shape.makers.append(made.func)
        if statement is not None and isinstance(node, ast.Name):
            shape.held = (node, statement)
        return CLIENT if found.is_client else found

    def _module(self, node: ast.expr) -> str:
        """The module that an expression means; empty if it means none."""
        root = node
        while isinstance(root, ast.Attribute):
            root = root.value
        scope = self._scopes.get(id(root))
        meaning = self.names.of(node, scope) if scope is not None else None
        return meaning.module if meaning is not None and not meaning.name else ""

    def _experiment(self, node: ast.expr, shape: Shape) -> None:
        found = self.follow(node, shape)
        if isinstance(found, ast.Call):
            self._helper(found, shape)
            return
        if not (isinstance(found, ast.Attribute) and found.attr == "experiment_id"):
            if not _is_simple(node) or found is not node:
                raise NotPlain("its experiment comes from elsewhere")
            shape.give("experiment-id", node)
            return
        holder = found.value
        if isinstance(holder, ast.Attribute) and holder.attr == "info":
            source = self.follow(holder.value, shape)
            shape.give("parent-run-id", self.asked(source, "get_run", shape))
            return
        if isinstance(holder, ast.Name):
            shape.experiment = holder.id
        source = self.follow(holder, shape)
        shape.give("experiment-name", self.asked(source, "get_experiment_by_name", shape))

    def asked(self, node: ast.expr, name: str, shape: Shape) -> ast.expr:
        """The only argument of a call of the same client.

        Raises:
            NotPlain: it is something else.
        """
        function = node.func if isinstance(node, ast.Call) else None
        if not isinstance(function, ast.Attribute) or function.attr != name:
            raise NotPlain("its experiment comes from elsewhere")
        self.receiver(function.value, shape)
        assert isinstance(node, ast.Call)
        given = arguments_of(node, ("name" if name != "get_run" else "run_id",))
        if len(given) != 1:
            raise NotPlain(f"{name} has other arguments")
        return next(iter(given.values()))

    def _helper(self, call: ast.Call, shape: Shape) -> None:
        """Note the function that gives the id of the experiment of a name."""
        shape.helper = self.names.of(call.func, self.scope(call))
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        names = {keyword.arg for keyword in call.keywords}
        if shape.helper is None or not shape.helper.name or len(given) != 1 or None in names:
            raise NotPlain("its experiment comes from elsewhere")
        shape.calls[id(call)] = "unknown"
        shape.helpers.append(call.func)
        shape.give("experiment-name", given[0])

    def _filter(self, node: ast.expr, shape: Shape) -> None:
        for condition in conditions_of(self.follow(node, shape), self.constant):
            role = f"value-of-{condition.what}"
            shape.quotes[role] = condition.quote
            shape.give(role, condition.value)

    def constant(self, node: ast.expr | None) -> str:
        """The text of a constant, as `constant_of` tells it; empty if it is none."""
        return constant_of(node, self.scope(node) if node is not None else None, self.names)

    def only_use(self, statement: ast.Assign | ast.AnnAssign) -> ast.Name | None:
        """The only use of the name that a statement binds, if there is one."""
        uses = self.uses(statement)
        return uses[0] if len(uses) == 1 else None

    def uses(self, statement: ast.Assign | ast.AnnAssign) -> list[ast.Name]:
        """The uses of the name that a statement alone binds, in the order of the text."""
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        target = targets[0]
        if len(targets) > 1 or not isinstance(target, ast.Name):
            return []
        uses = self.names.scopes.uses_of(target.id, self.scope(statement))
        found = sorted((use.node for use in uses), key=lambda n: (n.lineno, n.col_offset))
        return found if all(self.binding(node) is statement for node in found) else []


def arguments_of(call: ast.Call, positions: tuple[str, ...]) -> dict[str, ast.expr]:
    """The arguments of a call by name; those that are None are left out.

    Raises:
        NotPlain: there are others, or they are unpacked.
    """
    if any(isinstance(part, ast.Starred) for part in call.args):
        raise NotPlain("its arguments are unpacked")
    given = dict(zip(positions, call.args, strict=False))
    for keyword in call.keywords:
        if keyword.arg is None:
            raise NotPlain("its arguments are unpacked")
        given[keyword.arg] = keyword.value
    if len(call.args) > len(positions) or set(given) - set(positions):
        raise NotPlain("it has other arguments")
    return {name: value for name, value in given.items() if not is_none(value)}


def _is_active_only(node: ast.expr) -> bool:
    """Whether a view is the one that a search has by itself."""
    return (dotted(node) or "").endswith("ViewType.ACTIVE_ONLY")


def _is_simple(node: ast.expr) -> bool:
    """A name, or an attribute of one: reading it twice gives the same, and does nothing."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)
