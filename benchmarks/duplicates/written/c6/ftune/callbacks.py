"""Callbacks of the trainer."""

from __future__ import annotations

import json
import time

import mlflow
import torch
from mlflow.tracking import MlflowClient
from transformers import TrainerCallback


class ThroughputCallback(TrainerCallback):
    def __init__(self, run_id: str, tokens_per_step: int) -> None:
        self.run_id = run_id
        self.tokens_per_step = tokens_per_step
        self.client = MlflowClient()
        self._since = 0.0

    def on_step_begin(self, args, state, control, **kwargs):
        self._since = time.perf_counter()

    def on_step_end(self, args, state, control, **kwargs):
        elapsed = time.perf_counter() - self._since
        self.client.log_metric(self.run_id, "tokens_per_s", self.tokens_per_step / elapsed, step=state.global_step)
        if torch.cuda.is_available():
            peak = torch.cuda.max_memory_allocated() / 2**30
            self.client.log_metric(self.run_id, "peak_gib", peak, step=state.global_step)


class WarmStartCallback(TrainerCallback):
    """Loads the adapter of the former run of the same base model and data."""

    def __init__(self, project: str, base_model: str, dataset_rev: str) -> None:
        self.project, self.base_model, self.dataset_rev = project, base_model, dataset_rev

    def _former(self):
        frame = mlflow.search_runs(experiment_names=[f"llm/{self.project}"])
        if not len(frame):
            return None
        mask = frame["tags.base_model"].eq(self.base_model)
        mask &= frame["tags.dataset_rev"].eq(self.dataset_rev)
        mask &= frame["status"].eq("FINISHED")
        frame = frame.loc[mask]
        if frame.empty:
            return None
        newest = frame.loc[frame["start_time"].idxmax()]
        return mlflow.get_run(newest["run_id"])

    def on_train_begin(self, args, state, control, model=None, **kwargs):
        run = self._former()
        if run is None or model is None:
            return
        config = json.loads(run.data.tags["adapter"]) if "adapter" in run.data.tags else {}
        if config.get("r") != model.peft_config["default"].r:
            return
        path = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="adapter")
        model.load_adapter(path, "former")


class BenchmarkCallback(TrainerCallback):
    """Runs the small benchmarks after each epoch, in child runs."""

    def __init__(self, benchmarks: dict) -> None:
        self.benchmarks = benchmarks
        self.client = MlflowClient()

    def on_epoch_end(self, args, state, control, model=None, **kwargs):
        parent = mlflow.active_run()
        for name, function in self.benchmarks.items():
            run_id = self._child(parent, name)
            self.client.log_metric(run_id, "score", function(model), step=int(state.epoch))

    def _child(self, parent, name):
        siblings = self.client.search_runs(
            [parent.info.experiment_id],
            filter_string=f"tags.mlflow.parentRunId = '{parent.info.run_id}' AND tags.benchmark = '{name}'",
            max_results=1,
        )
        if siblings:
            return siblings[0].info.run_id
        tags = {"mlflow.parentRunId": parent.info.run_id, "benchmark": name}
        tags["base_model"] = self.client.get_run(parent.info.run_id).data.tags["base_model"]
        run = self.client.create_run(parent.info.experiment_id, tags=tags, run_name="bench-" + name)
        return run.info.run_id
