"""Exponential smoothing. Written by the contractor, overrides more than it has to."""
import mlflow
import numpy as np

from demandcore.data.sales import add_features, load_sales, wape
from demandcore.training.base_trainer import BaseTrainer


class EtsTrainer(BaseTrainer):
    family = "ets"

    def __init__(self, region, alpha=0.3, settings=None):
        super().__init__(region, settings)
        self.alpha = alpha

    def fit(self, X, y):
        level = float(y.iloc[0])
        for v in y.iloc[1:]:
            level = self.alpha * v + (1 - self.alpha) * level
        return level

    def predict(self, model, X):
        return np.full(len(X), model)

    def run_group(self, group, part):
        train, test = self.split(part)
        child = mlflow.start_run(nested=True, run_name="%s/%s" % (self.region, group))
        mlflow.set_tag("region", self.region)
        mlflow.set_tag("store_group", group)
        mlflow.set_tag("level", "store_group")
        level = self.fit(None, train["units"])
        value = wape(test["units"], self.predict(level, test))
        mlflow.log_param("alpha", self.alpha)
        mlflow.log_metric("wape", value)
        mlflow.end_run()
        self.last_child = child.info.run_id
        return value

    def best_alpha(self):
        """The alpha of the best group run up to now."""
        self._setup()
        df = mlflow.search_runs([self.experiment_id], "tags.level = 'store_group' and params.alpha != ''",
                                order_by=["metrics.wape ASC"], max_results=1)
        return self.alpha if df.empty else float(df.loc[0, "params.alpha"])

    def tune(self, grid=(0.1, 0.3, 0.5)):
        df = add_features(load_sales(self.region))
        train, test = self.split(df)
        return min(grid, key=lambda a: wape(test["units"], EtsTrainer(self.region, a).predict(train["units"].mean() * a, test)))
