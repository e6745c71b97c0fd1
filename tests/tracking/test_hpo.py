"""The run of a search: its context and its name, and nothing else."""

import os
import subprocess
import sys

import pytest

from trackfix.tracking import (
    ConfigError,
    NamingContext,
    compute_study_key_hash_v2,
    setup_hpo_mlflow_run,
)


def test_the_context_has_what_is_given_and_the_name_follows_from_it():
    context, run_name = setup_hpo_mlflow_run(
        "lr search", "distilbert", env="local", variant=2, study_key_hash="ab12"
    )
    assert context == NamingContext(
        stage="hpo",
        model="distilbert",
        env="local",
        variant=2,
        study_name="lr search",
        study_key_hash="ab12",
    )
    assert run_name.startswith("hpo_distilbert_lr-search_v-2_")
    assert (context, run_name) == setup_hpo_mlflow_run(
        "lr search", "distilbert", env="local", variant=2.0, study_key_hash="ab12"
    )


def test_the_study_hash_is_computed_from_the_settings_if_they_are_there():
    settings = {"name": "news"}, {"trials": 20}
    context, _ = setup_hpo_mlflow_run(
        "s", "m", data_config=settings[0], hpo_config=settings[1], train_config={"epochs": 3}
    )
    assert context.study_key_hash == compute_study_key_hash_v2(*settings, "m", {"epochs": 3})
    assert setup_hpo_mlflow_run("s", "m", data_config={})[0].study_key_hash is None
    with pytest.raises(ConfigError, match="no canonical form"):
        setup_hpo_mlflow_run("s", "m", data_config={"a": object()}, hpo_config={})


def test_it_configures_nothing_and_does_not_even_import_mlflow(tmp_path):
    code = (
        "from trackfix.tracking import setup_hpo_mlflow_run; import sys\n"
        "setup_hpo_mlflow_run('s', 'm', data_config={}, hpo_config={})\n"
        "sys.exit('mlflow' in sys.modules)"
    )
    env = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, check=True)
    assert list(tmp_path.iterdir()) == []
