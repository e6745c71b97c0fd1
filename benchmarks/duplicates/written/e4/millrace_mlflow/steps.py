"""A decorator for single steps, for those who use no hook."""

from __future__ import annotations

import functools
import logging
from typing import Any, Callable, TypeVar

from millrace_mlflow.config import load_config
from millrace_mlflow.protocol import Node, PipelineRun

F = TypeVar("F", bound=Callable[..., Any])

logger = logging.getLogger(__name__)


def _get_experiment(name: str, artifact_location: str | None) -> str:
    import mlflow
    from mlflow.exceptions import MlflowException

    try:
        experiment_id = mlflow.create_experiment(name, artifact_location)
    except MlflowException:
        experiment = mlflow.get_experiment_by_name(name)
        experiment_id = experiment.experiment_id
        if experiment.lifecycle_stage == "deleted":
            logger.info("restoring %s", name)
            mlflow.tracking.MlflowClient().restore_experiment(experiment_id)
    return experiment_id


def _parent(experiment_id: str, pipeline_run: PipelineRun) -> str | None:
    """The run of the pipeline run, which the first step has made."""
    import mlflow

    frame = mlflow.search_runs(
        [experiment_id], filter_string=f"tags.millrace.run_id = '{pipeline_run.run_id}'"
    )
    return None if frame.empty else frame.iloc[0].run_id


def tracked_step(node: Node, config_path: str = "conf/mlflow.yml") -> Callable[[F], F]:
    """Keep each call of a step as a nested run of its pipeline run."""

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def wrapper(pipeline_run: PipelineRun, *args: Any, **kwargs: Any) -> Any:
            import mlflow

            config = load_config(config_path)
            config.setup()
            experiment_id = _get_experiment(
                config.experiment.name, config.experiment.artifact_location
            )
            parent_id = _parent(experiment_id, pipeline_run)
            with mlflow.start_run(run_id=parent_id, experiment_id=experiment_id):
                node_tags = dict(
                    zip(
                        ("millrace.node", "millrace.layer", "millrace.run_id"),
                        (node.name, node.layer, pipeline_run.run_id),
                    )
                )
                node_tags["millrace.node_tags"] = ",".join(sorted(node.tags))
                with mlflow.start_run(run_name=node.name, nested=True):
                    mlflow.set_tags(node_tags)
                    result = function(pipeline_run, *args, **kwargs)
                    if isinstance(result, dict):
                        mlflow.log_metrics(
                            {k: v for k, v in result.items() if isinstance(v, (int, float))}
                        )
                    return result

        return wrapper  # type: ignore[return-value]

    return decorate
