"""Compares forecasts with actuals some weeks later, and logs it to the run which made them."""
import logging
from datetime import date, datetime, timedelta

import pandas as pd
from mlflow.tracking import MlflowClient

from shelfcast import tracking
from shelfcast.data.loader import load_sales
from shelfcast.evaluation import bias, wape
from shelfcast.settings import Settings

log = logging.getLogger("shelfcast.reconcile")


class Reconciler:
    """Post-hoc accuracy."""

    def __init__(self, settings=None):
        self.settings = settings or Settings()
        self.client = MlflowClient(self.settings.tracking_uri)

    def current_model_run(self, region):
        """The run nightly would take (newest finished one)."""
        experiment = self.client.get_experiment_by_name(self.settings.experiment)
        newest = None
        for run in self.client.search_runs([experiment.experiment_id], f"tags.region = '{region.code}'"):
            if run.info.status != "FINISHED":
                continue
            if newest is None or run.info.start_time > newest.info.start_time:
                newest = run
        return newest

    def live_run(self, region):
        """The run behind the version with the champion alias."""
        version = self.client.get_model_version_by_alias(f"demand-{region.code}", "champion")
        return self.client.get_run(version.run_id)

    def trained_until(self, run):
        tag = run.data.tags.get(tracking.CUTOFF_TAG)
        return datetime.fromisoformat(tag).date() if tag else None

    def horizon(self, run):
        try:
            return int(run.data.tags["horizon_days"])
        except KeyError:
            return 28

    def reconcile(self, region, day):
        run = self.current_model_run(region)
        if run is None:
            return None
        until = self.trained_until(run)
        if until and until > day:
            log.info("%s has seen %s, skipped", run.info.run_id, day)
            return None
        forecast = pd.read_parquet(self.settings.out / f"{day}.parquet")
        forecast = forecast[forecast["region"] == region.code]
        actual = load_sales(self.settings.lake, region, day + timedelta(days=self.horizon(run)), 60)
        both = forecast.merge(actual, on=["store", "category", "ds"])
        result = {
            "live_wape": wape(both["y"], both["yhat"]),
            "live_bias": bias(both["y"], both["yhat"]),
        }
        for name, value in result.items():
            self.client.log_metric(run.info.run_id, name, value)
        self.client.set_tag(run.info.run_id, "reconciled_on", date.today().isoformat())
        self.client.set_tag(run.info.run_id, "reconciled_rows", str(len(both)))
        self.client.set_tag(run.info.run_id, "reconciled_day", day.isoformat())
        return result

    def weekly_summary(self, days=7):
        experiment_id = tracking.ensure_experiment(self.client, self.settings.experiment)
        since = datetime.now() - timedelta(days=days)
        by_region = {}
        for run in tracking.runs_since(self.client, experiment_id, since):
            code = run.data.tags.get("region", "?")
            by_region.setdefault(code, []).append(run.data.metrics.get("live_wape"))
        return {
            code: sum(v for v in values if v is not None) / max(1, len(values))
            for code, values in by_region.items()
        }
