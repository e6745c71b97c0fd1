#!/usr/bin/env python
"""Promote the best weekly model to champion."""
import argparse

import mlflow
from mlflow import MlflowClient


def pick(experiment):
    frame = mlflow.search_runs(experiment_names=[experiment])
    frame = frame.dropna(subset=["metrics.val_auc"])
    if frame.empty:
        raise SystemExit("no run has a val_auc")
    return frame.sort_values("metrics.val_auc", ascending=False).iloc[0].run_id


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--experiment", default="/churn/weekly")
    ap.add_argument("--model", default="churn")
    ap.add_argument("--dry-run", action="store_true")
    args = ap.parse_args()
    run_id = pick(args.experiment)
    client = MlflowClient()
    run = client.get_run(run_id)
    if "churn.snapshot" not in run.data.tags:
        raise SystemExit(f"{run_id}: snapshot unknown")
    snapshot = run.data.tags["churn.snapshot"]
    print(f"{run_id} trained on {snapshot}: {run.data.metrics['val_auc']:.4f}")
    if args.dry_run:
        return
    version = mlflow.register_model(f"runs:/{run_id}/model", args.model)
    client.set_registered_model_alias(args.model, "champion", version.version)


if __name__ == "__main__":
    main()
