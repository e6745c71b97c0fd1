"""The weekly job: a sweep, then a fit with the best parameters."""
from __future__ import annotations

import json
import sys
from datetime import date, timedelta

import mlflow
from mlflow.tracking import MlflowClient

from demandcast.settings import HORIZONS, load
from demandcast.training.sweep import Sweep
from demandcast.training.train import train


def best_params(sweep_id: str, experiment_id: str) -> dict[str, str]:
    """Parameters of the best trial, as the scheduler wants them."""
    table = mlflow.search_runs(
        experiment_ids=[experiment_id],
        filter_string=" and ".join(
            [f"tags.mlflow.parentRunId = '{sweep_id}'", "tags.`dc.role` = 'trial'", "status = 'FINISHED'"]
        ),
    )
    if table.empty:
        raise RuntimeError("sweep without trials")
    row = table.sort_values("metrics.val_mape").iloc[0]
    return {c[len("params."):]: row[c] for c in table.columns if c.startswith("params.")}


def needs_training(region: str, max_age: int = 14) -> bool:
    """Whether the last model has seen the last days."""
    client = MlflowClient()
    cfg = load()
    exp = client.get_experiment_by_name(cfg.experiment_name(region))
    if exp is None:
        return True
    candidates = client.search_runs(
        experiment_ids=[exp.experiment_id], filter_string="status = 'FINISHED'", order_by=["start_time DESC"]
    )
    if len(candidates) == 0:
        return True
    previous = candidates[0]
    if "dc.training_window" not in previous.data.tags:
        return True
    span = json.loads(previous.data.tags["dc.training_window"])
    _start, end = date.fromisoformat(span["from"]), date.fromisoformat(span["to"])
    return end < date.today() - timedelta(days=max_age)


def main(argv: list[str]) -> int:
    for region in argv or ["north"]:
        if not needs_training(region):
            print(f"{region}: fresh enough")
            continue
        sweep = Sweep(region, HORIZONS["day"])
        parent = sweep.run()
        print(region, best_params(parent, sweep.experiment_id))
        train(region)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
