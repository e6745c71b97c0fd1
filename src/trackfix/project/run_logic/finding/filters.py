"""Reads the filter strings of ``search_runs``.

https://mlflow.org/docs/latest/ml/search/search-runs/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from trackfix.project.run_logic.fragments import Term
from trackfix.project.run_logic.values.holes import HOLE, key_in
from trackfix.project.run_logic.values.texts import DIRECTION
from trackfix.source.patterns import lazy_pattern

_HOLE = "\x01[^\x01\x02]*\x02"
_WORD = rf"(?:[\w./-]|{_HOLE})+"
_TERM = lazy_pattern(
    rf"""(?:(?P<entity>tags?|params?|parameters?|metrics?|attributes?|attr|run)\s*\.\s*)?
    (?:"(?P<quoted>[^"]+)"|`(?P<ticked>[^`]+)`|'(?P<single>[^']+)'|(?P<plain>{_WORD}))
    \s*(?P<operator>!=|>=|<=|=|<|>|\bI?LIKE\b|\bNOT\s+IN\b|\bIN\b|\bIS\b)\s*
    (?P<value>'[^']*'|"[^"]*"|{_HOLE}|\([^)]*\)|[\w.]+)?""",
    re.VERBOSE | re.IGNORECASE,
)
_ATTRIBUTES = {
    "run_name": "name",
    "run name": "name",
    "mlflow.runname": "name",
    "status": "status",
    "run_id": "id",
    "start_time": "time",
    "end_time": "time",
    "created": "time",
}


_METRIC = re.compile(
    r"""metrics?(?:(?:\.get\(|\[)\s*(?P<asked>[^,)\]]+)
    |\.[`"']?(?:(?!(?:get|items|keys|values)\()(?P<named>[\w./@-]+)
        |\x01(?P<held>[^\x01\x02]*)\x02|\{(?P<braced>\w*)))""",
    re.VERBOSE,
)
# A metric that only a run could tell.
ANY_METRIC = "<:metric>"
# What stands in a hole for a constant of another module.
_CONSTANT = lazy_pattern(r"<[\w.]+:[\w.]+>$")


def read_filter(text: str) -> Iterator[Term]:
    """The conditions of a filter, which may have holes."""
    for match in _TERM.finditer(text):
        key = key_in(match["quoted"] or match["ticked"] or match["single"] or match["plain"] or "")
        entity = (match["entity"] or "").lower().rstrip("s")
        value = (match["value"] or "").strip("'\"")
        value = "" if HOLE.search(value) else value
        attribute = _ATTRIBUTES.get(key.lower())
        # Who asks for any other value asks for other runs.
        is_not = match["operator"] == "!="
        no = "no " if is_not else ""
        if entity in ("tag", "") and key.lower() == "mlflow.runname":
            yield Term(f"{no}name", "", value)
        elif entity in ("", "attribute", "attr", "run") and attribute == "status":
            yield Term("status", "", f"!{value}" if is_not else value)
        elif entity in ("", "attribute", "attr", "run") and attribute:
            yield Term(f"{no}{attribute}", "", value)
        elif entity == "tag":
            yield Term(f"{no}tag", key, value)
        elif entity in ("param", "parameter"):
            yield Term(f"{no}param", key, value)
        elif entity == "metric":
            yield Term("metric", key, value)
        elif entity:
            yield Term("other", key, value)


def order_of(text: str) -> str:
    """What an ``order_by`` sorts by: ``time``, ``metric`` or ``other``; empty for nothing."""
    lowered = text.lower()
    if "metric" in lowered:
        return "metric"
    if re.search(r"start_time|end_time|created|attributes?\.", lowered):
        return "time"
    return "other" if HOLE.sub("", text).strip() or HOLE.search(text) else ""


def direction_of(order: str) -> bool | None:
    """Whether the least comes first by an ``order_by``, which does so unless it says otherwise;
    None where the text does not tell."""
    said = DIRECTION.search(order)
    if said is not None:
        return said[0].upper() == "ASC"
    return None if HOLE.search(order) or not order else True


def best_by(text: str, defaults: Mapping[str, str]) -> Iterator[Term]:
    """The metric that a text names: a part of ``order_by``, a column or ``metrics[key]``. One that
    only a run could tell is the same whatever it is called; if its name is a parameter, the default
    is told beside that."""
    for match in _METRIC.finditer(text):
        asked = match["asked"]
        key = match["named"] or (asked.strip("'\"") if asked and asked[0] in "'\"" else "")
        held = match["held"] or ""
        key = key or (held if _CONSTANT.match(held) else "")
        if not key:
            key = ANY_METRIC
            default = defaults.get(asked or held or match["braced"] or "")
            yield from [Term("order", default)] if default else []
        yield Term("order", key)
        return
