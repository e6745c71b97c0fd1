"""The ``[tool.trackfix]`` table of a project's ``pyproject.toml``."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from trackfix.source.patterns import lazy_pattern


class ConfigError(Exception):
    """A setting that can't be used; the message is one line: path, key, what to do."""


# The sets of rules to start from; the first one is the default.
RULE_SETS = ("recommended", "strict", "migration")
_NONE: Mapping[str, Any] = MappingProxyType({})


class Config(NamedTuple):
    """Settings of one project; every one has a default that needs no configuration."""

    src: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    shims: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    renames: Mapping[str, str] = _NONE
    line_length: int = 88
    combine_as: bool = False
    client_factory: str = ""
    sources_of_truth: Mapping[str, str] = _NONE
    duplicate_thresholds: Mapping[str, float] = _NONE
    duplicates_in_tests: bool = False
    layers: Mapping[str, tuple[str, ...]] | str = _NONE
    layers_allow_type_checking: bool = False
    setup_layers: tuple[str, ...] = ()
    setup_functions: tuple[str, ...] = ()
    entry_points: tuple[str, ...] = ()
    inferred_parameters: Mapping[str, str] = _NONE
    run_ends: tuple[str, ...] = ()
    unseen_log_levels: tuple[str, ...] = ("debug",)
    swallowed_exceptions: tuple[str, ...] = ()
    named_runs_minimum: int = 3
    metric_loop_minimum: int = 3
    quote_free_names: tuple[str, ...] = ()
    tag_key_modules: tuple[str, ...] = ()
    mlflow_tag_constants: bool = True
    allowed_mlflow_apis: tuple[str, ...] = ()
    rule_set: str = RULE_SETS[0]
    target_mlflow: str = ""
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = _NONE


