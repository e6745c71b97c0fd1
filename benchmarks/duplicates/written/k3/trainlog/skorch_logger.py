"""Callback for skorch."""

from __future__ import annotations

import re
from typing import Any

from mlflow.client import MlflowClient
from skorch.callbacks import Callback

from trainlog.base import scalars


def clean_key(key: str) -> str:
    """Only the signs that a tag may have."""
    return re.sub(r"[^\w./ -]", "_", key)


class SkorchLogger(Callback):
    """Logs a net's history to a run that the caller has opened."""

    def __init__(self, run_id: str, client: MlflowClient | None = None) -> None:
        self.run_id = run_id
        self.client = client or MlflowClient()

    def on_train_begin(self, net: Any, X: Any = None, y: Any = None, **kwargs: Any) -> None:
        """Log the net's own parameters as tags."""
        tags = {clean_key(f"net.{k}"): str(v)[:5000] for k, v in net.get_params(deep=False).items()}
        for key, value in tags.items():
            self.client.set_tag(self.run_id, key, value)

    def on_epoch_end(self, net: Any, **kwargs: Any) -> None:
        """Log the last row of the history."""
        row = net.history[-1]
        values = {k: v for k, v in row.items() if not k.endswith("_best") and k != "batches"}
        for key, value in scalars(values).items():
            self.client.log_metric(self.run_id, key, value, step=row["epoch"])


def fork_run(run_id: str, name: str) -> str:
    """A new run with the same parameters."""
    client = MlflowClient()
    old = client.get_run(run_id)
    new = client.create_run(old.info.experiment_id, run_name=name, tags={"forked_from": run_id})
    for key, value in old.data.params.items():
        client.log_param(new.info.run_id, key, value)
    return new.info.run_id
