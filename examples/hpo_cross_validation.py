"""A hyperparameter search with cross-validation, tracked from its first run to the one that counts.

Two trials, three folds each, and a refit with the better penalty:

    sweep
    ├── trial-0 ── fold-0, fold-1, fold-2
    ├── trial-1 ── fold-0, fold-1, fold-2
    └── refit      tagged with the sweep and the trial that it comes from

At the end the refit's run is looked for again, by each thing that one may still know of it.

    python examples/hpo_cross_validation.py --tracking-uri sqlite:///mlflow.db --subprocesses
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from statistics import fmean
from typing import Any, TypeAlias

import mlflow
from mlflow.entities import Run

from trackfix.tracking import (
    MLflowSweepTracker,
    NamingContext,
    RunIndex,
    TagKeys,
    apply_lineage_tags,
    build_lineage_tags,
    create_training_child_run,
    find_best_run_by_metric,
    find_mlflow_run,
    get_or_compute_trial_key_hash,
    query_runs_by_tags,
    resolve_experiment_id,
    setup_hpo_mlflow_run,
    setup_mlflow,
    setup_mlflow_tracking_env,
)
from trackfix.tracking.finder import METADATA_FILE
from trackfix.tracking.hashes import canonical_hash

EXPERIMENT = "hpo-cross-validation"
PENALTIES = [0.01, 1.0]
FOLDS = 3
DATA = {"samples": 60, "noise": 0.3, "seed": 7}
PARENT = TagKeys().parent_run_id

Sample: TypeAlias = tuple[list[float], float]


def make_samples() -> list[Sample]:
    """Points of a plane in five dimensions, with noise."""
    source, slopes = random.Random(DATA["seed"]), [3.0, -2.0, 1.0, 0.0, 0.0]
    points = [[source.gauss(0, 1) for _ in slopes] for _ in range(int(DATA["samples"]))]
    return [(point, dot(slopes, point) + source.gauss(0, DATA["noise"])) for point in points]


def train(samples: Sequence[Sample], penalty: float) -> list[float]:
    """Ridge regression by gradient descent."""
    weights = [0.0] * len(samples[0][0])
    for _ in range(200):
        errors = [dot(weights, point) - target for point, target in samples]
        for i, column in enumerate(zip(*(point for point, _ in samples), strict=True)):
            gradient = dot(errors, column) / len(samples) + penalty * weights[i]
            weights[i] -= 0.1 * gradient
    return weights


def mean_squared_error(weights: Sequence[float], samples: Sequence[Sample]) -> float:
    return fmean((dot(weights, point) - target) ** 2 for point, target in samples)


def dot(left: Sequence[float], right: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))


def run_fold(context: NamingContext, penalty: float) -> None:
    """Train without one part of the data, and measure on it.

    The parent is the active run; in a subprocess, the one that the environment tells of.
    """
    samples, fold = make_samples(), int(context.fold or 0)
    with create_training_child_run(context, f"fold-{fold}", training_type="fold"):
        mlflow.log_param("penalty", penalty)
        weights = train([s for i, s in enumerate(samples) if i % FOLDS != fold], penalty)
        mlflow.log_metric("mse", mean_squared_error(weights, samples[fold::FOLDS]))


def run_folds_in_subprocesses(contexts: Sequence[NamingContext], penalty: float) -> None:
    """All at once, each a child of the run that is active here."""
    environment = {**os.environ, **setup_mlflow_tracking_env()}

    def run(context: NamingContext) -> None:
        fold = json.dumps({"context": asdict(context), "penalty": penalty})
        subprocess.run([sys.executable, __file__, "--fold", fold], env=environment, check=True)

    with ThreadPoolExecutor(FOLDS) as pool:
        list(pool.map(run, contexts))  # raises if a fold has failed


def run_trial(context: NamingContext, penalty: float, *, subprocesses: bool) -> None:
    """Cross-validate one penalty; the trial's error is the mean of those of its folds."""
    folds = [replace(context, fold=fold) for fold in range(FOLDS)]
    name = f"trial-{context.trial_number}"
    with create_training_child_run(context, name, training_type="trial") as trial:
        mlflow.log_param("penalty", penalty)
        if subprocesses:
            run_folds_in_subprocesses(folds, penalty)
        else:
            for fold in folds:
                run_fold(fold, penalty)
        children = query_runs_by_tags(trial.info.experiment_id, {PARENT: trial.info.run_id})
        mlflow.log_metric("mse", fmean(child.data.metrics["mse"] for child in children))


