"""Reads the values of single settings.

What can't be used raises a ``ValueError`` whose message names the setting and says what to do.
"""

from __future__ import annotations

import re

from trackfix.source.patterns import lazy_pattern

_LEVELS = ("debug", "info", "warning", "error", "exception", "critical")
_LAYER_ENTRY = lazy_pattern(r"(?:\*\*?|[^\W\d]\w*)(?:\.(?:\*\*?|[^\W\d]\w*))*")
# The sets of layers that need no list of packages.
_READY_LAYERS = ("tracking",)
# The jobs of run logic that have one function to call.
JOBS = ("find-run", "create-run", "resolve-experiment", "build-tags", "read-tag")


def strings(value: object, key: str) -> tuple[str, ...]:
    """The strings of a list."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{key} must be a list of strings")
    return tuple(value)


def patterns(value: object, key: str) -> tuple[str, ...]:
    """Patterns of paths."""
    found = strings(value, key)
    if found:
        from pathspec import GitIgnoreSpec
    for pattern in found:
        try:
            GitIgnoreSpec.from_lines([pattern])
        except (ValueError, re.error):
            raise ValueError(f"{key}: '{pattern}' is no pattern as in a .gitignore") from None
    return found


def names(value: object, key: str, what: str) -> tuple[str, ...]:
    """Names that ``what`` describes; only those of variables may hold a ``*``."""
    found = strings(value, key)
    for name in found:
        plain = name.replace("*", "_") if key == "quote-free-names" else name
        if not all(part.isidentifier() for part in plain.split(".")):
            raise ValueError(f"{key}: '{name}' is not {what}")
    return found


def levels(value: object, key: str) -> tuple[str, ...]:
    """Methods of a logger."""
    found = strings(value, key)
    for level in found:
        if level not in _LEVELS:
            raise ValueError(f"{key}: there is no level '{level}'{close_word(level, _LEVELS)}")
    return found


def count(value: object, key: str) -> int:
    """A whole number from 1 on."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{key} must be a whole number from 1 on; it is {value!r}")
    return value


def per_file_ignores(value: object) -> dict[str, tuple[str, ...]]:
    """The rules that each pattern of paths leaves out."""
    key = "per-file-ignores"
    if not isinstance(value, dict):
        raise ValueError(f'{key} must be a table such as {{ "tests/**" = ["TRK201"] }}')
    return {pattern: strings(rules, f"{key} '{pattern}'") for pattern, rules in value.items()}


def function(value: object, key: str, *, may_be_method: bool = False) -> str:
    """``pkg.module:function``, or nothing where there is no value."""
    if value is None:
        return ""
    module, _, name = value.partition(":") if isinstance(value, str) else ("", "", "")
    path = name.split(".") if may_be_method else [name]
    if not all(part.isidentifier() for part in (*module.split("."), *path)):
        raise ValueError(
            f'{key} must name a function, such as "pkg.module:create_mlflow_client"; '
            f"it is {value!r}"
        )
    return f"{module}:{name}"


def sources_of_truth(value: object) -> dict[str, str]:
    """The function to call for each job."""
    key = "sources-of-truth"
    if not isinstance(value, dict):
        raise ValueError(
            f'{key} must be a table such as {{ "find-run" = "pkg.finder:find_mlflow_run" }}'
        )
    for job in value:
        _known_job(job, key)
    return {
        job: function(called, f"{key} '{job}'", may_be_method=True) for job, called in value.items()
    }


def inferred_parameters(value: object) -> dict[str, str]:
    """The function that infers each parameter."""
    key = "inferred-parameters"
    if not isinstance(value, dict):
        raise ValueError(
            f'{key} must be a table such as {{ config_dir = "pkg.paths:resolve_paths" }}'
        )
    for parameter in value:
        if not parameter.isidentifier():
            raise ValueError(f"{key}: '{parameter}' is no name")
    return {name: function(called, f"{key} '{name}'") for name, called in value.items()}


