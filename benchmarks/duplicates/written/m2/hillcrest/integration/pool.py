"""Trials on a pool of workers; like the wrappers of other search libraries."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Callable, Dict, List, Optional

import mlflow
from mlflow.exceptions import MlflowException

from hillcrest.study import State, Study, Trial

logger = logging.getLogger("hillcrest.pool")


class _MlflowWorkerLogger:
    """What a worker needs to write into its own run."""

    def __init__(self, config: Dict[str, Any]) -> None:
        self.config = config
        self.client = mlflow.MlflowClient(tracking_uri=config.get("tracking_uri"))
        self.run_id: Optional[str] = None

    def setup_experiment(self) -> str:
        name = self.config.get("experiment_name") or self.config["study"].name
        exp = self.client.get_experiment_by_name(name)
        if exp and exp.lifecycle_stage == "active":
            logger.debug("use experiment %s", exp.experiment_id)
            return exp.experiment_id
        try:
            return self.client.create_experiment(name=name)
        except MlflowException:
            # Another worker was faster.
            return self.client.get_experiment_by_name(name).experiment_id

    def open(self, trial: Trial) -> str:
        study = self.config["study"]
        tags: Dict[str, str] = {}
        tags["hillcrest.study"] = study.name
        tags["hillcrest.direction"] = study.direction
        tags["hillcrest.sampler"] = study.sampler
        tags["hillcrest.trial_number"] = f"{trial.number}"
        tags["hillcrest.trial_state"] = trial.state.value
        for key in trial.params:
            tags["param." + key] = str(trial.params[key])[:5000]
        if self.config.get("parent_run_id"):
            tags["mlflow.parentRunId"] = self.config["parent_run_id"]
        tags["mlflow.runName"] = f"trial-{trial.number}"
        created = self.client.create_run(experiment_id=self.setup_experiment(), tags=tags)
        self.run_id = created.info.run_id
        for name, value in trial.params.items():
            self.client.log_param(self.run_id, name, value)
        return self.run_id

    def close(self, trial: Trial) -> None:
        assert self.run_id
        if trial.value is not None:
            self.client.log_metric(self.run_id, self.config.get("metric", "value"), trial.value)
        ok = trial.state in (State.COMPLETE, State.PRUNED)
        self.client.set_terminated(self.run_id, status="FINISHED" if ok else "FAILED")


class PoolRunner:
    def __init__(self, study: Study, workers: int = 4, **config: Any) -> None:
        self.study = study
        self.workers = workers
        self.config = {**config, "study": study}

    def resume(self, experiment_id: str) -> Optional[str]:
        """Take the study up again when it was run before."""
        client = mlflow.MlflowClient(tracking_uri=self.config.get("tracking_uri"))
        conditions = [
            "tags.`hillcrest.study` = '" + self.study.name + "'",
            "tags.`hillcrest.trial_number` = 'parent'",
        ]
        page = client.search_runs([experiment_id], " and ".join(conditions), order_by=["start_time DESC"])
        for run in page:
            self.config["parent_run_id"] = run.info.run_id
            return run.info.run_id
        return None

    def _one(self, objective: Callable[[Trial], float], trial: Trial) -> Trial:
        log = _MlflowWorkerLogger(self.config)
        log.open(trial)
        try:
            trial.value = objective(trial)
            trial.state = State.COMPLETE
        except Exception:
            logger.exception("trial %d failed", trial.number)
            trial.state = State.FAILED
        log.close(trial)
        return trial

    def run(self, objective: Callable[[Trial], float], trials: List[Trial]) -> List[Trial]:
        with ThreadPoolExecutor(self.workers) as pool:
            futures: List[Future] = [pool.submit(self._one, objective, t) for t in trials]
            return [f.result() for f in futures]
