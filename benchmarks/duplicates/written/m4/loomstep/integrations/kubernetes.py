"""Start scripts for steps in pods."""

from __future__ import annotations

import json
import shlex
from typing import Any, Dict, List

from mlflow import MlflowClient

from loomstep.core import StepContext
from loomstep.integrations.mlflow.lookup import ensure_experiment
from loomstep.integrations.mlflow.settings import MLflowSettings


def pod_for(ctx: StepContext, image: str, command: List[str], settings: MLflowSettings) -> Dict[str, Any]:
    """The description of a pod for one step."""
    client = MlflowClient(tracking_uri=settings.tracking_uri)
    experiment_id = ensure_experiment(client, settings.experiment, settings.artifact_root)
    where = ["tags.`loomstep.run_key` = '{}'".format(ctx.run_key), "tags.`loomstep.kind` = 'pipeline'"]
    parents = client.search_runs(experiment_ids=[experiment_id], filter_string=" and ".join(where), max_results=1)
    if len(parents) != 1:
        raise LookupError(f"pipeline run {ctx.run_key} is not known")
    parent_id = parents[0].info.run_id
    env = [{"name": k, "value": v} for k, v in settings.export(parent_id).items()]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": f"{ctx.pipeline}-{ctx.step}-{ctx.run_key[:8]}", "labels": ctx.labels},
        "spec": {
            "restartPolicy": "Never",
            "containers": [{"name": "step", "image": image, "command": command, "env": env}],
        },
    }


def as_shell(ctx: StepContext, command: List[str]) -> str:
    return f"LOOMSTEP_CONTEXT={shlex.quote(json.dumps(vars(ctx)))} {shlex.join(command)}"