def run_search(index: RunIndex, *, subprocesses: bool) -> tuple[NamingContext, str, dict[str, Any]]:
    """The sweep with its trials and the refit. Returns the refit's context, run id and lineage."""
    study, sweep_name = setup_hpo_mlflow_run(
        "penalty", "ridge", data_config=DATA, hpo_config={"penalties": PENALTIES, "folds": FOLDS}
    )
    sweep = MLflowSweepTracker(EXPERIMENT)
    with sweep.start_sweep_run(sweep_name, {"data": DATA}, tags=TagKeys().of_context(study)):
        for number, penalty in enumerate(PENALTIES):
            trial_key_hash = get_or_compute_trial_key_hash(
                study_key_hash=study.study_key_hash, hyperparameters={"penalty": penalty}
            )
            context = replace(study, trial_number=number, trial_key_hash=trial_key_hash)
            run_trial(context, penalty, subprocesses=subprocesses)
        best = find_best_run_by_metric(
            resolve_experiment_id(), "mse", "min", tags={PARENT: str(sweep.run_id)}
        )
        context, run_id = refit(best, index)

    lineage = {
        "source": "hpo",
        "hpo_study_key_hash": study.study_key_hash,
        "hpo_trial_key_hash": context.trial_key_hash,
        "hpo_sweep_run_id": sweep.run_id,
        "hpo_trial_run_id": best.info.run_id,
    }
    apply_lineage_tags(run_id, lineage)
    return context, run_id, lineage


def refit(best: Run, index: RunIndex) -> tuple[NamingContext, str]:
    """Train on all of the data with the penalty of the best trial."""
    penalty, keys = float(best.data.params["penalty"]), TagKeys()
    context = NamingContext(
        stage="training",
        model="ridge",
        spec_fp=canonical_hash({"data": DATA, "penalty": penalty})[:8],
        study_key_hash=best.data.tags[keys.study_key_hash],
        trial_key_hash=best.data.tags[keys.trial_key_hash],
    )
    with create_training_child_run(context, "refit", training_type="refit", index=index) as run:
        mlflow.log_param("penalty", penalty)
        samples = make_samples()
        mlflow.log_metric("mse", mean_squared_error(train(samples, penalty), samples))
    return context, run.info.run_id


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="A tracked search for the best penalty.")
    parser.add_argument("--tracking-uri", help="where to track; see setup_mlflow without it")
    parser.add_argument("--output-dir", type=Path, default=Path("outputs"))
    parser.add_argument("--subprocesses", action="store_true", help="a process for each fold")
    parser.add_argument("--fold", type=json.loads, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.fold:
        run_fold(NamingContext(**options.fold["context"]), options.fold["penalty"])
        return

    output_dir: Path = options.output_dir
    output_dir.mkdir(parents=True, exist_ok=True)
    index = RunIndex(output_dir / "run_index.sqlite")
    tracking_uri = setup_mlflow(EXPERIMENT, tracking_uri=options.tracking_uri)
    context, run_id, lineage = run_search(index, subprocesses=options.subprocesses)
    metadata = {"run_id": run_id, "tracking_uri": tracking_uri}
    (output_dir / METADATA_FILE).write_text(json.dumps(metadata), encoding="utf-8")

    # A context that lacks something has another hash; what is left of its tags still matches.
    without_search = replace(context, study_key_hash=None, trial_key_hash=None)
    for report in (
        find_mlflow_run(EXPERIMENT, run_id=run_id),
        find_mlflow_run(EXPERIMENT, output_dir=output_dir),
        find_mlflow_run(EXPERIMENT, context, index=index),
        find_mlflow_run(EXPERIMENT, context),
        find_mlflow_run(EXPERIMENT, without_search, strict=False),
        find_mlflow_run(EXPERIMENT, run_name="refit", strict=False),
        find_mlflow_run(EXPERIMENT, tags=build_lineage_tags(lineage), strict=False),
    ):
        print(f"{report.strategy_used}: {report.run_id}")


if __name__ == "__main__":
    main()
