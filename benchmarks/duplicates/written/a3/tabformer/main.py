import logging
import random

import hydra
import mlflow
import numpy as np
import torch
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from tabformer.sweep import Sweep
from tabformer.training import fit
from tabformer.utils import flatten

log = logging.getLogger(__name__)


def seed_all(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def log_config(cfg: DictConfig) -> None:
    items = list(flatten(OmegaConf.to_container(cfg, resolve=True)).items())
    for i in range(0, len(items), 90):
        mlflow.log_params(dict(items[i : i + 90]))


@hydra.main(config_path="../conf", config_name="config", version_base="1.3")
def main(cfg: DictConfig) -> float:
    seed_all(cfg.seed)
    mlflow.set_tracking_uri(cfg.mlflow.uri)
    if cfg.mode == "sweep":
        return Sweep(cfg).optimize()
    mlflow.set_experiment(cfg.mlflow.experiment)
    with mlflow.start_run(run_name=HydraConfig.get().job.name):
        log_config(cfg)
        score = fit(cfg)
        mlflow.log_metric(cfg.objective, score)
    log.info("%s = %.4f", cfg.objective, score)
    return score


if __name__ == "__main__":
    main()
