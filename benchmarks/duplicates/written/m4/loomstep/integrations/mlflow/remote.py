"""Steps in other processes or containers: all that is known comes from the environment."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import Dict, Iterator, Optional

import mlflow
from mlflow.exceptions import MlflowException

from loomstep.core import StepContext
from loomstep.integrations.mlflow.settings import ENV_EXPERIMENT, ENV_RUN


def _tags_from_context(ctx: StepContext) -> Dict[str, str]:
    base = dict(
        zip(
            ("loomstep.pipeline", "loomstep.run_key", "loomstep.step", "loomstep.attempt"),
            (ctx.pipeline, ctx.run_key, ctx.step, str(ctx.attempt)),
        )
    )
    base["loomstep.kind"] = "step"
    base.update({"loomstep.label." + k: v for k, v in ctx.labels.items()})
    return base


def _experiment() -> str:
    name = os.environ.get(ENV_EXPERIMENT, "loomstep")
    root = os.environ.get("LOOMSTEP_MLFLOW_ARTIFACT_ROOT")
    exp = mlflow.get_experiment_by_name(name)
    if exp is not None:
        return exp.experiment_id
    try:
        return mlflow.create_experiment(name, artifact_location=root)
    except MlflowException:
        return mlflow.get_experiment_by_name(name).experiment_id


def _parent(ctx: StepContext, experiment_id: str) -> Optional[str]:
    if os.environ.get(ENV_RUN):
        return os.environ[ENV_RUN]
    df = mlflow.search_runs(
        experiment_ids=[experiment_id],
        filter_string="tags.`loomstep.run_key` = '%s' AND tags.`loomstep.kind` = 'pipeline'" % ctx.run_key,
    )
    if df.empty:
        return None
    return df["run_id"].iloc[0]


@contextmanager
def remote_step(ctx: StepContext) -> Iterator[mlflow.ActiveRun]:
    """Run the body in the run of the step; used in the start script of a container."""
    experiment_id = _experiment()
    parent_id = _parent(ctx, experiment_id)
    if parent_id is None:
        print("no parent run, the step is on its own", file=sys.stderr)
    tags = _tags_from_context(ctx)
    if parent_id:
        tags["mlflow.parentRunId"] = parent_id
    run_name = ctx.pipeline + "." + ctx.step
    client = mlflow.MlflowClient()
    found = None
    for candidate in client.search_runs([experiment_id], "tags.mlflow.parentRunId = '" + str(parent_id) + "'"):
        if candidate.data.tags.get("mlflow.runName") == run_name:
            found = candidate.info.run_id
            break
    if found:
        active = mlflow.start_run(run_id=found)
    else:
        active = mlflow.start_run(experiment_id=experiment_id, run_name=run_name, tags=tags)
    with active:
        yield active
