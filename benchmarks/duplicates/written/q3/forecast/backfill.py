"""Backfills after late or corrected deliveries."""
import logging
import os
from datetime import datetime, timezone

import mlflow
from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

from forecast.calendar_utils import weeks_between
from forecast.weekly import run_week

logger = logging.getLogger("backfill")


class Backfill:
    def __init__(self, customer, first, last, reason):
        self.customer = customer
        self.weeks = weeks_between(first, last)
        self.reason = reason
        self.client = MlflowClient()
        self.exp_id = self._exp()

    def _exp(self):
        name = self.customer + "/weekly"
        for e in self.client.search_experiments(view_type=ViewType.ACTIVE_ONLY):
            if e.name == name:
                return e.experiment_id
        return self.client.create_experiment(name, "s3://fc-%s/mlflow" % self.customer)

    def _old_parent(self, week):
        """the run of the week as it is known now"""
        df = mlflow.search_runs([self.exp_id])
        if df.empty or "tags.week" not in df:
            return None
        df = df[(df["tags.level"] == "week") & (df["tags.week"] == week)]
        if not len(df):
            return None
        return df.sort_values("start_time").iloc[-1]["run_id"]

    def _first_parent(self, week):
        """the run of the week as it was delivered to the customer the first time"""
        df = mlflow.search_runs([self.exp_id])
        if df.empty or "tags.week" not in df:
            return None
        df = df[(df["tags.level"] == "week") & (df["tags.week"] == week)]
        if not len(df):
            return None
        return df.sort_values("start_time").iloc[0]["run_id"]

    def _mark(self, run_id, new_id):
        self.client.set_tag(run_id, "backfill.replaced_by", new_id)
        self.client.set_tag(run_id, "backfill.reason", self.reason)
        self.client.set_tag(run_id, "backfill.at", datetime.now(timezone.utc).isoformat())
        self.client.set_tag(run_id, "level", "week-replaced")

    def _delivery(self, week):
        path = os.path.join("/data", self.customer, "sales.csv")
        st = os.stat(path)
        tags = dict()
        tags["delivery.customer"] = self.customer
        tags["delivery.week"] = week
        tags["delivery.file"] = path
        tags["delivery.mtime"] = datetime.utcfromtimestamp(st.st_mtime).strftime("%Y-%m-%dT%H:%M:%S")
        tags["delivery.bytes"] = str(st.st_size)
        return tags

    def run(self):
        out = {}
        for week in self.weeks:
            old = self._old_parent(week)
            if old:
                self.client.set_tag(old, "level", "week-replaced")
            new = run_week(self.customer, week)
            if old:
                self._mark(old, new)
            for k, v in self._delivery(week).items():
                self.client.set_tag(new, k, v)
            out[week] = (old, new)
        return out

    def compare_with_first(self, week, metric="wape_total"):
        first, now = self._first_parent(week), self._old_parent(week)
        if first is None or first == now:
            return 0.0
        a, b = (self.client.get_run(r).data.metrics.get(metric) for r in (first, now))
        if a is None or b is None:
            return float("nan")
        return b - a
