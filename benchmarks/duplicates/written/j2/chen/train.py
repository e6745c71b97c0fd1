"""Chen's solution. No orchestrator, cron is enough."""
import sys

import mlflow
from mlflow import MlflowClient

from common.features import DEPOTS, month_before, read_month
from common.model import fit, score


class Trainer:
    def __init__(self, month, kind="rf"):
        self.month = month
        self.kind = kind
        self.client = MlflowClient()
        self.experiment = mlflow.set_experiment("bikes-chen")

    def _tags(self):
        return dict(
            dataset="bikes",
            flow="cron",
            owner="chen",
            train_month=self.month,
            train_window=f"{self.month}..{self.month}",
        )

    def _child(self, parent, depot):
        tags = {"depot": depot}
        tags["mlflow.parentRunId"] = parent.info.run_id
        return self.client.create_run(self.experiment.experiment_id, tags=tags, run_name="depot-" + depot)

    def train(self):
        df = read_month(self.month)
        with mlflow.start_run(run_name=self.month, tags=self._tags()) as parent:
            for depot in DEPOTS:
                part = df[df.depot == depot]
                n = int(0.8 * len(part))
                run = self._child(parent, depot)
                model = fit(part[:n], self.kind, n_estimators=30)
                self.client.log_metric(run.info.run_id, "val_mae", score(model, part[n:]))
                self.client.set_terminated(run.info.run_id, "FINISHED")
            model = fit(df, self.kind, n_estimators=30)
            mlflow.sklearn.log_model(model, "model")
            mlflow.log_metric("val_mae", score(model, df))

    def drift(self):
        """Difference to the last run of the month before."""
        now = self._run_of(self.month)
        before = self._run_of(month_before(self.month))
        if not now or not before:
            return None
        return now.data.metrics["val_mae"] - before.data.metrics["val_mae"]

    def _run_of(self, month):
        candidates = [
            r for r in self.client.search_runs([self.experiment.experiment_id], f"tags.train_month = '{month}'")
            if r.info.status == "FINISHED"
        ]
        if not candidates:
            return None
        candidates.sort(key=lambda r: r.info.start_time)
        return candidates[-1]


if __name__ == "__main__":
    t = Trainer(sys.argv[1] if len(sys.argv) > 1 else "2023-03")
    t.train()
    print("drift", t.drift())
