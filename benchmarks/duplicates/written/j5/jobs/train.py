"""Training. Knows the flag."""
import argparse
import os
import subprocess

import mlflow

from fraudlens import tracking_old
from fraudlens.flags import enabled, snapshot
from fraudlens.payments import load
from fraudlens.scoring import fit, metrics
from fraudlens.tracking import default_store


def new_way(args, values):
    store = default_store()
    commit = os.environ.get("COMMIT", "")
    if not commit:
        commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True).stdout.strip()
    tags = {
        "team": "risk",
        "model": args.model,
        "stage": args.stage,
        "commit": commit,
        "dataset_version": args.version,
    }
    with store.run(f"{args.model}-{args.version}", tags) as run:
        store.client.log_param(run.info.run_id, "C", args.C)
        for k, v in values.items():
            store.client.log_metric(run.info.run_id, k, v)
    return run.info.run_id


def old_way(args, values):
    tags = tracking_old.make_tags(args.model, args.stage, args.version)
    with mlflow.start_run(experiment_id=tracking_old.get_experiment(), tags=tags) as run:
        mlflow.log_param("C", args.C)
        mlflow.log_metrics(values)
    return run.info.run_id


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--model", default="logit")
    ap.add_argument("--stage", default="dev")
    ap.add_argument("--version", default="v1")
    ap.add_argument("--C", type=float, default=1.0)
    args = ap.parse_args()
    df = load(args.version)
    cut = int(0.8 * len(df))
    values = metrics(fit(df[:cut], args.C), df[cut:])
    way = new_way if enabled("NEW_TRACKING") else old_way
    print(way(args, values), snapshot())


if __name__ == "__main__":
    main()
