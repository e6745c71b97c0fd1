"""Who takes the names that ``from shim import *`` brings into a file, seen and unseen."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from trackfix.project.facts.expressions import call_name, last_name
from trackfix.project.facts.runtime import is_own_module
from trackfix.project.files_with_words import files_with
from trackfix.project.moving.binding_plans import names_attribute
from trackfix.project.project import Project
from trackfix.project.references.moves import Moves
from trackfix.project.references.notebook_runs import NotebookRuns
from trackfix.project.references.references import FileReferences, FromImport
from trackfix.project.test_paths import is_test_path
from trackfix.source.document import Document

# A name in quotes is one that is written.
_ASKING = (
    rb"\b(?:getattr|vars|dir|getmembers)\(\s*(?:[\w.]+\.)?(?:%b)\s*[,)](?!\s*[\"'])"
    rb"|\b(?:%b)\.__dict__\b(?!\[[\"'])"
)
# Documents that tell people of modules.
_PROSE = (".md", ".rst")
# What pytest and unittest take from a test by these names.
_OF_TESTS = frozenset(
    {"setup_module", "teardown_module", "setup_function", "teardown_function", "pytestmark"}
    | {"setUpModule", "tearDownModule", "load_tests"}
)


def names_taken(
    statement: FromImport, names: frozenset[str], references: FileReferences, moves: Moves
) -> set[str]:
    """The names of a star import that the file uses or hands on."""
    project, path = moves.project, references.document.path
    facts = project.facts[path]
    scopes = references.scopes
    used = {
        use.name
        for use in scopes.uses
        if use.name in names and scopes.binding_scope(use.name, use.scope) is None
    }
    listed = set(facts.exports.names) & names if facts.exports else set()
    elsewhere = set(imported_from(path, project)) & names
    elsewhere |= set(_attributes_elsewhere(path, names - used - elsewhere, project))
    elsewhere |= _named_with(path, project) & names
    runs = moves.resolver.analysis(NotebookRuns)
    elsewhere |= {name for name in names if runs.taker(path, name)}
    elsewhere |= _in_doctests(references.document) & names
    elsewhere |= set(_for_pytest(statement, names, path, moves))
    return used | listed | elsewhere | (references.document.magic_words & names)


def _in_doctests(document: Document) -> set[str]:
    """The words of the docstrings that hold examples, which run with the names of the file."""
    texts = (str(node.value) for node in document.index.docstrings)
    return {word for text in texts if ">>>" in text for word in re.findall(r"\w+", text)}


def _for_pytest(
    statement: FromImport, names: frozenset[str], path: str, moves: Moves
) -> Iterator[str]:
    """The names that pytest takes from a file by itself: fixtures, hooks, and tests of a test."""
    is_test = is_test_path(path)
    if not (is_test or b"pytest" in moves.project.read(path)):
        return
    for name in names:
        if name.startswith("pytest_") or (is_test and _is_of_tests(name)):
            yield name
        else:
            found = moves.resolver.resolve(statement.moved.name, name, path)
            if found.movable and found.path and _is_fixture(found.name, found.path, moves.project):
                yield name


def _is_of_tests(name: str) -> bool:
    is_named_so = name.lower().startswith("test") or name.endswith(("Test", "Tests", "TestCase"))
    return is_named_so or name in _OF_TESTS


def _is_fixture(name: str, path: str, project: Project) -> bool:
    """Whether a file defines a fixture by a name."""
    if b"fixture" not in project.read_if_possible(path):
        return False
    for node in project.document(path).tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name:
            decorators = (d.func if isinstance(d, ast.Call) else d for d in node.decorator_list)
            return any(last_name(decorator).endswith("fixture") for decorator in decorators)
    return False


def imported_from(path: str, project: Project) -> Iterator[str]:
    """What other files may import from a file, as far as its last name tells."""
    own = {name.rpartition(".")[2] for name in project.names_of(path)}
    words = [name.encode() for name in own]
    for _, other in project.facts.where(
        lambda seen: any(module.endswith(word) for module in seen.modules for word in words)
    ):
        for statement in other.imports:
            if statement.module.rpartition(".")[2] in own:
                yield from statement.names


def _attributes_elsewhere(path: str, names: frozenset[str], project: Project) -> Iterator[str]:
    """The names that other files may take as attributes of a file: ``consumer.name``, also in the
    target of a patch."""
    for module in {name.rpartition(".")[2] for name in project.names_of(path)} - {""}:
        for other in project.facts.holding([module.encode()]) - {path}:
            data = project.read_if_possible(other)
            named = (name for name in names if name.encode() in data)
            yield from (name for name in named if names_attribute(data, module, name))


def _named_with(path: str, project: Project) -> set[str]:
    """The names that texts and strings tell with that of a file: ``train = "pkg.train:main"``."""
    dotted = _dotted_names(path, project)
    own = b"|".join(re.escape(name).encode() for name in dotted)
    pattern = re.compile(rb"(?<![\w.])(?:%b)[.:](\w+)" % own)
    others = (*files_with(project, dotted), *project.text_files) if dotted else ()
    found = (pattern.findall(project.read_if_possible(other)) for other in others)
    return {name.decode(errors="replace") for names in found for name in names}


def _dotted_names(path: str, project: Project) -> list[str]:
    return [name for name in project.names_of(path) if "." in name]


def _looks_up(document: Document) -> bool:
    """Whether a file looks its own names up by what only a run tells."""
    for call in document.index.calls:
        name = call_name(call)
        if name in ("eval", "exec", "globals") or any(map(is_own_module, call.args)):
            return True
        if name in ("locals", "vars") and not call.args and call in _at_top(document.tree):
            return True
    return False


def _at_top(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run when the file is loaded, or its classes are made."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield child
            yield from _at_top(child)


def may_take_any(document: Document, project: Project) -> bool:
    """Whether somebody may take any name of a file: who loads it by a string, as Django its
    settings, or asks it for names that only a run tells, as the file itself may."""
    path = document.path
    return _looks_up(document) or _is_named(path, project) or _is_asked(path, project)


def _is_named(path: str, project: Project) -> bool:
    """Whether a string of another file is the name of a module, or a text has it that is not only
    read by people, nor runs it or names what it takes: ``python -m pkg.train``."""
    dotted = _dotted_names(path, project)
    quoted = {f"{quote}{name}{quote}" for name in dotted for quote in ("'", '"')}
    if quoted and any(other != path for other in files_with(project, quoted)):
        return True
    own = b"|".join(re.escape(name).encode() for name in dotted)
    pattern = re.compile(rb"(?<![\w.])(?<!-m )(?:%b)(?!\w|[.:]\w)" % own)
    texts = (text for text in project.text_files if dotted and not text.endswith(_PROSE))
    return any(pattern.search(project.read_if_possible(text)) for text in texts)


def _is_asked(path: str, project: Project) -> bool:
    """Whether another file asks a module for names that it has not written."""
    for module in {name.rpartition(".")[2] for name in project.names_of(path)} - {""}:
        own = re.escape(module).encode()
        for other in project.facts.holding([module.encode()]) - {path}:
            data = project.read_if_possible(other)
            owner = b"|".join([own, *re.findall(rb"\b%b\s+as\s+(\w+)" % own, data)])
            if re.search(_ASKING % (owner, owner), data):
                return True
    return False