_LISTS = ("src", "exclude", "shims", "keep", "extend-select", "ignore", "setup-layers")
_KEYS = (
    *_LISTS,
    "select",
    "rule-set",
    "per-file-ignores",
    "renames",
    "line-length",
    "client-factory",
    "sources-of-truth",
    "duplicate-thresholds",
    "duplicates-in-tests",
    "layers",
    "layers-allow-type-checking",
    "inferred-parameters",
    "setup-functions",
    "entry-points",
    "run-ends",
    "unseen-log-levels",
    "swallowed-exceptions",
    "named-runs-minimum",
    "metric-loop-minimum",
    "quote-free-names",
    "tag-key-modules",
    "mlflow-tag-constants",
    "allowed-mlflow-apis",
    "target-mlflow",
)
_LEVELS = ("debug", "info", "warning", "error", "exception", "critical")
_LAYER_ENTRY = lazy_pattern(r"(?:\*\*?|[^\W\d]\w*)(?:\.(?:\*\*?|[^\W\d]\w*))*")
# The sets of layers that need no list of packages.
READY_LAYERS = ("tracking",)
# The jobs of run logic that have one function to call.
JOBS = ("find-run", "create-run", "resolve-experiment", "build-tags", "read-tag")


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file, empty when the file is not there.

    Raises:
        ConfigError: the file is no valid TOML.
    """
    try:
        return parse_toml(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path.name}: {error}") from None


def parse_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML text.

    Raises:
        ValueError: it is no valid TOML.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    return tomllib.loads(text)


def load_config(root: Path) -> Config:
    """The settings in ``root``'s ``pyproject.toml``.

    Raises:
        ConfigError: an unknown key, or a value of the wrong type.
    """
    tools = read_toml(root / "pyproject.toml").get("tool", {})
    table = tools.get("trackfix", {}) if isinstance(tools, dict) else {}
    if not isinstance(tools, dict) or not isinstance(table, dict):
        raise ConfigError("pyproject.toml: [tool.trackfix] must be a table")
    for key in table:
        if key not in _KEYS:
            import difflib

            close = difflib.get_close_matches(key, _KEYS, 1)
            hint = f"did you mean '{close[0]}'?" if close else f"known keys: {', '.join(_KEYS)}"
            raise ConfigError(f"pyproject.toml: [tool.trackfix] has no key '{key}'; {hint}")
    values: dict[str, Any] = {}
    for key in _LISTS:
        values[key.replace("-", "_")] = _strings(table.get(key, []), key)
    if "select" in table:
        values["select"] = _strings(table["select"], "select")
    values["rule_set"] = chosen = table.get("rule-set", RULE_SETS[0])
    if chosen not in RULE_SETS:
        where = "pyproject.toml: [tool.trackfix] rule-set"
        hint = close_word(str(chosen), RULE_SETS)
        raise ConfigError(f"{where}: there is no set {chosen!r}{hint}")
    values["per_file_ignores"] = _per_file_ignores(table.get("per-file-ignores", {}))
    for name in values["src"]:
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise ConfigError(
                f"pyproject.toml: [tool.trackfix] src: '{name}' is not in the project"
            )
        if not (root / name).is_dir():
            raise ConfigError(f"pyproject.toml: [tool.trackfix] src: no folder '{name}'")
    values["renames"] = _renames(table.get("renames", {}))
    values["client_factory"] = _function(table.get("client-factory"), "client-factory")
    values["sources_of_truth"] = _sources_of_truth(table.get("sources-of-truth", {}))
    values["duplicate_thresholds"] = _thresholds(table.get("duplicate-thresholds", {}))
    for key in ("duplicates-in-tests", "layers-allow-type-checking"):
        values[key.replace("-", "_")] = _switch(table.get(key, False), key)
    values["inferred_parameters"] = _inferred(table.get("inferred-parameters", {}))
    for key in ("setup-functions", "entry-points", "run-ends"):
        functions = _strings(table.get(key, []), key)
        values[key.replace("-", "_")] = tuple(_function(name, key) for name in functions)
    levels = _strings(table.get("unseen-log-levels", ["debug"]), "unseen-log-levels")
    for level in levels:
        if level not in _LEVELS:
            raise ConfigError(
                f"pyproject.toml: [tool.trackfix] unseen-log-levels: there is no level "
                f"'{level}'{close_word(level, _LEVELS)}"
            )
    values["unseen_log_levels"] = levels
    for key, what in (
        ("swallowed-exceptions", "an exception such as 'MlflowException'"),
        ("tag-key-modules", "a module such as 'pkg.keys'"),
        ("quote-free-names", "a name such as 'model_name' or '*_slug'"),
    ):
        values[key.replace("-", "_")] = _names(table.get(key, []), key, what)
    for key in ("named-runs-minimum", "metric-loop-minimum"):
        values[key.replace("-", "_")] = _count(table.get(key, 3), key)
    values["mlflow_tag_constants"] = _switch(
        table.get("mlflow-tag-constants", True), "mlflow-tag-constants"
    )
    allowed = table.get("allowed-mlflow-apis", [])
    values["allowed_mlflow_apis"] = _strings(allowed, "allowed-mlflow-apis")
    values["layers"] = _layers(table.get("layers", {}))
    values["target_mlflow"] = _target_mlflow(table.get("target-mlflow"))
    if "line-length" in table and not _is_length(table["line-length"]):
        raise ConfigError("pyproject.toml: [tool.trackfix] line-length must be a whole number")
    return Config(line_length=_line_length(tools), combine_as=_combines_as(tools), **values)


def _strings(value: object, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ConfigError(f"pyproject.toml: [tool.trackfix] {key} must be a list of strings")
    return tuple(value)


def _names(value: object, key: str, what: str) -> tuple[str, ...]:
    """Names, with ``*`` in those of variables only."""
    found = _strings(value, key)
    for name in found:
        plain = name.replace("*", "_") if key == "quote-free-names" else name
        if not all(part.isidentifier() for part in plain.split(".")):
            raise ConfigError(f"pyproject.toml: [tool.trackfix] {key}: '{name}' is not {what}")
    return found


def _count(value: object, key: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ConfigError(
            f"pyproject.toml: [tool.trackfix] {key} must be a whole number from 1 on; "
            f"it is {value!r}"
        )
    return value


def _per_file_ignores(value: object) -> dict[str, tuple[str, ...]]:
    key = "per-file-ignores"
    if not isinstance(value, dict):
        raise ConfigError(
            f'pyproject.toml: [tool.trackfix] {key} must be a table such as {{ "tests/**" = '
            '["TRK201"] }'
        )
    return {pattern: _strings(rules, f"{key} '{pattern}'") for pattern, rules in value.items()}


def _function(value: object, key: str, *, may_be_method: bool = False) -> str:
    """``pkg.module:function``, or nothing."""
    if value is None:
        return ""
    module, _, name = value.partition(":") if isinstance(value, str) else ("", "", "")
    names = name.split(".") if may_be_method else [name]
    if not all(part.isidentifier() for part in (*module.split("."), *names)):
        raise ConfigError(
            f"pyproject.toml: [tool.trackfix] {key} must name a function, such as "
            f'"pkg.module:create_mlflow_client"; it is {value!r}'
        )
    return f"{module}:{name}"


def _sources_of_truth(value: object) -> dict[str, str]:
    key = "sources-of-truth"
    if not isinstance(value, dict):
        raise ConfigError(
            f'pyproject.toml: [tool.trackfix] {key} must be a table such as {{ "find-run" = '
            '"pkg.finder:find_mlflow_run" }'
        )
    for job in value:
        _known_job(job, key)
    return {
        job: _function(function, f"{key} '{job}'", may_be_method=True)
        for job, function in value.items()
    }


def _inferred(value: object) -> dict[str, str]:
    key = "inferred-parameters"
    if not isinstance(value, dict):
        raise ConfigError(
            f"pyproject.toml: [tool.trackfix] {key} must be a table such as {{ config_dir = "
            '"pkg.paths:resolve_paths" }'
        )
    for parameter in value:
        if not parameter.isidentifier():
            raise ConfigError(f"pyproject.toml: [tool.trackfix] {key}: '{parameter}' is no name")
    return {name: _function(function, f"{key} '{name}'") for name, function in value.items()}


def _thresholds(value: object) -> dict[str, float]:
    key = "duplicate-thresholds"
    if not isinstance(value, dict):
        raise ConfigError(
            f'pyproject.toml: [tool.trackfix] {key} must be a table such as {{ "find-run" = 0.8 }}'
        )
    for job, number in value.items():
        _known_job(job, key, (*JOBS, "similar-code"))
        is_number = isinstance(number, (int, float)) and not isinstance(number, bool)
        if not is_number or not 0 < number <= 1:
            raise ConfigError(
                f"pyproject.toml: [tool.trackfix] {key} '{job}' must be above 0 and at most 1"
            )
    return {job: float(number) for job, number in value.items()}


def _known_job(job: str, key: str, known: tuple[str, ...] = JOBS) -> None:
    if job not in known:
        raise ConfigError(
            f"pyproject.toml: [tool.trackfix] {key} has no '{job}'{close_word(job, known)}"
        )


def _switch(value: object, key: str) -> bool:
    if not isinstance(value, bool):
        raise ConfigError(f"pyproject.toml: [tool.trackfix] {key} must be true or false")
    return value


def _layers(value: object) -> dict[str, tuple[str, ...]] | str:
    """The layers from the lowest to the highest, in the order of the table, or the name of a set
    that is ready-made."""
    where = "pyproject.toml: [tool.trackfix] layers"
    if isinstance(value, str):
        if value not in READY_LAYERS:
            raise ConfigError(
                f"{where}: there is no set '{value}'{close_word(value, READY_LAYERS)}"
            )
        return value
    if not isinstance(value, dict):
        raise ConfigError(
            f'{where} must be a table such as {{ domain = ["pkg.runs"], scripts = ["scripts"] }}, '
            'the lowest first, or "tracking"'
        )
    found = {name: _strings(entries, f"layers '{name}'") for name, entries in value.items()}
    if len(found) == 1:
        raise ConfigError(f"{where} has only one layer; name two or more, the lowest first")
    seen: dict[str, str] = {}
    for name, entries in found.items():
        for entry in entries:
            if _LAYER_ENTRY.fullmatch(entry) is None:
                raise ConfigError(
                    f"{where} '{name}': '{entry}' is no package; write 'pkg.sub', '*' for one "
                    "part of the name or '**' for any number of parts"
                )
            if seen.setdefault(entry, name) != name:
                raise ConfigError(f"{where}: '{entry}' is in both '{seen[entry]}' and '{name}'")
    return found


def close_word(word: str, known: tuple[str, ...], *, shows_all: bool = True) -> str:
    """The end of a message about an unknown word: which one may have been meant, or all that are
    known unless these are too many."""
    import difflib

    close = difflib.get_close_matches(word, known, 1)
    others = f"; known: {', '.join(known)}" if shows_all else ""
    return f"; did you mean '{close[0]}'?" if close else others


def _target_mlflow(value: object) -> str:
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
        raise ConfigError(
            "pyproject.toml: [tool.trackfix] target-mlflow must be a release of MLflow, such as "
            f'"3.1" or "3.x", or a range such as ">=2.9,<4"; it is {value!r}'
        )
    return found


def _combines_as(tools: Mapping[str, Any]) -> bool:
    """Whether the project's sorter keeps ``a`` and ``b as c`` in one from-import.

    https://docs.astral.sh/ruff/settings/#lint_isort_combine-as-imports
    """
    paths = (("ruff", "lint", "isort"), ("ruff", "isort"), ("isort",))
    tables = [_table_at(tools, path) for path in paths]
    return any(
        table.get(key) is True
        for table in tables
        for key in ("combine-as-imports", "combine_as_imports")
    )


def _table_at(tools: Mapping[str, Any], path: tuple[str, ...]) -> Mapping[str, Any]:
    table: Any = tools
    for part in path:
        table = table.get(part) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else {}


def _line_length(tools: Mapping[str, Any]) -> int:
    """The line length that the project's own formatter keeps; 88 is that of black and ruff."""
    for tool, key in (
        ("trackfix", "line-length"),
        ("ruff", "line-length"),
        ("black", "line-length"),
        ("isort", "line_length"),
    ):
        settings = tools.get(tool)
        length = settings.get(key) if isinstance(settings, dict) else None
        if isinstance(length, int) and _is_length(length):
            return length
    return 88


def _is_length(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _renames(value: object) -> dict[str, str]:
    where = "pyproject.toml: [tool.trackfix] renames"
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise ConfigError(f'{where} must be a table such as {{ "old.mod:f" = "new.mod:g" }}')
    for old, new in value.items():
        if (":" in old) != (":" in new):
            raise ConfigError(f"{where}: '{old}' and '{new}' must both name a module or a symbol")
        for side in (old, new):
            module, _, name = side.partition(":")
            parts = module.split(".") + (name.split(".") if ":" in side else [])
            if not all(part.isidentifier() for part in parts):
                raise ConfigError(f"{where}: '{side}' is no dotted name")
    return dict(value)
