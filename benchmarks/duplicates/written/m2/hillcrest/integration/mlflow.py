"""``MLflowCallback``: one child run for each trial."""

from __future__ import annotations

import functools
import os
import threading
from typing import Any, Callable, Dict, Optional

import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from hillcrest.integration import _tags as T
from hillcrest.study import State, Study, Trial


def find_study_run(client: MlflowClient, experiment_id: str, study_name: str) -> Optional[Run]:
    """The parent run of a study, by its tag; the newest if there are more."""
    runs = client.search_runs(
        experiment_ids=[experiment_id],
        filter_string=f"tags.`{T.STUDY}` = '{study_name}' and tags.`{T.TRIAL}` = 'parent'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


class MLflowCallback:
    """Give it to ``Study.optimize`` to write every trial into MLflow."""

    def __init__(
        self,
        tracking_uri: Optional[str] = None,
        metric_name: str = "value",
        create_experiment: bool = True,
        tag_params: bool = True,
    ) -> None:
        self._client = MlflowClient(tracking_uri)
        self._metric_name = metric_name
        self._create = create_experiment
        self._tag_params = tag_params
        self._lock = threading.Lock()
        self._runs: Dict[int, str] = {}
        self._parents: Dict[str, str] = {}
        self._experiment_id: Optional[str] = None

    def _initialize_experiment(self, study: Study) -> str:
        if self._experiment_id is not None:
            return self._experiment_id
        experiment = self._client.get_experiment_by_name(study.name)
        if experiment is None:
            self._experiment_id = self._client.create_experiment(study.name)
        else:
            self._experiment_id = experiment.experiment_id
        return self._experiment_id

    def _parent(self, study: Study) -> str:
        if study.name in self._parents:
            return self._parents[study.name]
        exp = self._initialize_experiment(study)
        run = find_study_run(self._client, exp, study.name)
        if run is None:
            run = self._client.create_run(
                exp,
                run_name=f"study {study.name}",
                tags={T.STUDY: study.name, T.DIRECTION: study.direction, T.SAMPLER: study.sampler, T.TRIAL: "parent"},
            )
        self._parents[study.name] = run.info.run_id
        return run.info.run_id

    def _trial_tags(self, study: Study, trial: Trial) -> Dict[str, str]:
        tags = {
            T.STUDY: study.name,
            T.DIRECTION: study.direction,
            T.SAMPLER: study.sampler,
            T.TRIAL: str(trial.number),
            T.STATE: trial.state.value,
        }
        if self._tag_params:
            tags.update({f"param.{k}": T.shorten(v) for k, v in trial.params.items()})
        return tags

    def on_start(self, study: Study, trial: Trial) -> None:
        with self._lock:
            parent_id = self._parent(study)
        tags = {**self._trial_tags(study, trial), T.PARENT: parent_id}
        run = self._client.create_run(
            self._initialize_experiment(study), run_name=f"trial-{trial.number}", tags=tags
        )
        for key, value in trial.params.items():
            self._client.log_param(run.info.run_id, key, value)
        self._runs[trial.number] = run.info.run_id

    def on_end(self, study: Study, trial: Trial) -> None:
        run_id = self._runs.pop(trial.number)
        if trial.value is not None:
            self._client.log_metric(run_id, self._metric_name, trial.value)
        self._client.set_tag(run_id, T.STATE, trial.state.value)
        self._client.set_terminated(run_id, "FAILED" if trial.state is State.FAILED else "FINISHED")


def track_in_mlflow(study: Study, experiment: str) -> Callable[[Callable[[Trial], float]], Callable[[Trial], float]]:
    """Decorator for objectives that log by the fluent functions."""

    def decorator(func: Callable[[Trial], float]) -> Callable[[Trial], float]:
        @functools.wraps(func)
        def wrapper(trial: Trial) -> float:
            mlflow.set_experiment(experiment)
            with mlflow.start_run(run_name="trial-" + str(trial.number), nested=True):
                mlflow.set_tags(
                    {
                        T.STUDY: study.name,
                        T.TRIAL: str(trial.number),
                        T.STATE: trial.state.value,
                        T.DIRECTION: study.direction,
                    }
                )
                mlflow.log_params(trial.params)
                value = func(trial)
                mlflow.log_metric("value", value)
            return value

        return wrapper

    return decorator


def uri_from_env(default: Optional[str] = None) -> Optional[str]:
    return os.environ.get("HILLCREST_MLFLOW_URI", default)


def trial_of(run: Run) -> Dict[str, Any]:
    """A run as the record of a trial."""
    tags = run.data.tags
    number = int(tags[T.TRIAL]) if tags.get(T.TRIAL, "").isdigit() else -1
    state = State(tags.get(T.STATE, State.RUNNING.value))
    return {"number": number, "state": state, "value": run.data.metrics.get("value"), "params": dict(run.data.params)}
