# LGD for mortgages. Delivered by the contractor in 2022.
import datetime
import os
import mlflow
import mlflow.sklearn
import numpy as np
import pandas as pd
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.model_selection import cross_val_score

EXP = "risk/mortgage/lgd"


class LgdTrainer(object):
    def __init__(self, path, day):
        self.path = path
        self.day = day
        self.model = GradientBoostingRegressor(n_estimators=300, max_depth=3)

    def load(self):
        df = pd.read_parquet(self.path)
        df["ltv"] = df["balance"] / df["value"].clip(lower=1)
        df["loss"] = df["loss"].clip(0, 1)
        return df[["ltv", "age", "rate", "arrears"]].fillna(0), df["loss"]

    def experiment(self):
        try:
            exp_id = mlflow.create_experiment(EXP, tags={"owner": "credit-risk", "tier": "1"})
        except mlflow.exceptions.MlflowException as e:
            if "already exists" not in str(e):
                raise
            exp_id = mlflow.get_experiment_by_name(EXP).experiment_id
        return exp_id

    def run(self):
        X, y = self.load()
        with mlflow.start_run(experiment_id=self.experiment(), run_name="lgd-" + self.day):
            mlflow.set_tag("lineage.dataset", os.path.basename(self.path))
            mlflow.set_tag("lineage.snapshot", self.day)
            mlflow.set_tag("lineage.code", os.getenv("BUILD_COMMIT", "unversioned"))
            mlflow.set_tag("lineage.user", os.getenv("USER", "batch"))
            mlflow.set_tag("lineage.at", datetime.datetime.utcnow().isoformat())
            mlflow.set_tag("risk.role", "challenger")
            s = -cross_val_score(self.model, X, y, scoring="neg_root_mean_squared_error", cv=5)
            mlflow.log_metric("rmse_val", float(np.mean(s)))
            self.model.fit(X, y)
            mlflow.sklearn.log_model(self.model, "model")


if __name__ == "__main__":
    LgdTrainer("snapshots/mortgage/2022-06-30.parquet", "2022-06-30").run()
