"""Train many seeds for a table of a paper; every seed is a child run."""

import argparse

import mlflow
import numpy as np

from heronvision.config import TrainConfig
from heronvision.trainer import Trainer
from heronvision.utils.mlflow_utils import seeds_of


def table(experiment_id, paper):
    accs = [r.data.metrics["val_acc"] for r in seeds_of(experiment_id, paper)]
    return float(np.mean(accs)), float(np.std(accs))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("paper")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--experiment", default="heron-papers")
    args = parser.parse_args()

    exp = mlflow.get_experiment_by_name(args.experiment)
    exp_id = exp.experiment_id if exp is not None else mlflow.create_experiment(args.experiment)
    with mlflow.start_run(experiment_id=exp_id, run_name=args.paper):
        for seed in range(args.seeds):
            cfg = TrainConfig(seed=seed, experiment=args.experiment)
            with mlflow.start_run(experiment_id=exp_id, run_name=f"seed-{seed}", nested=True):
                mlflow.set_tags({"paper": args.paper, "seed": seed})
                mlflow.log_params(cfg.to_dict())
                mlflow.log_metrics(Trainer(cfg).fit())
    print(table(exp_id, args.paper))


if __name__ == "__main__":
    main()
