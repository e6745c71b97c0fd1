from __future__ import annotations

import logging

import mlflow
import numpy as np

from tunelab.registry import T_HASH, StudyRegistry
from tunelab.space import Space, config_hash

log = logging.getLogger("tunelab")


class RandomSearch:
    def __init__(self, study: str, space: Space, objective, seed: int = 0):
        self.study, self.space, self.objective, self.seed = study, space, objective, seed
        self.registry = StudyRegistry()

    def propose(self, rng, history):
        return self.space.draw(rng)

    def run(self, trials: int) -> float:
        rng = np.random.default_rng(self.seed)
        experiment_id = self.registry.experiment_for(self.study)
        tags = {**self.registry.tags_for(self.study, self.seed), "tune.kind": "parent"}
        history = []
        with mlflow.start_run(experiment_id=experiment_id, run_name=self.study, tags=tags) as parent:
            for index in range(trials):
                config = self.propose(rng, history)
                digest = config_hash(config)
                if self.registry.trial_with(experiment_id, digest) is not None:
                    log.info("config %s was tried before", digest)
                    continue
                run_id = self.registry.open_trial(parent, index, "main")
                client = self.registry.client
                client.set_tag(run_id, T_HASH, digest)
                loss = self.objective(config)
                for key, value in config.items():
                    client.log_param(run_id, key, value)
                client.log_metric(run_id, "val_loss", loss)
                client.set_terminated(run_id)
                history.append((loss, config))
            best = min((loss for loss, _ in history), default=float("nan"))
            mlflow.log_metric("best_val_loss", best)
        return best


class Evolution(RandomSearch):
    def propose(self, rng, history):
        if len(history) < 8:
            return self.space.draw(rng)
        top = sorted(history, key=lambda pair: pair[0])[:5]
        _, parent = top[int(rng.integers(len(top)))]
        return self.space.neighbour(parent, rng)


def smoke(objective, space) -> None:
    with mlflow.start_run(run_name="smoke"):
        mlflow.log_metric("val_loss", objective(space.draw(np.random.default_rng(0))))
