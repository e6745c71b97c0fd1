"""What is not the same in two pieces, in words."""

from __future__ import annotations

from trackfix.project.run_logic.fragments import Fragment, Term, told_key


def told_keys(copy: Fragment, truth: Fragment) -> list[str]:
    """The tags or steps that only one of two pieces has."""
    here = {term.key for term in copy.terms if term.key}
    there = {term.key for term in truth.terms if term.key}
    told = []
    if here - there:
        told.append(f"{_listed(here - there)} here only")
    if there - here:
        told.append(f"{_listed(there - here)} there only")
    return told


def _listed(keys: set[str]) -> str:
    names = sorted(map(told_key, keys))
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return f"{', '.join(names[:4])}{more}"


def told_statuses(here: frozenset[Term], there: frozenset[Term]) -> list[str]:
    """The statuses that two pieces ask for, if not for the same."""
    if here == there:
        return []
    if here and there:
        return [f"asks for a status: {_values(here)} here, {_values(there)} there"]
    return ["asks for a status " + ("here only" if here else "there only")]


def _values(terms: frozenset[Term]) -> str:
    """What is asked for; of what is no literal, only that it is told elsewhere."""
    values = sorted(term.value for term in terms)
    return " and ".join(value.replace("!", "not ") or "told elsewhere" for value in values)


def told_experiments(here: str, there: str) -> str:
    """Where two pieces get their experiments from, if not from the same."""
    if here == there:
        return ""
    words = {
        "name": "from its name",
        "parameter": "from the caller",
        "run": "from a run",
        "active": "of the active run",
        "all": "any",
        "literal": "written out",
        "helper": "from a helper",
    }
    return f"experiment {words.get(here, 'not told')} here, {words.get(there, 'not told')} there"


def spaced(word: str) -> str:
    """A word of ours as it is read."""
    return word.replace("-", " ")
