"""Filters that only compare tags: what ``trackfix.tracking.tag_filter`` makes as well."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

from trackfix.project.files_with_words import files_with
from trackfix.project.mlflow_uses.calls import FileCalls
from trackfix.project.mlflow_uses.filter_faults import FilterFault
from trackfix.project.mlflow_uses.filter_strings import FilterText, source_of
from trackfix.project.mlflow_uses.mlflow_import import obstacle_to
from trackfix.project.test_paths import is_test_path
from trackfix.source.patterns import lazy_pattern

# A value that is put in is a private character here, which no filter has in its text.
_FIRST = 0xE000
_CLAUSE = lazy_pattern(
    r"\s*tags?\.(?:(?P<plain>[\w.\-/]+|[\uE000-\uF8FF])|`(?P<ticked>[^`]+)`|\"(?P<quoted>[^\"]+)\")"
    r"\s*=\s*(?P<quote>['\"])(?P<value>.*?)(?P=quote)\s*",
    re.IGNORECASE | re.DOTALL,
)
# How tests ask a double for what it was called with.
_ASKS = ("assert_called", "assert_any_call", "assert_has_calls", "call_args", "mock_calls")
_AND = lazy_pattern(r"AND\b", re.IGNORECASE)


def tags_of(text: FilterText) -> str | None:
    """The tags that a filter asks for, as the code of a dict; None when it asks for more, or when
    a value is more than one expression."""
    pairs = _pairs(text)
    return None if pairs is None else f"{{{', '.join(map(': '.join, pairs))}}}"


def _pairs(text: FilterText) -> list[tuple[str, str]] | None:
    """The keys and values of these tags, each as code."""
    values: list[ast.expr] = []
    whole = ""
    for part in text.parts:
        if isinstance(part, str):
            whole += part
        elif isinstance(part, ast.FormattedValue) and (part.conversion != -1 or part.format_spec):
            return None
        else:
            whole += chr(_FIRST + len(values))
            values.append(part)
    pairs = []
    position = 0
    while True:
        match = _CLAUSE.match(whole, position)
        if match is None:
            return None
        key = _code(match["plain"] or match["ticked"] or match["quoted"], values)
        value = _code(match["value"], values)
        if key is None or value is None:
            return None
        pairs.append((key, value))
        position = match.end()
        if position == len(whole):
            return pairs
        joint = _AND.match(whole, position)
        if joint is None:
            return None
        position = joint.end()


def _code(text: str, values: list[ast.expr]) -> str | None:
    """A text, or the one value that it is, as code."""
    signs = [ord(sign) - _FIRST for sign in text if 0 <= ord(sign) - _FIRST < len(values)]
    if not signs:
        return json.dumps(text, ensure_ascii=False)
    if len(text) != 1:
        return None
    code = source_of(values[signs[0]])
    # In the f-string it came from it could have no double quotes.
    return code if '"' in code or "\\" in code else code.replace("'", '"')


def tag_filter_obstacle(file: FileCalls, fault: FilterFault) -> str:
    """Why ``tag_filter`` can't make a filter; empty if it can."""
    if not fault.open_values:
        return "the text of the filter is to be changed by hand"
    pairs = _pairs(fault.text)
    if pairs is None:
        return "it compares more than the values of tags by ="
    if len(dict(pairs)) < len(pairs):
        return "it asks for a tag twice"
    document = file.names.document
    written = document.text[slice(*document.span(fault.node))]
    if "#" in written and len(written.splitlines()) > 1:
        return "there may be a comment in the filter"
    test = next(_tests_that_ask(file, fault.text), "")
    if test:
        return f"{test} asks for the text of the filter"
    return obstacle_to(file.names, "trackfix.tracking", "tag_filter")


def _tests_that_ask(file: FileCalls, text: FilterText) -> Iterator[str]:
    """The tests that hold the beginning of a filter and ask a double how it was called: the new
    filter has the key between quotes."""
    begin = next((part for part in text.parts if isinstance(part, str)), "")
    project = file.names.meanings.project
    holding = files_with(project, [begin]) if begin.strip() else ()
    asking = set(files_with(project, _ASKS))
    return (path for path in holding if path in asking and is_test_path(path))
