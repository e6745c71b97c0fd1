"""The example runs as a user would run it, and a fresh client finds in the store what it promises."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from mlflow.tracking import MlflowClient

EXAMPLE = Path(__file__).parents[2] / "examples" / "hpo_cross_validation.py"
PARENT = "mlflow.parentRunId"
STRATEGIES = ["run_id", "metadata", "index", "run_key_hash", "tags", "run_name", "most_recent"]


class Result:
    """What the example printed, and the runs that it left, read by a client of our own."""

    def __init__(self, folder, *flags):
        uri = f"sqlite:///{folder / 'mlflow.db'}"
        clean = {k: v for k, v in os.environ.items() if not k.startswith("MLFLOW_")}
        self.printed = subprocess.run(
            [sys.executable, str(EXAMPLE), "--tracking-uri", uri, *flags],
            env={**clean, "MLFLOW_DISABLE_TELEMETRY": "true"},
            cwd=folder,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=600,
        ).stdout
        self.client = MlflowClient(tracking_uri=uri)
        experiments = {e.name: e.experiment_id for e in self.client.search_experiments()}
        self.in_default = self.client.search_runs(["0"])
        self.runs = list(self.client.search_runs([experiments["hpo-cross-validation"]]))
        self.by_id = {run.info.run_id: run for run in self.runs}
        self.found = dict(line.split(": ") for line in self.printed.splitlines())

    def path(self, run):
        """Its name after those of the runs above it."""
        parent = self.by_id.get(run.data.tags.get(PARENT))
        own = run.info.run_name if parent else "sweep"
        return f"{self.path(parent)}/{own}" if parent else own

    def at(self, path):
        [run] = [run for run in self.runs if self.path(run) == path]
        return run


@pytest.fixture(scope="module", params=["in the main process", "folds in subprocesses"])
def result(request, tmp_path_factory):
    flags = ["--subprocesses"] if "subprocesses" in request.param else []
    return Result(tmp_path_factory.mktemp("example"), *flags)


def test_two_trials_of_three_folds_and_a_refit_hang_below_one_sweep(result):
    trials = [f"sweep/trial-{trial}" for trial in range(2)]
    folds = [f"{trial}/fold-{fold}" for trial in trials for fold in range(3)]
    assert sorted(map(result.path, result.runs)) == sorted(
        ["sweep", *trials, *folds, "sweep/refit"]
    )
    assert result.at("sweep").info.run_name.startswith("hpo_ridge_penalty_")
    assert result.in_default == []


def test_every_run_has_finished(result):
    assert {run.info.status for run in result.runs} == {"FINISHED"}


def test_a_trials_error_is_the_mean_of_its_folds_and_the_smaller_penalty_is_better(result):
    errors = []
    for trial, penalty in enumerate(["0.01", "1.0"]):
        folds = [result.at(f"sweep/trial-{trial}/fold-{fold}") for fold in range(3)]
        own = result.at(f"sweep/trial-{trial}")
        assert {run.data.params["penalty"] for run in [own, *folds]} == {penalty}
        values = [fold.data.metrics["mse"] for fold in folds]
        assert len(set(values)) == 3
        assert own.data.metrics["mse"] == pytest.approx(sum(values) / 3)
        errors.append(own.data.metrics["mse"])
    refit = result.at("sweep/refit")
    assert errors[0] < errors[1]
    assert refit.data.params == {"penalty": "0.01"}
    assert 0 < refit.data.metrics["mse"] < errors[1]


def test_the_tags_say_what_each_run_is_about(result):
    sweep, trial = result.at("sweep").data.tags, result.at("sweep/trial-1").data.tags
    fold, refit = result.at("sweep/trial-1/fold-2").data.tags, result.at("sweep/refit").data.tags
    assert (sweep["code.stage"], refit["code.stage"]) == ("hpo", "training")
    assert [tags["code.training_type"] for tags in (trial, fold, refit)] == [
        "trial",
        "fold",
        "refit",
    ]
    assert (fold["code.trial_number"], fold["code.fold"]) == ("1", "2")
    assert fold["code.trial_key_hash"] == trial["code.trial_key_hash"]
    assert {tags["code.study_key_hash"] for tags in (sweep, trial, fold, refit)} == {
        sweep["code.study_key_hash"]
    }
    hashes = [run.data.tags["code.run_key_hash"] for run in result.runs]
    assert len(set(hashes)) == len(hashes) == 10


def test_the_refits_lineage_names_the_sweep_and_the_best_trial(result):
    sweep, best, refit = map(result.at, ["sweep", "sweep/trial-0", "sweep/refit"])
    lineage = {k: v for k, v in refit.data.tags.items() if k.startswith("code.lineage.")}
    assert lineage == {
        "code.lineage.source": "hpo",
        "code.lineage.hpo_study_key_hash": sweep.data.tags["code.study_key_hash"],
        "code.lineage.hpo_trial_key_hash": best.data.tags["code.trial_key_hash"],
        "code.lineage.hpo_sweep_run_id": sweep.info.run_id,
        "code.lineage.hpo_trial_run_id": best.info.run_id,
    }


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_refit_is_found_again_by(result, strategy):
    assert result.found[strategy] == result.at("sweep/refit").info.run_id


def test_no_strategy_is_left_out(result):
    assert list(result.found) == STRATEGIES
