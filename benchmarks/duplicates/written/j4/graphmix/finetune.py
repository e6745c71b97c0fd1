"""Fine-tune a model on another graph. First version, by the intern."""
import os
import platform

import hydra
import mlflow

from graphmix.data import few_shot_split, load
from graphmix.model import METHODS
from graphmix.runlib import config_hash, git_sha


def start(cfg):
    if not cfg.resume_from:
        return mlflow.start_run(run_name="ft-" + cfg.dataset)
    client = mlflow.MlflowClient()
    exp = client.get_experiment_by_name("graphmix")
    runs = client.search_runs([exp.experiment_id], "attributes.run_name = '" + cfg.resume_from + "'")
    if len(runs) == 0:
        raise ValueError("cannot resume from " + cfg.resume_from)
    runs = sorted(runs, key=lambda r: r.info.start_time, reverse=True)
    return mlflow.start_run(run_id=runs[0].info.run_id)


def existing(cfg):
    h = config_hash(cfg)
    exp = mlflow.get_experiment_by_name("graphmix")
    for run in mlflow.MlflowClient().search_runs([exp.experiment_id], "attributes.status = 'FINISHED'"):
        if run.data.tags.get("cfg.hash") == h:
            return run.info.run_id


@hydra.main(version_base=None, config_path="../conf", config_name="config")
def main(cfg):
    mlflow.set_tracking_uri(cfg.tracking.uri)
    mlflow.set_experiment("graphmix")
    if existing(cfg):
        print("done before:", existing(cfg))
        return
    with start(cfg):
        tags = {}
        tags["seed"] = str(cfg.seed)
        tags["cfg.hash"] = config_hash(cfg)
        tags["git.sha"] = git_sha()
        if "SLURM_JOB_ID" in os.environ:
            tags["slurm.job"] = os.environ["SLURM_JOB_ID"]
        tags["host"] = platform.node()
        mlflow.set_tags(tags)
        g = load(cfg.dataset, cfg.seed)
        train, _, test = few_shot_split(g, shots=2, seed=cfg.seed)
        model = METHODS[cfg.method](cfg.lr, cfg.epochs // 2, cfg.hidden, cfg.seed).fit(g, train)
        mlflow.log_metric("ft_acc", model.accuracy(g, test))


if __name__ == "__main__":
    main()
