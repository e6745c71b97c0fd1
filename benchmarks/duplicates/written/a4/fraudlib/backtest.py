"""Retrain for a list of windows and compare."""
import mlflow
import numpy as np
from mlflow.tracking import MlflowClient


def ensure(path):
    try:
        return mlflow.create_experiment(path)
    except mlflow.exceptions.RestException:
        return mlflow.get_experiment_by_name(path).experiment_id


def windows(first, last, months=6):
    y0, m0 = map(int, first.split("-"))
    y1, m1 = map(int, last.split("-"))
    index = range(y0 * 12 + m0 - 1, y1 * 12 + m1 - months + 1)
    for i in index:
        j = i + months - 1
        yield f"{i // 12}-{i % 12 + 1:02d}:{j // 12}-{j % 12 + 1:02d}"


class Backtest:
    def __init__(self, spark, dbutils, trainer, path="/Shared/fraud/backtest"):
        self.spark, self.trainer = spark, trainer
        self.notebook = dbutils.notebook.entry_point.getDbutils().notebook().getContext()
        self.experiment_id = ensure(path)
        self.client = MlflowClient()

    def _tags(self, label_window):
        version = self.spark.sql("DESCRIBE HISTORY fraud.features LIMIT 1").first()["version"]
        keys = ("workspace", "job_run_id", "table_version", "label_window")
        values = (
            self.notebook.workspaceId().get(),
            self.notebook.currentRunId().toString(),
            str(version),
            label_window,
        )
        return {f"fraud.{k}": v for k, v in zip(keys, values)}

    def one(self, label_window, groups):
        with mlflow.start_run(
            experiment_id=self.experiment_id, run_name=label_window, tags=self._tags(label_window)
        ):
            recalls = []
            for group in groups:
                with mlflow.start_run(run_name=f"group={group}", nested=True, tags={"fraud.group": group}):
                    recalls.append(self.trainer(label_window, group))
                    mlflow.log_metric("recall_at_p90", recalls[-1])
            mlflow.log_metric("recall_mean", float(np.mean(recalls)))

    def stale(self, run_id, current):
        run = self.client.get_run(run_id)
        trained_on = run.data.tags.get("fraud.table_version")
        trained_on = None if trained_on is None else int(trained_on)
        return trained_on is None or current - trained_on > 50
