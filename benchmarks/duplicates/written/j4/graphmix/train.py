"""Main entry point."""
import logging
import sys

import hydra
import mlflow
from mlflow.tracking import MlflowClient

from graphmix.data import few_shot_split, load
from graphmix.model import METHODS
from graphmix.runlib import T_SWEEP, is_done, standard_tags

log = logging.getLogger(__name__)


def sweep_parent(cfg):
    client = MlflowClient()
    exp = client.get_experiment_by_name(cfg.tracking.experiment)
    hits = client.search_runs([exp.experiment_id], f"tags.`{T_SWEEP}` = '{cfg.sweep}'", max_results=1)
    if hits:
        return hits[0].info.run_id
    run = client.create_run(exp.experiment_id, run_name=cfg.sweep, tags={T_SWEEP: cfg.sweep})
    return run.info.run_id


def open_run(cfg):
    name = f"{cfg.method}-{cfg.dataset}-s{cfg.seed}"
    if cfg.resume_from:
        df = mlflow.search_runs(
            filter_string=f"tags.`mlflow.runName` = '{cfg.resume_from}'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        if df.empty:
            raise ValueError(f"nothing to resume: {cfg.resume_from}")
        return mlflow.start_run(run_id=df.run_id[0])
    return mlflow.start_run(run_name=name)


@hydra.main(version_base=None, config_path="../conf", config_name="config")
def main(cfg):
    mlflow.set_tracking_uri(cfg.tracking.uri)
    mlflow.set_experiment(cfg.tracking.experiment)
    if is_done(cfg) and not cfg.resume_from:
        log.info("already done")
        return
    g = load(cfg.dataset, cfg.seed)
    train, val, test = few_shot_split(g, seed=cfg.seed)
    with open_run(cfg):
        mlflow.set_tags(standard_tags(cfg))
        mlflow.set_tag("hydra.overrides", " ".join(sys.argv[1:]))
        if cfg.sweep:
            mlflow.set_tag("mlflow.parentRunId", sweep_parent(cfg))
        mlflow.log_params({k: cfg[k] for k in ("method", "dataset", "seed", "lr", "epochs", "hidden")})
        model = METHODS[cfg.method](cfg.lr, cfg.epochs, cfg.hidden, cfg.seed)
        model.fit(g, train, lambda e, loss: mlflow.log_metric("loss", loss, step=e) if e % 10 == 0 else None)
        mlflow.log_metrics({"val_acc": model.accuracy(g, val), "test_acc": model.accuracy(g, test)})


if __name__ == "__main__":
    main()
