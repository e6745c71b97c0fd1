"""Test forecasters on the past."""

import numpy as np

from tidecast.data import rolling_folds
from tidecast.metrics import evaluate
from tidecast.models import make_model
from tidecast.tracking import ExperimentManager, fold_run, series_tags
from tidecast.tracking.const import BACKTEST, Tags


class Backtest:
    """Run a model over folds, each fold a nested run."""

    def __init__(self, manager: ExperimentManager, horizon: int, n_folds: int = 4):
        self.manager = manager
        self.horizon = horizon
        self.n_folds = n_folds

    def run(self, spec, series):
        """Return the mean errors over all folds."""
        rows = []
        tags = {**series_tags(series), Tags.MODEL: spec["name"]}
        with self.manager.run(f"backtest-{spec['name']}", BACKTEST, tags):
            for fold in rolling_folds(series, self.horizon, self.n_folds):
                model = make_model(spec).fit(fold.train)
                errors = evaluate(fold.test, model.predict(self.horizon))
                with fold_run(fold, self.horizon):
                    self.manager.mlflow.log_metrics(errors)
                rows.append(errors)
            mean = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
            self.manager.mlflow.log_metrics({f"mean_{k}": v for k, v in mean.items()})
        return mean

    def best_fold(self, client, parent):
        """Run id of the fold with the lowest error."""
        folds = client.search_runs(
            [parent.info.experiment_id],
            filter_string=f"tags.mlflow.parentRunId = '{parent.info.run_id}'",
            order_by=["metrics.smape ASC"],
            max_results=1,
        )
        if not folds:
            raise LookupError(parent.info.run_id)
        return folds[0].info.run_id
