"""The imports of sources of truth, in the files that are to call them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import Statement
from trackfix.project.mlflow_uses.mlflow_import import is_of_mlflow
from trackfix.project.modules.takers import names_taken_from
from trackfix.project.moving.home_uses import find_home_uses
from trackfix.project.project import absolute
from trackfix.project.references.moves import Moves
from trackfix.project.run_logic.replacing.not_plain import NotPlain
from trackfix.project.run_logic.replacing.replacement import Replacement
from trackfix.source.document import Edit
from trackfix.source.patterns import lazy_pattern
from trackfix_codemods.imports.blocks import ImportEditor
from trackfix_codemods.imports.changes import Changes, NewImport
from trackfix_codemods.imports.first_imports import first_imports
from trackfix_codemods.imports.imported_name import imported
from trackfix_codemods.imports.layout import ImportLayout
from trackfix_codemods.imports.leftovers import bound_by, left_without, run_from_string
from trackfix_codemods.imports.loading import check_loaded
from trackfix_codemods.imports.spelling import Spelling

_WORD = lazy_pattern(r"\w+")


def import_edits(
    names: FileNames,
    moves: Moves,
    graph: ImportGraph,
    replacements: Collection[Replacement],
) -> list[Edit]:
    """The edits that import what ``replacements`` call: beside the imports at the top or as the
    first, or, where a function imports MLflow because its file does not, beside that import. What
    nothing needs any more is imported no more.

    Raises:
        NotPlain: no cell of a notebook has an import to put one beside, or something may need one
            that goes.
    """
    project = moves.project
    layout = ImportLayout(
        names.document, names.parents, lambda top: project.find(top, names.path) is not None
    )
    changes = Changes()
    done: set[tuple[Statement | None, str]] = set()
    first: list[NewImport] = []
    needing = (r for r in replacements if r.needs_import)
    for replacement in sorted(needing, key=lambda r: r.truth.home):
        new = _new_import(names, replacement)
        use = min(edit.start for edit in replacement.edits)
        beside = _in_function(names, new, use) or layout.import_before(use, new.module)
        if (beside, replacement.truth.home) in done:
            continue
        done.add((beside, replacement.truth.home))
        if beside is not None:
            changes.of(beside).new.append(new)
        else:
            first.append(new)
    if first and names.document.is_notebook:
        raise NotPlain("no import at the top comes before it")
    if first:
        changes.edits.append(first_imports(layout, names.document.tree, first))
    leaving = list(_needless(names, moves, replacements))
    check_loaded(names, graph, leaving, replacements)
    for node, word in leaving:
        changes.of(node).gone |= _positions(node, word)
    config = project.config
    editor = ImportEditor(
        layout,
        config.line_length,
        lambda written: absolute(written, names.package),
        combine_as=config.combine_as,
    )
    return [*changes.edits, *editor.edits(list(changes.replacements.values()))]


def _needless(
    names: FileNames, moves: Moves, replacements: Iterable[Replacement]
) -> Iterator[tuple[Statement, str]]:
    """The imports at the top of the file, or of a function, of names that nothing needs once the
    replacements are done."""
    edits = [edit for replacement in replacements for edit in replacement.edits]
    written = {word for edit in edits for word in _WORD.findall(edit.replacement)}
    uses = names.scopes.uses
    gone = [u.node for u in uses if any(e.start <= u.start < e.end for e in edits)]
    for word, scope in left_without(names, [node for node in gone if node.id not in written]):
        node, *others = scope.bindings[word]
        if others or names.parents[node] is not scope.node:
            continue
        if scope.parent is not None or not _is_taken(names, moves, word):
            assert isinstance(node, (ast.Import, ast.ImportFrom))
            yield node, word


def _is_taken(names: FileNames, moves: Moves, word: str) -> bool:
    """Whether other files import a name from the file.

    Raises:
        NotPlain: they come by it in another way, or code in a text of the file uses it.
    """
    taken = names_taken_from(moves.project, names.path)
    if word in taken:
        return True
    if "*" in taken:
        raise NotPlain(f"{taken['*']} may use {word} of this module")
    if told := run_from_string(names, word):
        raise NotPlain(told)
    others = (path for path in moves.project.facts if path != names.path)
    for use in find_home_uses(moves, {names.module: frozenset({word})}, others):
        raise NotPlain(f"{use.path}:{use.line} may use {word} of this module")
    return False


def _positions(node: Statement, word: str) -> set[int]:
    """Where an import binds a name."""
    bound = [alias.asname or bound_by(node, alias) for alias in node.names]
    return {position for position, name in enumerate(bound) if name == word}


def _new_import(names: FileNames, replacement: Replacement) -> NewImport:
    """The import of a source of truth, relative where the file has only such of its package."""
    module, name = replacement.truth.module, replacement.truth.name
    top = names.package.partition(".")[0]
    written = [s.module for s in names.facts.imports if s.module.partition(".")[0] in ("", top)]
    relative = bool(written) and all(text.startswith(".") for text in written)
    spelled = Spelling(names.package).module(module, relative=relative)
    return NewImport(module, spelled, imported(name, name))


def _in_function(names: FileNames, new: NewImport, use: int) -> Statement | None:
    """The import of MLflow, or of what stands beside the source of truth, in the function around a
    use, if none stands at the top."""
    if any(_related(names, new, names.document.tree.body)):
        return None
    for node in ast.walk(names.document.tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            start, end = names.document.span(node)
            for found in _related(names, new, node.body) if start <= use < end else ():
                if names.document.span(found)[1] < use:
                    return found
    return None


def _related(names: FileNames, new: NewImport, body: list[ast.stmt]) -> Iterator[Statement]:
    package = new.home.rpartition(".")[0]
    for node in body:
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        written = (
            f"{'.' * node.level}{node.module or ''}" if isinstance(node, ast.ImportFrom) else ""
        )
        module = (absolute(written, names.package) or "") if written else ""
        if is_of_mlflow(node) or (package and module.rpartition(".")[0] == package):
            yield node
