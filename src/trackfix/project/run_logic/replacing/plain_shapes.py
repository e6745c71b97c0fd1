"""Run logic that is nothing but its plain steps: newest run, run by one tag, child run, experiment.

Everything else raises `NotPlain`, with the reason in words.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from trackfix.project.facts.expressions import is_none, string_value
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.scopes import Scope
from trackfix.source.patterns import lazy_pattern

Result = Literal["run", "run-id", "experiment-id"]
Role = Literal[
    "client", "experiment-name", "experiment-id", "tag-value", "parent-run-id", "run-name"
]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
# What may do something else each time, or bind a name.
_EFFECTS = (ast.Call, ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom, ast.Lambda)
_NEWEST = lazy_pattern(r"^\s*(?:attributes?\.)?start_time\s+desc\s*$", re.IGNORECASE)
_ONE_TAG = lazy_pattern(
    r"^\s*tags?\.(?:`(?P<a>[^`]+)`|\"(?P<b>[^\"]+)\"|(?P<c>[\w.]+|\0))\s*=\s*"
    r"(?:'(?P<d>[^'\"\0]*|\0)'|\"(?P<e>[^'\"\0]*|\0)\")\s*$"
)
_TAG_CONSTANTS = {"MLFLOW_PARENT_RUN_ID": "mlflow.parentRunId", "MLFLOW_RUN_NAME": "mlflow.runName"}
_SEARCH = ("experiment_ids", "filter_string", "run_view_type", "max_results", "order_by")
_CREATE = ("experiment_id", "start_time", "tags", "run_name")

Assigned = tuple[ast.Name, ast.Assign | ast.AnnAssign]


class NotPlain(Exception):
    """The steps are no plain shape; the argument says why."""


class UsedAgain(NotPlain):
    """What a step gives is used for more than the next step, as by a guard."""


@dataclass
class Shape:
    """The plain steps around one call of MLflow.

    ``roles`` are the expressions that the steps are given. ``key`` is that of the tag that is asked
    for, and ``quote`` what stands around its value, if that is no literal. ``steps`` are the
    assignments that the steps go through, each with the name that leads there. ``experiment`` is
    the name that holds the experiment.
    """

    anchor: ast.Call
    roles: dict[Role, ast.expr] = field(default_factory=dict)
    key: str = ""
    quote: str = ""
    steps: list[Assigned] = field(default_factory=list)
    experiment: str = ""

    def give(self, role: Role, value: ast.expr) -> None:
        """Note what a role is given.

        Raises:
            NotPlain: another expression has the role already.
        """
        if any(isinstance(part, _EFFECTS) for part in ast.walk(value)):
            raise NotPlain(f"its {role.replace('-', ' ')} is more than a value")
        known = self.roles.setdefault(role, value)
        if ast.dump(known) != ast.dump(value):
            raise NotPlain(f"two expressions give the {role.replace('-', ' ')}")


class Taken(NamedTuple):
    """The expression that has a result, and the assignments that it goes through on the way there;
    ``or_none`` tells that it is None without a run."""

    target: ast.expr
    steps: list[Assigned]
    or_none: bool = False


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

    def function(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The function whose own body a node stands in."""
        current = self.parents.get(node)
        while current is not None and not isinstance(current, (*_FUNCTIONS, ast.ClassDef)):
            current = self.parents.get(current)
        return current if isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef)) else None

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
        if "run_view_type" in given:
            raise NotPlain("it says which runs to view")
        if "experiment_ids" not in given:
            raise NotPlain("it names no experiments")
        ids = self.follow(given["experiment_ids"], shape)
        if not isinstance(ids, (ast.List, ast.Tuple)) or len(ids.elts) != 1:
            raise NotPlain("it may search more than one experiment")
        self._experiment(ids.elts[0], shape)
        if "filter_string" in given:
            self._filter(self.follow(given["filter_string"], shape), shape)
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
        tags = self.follow(given["tags"], shape) if "tags" in given else None
        if not isinstance(tags, ast.Dict):
            raise NotPlain("its tags are not written out")
        for key, value in zip(tags.keys, tags.values, strict=True):
            name = self._tag(key)
            if name == "mlflow.parentRunId":
                shape.give("parent-run-id", value)
            elif name == "mlflow.runName":
                shape.give("run-name", value)
            else:
                raise NotPlain("it sets other tags")
        if "parent-run-id" not in shape.roles:
            raise NotPlain("it has no parent")
        if "run_name" in given:
            shape.give("run-name", given["run_name"])
        self._experiment(given["experiment_id"], shape)
        return shape

    def _begun(self, call: ast.Call, name: str) -> Shape:
        function = call.func
        if not isinstance(function, ast.Attribute) or function.attr != name:
            raise NotPlain(f"it does not call {name} of a client")
        shape = Shape(call)
        self.receiver(function.value, shape)
        return shape

    def receiver(self, node: ast.expr, shape: Shape) -> None:
        """Note whose method is called.

        Raises:
            NotPlain: it is no name of one client.
        """
        if not _is_simple(node):
            raise NotPlain("its client is not a plain name")
        root: ast.expr = node
        while isinstance(root, ast.Attribute):
            root = root.value
        scope = self._scopes.get(id(root))
        meaning = self.names.of(node, scope) if scope is not None else None
        if meaning is not None and not meaning.name:
            raise NotPlain("it calls the module mlflow, not a client")
        shape.give("client", node)

    def _experiment(self, node: ast.expr, shape: Shape) -> None:
        found = self.follow(node, shape)
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

    def _filter(self, node: ast.expr, shape: Shape) -> None:
        parts = node.values if isinstance(node, ast.JoinedStr) else [node]
        holes: list[ast.expr] = []
        text = ""
        for part in parts:
            if isinstance(part, ast.FormattedValue):
                if part.conversion != -1 or part.format_spec is not None:
                    raise NotPlain("its filter formats a value")
                holes.append(part.value)
                text += "\0"
            elif (literal := string_value(part)) is not None:
                text += literal
            else:
                raise NotPlain("its filter is made elsewhere")
        if not text.strip():
            return
        found = _ONE_TAG.match(text)
        if found is None:
            raise NotPlain("its filter is more than one tag")
        key = found["a"] or found["b"] or found["c"]
        shape.key = "a constant" if "\0" in key else key
        value = found["d"] if found["d"] is not None else found["e"]
        if len(holes) > 2 or key.count("\0") > 1 or (key != "\0" and "\0" in key):
            raise NotPlain("its filter puts a key together")
        if value == "\0":
            shape.quote = "'" if found["d"] is not None else '"'
        shape.give("tag-value", holes[-1] if value == "\0" else ast.Constant(value))

    def _tag(self, key: ast.expr | None) -> str:
        literal = string_value(key)
        if literal is not None:
            return literal
        scope = self._scopes.get(id(key))
        meaning = self.names.of(key, scope) if scope is not None else None
        is_known = meaning is not None and meaning.module == "mlflow.utils.mlflow_tags"
        return _TAG_CONSTANTS.get(meaning.name, "") if is_known and meaning is not None else ""

    # What becomes of the answer

    def taken(self, call: ast.Call, wanted: Result) -> Taken:
        """What takes the ``wanted`` result of a plain shape.

        Raises:
            NotPlain: the answer is used in other ways.
        """
        steps: list[Assigned] = []
        node: ast.expr = call
        state = "runs" if _method(call) == "search_runs" else "run"
        while state != wanted:
            parent = self.parents.get(node)
            if isinstance(parent, (ast.Assign, ast.AnnAssign)) and parent.value is node:
                uses = self._uses(parent)
                choice = self._or_none(uses, wanted) if state == "runs" else None
                if choice is not None:
                    return Taken(choice, [*steps, (uses[0], parent)], or_none=True)
                if len(uses) != 1:
                    raise UsedAgain("what it finds is used more than once")
                steps.append((uses[0], parent))
                node = uses[0]
            node, state = self._taken_next(node, state, wanted)
        return Taken(node, steps)

    def _taken_next(self, node: ast.expr, state: str, wanted: Result) -> tuple[ast.expr, str]:
        """What is taken of runs, or of a run, and which result that is."""
        parent = self.parents.get(node)
        if state == "runs" and isinstance(parent, ast.expr) and _takes_first(parent, node):
            return parent, "run"
        if state == "run" and isinstance(parent, ast.Attribute) and parent.attr == "info":
            outer = self.parents.get(parent)
            if isinstance(outer, ast.Attribute) and outer.attr == "run_id":
                return outer, "run-id"
        raise NotPlain(f"it is not the {wanted.replace('-', ' ')} that is taken of it")

    def _or_none(self, uses: list[ast.Name], wanted: Result) -> ast.IfExp | None:
        """``runs[0] if runs else None``, if these are all uses of the runs."""
        if len(uses) != 2:
            return None
        node, state, test = uses[0], "runs", uses[1]
        choice = self.parents.get(test)
        if not (isinstance(choice, ast.IfExp) and choice.test is test and is_none(choice.orelse)):
            return None
        taken: ast.expr = node
        while taken is not choice.body and state != wanted:
            taken, state = self._taken_next(taken, state, wanted)
        return choice if taken is choice.body and state == wanted else None

    def only_use(self, statement: ast.Assign | ast.AnnAssign) -> ast.Name | None:
        """The only use of the name that a statement binds, if there is one."""
        uses = self._uses(statement)
        return uses[0] if len(uses) == 1 else None

    def _uses(self, statement: ast.Assign | ast.AnnAssign) -> list[ast.Name]:
        """The uses of the name that a statement alone binds, in the order of the text."""
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        target = targets[0]
        if len(targets) > 1 or not isinstance(target, ast.Name):
            return []
        uses = self.names.scopes.uses_of(target.id, self.scope(statement))
        found = sorted((use.node for use in uses), key=lambda n: (n.lineno, n.col_offset))
        return found if all(self.binding(node) is statement for node in found) else []


def _method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _takes_first(parent: ast.AST | None, node: ast.expr) -> bool:
    return (
        isinstance(parent, ast.Subscript)
        and parent.value is node
        and isinstance(parent.slice, ast.Constant)
        and parent.slice.value == 0
        and isinstance(parent.ctx, ast.Load)
    )


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


def _is_simple(node: ast.expr) -> bool:
    """A name, or an attribute of one: reading it twice gives the same, and does nothing."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)
