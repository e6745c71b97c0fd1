"""Base class of all trainers."""
import abc
import os
import subprocess

import mlflow
import pandas as pd

from demandcore.common.dates import iso, today
from demandcore.data.sales import add_features, bias, load_sales, wape
from demandcore.settings import get_settings


class BaseTrainer(abc.ABC):
    family = "base"

    def __init__(self, region, settings=None):
        self.region = region
        self.settings = settings or get_settings()
        self.horizon = self.settings.model.horizon_days

    @abc.abstractmethod
    def fit(self, X, y):
        ...

    @abc.abstractmethod
    def predict(self, model, X):
        ...

    def _setup(self):
        """Older than the wrapper."""
        name = self.settings.experiment_path(self.region)
        exp = mlflow.get_experiment_by_name(name)
        if exp:
            self.experiment_id = exp.experiment_id
        else:
            self.experiment_id = mlflow.create_experiment(name)
        return self.experiment_id

    def _sha(self):
        sha = os.getenv("GIT_SHA")
        if sha:
            return sha
        return subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True).stdout.strip()

    def _tags(self):
        tags = {
            "region": self.region,
            "run_date": iso(today()),
            "model_family": self.family,
            "git_sha": self._sha(),
            "triggered_by": os.getenv("JOB_NAME", "manual"),
        }
        tags["horizon"] = f"{self.horizon}d"
        return tags

    def split(self, df):
        cut = df["date"].max() - pd.Timedelta(days=self.horizon)
        return df[df["date"] <= cut], df[df["date"] > cut]

    def columns(self, df):
        return [c for c in df.columns if c not in ("date", "units", "store_group")]

    def run(self):
        self._setup()
        df = add_features(load_sales(self.region))
        with mlflow.start_run(experiment_id=self.experiment_id, tags=self._tags(), run_name=f"{self.family}-{self.region}") as parent:
            total = []
            for group in self.settings.store_groups:
                part = df[df["store_group"] == group]
                total.append(self.run_group(group, part))
            mlflow.log_metric("wape", sum(total) / len(total))
        return parent.info.run_id

    def run_group(self, group, part):
        train, test = self.split(part)
        cols = self.columns(part)
        tags = {"level": "store_group", "store_group": group, "region": self.region}
        with mlflow.start_run(run_name=f"{self.region}/{group}", nested=True, tags=tags):
            model = self.fit(train[cols], train["units"])
            forecast = self.predict(model, test[cols])
            value = wape(test["units"], forecast)
            mlflow.log_metrics({"wape": value, "bias": bias(test["units"], forecast)})
        return value
