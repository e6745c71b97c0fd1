"""Callback for the transformers Trainer."""

from __future__ import annotations

import os
import platform
from getpass import getuser
from typing import Any

import mlflow
import transformers
from transformers import TrainerCallback

from trainlog.base import chunks, flat, scalars
from trainlog.torch_logger import checkpoint_hash


class TrainerRunCallback(TrainerCallback):
    """Logs a Trainer, also one that goes on from a checkpoint."""

    def __init__(self, experiment: str | None = None, resume_from: str | None = None) -> None:
        self._experiment = experiment or os.getenv("MLFLOW_EXPERIMENT_NAME", "transformers")
        self._resume_from = resume_from
        self._ready = False

    def setup(self, args: Any, state: Any, model: Any) -> None:
        """Open the run on the main process."""
        if not state.is_world_process_zero or self._ready:
            return
        experiment_id = mlflow.set_experiment(self._experiment).experiment_id
        run_id = os.getenv("TRAINLOG_RUN_ID")
        if run_id is None and self._resume_from:
            h = checkpoint_hash(self._resume_from)
            df = mlflow.search_runs(
                experiment_ids=[experiment_id], filter_string=f'tags.ckpt_hash = "{h}"', order_by=["start_time DESC"]
            )
            run_id = df["run_id"].iloc[0] if not df.empty else None
        if run_id is not None:
            mlflow.start_run(run_id=run_id)
        else:
            mlflow.start_run(run_name=args.run_name)
        pairs = [
            ("framework", "transformers"),
            ("framework_version", transformers.__version__),
            ("host", platform.node()),
            ("user", getuser()),
        ]
        mlflow.set_tags({k: v for k, v in pairs})
        for part in chunks(flat(args.to_dict())):
            mlflow.log_params({k: str(v)[:250] for k, v in part.items()})
        self._ready = True

    def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, **kwargs: Any) -> None:
        """Set up once."""
        self.setup(args, state, model)

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any], **kwargs: Any) -> None:
        """Log what the Trainer reports."""
        if self._ready:
            mlflow.log_metrics(scalars(logs), step=state.global_step)

    def on_epoch_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Remember the epoch."""
        if self._ready:
            mlflow.set_tag("last_epoch", str(int(state.epoch) - 1))

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Close the run."""
        if self._ready:
            mlflow.end_run()
            self._ready = False
