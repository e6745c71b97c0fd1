#!/usr/bin/env python
"""Averages soft masks of the top model and of its four folds."""

import sys

import mlflow
import numpy as np


def top_run(study):
    everything = mlflow.search_runs(experiment_names=[study], output_format="list")
    scored = [r for r in everything if r.info.status == "FINISHED" and "mean_dice" in r.data.metrics]
    if not scored:
        sys.exit("nothing was trained")
    return sorted(scored, key=lambda r: r.data.metrics["mean_dice"])[-1]


def siblings(run):
    parent = run.data.tags["mlflow.parentRunId"]
    return mlflow.search_runs(
        [run.info.experiment_id], f"tags.`mlflow.parentRunId` = '{parent}'", output_format="list"
    )


def average(paths):
    total = None
    for path in paths:
        probs = np.load(path)
        total = probs if total is None else total + probs
    return total / len(paths)


def main(study):
    best = top_run(study)
    runs = siblings(best)
    paths = [mlflow.artifacts.download_artifacts(run_id=r.info.run_id, artifact_path="probs.npy") for r in runs]
    np.save(f"{study}_ensemble.npy", average(paths))


if __name__ == "__main__":
    main(sys.argv[1])