def thresholds(value: object) -> dict[str, float]:
    """The least likeness, above 0 and at most 1, of two places of each job."""
    key = "duplicate-thresholds"
    if not isinstance(value, dict):
        raise ValueError(f'{key} must be a table such as {{ "find-run" = 0.8 }}')
    for job, number in value.items():
        _known_job(job, key, (*JOBS, "similar-code"))
        is_number = isinstance(number, (int, float)) and not isinstance(number, bool)
        if not is_number or not 0 < number <= 1:
            raise ValueError(f"{key} '{job}' must be above 0 and at most 1")
    return {job: float(number) for job, number in value.items()}


def _known_job(job: str, key: str, known: tuple[str, ...] = JOBS) -> None:
    if job not in known:
        raise ValueError(f"{key} has no '{job}'{close_word(job, known)}")


def switch(value: object, key: str) -> bool:
    """On or off."""
    if not isinstance(value, bool):
        raise ValueError(f"{key} must be true or false")
    return value


def layers(value: object) -> dict[str, tuple[str, ...]] | str:
    """The layers from the lowest to the highest, in the order of the table, or the name of a set
    that is ready-made."""
    key = "layers"
    if isinstance(value, str):
        if value not in _READY_LAYERS:
            raise ValueError(f"{key}: there is no set '{value}'{close_word(value, _READY_LAYERS)}")
        return value
    if not isinstance(value, dict):
        raise ValueError(
            f'{key} must be a table such as {{ domain = ["pkg.runs"], scripts = ["scripts"] }}, '
            'the lowest first, or "tracking"'
        )
    found = {name: strings(entries, f"layers '{name}'") for name, entries in value.items()}
    if len(found) == 1:
        raise ValueError(f"{key} has only one layer; name two or more, the lowest first")
    seen: dict[str, str] = {}
    for name, entries in found.items():
        for entry in entries:
            if _LAYER_ENTRY.fullmatch(entry) is None:
                raise ValueError(
                    f"{key} '{name}': '{entry}' is no package; write 'pkg.sub', '*' for one "
                    "part of the name or '**' for any number of parts"
                )
            if seen.setdefault(entry, name) != name:
                raise ValueError(f"{key}: '{entry}' is in both '{seen[entry]}' and '{name}'")
    return found


def close_word(word: str, known: tuple[str, ...], *, shows_all: bool = True) -> str:
    """The end of a message about an unknown word: which one may have been meant, or all that are
    known unless these are too many."""
    import difflib

    close = difflib.get_close_matches(word, known, 1)
    others = f"; known: {', '.join(known)}" if shows_all else ""
    return f"; did you mean '{close[0]}'?" if close else others


def target_mlflow(value: object) -> str:
    """The specifier that a release (``3.1``), releases (``3.x``) or a range (``>=2.9,<4``) stand
    for, or nothing."""
    if value is None:
        return ""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    text = value.strip() if isinstance(value, str) else ""
    release = re.fullmatch(r"(\d+)(?:\.(\d+))?(?:\.(?:\d+|[x*]))?", text)
    if release is not None:
        numbers = [number for number in release.groups() if number is not None]
        return f"=={'.'.join(numbers)}.*"
    try:
        found = str(SpecifierSet(text))
    except InvalidSpecifier:
        found = ""
    if not found:
        raise ValueError(
            'target-mlflow must be a release of MLflow, such as "3.1" or "3.x", '
            f'or a range such as ">=2.9,<4"; it is {value!r}'
        )
    return found


def renames(value: object) -> dict[str, str]:
    """The new name of each old module or symbol."""
    key = "renames"
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise ValueError(f'{key} must be a table such as {{ "old.mod:f" = "new.mod:g" }}')
    for old, new in value.items():
        if (":" in old) != (":" in new):
            raise ValueError(f"{key}: '{old}' and '{new}' must both name a module or a symbol")
        for side in (old, new):
            module, _, name = side.partition(":")
            parts = module.split(".") + (name.split(".") if ":" in side else [])
            if not all(part.isidentifier() for part in parts):
                raise ValueError(f"{key}: '{side}' is no dotted name")
    return dict(value)
