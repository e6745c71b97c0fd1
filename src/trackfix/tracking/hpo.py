"""The run of a hyperparameter search: what it is about, and its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackfix.tracking.hashes import get_or_compute_study_key_hash
from trackfix.tracking.naming import NamingContext, build_training_run_name_with_fallback


def setup_hpo_mlflow_run(
    study_name: str,
    model: str,
    *,
    env: str | None = None,
    variant: str | float | None = None,
    study_key_hash: str | None = None,
    data_config: Mapping[str, Any] | None = None,
    hpo_config: Mapping[str, Any] | None = None,
    train_config: Mapping[str, Any] | None = None,
) -> tuple[NamingContext, str]:
    """The naming context and the run name of a search. It configures nothing and asks no server:
    ``setup_mlflow`` comes before it, ``create_run_safe`` after it.

    Args:
        study_name: of the study in Optuna, for one.
        study_key_hash: computed without it, if the settings of data and search are given.
        env, variant: see ``NamingContext``.

    Raises:
        ConfigError: a setting has no canonical form, see ``hashes``.

    >>> from trackfix.tracking import create_run_safe, get_or_create_experiment
    >>> from trackfix.tracking import setup_hpo_mlflow_run
    >>> context, run_name = setup_hpo_mlflow_run("lr-search", "distilbert", study_key_hash="ab12")
    >>> context.stage, context.study_key_hash, run_name
    ('hpo', 'ab12', 'hpo_distilbert_lr-search_582d84c0')
    >>> run = create_run_safe(run_name, experiment_id=get_or_create_experiment("hpo"))
    """
    context = NamingContext(
        stage="hpo",
        model=model,
        env=env,
        variant=variant,
        study_name=study_name,
        study_key_hash=get_or_compute_study_key_hash(
            study_key_hash,
            data_config=data_config,
            hpo_config=hpo_config,
            model=model,
            train_config=train_config,
        ),
    )
    return context, build_training_run_name_with_fallback(context)
