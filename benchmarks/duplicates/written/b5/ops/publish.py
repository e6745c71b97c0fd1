"""Refit and register, from the scheduler."""

import os

import mlflow
from mlflow.tracking import MlflowClient


class Publisher:
    def __init__(self, study):
        self.study = study
        self.client = MlflowClient()
        self.experiment = self.client.get_experiment_by_name("tune/" + study)

    def top(self):
        best, loss = None, float("inf")
        for run in self.client.search_runs(
            [self.experiment.experiment_id],
            f"attributes.status = 'FINISHED' and tags.`tune.study` = '{self.study}'",
        ):
            value = run.data.metrics.get("val_loss", float("inf"))
            if value < loss:
                best, loss = run, value
        return best

    def publish(self):
        best = self.top()
        if best is None:
            raise RuntimeError("nothing to publish")
        info = {"tune.winner": best.info.run_id}
        info["tune.study"] = self.study
        fresh = self.client.create_run(
            experiment_id=self.experiment.experiment_id, run_name="refit-" + self.study, tags=info
        )
        run_id = fresh.info.run_id
        with mlflow.start_run(run_id=run_id):
            mlflow.log_params(best.data.params)
            mlflow.log_artifact(os.environ["MODEL_FILE"], "model")
        version = mlflow.register_model(f"runs:/{run_id}/model", self.study)
        self.client.set_registered_model_alias(self.study, "candidate", version.version)


if __name__ == "__main__":
    Publisher(os.environ["STUDY"]).publish()
