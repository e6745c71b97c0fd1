"""The kedro hook that opens, fills and closes the run of a pipeline."""

from __future__ import annotations

import hashlib
import importlib
import json
import logging
import subprocess
from typing import Any

from kedro.framework.hooks import hook_impl

from flowtrack.config import Tag, TrackingConfig, flatten, load_config

log = logging.getLogger(__name__)

MAX_PARAM = 500


def _git_sha() -> str:
    try:
        out = subprocess.check_output(["git", "rev-parse", "HEAD"], text=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return out.strip()


def params_hash(params: dict[str, Any]) -> str:
    blob = json.dumps(params, sort_keys=True, default=str)
    return hashlib.sha1(blob.encode()).hexdigest()[:12]


class FlowtrackHook:
    """Open one MLflow run for each kedro run."""

    def __init__(self) -> None:
        self._mlflow: Any = None
        self._client: Any = None
        self._config: TrackingConfig | None = None
        self._disabled = False
        self._nodes_done: list[str] = []

    @property
    def mlflow(self) -> Any:
        if self._mlflow is None:
            self._mlflow = importlib.import_module("mlflow")
        return self._mlflow

    @property
    def client(self) -> Any:
        if self._client is None:
            self._client = self.mlflow.tracking.MlflowClient()
        return self._client

    @hook_impl
    def after_context_created(self, context: Any) -> None:
        self._config = load_config(context.project_path / "conf/base/flowtrack.yml")
        if self._config.tracking_uri:
            self.mlflow.set_tracking_uri(self._config.tracking_uri)
        self._set_experiment()

    def _set_experiment(self) -> None:
        assert self._config is not None
        name = self._config.experiment.name
        found = self.client.get_experiment_by_name(name)
        if found is not None and found.lifecycle_stage == "deleted":
            self.client.restore_experiment(found.experiment_id)
        if found is None:
            self.client.create_experiment(
                name, self._config.experiment.artifact_location
            )
        self.mlflow.set_experiment(experiment_name=name)

    @hook_impl
    def before_pipeline_run(self, run_params: dict[str, Any], pipeline: Any) -> None:
        name = run_params.get("pipeline_name") or "__default__"
        if self._config and name in self._config.disabled_pipelines:
            self._disabled = True
            return
        tags = {
            Tag.PIPELINE: name,
            Tag.ENV: run_params.get("env") or "local",
            Tag.SESSION: run_params["session_id"],
            Tag.KEDRO_VERSION: run_params["kedro_version"],
            Tag.NODES: ",".join(run_params.get("node_names") or []),
        }
        self.mlflow.start_run(run_name=name)
        self.mlflow.set_tags(tags)
        self.mlflow.set_tag("mlflow.source.git.commit", _git_sha())
        extra = run_params.get("extra_params") or {}
        self.mlflow.set_tag(Tag.PARAMS_HASH, params_hash(extra))
        self._log_params(extra)

    def _log_params(self, params: dict[str, Any]) -> None:
        flat = flatten(params)
        for key, value in flat.items():
            text = str(value)
            if len(text) > MAX_PARAM:
                log.warning("parameter %s is cut to %d letters", key, MAX_PARAM)
                text = text[:MAX_PARAM]
            self.mlflow.log_param(key, text)

    @hook_impl
    def after_node_run(self, node: Any) -> None:
        self._nodes_done.append(node.name)

    @hook_impl
    def after_pipeline_run(self) -> None:
        if self._disabled:
            return
        lineage = {"nodes": self._nodes_done, "commit": _git_sha()}
        self.mlflow.set_tag(Tag.LINEAGE, json.dumps(lineage))
        self.mlflow.end_run()

    @hook_impl
    def on_pipeline_error(self, error: Exception) -> None:
        if self._disabled:
            return
        self.mlflow.set_tag("flowtrack.error", type(error).__name__)
        self.mlflow.end_run("FAILED")
