"""five folds, one answer"""
import mlflow
import numpy as np
from mlflow.tracking import MlflowClient

from segsweep.datasets import ROOT


class Ensemble:
    def __init__(self, cohort):
        self.cohort = cohort
        self.client = MlflowClient()
        exp = self.client.get_experiment_by_name(f"seg/{cohort}")
        if exp is None:
            raise SystemExit(f"no experiment for {cohort}; train first")
        self.experiment_id = exp.experiment_id

    def fold_winner(self, fold):
        """the best finished trial of a fold over all sweeps"""
        where = " and ".join(
            [f"params.fold = '{fold}'", "tags.kind = 'trial'", "attributes.status = 'FINISHED'"]
        )
        runs = self.client.search_runs([self.experiment_id], where, order_by=["metrics.val_dice DESC"])
        if not runs:
            raise LookupError(f"fold {fold} of {self.cohort}")
        return runs[0]

    def last_ensemble(self):
        runs = self.client.search_runs(
            [self.experiment_id],
            "tags.kind = 'ensemble'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return runs[0] if runs else None

    def build(self, folds=5):
        winners = [self.fold_winner(k) for k in range(folds)]
        with mlflow.start_run(experiment_id=self.experiment_id, run_name="ensemble") as run:
            mlflow.set_tag("kind", "ensemble")
            mlflow.set_tag("members", ",".join(w.info.run_id for w in winners))
            mlflow.set_tag("cohort_dir", str(ROOT / self.cohort))
            mlflow.log_metric("mean_val_dice", float(np.mean([w.data.metrics["val_dice"] for w in winners])))
            return run.info.run_id

    def members(self, run_id):
        raw = self.client.get_run(run_id).data.tags.get("members", "")
        return [m for m in raw.split(",") if m]

    def predict(self, run_id, image):
        nets = [mlflow.pytorch.load_model(f"runs:/{m}/net") for m in self.members(run_id)]
        return np.mean([n(image).softmax(1).cpu().numpy() for n in nets], axis=0)
