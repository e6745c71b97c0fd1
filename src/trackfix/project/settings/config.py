"""The ``[tool.trackfix]`` table of a project's ``pyproject.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from trackfix.project.settings.formatter import combines_as, is_length, line_length
from trackfix.project.settings.setting_values import (
    close_word,
    count,
    function,
    inferred_parameters,
    layers,
    levels,
    names,
    patterns,
    per_file_ignores,
    renames,
    sources_of_truth,
    strings,
    switch,
    target_mlflow,
    thresholds,
)
from trackfix.source.toml_text import parse_toml


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


_LISTS = ("src", "shims", "keep", "extend-select", "ignore", "setup-layers")
_KEYS = (
    *_LISTS,
    "exclude",
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


def load_config(root: Path) -> Config:
    """The settings in ``root``'s ``pyproject.toml``.

    Raises:
        ConfigError: an unknown key, or a value of the wrong type.
    """
    tools = read_toml(root / "pyproject.toml").get("tool", {})
    table = tools.get("trackfix", {}) if isinstance(tools, dict) else {}
    if not isinstance(tools, dict) or not isinstance(table, dict):
        raise ConfigError("pyproject.toml: [tool.trackfix] must be a table")
    try:
        return _config_of(table, tools, root)
    except ValueError as error:
        raise ConfigError(f"pyproject.toml: [tool.trackfix] {error}") from None


def _config_of(table: Mapping[str, Any], tools: Mapping[str, Any], root: Path) -> Config:
    for key in table:
        if key not in _KEYS:
            raise ValueError(f"has no key '{key}'{close_word(key, _KEYS)}")
    values: dict[str, Any] = {}
    for key in _LISTS:
        values[key.replace("-", "_")] = strings(table.get(key, []), key)
    values["exclude"] = patterns(table.get("exclude", []), "exclude")
    if "select" in table:
        values["select"] = strings(table["select"], "select")
    values["rule_set"] = chosen = table.get("rule-set", RULE_SETS[0])
    if chosen not in RULE_SETS:
        raise ValueError(
            f"rule-set: there is no set {chosen!r}{close_word(str(chosen), RULE_SETS)}"
        )
    values["per_file_ignores"] = per_file_ignores(table.get("per-file-ignores", {}))
    for name in values["src"]:
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise ValueError(f"src: '{name}' is not in the project")
        if not (root / name).is_dir():
            raise ValueError(f"src: no folder '{name}'")
    values["renames"] = renames(table.get("renames", {}))
    values["client_factory"] = function(table.get("client-factory"), "client-factory")
    values["sources_of_truth"] = sources_of_truth(table.get("sources-of-truth", {}))
    values["duplicate_thresholds"] = thresholds(table.get("duplicate-thresholds", {}))
    for key in ("duplicates-in-tests", "layers-allow-type-checking"):
        values[key.replace("-", "_")] = switch(table.get(key, False), key)
    values["inferred_parameters"] = inferred_parameters(table.get("inferred-parameters", {}))
    for key in ("setup-functions", "entry-points", "run-ends"):
        named = strings(table.get(key, []), key)
        values[key.replace("-", "_")] = tuple(function(name, key) for name in named)
    unseen = table.get("unseen-log-levels", ["debug"])
    values["unseen_log_levels"] = levels(unseen, "unseen-log-levels")
    for key, what in (
        ("swallowed-exceptions", "an exception such as 'MlflowException'"),
        ("tag-key-modules", "a module such as 'pkg.keys'"),
        ("quote-free-names", "a name such as 'model_name' or '*_slug'"),
    ):
        values[key.replace("-", "_")] = names(table.get(key, []), key, what)
    for key in ("named-runs-minimum", "metric-loop-minimum"):
        values[key.replace("-", "_")] = count(table.get(key, 3), key)
    values["mlflow_tag_constants"] = switch(
        table.get("mlflow-tag-constants", True), "mlflow-tag-constants"
    )
    allowed = table.get("allowed-mlflow-apis", [])
    values["allowed_mlflow_apis"] = strings(allowed, "allowed-mlflow-apis")
    values["layers"] = layers(table.get("layers", {}))
    values["target_mlflow"] = target_mlflow(table.get("target-mlflow"))
    if "line-length" in table and not is_length(table["line-length"]):
        raise ValueError("line-length must be a whole number")
    return Config(line_length=line_length(tools), combine_as=combines_as(tools), **values)
