"""Evaluate the best run of a task on fresh data."""

import argparse

import mlflow

from heronvision.config import TrainConfig
from heronvision.trainer import Trainer


def pick(experiment, task):
    df = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string="params.task = '{}' and attributes.status = 'FINISHED'".format(task),
        order_by=["metrics.val_acc DESC"],
    )
    if df.empty:
        raise SystemExit("no run of " + task)
    return df.run_id[0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--experiment", default="heron")
    parser.add_argument("--task", default="shapes")
    parser.add_argument("--seed", type=int, default=99)
    args = parser.parse_args()
    run = mlflow.get_run(pick(args.experiment, args.task))
    params = run.data.params
    cfg = TrainConfig(task=params["task"], arch=params["arch"], hidden=int(params["hidden"]), seed=args.seed)
    trainer = Trainer(cfg)
    trainer.load(mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="checkpoints/last.pt"))
    print(trainer.validate())


if __name__ == "__main__":
    main()
