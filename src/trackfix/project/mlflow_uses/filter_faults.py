"""The filters of a file that don't say what they are meant to."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from trackfix.project.mlflow_uses.calls import FileCalls, MlflowCall
from trackfix.project.mlflow_uses.filter_strings import (
    FilterText,
    Value,
    filter_of,
    filter_texts,
    source_of,
)
from trackfix.project.mlflow_uses.filter_values import (
    doubles_quotes,
    is_key_of_plain_values,
    may_hold_a_quote,
)
from trackfix.project.test_paths import is_test_path


@dataclass(frozen=True, eq=False)
class FilterFault:
    """A filter, or a part of one, at ``node``, and what is wrong with it. ``open_values`` are the
    values in it that may hold a quote, if that is all."""

    call: MlflowCall
    text: FilterText
    message: str
    open_values: tuple[Value, ...] = ()

    @property
    def node(self) -> ast.expr:
        """The expression that makes it."""
        return self.text.node


def find_filter_faults(file: FileCalls) -> Iterator[FilterFault]:
    """Those in one file, each once; none in tests, whose values are their own."""
    if is_test_path(file.names.path):
        return
    seen: set[ast.expr] = set()
    for call in file.calls:
        node = filter_of(call) if call.is_certain else None
        for text in filter_texts(node, call.scope, file.names) if node is not None else ():
            if text.node not in seen:
                seen.add(text.node)
                fault = _judge(call, text, file)
                if fault is not None:
                    yield fault


def _judge(call: MlflowCall, text: FilterText, file: FileCalls) -> FilterFault | None:
    mistake = text.mistake()
    if mistake:
        return FilterFault(call, text, mistake)
    scope = file.names.scope_at(text.node)
    quoted = [value for value in text.values() if value.quote in ("'", '"')]
    for value in quoted:
        if doubles_quotes(value.node, scope, file.names):
            message = "a doubled quote is no escape in a filter: it matches nothing"
            return FilterFault(call, text, message)
    found = tuple(
        value
        for value in quoted
        if not is_key_of_plain_values(value.before)
        and may_hold_a_quote(value.node, scope, file.names)
    )
    if not found:
        return None
    what = " and ".join(dict.fromkeys(source_of(value.node) for value in found))
    return FilterFault(call, text, f"a quote in {what} changes or breaks the filter", found)
