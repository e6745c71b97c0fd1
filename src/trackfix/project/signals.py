"""What a module says of its own deprecation: docstring, comments and warnings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from trackfix.project.expressions import call_name, dotted, string_value
from trackfix.project.wrappers import wrapped_class, wrapped_function

_DEPRECATED_TEXT = re.compile(
    r"backwards?[- ]compat|deprecat|legacy (?:import|alias|shim|path)|compatibility (?:shim|layer"
    r"|alias|wrapper|module)|re-?exports?\b.*\bcompat|moved (?:\w+ )?to\b"
    r"|kept (?:\w+ )?(?:for|so that)\b"
    r"|old import (?:path|location)s?",
    re.IGNORECASE,
)
_OF_THE_MODULE = re.compile(
    r"backwards?[- ]compat|this (?:module|file) (?:is|was|has|moved)"
    r"|old import (?:path|location)s?",
    re.IGNORECASE,
)
_PUBLIC_TEXT = re.compile(
    r"public (?:api|interface|names|surface)|import from here|convenience (?:import|re-?export)",
    re.IGNORECASE,
)
_DEPRECATION_CATEGORIES = ("DeprecationWarning", "PendingDeprecationWarning", "FutureWarning")
_WARNS = re.compile(r"warn|deprecat", re.IGNORECASE)
_HEAD_LINES = 30
_QUOTED = 80


def is_warning_helper(name: str) -> bool:
    """Whether a function's name says that it warns or marks as deprecated."""
    return _WARNS.search(name) is not None


def says_public(body: Sequence[ast.stmt]) -> bool:
    """Whether the docstring calls the module a public interface."""
    first = body[0] if body else None
    text = string_value(first.value) if isinstance(first, ast.Expr) else None
    return text is not None and _PUBLIC_TEXT.search(text) is not None


def read_deprecations(
    body: Sequence[ast.stmt], lines: Sequence[str], text: str
) -> Iterator[tuple[int, str]]:
    """The lines of a module that call it deprecated, with what they say."""
    for node in body[:3]:
        said = string_value(node.value) if isinstance(node, ast.Expr) else None
        match = _DEPRECATED_TEXT.search(said or "")
        if said and match:
            yield node.lineno, f"docstring says '{_line_around(said, match)}'"
    first = next((node.lineno for node in body if not isinstance(node, ast.Expr)), 1)
    for number, line in enumerate(lines[:_HEAD_LINES], 1):
        comment = line.lstrip()
        # Below the first statement a comment may be about anything.
        pattern = _DEPRECATED_TEXT if number <= first else _OF_THE_MODULE
        match = pattern.search(comment) if comment.startswith("#") else None
        if match:
            yield number, f"comment says '{_line_around(comment, match)}'"
    lowered = text.lower()
    if "warn" not in lowered and "deprecat" not in lowered:
        return
    for statement in body:
        if isinstance(statement, (ast.Expr, ast.If, ast.With)) or _passes_on(statement):
            for call in ast.walk(statement):
                said = _warning(call) if isinstance(call, ast.Call) else None
                if said and isinstance(call, ast.Call):
                    yield call.lineno, said


def _line_around(text: str, match: re.Match[str]) -> str:
    """The line that a match stands in, cut to what is worth quoting."""
    start = text.rfind("\n", 0, match.start()) + 1
    line = text[start:].partition("\n")[0].strip("# \t\r")
    return line if len(line) <= _QUOTED else match.group()


def _passes_on(node: ast.stmt) -> bool:
    """Whether a warning in ``node`` is about a name of the module that lies elsewhere."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return node.name == "__getattr__" or bool(wrapped_function(node))
    return isinstance(node, ast.ClassDef) and bool(wrapped_class(node))


def _warning(call: ast.Call) -> str | None:
    name = (call_name(call) or "").rpartition(".")[2]
    if name == "warn":
        for value in (*call.args, *(keyword.value for keyword in call.keywords)):
            category = (dotted(value) or "").rpartition(".")[2]
            if category in _DEPRECATION_CATEGORIES:
                return f"emits {category}"
    return f"calls {name}()" if "deprecat" in name.lower() else None
