"""The registry of tag keys: which key each tag has, by default or by a YAML file of the project."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from trackfix.tracking.batches import checked_key
from trackfix.tracking.errors import ConfigError
from trackfix.tracking.naming import NamingContext, run_key_hash

TAGS_FILE = "tags.yaml"


@dataclass(frozen=True, kw_only=True)
class TagKeys:
    """The key of each tag. Those of MLflow itself can't be changed, since its UI reads them.

    Raises:
        ConfigError: a key of MLflow's was changed, or two tags have one key.
        LimitError: MLflow can't store a key: longer than 250 characters, for one.

    >>> from trackfix.tracking import TagKeys
    >>> TagKeys().run_key_hash, TagKeys(stage="acme.stage").stage
    ('code.run_key_hash', 'acme.stage')
    """

    parent_run_id: str = "mlflow.parentRunId"
    run_name: str = "mlflow.runName"

    stage: str = "code.stage"
    model: str = "code.model"
    env: str = "code.env"
    spec_fp: str = "code.spec_fp"
    exec_fp: str = "code.exec_fp"
    variant: str = "code.variant"
    study_name: str = "code.study_name"
    study_key_hash: str = "code.study_key_hash"
    trial_key_hash: str = "code.trial_key_hash"
    trial_id: str = "code.trial_id"
    trial_number: str = "code.trial_number"
    fold: str = "code.fold"
    run_key_hash: str = "code.run_key_hash"
    training_type: str = "code.training_type"

    lineage_source: str = "code.lineage.source"
    lineage_parent_training_run_id: str = "code.lineage.parent_training_run_id"
    lineage_hpo_study_key_hash: str = "code.lineage.hpo_study_key_hash"
    lineage_hpo_trial_key_hash: str = "code.lineage.hpo_trial_key_hash"
    lineage_hpo_sweep_run_id: str = "code.lineage.hpo_sweep_run_id"
    lineage_hpo_trial_run_id: str = "code.lineage.hpo_trial_run_id"
    lineage_hpo_refit_run_id: str = "code.lineage.hpo_refit_run_id"

    azureml_run_type: str = "azureml.runType"
    azureml_trial: str = "azureml.trial"

    def __post_init__(self) -> None:
        seen: dict[str, str] = {}
        for field in fields(self):
            key = checked_key(getattr(self, field.name))
            default = str(field.default)
            if default.startswith("mlflow.") and key != default:
                raise ConfigError(f"{field.name}: MLflow reads {default!r}, not {key!r}")
            if key in seen:
                raise ConfigError(f"{seen[key]} and {field.name} have the same tag key {key!r}")
            seen[key] = field.name

    @classmethod
    def from_yaml(cls, path: str | os.PathLike[str]) -> TagKeys:
        """The keys of a YAML file, and the defaults for those that it doesn't name.

        Names within a section are those of the fields without it: ``lineage: {source: acme.from}``
        is ``lineage_source: acme.from``.

        Raises:
            ConfigError: the file can't be read, is no mapping, or has an unknown name.

        >>> from pathlib import Path
        >>> from trackfix.tracking import TagKeys
        >>> _ = Path("tags.yaml").write_text("stage: acme.stage\\nlineage: {source: acme.from}")
        >>> TagKeys.from_yaml("tags.yaml").lineage_source
        'acme.from'
        >>> _ = Path("tags.yaml").write_text("stagee: acme.stage")
        >>> TagKeys.from_yaml("tags.yaml")
        Traceback (most recent call last):
        trackfix.tracking.errors.ConfigError: tags.yaml: unknown name 'stagee'; known are ...
        """
        import yaml

        try:
            content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise ConfigError(f"{path} can't be read: {error}") from error
        if content is None:
            return cls()
        if not isinstance(content, Mapping):
            raise ConfigError(f"{path} must be a mapping of names to tag keys")
        known = {field.name for field in fields(cls)}
        keys: dict[str, str] = {}
        for name, key in _named_keys(content):
            if name not in known:
                raise ConfigError(
                    f"{path}: unknown name {name!r}; known are {', '.join(sorted(known))}"
                )
            if not isinstance(key, str):
                raise ConfigError(f"{path}: the tag key of {name} must be text, not {key!r}")
            if name in keys:
                raise ConfigError(f"{path}: {name} is there twice")
            keys[name] = key
        try:
            return cls(**keys)
        except ValueError as error:
            raise ConfigError(f"{path}: {error}") from error

    def of_context(self, context: NamingContext) -> dict[str, str]:
        """The tags of a context: one for each field that is set, and the hash of its run key.

        >>> from trackfix.tracking import NamingContext, TagKeys
        >>> tags = TagKeys().of_context(NamingContext(stage="training", fold=1))
        >>> tags["code.stage"], tags["code.fold"], len(tags["code.run_key_hash"])
        ('training', '1', 64)
        """
        tags = {getattr(self, name): value for name, value in context.values().items()}
        return {**tags, self.run_key_hash: run_key_hash(context)}


DEFAULT_TAG_KEYS = TagKeys()


def get_training_tag_keys(config_dir: str | os.PathLike[str] | None = None) -> TagKeys:
    """The tag keys of a project: those of ``tags.yaml`` in its folder of settings, or the defaults
    where there is no such file or no folder is given.

    Raises:
        ConfigError: the folder doesn't exist, or see ``TagKeys.from_yaml``.

    >>> from trackfix.tracking import get_training_tag_keys
    >>> get_training_tag_keys().stage
    'code.stage'
    """
    if config_dir is None:
        return DEFAULT_TAG_KEYS
    folder = Path(config_dir)
    if not folder.is_dir():
        raise ConfigError(f"config_dir {folder} is no folder")
    path = folder / TAGS_FILE
    return TagKeys.from_yaml(path) if path.exists() else DEFAULT_TAG_KEYS


def _named_keys(content: Mapping[Any, Any], section: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        if isinstance(value, Mapping):
            yield from _named_keys(value, f"{section}{name}_")
        else:
            yield f"{section}{name}", value
