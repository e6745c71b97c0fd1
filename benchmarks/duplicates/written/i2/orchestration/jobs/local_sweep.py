"""A small sweep on a laptop. Does not need Optuna's storage."""

import argparse
import itertools
import logging
import time
from pathlib import Path
from typing import Any, Dict, List

from mlflow.tracking import MlflowClient

from modelling.train import train_fold
from utils.config import load

logger = logging.getLogger(__name__)


class LocalSweep:
    def __init__(self, config: Dict[str, Any]) -> None:
        self.config = config
        self.client = MlflowClient()
        name = config["experiment"]
        experiment = self.client.get_experiment_by_name(name)
        if experiment:
            self.experiment_id = experiment.experiment_id
        else:
            logger.info("New experiment %s", name)
            self.experiment_id = self.client.create_experiment(name)

    def _start_trial(self, parent_id: str, number: int) -> str:
        run = self.client.create_run(
            self.experiment_id,
            start_time=int(time.time() * 1000),
            run_name=f"trial_{number}",
        )
        run_id = run.info.run_id
        self.client.set_tag(run_id, "mlflow.parentRunId", parent_id)
        self.client.set_tag(run_id, "azureml.trial_number", str(number))
        self.client.set_tag(run_id, "azureml.folds", str(self.config["folds"]))
        return run_id

    def run(self, grid: Dict[str, List[float]]) -> str:
        tags = {}
        tags["azureml.job_name"] = self.config["job_name"]
        tags["azureml.workspace"] = "local"
        tags["azureml.stage"] = "sweep"
        tags["azureml.cluster"] = "laptop"
        parent = self.client.create_run(self.experiment_id, tags=tags).info.run_id
        names = sorted(grid)
        for number, values in enumerate(itertools.product(*(grid[n] for n in names))):
            run_id = self._start_trial(parent, number)
            params = dict(zip(names, values))
            for key, value in params.items():
                self.client.log_param(run_id, key, value)
            results = [train_fold(self.config, fold, **params) for fold in range(self.config["folds"])]
            self.client.log_metric(run_id, "f1", sum(r["f1"] for r in results) / len(results))
            self.client.set_terminated(run_id)
        self.client.set_terminated(parent)
        return parent


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=Path, default=Path("config"))
    parser.add_argument("--name", default="local")
    args = parser.parse_args()
    sweep = LocalSweep(load(args.config, args.name))
    print(sweep.run({"lr": [2e-5, 5e-5], "dropout": [0.0, 0.1]}))


if __name__ == "__main__":
    main()
