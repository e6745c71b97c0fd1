"""The places that create a run by hand: with its experiment, its parent and its tags."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackfix.project.expressions import keyword_value
from trackfix.project.run_logic.bodies import Body
from trackfix.project.run_logic.experiments import experiment_origin
from trackfix.project.run_logic.fragments import Fragment, Step, Term
from trackfix.project.run_logic.tag_keys import NAME_TAG, PARENT_TAG, is_parent, key_of, tags_in

# A mark of a child that nothing but its being nested links to its parent.
NESTED = "nested"
# A mark of a start that may set the tag of the parent by a constant of another module.
_UNTOLD = "tags by constants"


def find_creations(body: Body, calls: list[tuple[ast.Call, str]]) -> Iterator[Fragment]:
    """The run creations of a function that are more than a plain ``start_run``."""
    for call, name in calls:
        if name == "create_run":
            yield _creation(call, name, body, calls)
        elif name == "start_run":
            found = _creation(call, name, body, calls)
            is_linked = keyword_value(call, "parent_run_id") is not None
            if (
                "parent tag" in found.marks
                or is_linked
                or ("child" in found.marks and found.experiment)
            ):
                yield found
            elif any(t.key.startswith("<") and not t.key.startswith("<:") for t in found.terms):
                yield found._replace(marks=tuple(sorted({*found.marks, _UNTOLD})))
            elif "child" in found.marks:
                filled = _filled(call, body, calls)
                terms = {*found.terms, *(Term("tag", key) for key in filled if key != "*")}
                if terms:
                    marks = tuple(sorted({*found.marks, NESTED}))
                    yield found._replace(terms=tuple(sorted(terms)), marks=marks)


def settled(fragment: Fragment) -> Fragment | None:
    """The same fragment, once all its keys are known that the project tells: what sets the tag of
    the parent makes a child. None if only that could have made it more than a plain start."""
    if fragment.kind != "create-run":
        return fragment
    marks = set(fragment.marks)
    if Term("tag", PARENT_TAG) in fragment.terms:
        marks = marks - {NESTED} | {"child", "parent tag"}
    elif _UNTOLD in marks and "child" not in marks:
        return None
    elif _UNTOLD in marks:
        marks.add(NESTED)
    return fragment._replace(marks=tuple(sorted(marks - {_UNTOLD})))


def _filled(start: ast.Call, body: Body, calls: list[tuple[ast.Call, str]]) -> Iterator[str]:
    """The keys of the tags that a run gets in the block that a with-statement starts it for."""
    block = body.file.statement(start)
    if not isinstance(block, (ast.With, ast.AsyncWith)):
        return
    last = block.end_lineno or block.lineno
    for call, name in calls:
        if block.lineno < call.lineno <= last:
            if name == "set_tags" and call.args:
                yield from tags_in(call.args[-1], body, call.lineno)
            elif name == "set_tag" and len(call.args) > 1:
                yield key_of(call.args[-2], body)


def _creation(call: ast.Call, name: str, body: Body, calls: list[tuple[ast.Call, str]]) -> Fragment:
    line = body.file.line(call)
    given = keyword_value(call, "experiment_id")
    if given is None and name == "create_run" and call.args:
        given = call.args[0]
    origin, steps = experiment_origin(given, body, call.lineno)
    tags = tags_in(_tags_argument(call, name), body, call.lineno)
    marks: list[str] = []
    for other, api in calls:
        if api == "set_tag" and len(other.args) >= 2:
            key = key_of(other.args[-2], body)
            if is_parent(key):
                tags.setdefault(key, body.file.line(other))
        elif api == "set_tags" and other.args:
            set_later = tags_in(other.args[-1], body, other.lineno)
            tags |= {key: line for key, line in set_later.items() if is_parent(key)}
    parent_id = keyword_value(call, "parent_run_id")
    nested = keyword_value(call, "nested")
    parents = [at for key, at in tags.items() if is_parent(key)]
    if parents:
        marks += ["child", "parent tag"]
        steps.append(Step(parents[0], f"tag {PARENT_TAG}"))
    elif parent_id is not None or (isinstance(nested, ast.Constant) and nested.value is True):
        marks.append("child")
    if any(key.startswith("azureml.") for key in tags):
        marks.append("azure tags")
    if keyword_value(call, "run_name") is not None or NAME_TAG in tags:
        marks.append("named")
    ended = [other for other, api in calls if api in ("set_terminated", "end_run")]
    if ended:
        marks.append("ended")
        steps.append(Step(body.file.line(ended[0]), "ends the run"))
    if body.of(ast.Yield):
        marks.append("context manager")
    steps.append(Step(line, f"{name}({_told(origin, tags)})"))
    lines = [step.line for step in steps]
    return Fragment(
        kind="create-run",
        path=body.file.document.path,
        function=body.name,
        line=line,
        column=call.col_offset + 1,
        first=min(lines),
        last=max(lines),
        steps=tuple(sorted(set(steps), key=lambda step: (step.line, step.text))),
        terms=tuple(Term("tag", key) for key in sorted(tags) if key != "*"),
        experiment=origin,
        marks=tuple(sorted(set(marks))),
    )


def _tags_argument(call: ast.Call, name: str) -> ast.expr | None:
    given = keyword_value(call, "tags")
    if given is None and name == "create_run" and len(call.args) > 2:
        return call.args[2]
    return given


def _told(origin: str, tags: dict[str, int]) -> str:
    where = f"experiment: {origin}" if origin else "experiment"
    return f"{where}, {len(tags)} tags" if tags else where
