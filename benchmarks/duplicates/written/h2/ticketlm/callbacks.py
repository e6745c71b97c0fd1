"""Callbacks of the Trainer."""
from __future__ import annotations

import logging
import os

import mlflow
from mlflow.tracking import MlflowClient
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from ticketlm import names

log = logging.getLogger(__name__)


class RunCallback(TrainerCallback):
    """Our own one, since the stock callback knows nothing of resuming."""

    def __init__(self, experiment: str, tags: dict[str, str], run_id: str | None = None) -> None:
        self.experiment = experiment
        self.tags = tags
        self.run_id = run_id
        self._started = False

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs):
        if not state.is_world_process_zero or self._started:
            return
        mlflow.set_experiment(self.experiment)
        if self.run_id:
            mlflow.start_run(run_id=self.run_id)
        else:
            run = mlflow.start_run(run_name=os.path.basename(args.output_dir), tags=self.tags)
            self.run_id = run.info.run_id
        mlflow.log_params({"epochs": args.num_train_epochs, "lr": args.learning_rate})
        self._started = True

    def on_log(self, args, state, control, logs=None, **kwargs):
        if not self._started or not logs:
            return
        numbers = {key: value for key, value in logs.items() if isinstance(value, (int, float))}
        mlflow.log_metrics(numbers, step=state.global_step)

    def on_save(self, args, state, control, **kwargs):
        if self._started:
            path = os.path.join(args.output_dir, f"checkpoint-{state.global_step}")
            mlflow.set_tag(names.CHECKPOINT, f"{state.global_step}@{path}")

    def on_train_end(self, args, state, control, **kwargs):
        if self._started:
            mlflow.end_run()
            self._started = False


class BudgetCallback(TrainerCallback):
    """Stops when the hours are used up, and says so on the run."""

    def __init__(self, hours: float) -> None:
        self.hours = hours

    def on_step_end(self, args, state, control, **kwargs):
        import time

        started = getattr(self, "_since", None)
        if started is None:
            self._since = time.monotonic()
            return control
        if (time.monotonic() - started) / 3600 > self.hours:
            active = mlflow.active_run()
            if active:
                client = MlflowClient()
                client.set_tag(active.info.run_id, "ticketlm.stopped", "budget")
                client.set_tag(active.info.run_id, "ticketlm.stopped_step", str(state.global_step))
                client.set_tag(active.info.run_id, "ticketlm.budget_hours", str(self.hours))
            control.should_training_stop = True
        return control


class BestCheckpointCallback(TrainerCallback):
    """Remembers the best checkpoint within one run."""

    def __init__(self, metric: str = names.METRIC) -> None:
        self.metric = metric
        self.value = float("-inf")
        self.path = ""

    def on_evaluate(self, args, state, control, metrics=None, **kwargs):
        score = (metrics or {}).get(self.metric)
        if score is None or score <= self.value:
            return
        self.value = score
        self.path = os.path.join(args.output_dir, f"checkpoint-{state.global_step}")
        mlflow.set_tags(
            {
                "ticketlm.best_checkpoint": self.path,
                "ticketlm.best_step": state.global_step,
                "ticketlm.best_value": f"{score:.5f}",
            }
        )
