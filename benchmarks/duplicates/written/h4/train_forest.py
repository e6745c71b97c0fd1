"""Random forest on the composition."""
import argparse
import os
import socket

import mlflow
import mlflow.sklearn
from sklearn.ensemble import RandomForestRegressor

from utils import STUDY, composition, git_commit, load_split, r2, seed_everything

parser = argparse.ArgumentParser()
parser.add_argument("--split", default="random")
parser.add_argument("--trees", type=int, default=500)
parser.add_argument("--seed", type=int, default=0)


def run(args):
    seed_everything(args.seed)
    experiment = mlflow.get_experiment_by_name(STUDY)
    if experiment is None:
        mlflow.create_experiment(STUDY)
        experiment = mlflow.get_experiment_by_name(STUDY)
    mlflow.set_experiment(experiment_id=experiment.experiment_id)
    xs, y = load_split(args.split, "train")
    vs, vy = load_split(args.split, "valid")
    with mlflow.start_run(run_name=f"forest-{args.split}"):
        mlflow.set_tag("host", socket.gethostname())
        mlflow.set_tag("commit", git_commit())
        mlflow.set_tag("seed", args.seed)
        mlflow.set_tag("slurm", os.environ.get("SLURM_JOB_ID", "local"))
        mlflow.set_tag("model", "forest")
        mlflow.set_tag("split", args.split)
        mlflow.log_param("trees", args.trees)
        forest = RandomForestRegressor(args.trees, random_state=args.seed, n_jobs=-1)
        forest.fit(composition(xs), y)
        mlflow.log_metric("val_r2", r2(vy, forest.predict(composition(vs))))
        mlflow.sklearn.log_model(forest, "model")


if __name__ == "__main__":
    run(parser.parse_args())
