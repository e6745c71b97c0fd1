"""Train the plain baseline that each release is compared with."""

import mlflow

from lumenvision.configs import TrainConfig
from lumenvision.trainer import Trainer

cfg = TrainConfig(backbone="mobilenet_v3", epochs=10)
mlflow.set_experiment(cfg.experiment)
trainer = Trainer(cfg)
with mlflow.start_run(run_name="baseline", tags=trainer.run_tags("baseline")):
    mlflow.log_params(cfg.flat())
    for step in range(cfg.epochs):
        mlflow.log_metrics({f"val/{k}": v for k, v in trainer.epoch(step).items()}, step=step)
