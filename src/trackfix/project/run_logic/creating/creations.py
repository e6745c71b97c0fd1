"""The places that create a run by hand: with its experiment, its parent and its tags."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from trackfix.project.facts.expressions import dotted, keyword_value
from trackfix.project.run_logic.creating.experiments import experiment_origin
from trackfix.project.run_logic.fragments import Fragment, Step, Term
from trackfix.project.run_logic.pieces import piece_at
from trackfix.project.run_logic.values.bodies import Body
from trackfix.project.run_logic.values.holes import HOLE
from trackfix.project.run_logic.values.spreads import items_of, spread
from trackfix.project.run_logic.values.tag_keys import (
    NAME_TAG,
    PARENT_TAG,
    Tags,
    is_parent,
    key_of,
    keys_of,
    tags_in,
)
from trackfix.project.run_logic.values.texts import text_of
from trackfix.source.patterns import lazy_pattern

# A mark of a child that nothing but its being nested links to its parent.
NESTED = "nested"
# A mark of a start that may set the tag of the parent by a constant of another module.
_UNTOLD = "tags by constants"
# A mark of a run of its own that ``start_run`` makes: only what creates it by hand tells it.
STARTED = "started"
# What the mark of a run begins with whose name is built of words, which it ends with.
CALLED = "called "
# Fewer tags don't tell a run that has no name.
FEWEST_TELLING = 4
_WORD = lazy_pattern(r"[^\W\d_]{3}")


def find_creations(body: Body, calls: list[tuple[ast.Call, str]]) -> Iterator[Fragment]:
    """The run creations of a function that are more than a plain ``start_run``."""
    for call, name in calls:
        if name == "create_run":
            yield _creation(call, name, body, calls)
        elif name == "start_run":
            found = _creation(call, name, body, calls)
            is_linked = _given(call, "parent_run_id", body) is not None
            if (
                "parent tag" in found.marks
                or is_linked
                or ("child" in found.marks and found.experiment)
            ):
                yield _with_filled(found, call, body, calls)
            else:
                yield from _plain_start(found, call, body, calls)


def _plain_start(
    found: Fragment, call: ast.Call, body: Body, calls: list[tuple[ast.Call, str]]
) -> Iterator[Fragment]:
    """A start that nothing links to a parent, if its tags may tell what it is."""
    marks = set(found.marks)
    if "child" in marks:
        marks.add(NESTED)
    else:
        found = _in_set_experiment(found, call, calls)
        is_told = any(m.startswith(CALLED) for m in marks) or len(found.terms) >= FEWEST_TELLING
        if found.experiment and is_told:
            marks.add(STARTED)
    if any(t.key.startswith("<") and not t.key.startswith("<:") for t in found.terms):
        yield found._replace(marks=tuple(sorted({*marks - {NESTED}, _UNTOLD})))
    elif {NESTED, STARTED} & marks:
        filled = _with_filled(found, call, body, calls)
        if filled.terms:
            yield filled._replace(marks=tuple(sorted(marks)))


def _in_set_experiment(
    found: Fragment, call: ast.Call, calls: list[tuple[ast.Call, str]]
) -> Fragment:
    """The same start, with the experiment that the function has made the active one before."""
    before = [c for c, api in calls if api == "set_experiment" and c.lineno < call.lineno]
    return found._replace(experiment="name") if before and not found.experiment else found


def settled(fragment: Fragment) -> Fragment | None:
    """The same fragment, once all its keys are known that the project tells: what sets the tag of
    the parent makes a child. None if only that could have made it more than a plain start."""
    if fragment.kind != "create-run":
        return fragment
    marks = set(fragment.marks)
    if Term("tag", PARENT_TAG) in fragment.terms:
        marks = marks - {NESTED, STARTED} | {"child", "parent tag"}
    elif _UNTOLD in marks and "child" in marks:
        marks.add(NESTED)
    elif _UNTOLD in marks and STARTED not in marks:
        return None
    return fragment._replace(marks=tuple(sorted(marks - {_UNTOLD})))


def _with_filled(
    found: Fragment, start: ast.Call, body: Body, calls: list[tuple[ast.Call, str]]
) -> Fragment:
    """A start with the tags, too, that the run gets in the block that it is started for."""
    filled = (Term("tag", key) for key in _filled(start, body, calls) if key != "*")
    return found._replace(terms=tuple(sorted({*found.terms, *filled})))


def _filled(start: ast.Call, body: Body, calls: list[tuple[ast.Call, str]]) -> Iterator[str]:
    """The keys of the tags that a run gets in the block that a with-statement starts it for, but
    for those that tell of an error."""
    block = body.file.statement(start)
    if not isinstance(block, (ast.With, ast.AsyncWith)):
        return
    last = block.end_lineno or block.lineno
    errors = body.of(ast.ExceptHandler)
    for call, name in calls:
        is_told = any(e.lineno <= call.lineno <= (e.end_lineno or e.lineno) for e in errors)
        if block.lineno < call.lineno <= last and not is_told:
            if name == "set_tags" and call.args:
                yield from tags_in(call.args[-1], body, call.lineno)
            elif name == "set_tag" and len(call.args) > 1:
                yield from keys_of(call.args[-2], body)


def _creation(call: ast.Call, name: str, body: Body, calls: list[tuple[ast.Call, str]]) -> Fragment:
    line = body.file.line(call)
    given = _given(call, "experiment_id", body, 0 if name == "create_run" else None)
    origin, steps = experiment_origin(given, body, call.lineno)
    tags_given = _given(call, "tags", body, 2 if name == "create_run" else None)
    tags = tags_in(tags_given, body, call.lineno)
    tags |= _set_later(call, body, calls) if name == "create_run" else {}
    marks: list[str] = []
    for other, api in calls:
        if api == "set_tag" and len(other.args) >= 2:
            key = key_of(other.args[-2], body)
            if is_parent(key):
                tags.setdefault(key, body.file.line(other))
        elif api == "set_tags" and other.args:
            set_later = tags_in(other.args[-1], body, other.lineno)
            tags |= {key: line for key, line in set_later.items() if is_parent(key)}
    parent_id = _given(call, "parent_run_id", body)
    nested = _given(call, "nested", body)
    parents = [at for key, at in tags.items() if is_parent(key)]
    if parents:
        marks += ["child", "parent tag"]
        steps.append(Step(parents[0], f"tag {PARENT_TAG}"))
    elif parent_id is not None or (isinstance(nested, ast.Constant) and nested.value is True):
        marks.append("child")
    if any(key.startswith("azureml.") for key in tags):
        marks.append("azure tags")
    named = _given(call, "run_name", body, 3 if name == "create_run" else None)
    if named is not None or NAME_TAG in tags:
        marks.append("named")
    if named is None and tags_given is not None:
        items = items_of(tags_given, body, call.lineno)
        named = next((v for key, v in items if text_of(key, body, call.lineno) == NAME_TAG), None)
    called = HOLE.sub("*", text_of(named, body, call.lineno))
    if _WORD.search(called):
        marks.append(f"{CALLED}{called}")
    ended = [other for other, api in calls if api in ("set_terminated", "end_run")]
    if ended:
        marks.append("ended")
        steps.append(Step(body.file.line(ended[0]), "ends the run"))
    if body.of(ast.Yield):
        marks.append("context manager")
    steps.append(Step(line, f"{name}({_told(origin, tags)})"))
    return piece_at(call, body, "create-run", steps)._replace(
        terms=tuple(Term("tag", key) for key in sorted(tags) if key != "*"),
        experiment=origin,
        marks=tuple(sorted(set(marks))),
    )


def _given(call: ast.Call, name: str, body: Body, place: int | None = None) -> ast.expr | None:
    """What a call is given by a name, which ``**options`` may give as well, or at a place."""
    given = keyword_value(call, name) or (spread(call, body) or {}).get(name)
    if given is None and place is not None and place < len(call.args):
        return call.args[place]
    return given


def _set_later(call: ast.Call, body: Body, calls: list[tuple[ast.Call, str]]) -> Tags:
    """The tags that a function gives to the run that a call has made, by the id of it."""
    statement = body.file.statement(call)
    found: Tags = {}
    if not isinstance(statement, ast.Assign) or body.file.parents.get(call) is not statement:
        return found
    runs = {dotted(target) or "" for target in statement.targets} - {""}
    ids = {f"{run}.info.{part}" for run in runs for part in ("run_id", "run_uuid")}
    for name, held in body.holdings.items():
        values = {dotted(part.value) for part in held if ast.unparse(part.value) != "None"}
        if values and values <= ids:
            ids = {*ids, name}
    for other, api in calls:
        if len(other.args) > 1 and dotted(other.args[0]) in ids:
            if api == "set_tag" and len(other.args) > 2:
                found |= dict.fromkeys(keys_of(other.args[1], body), body.file.line(other))
            elif api == "set_tags":
                found |= tags_in(other.args[1], body, other.lineno)
    return found


def _told(origin: str, tags: dict[str, int]) -> str:
    where = f"experiment: {origin}" if origin else "experiment"
    return f"{where}, {len(tags)} tags" if tags else where


def creation_at(
    body: Body, call: ast.Call, steps: Sequence[Step], mark: str, *terms: Term
) -> Fragment:
    """The creation of a run by a call that is only told by a ``mark`` and what is asked there."""
    return piece_at(call, body, "create-run", steps)._replace(terms=terms, marks=(mark,))
