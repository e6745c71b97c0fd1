"""Retrain for past cutoffs, after the warehouse has been corrected.

Written in a hurry in the week before Christmas; works.
"""
import argparse
import datetime as dt
import logging
import sys
import time

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from shelfcast.data import features, loader
from shelfcast.models import wrappers
from shelfcast.settings import Settings
from shelfcast.tracking import git_sha

log = logging.getLogger("shelfcast.backfill")


class Backfill:
    def __init__(self, settings, reason, dry_run=False):
        self.settings = settings
        self.reason = reason
        self.dry_run = dry_run
        self.client = MlflowClient(settings.tracking_uri)
        self._experiment_id = None

    @property
    def experiment_id(self):
        if self._experiment_id is None:
            self._experiment_id = self._resolve(self.settings.backfill_experiment)
        return self._experiment_id

    def _resolve(self, name):
        try:
            return self.client.create_experiment(name)
        except MlflowException as exc:
            if "RESOURCE_ALREADY_EXISTS" not in str(exc) and "already exists" not in str(exc):
                raise
        experiment = self.client.get_experiment_by_name(name)
        if experiment.lifecycle_stage != "active":
            self.client.restore_experiment(experiment.experiment_id)
        return experiment.experiment_id

    def done_already(self, region, cutoff):
        """A finished backfill of this region and cutoff, if there is one."""
        clauses = [
            f"tags.region = '{region.code}'",
            f"tags.data_cutoff = '{cutoff.isoformat()}'",
            "attributes.status = 'FINISHED'",
        ]
        hits = self.client.search_runs([self.experiment_id], " and ".join(clauses), max_results=1)
        return hits[0].info.run_id if hits else None

    def last_attempt(self, region):
        """Whatever ran last for the region, failed or not."""
        runs = self.client.search_runs(
            [self.experiment_id],
            f"tags.region = '{region.code}'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        if len(runs) == 0:
            return None
        return runs[0]

    def run_one(self, region, cutoff):
        known = self.done_already(region, cutoff)
        if known:
            log.info("%s %s was done in %s", region.code, cutoff, known)
            return known
        if self.dry_run:
            return None
        tags = {}
        tags["region"] = region.code
        tags["model_family"] = region.family
        tags["horizon_days"] = f"{region.horizon}"
        tags["data_cutoff"] = cutoff.strftime("%Y-%m-%d")
        tags["git_sha"] = git_sha()
        tags["backfill_reason"] = self.reason
        run = self.client.create_run(self.experiment_id, start_time=int(time.time() * 1000), tags=tags)
        run_id = run.info.run_id
        try:
            sales = loader.load_sales(self.settings.lake, region, cutoff)
            frame = features.add_lags(features.add_calendar(sales, []), region.horizon)
            cols = [c for c in frame.columns if c not in ("y", "ds")]
            booster = wrappers.fit_lgbm(frame.dropna(), cols, **region.extra)
            self.client.log_param(run_id, "rows", len(frame))
            self.client.log_metric(run_id, "trees", booster.num_trees())
        except Exception:
            self.client.set_terminated(run_id, status="FAILED")
            raise
        self.client.set_terminated(run_id)
        return run_id


def cutoffs(first, last, step=7):
    day = first
    while day <= last:
        yield day
        day += dt.timedelta(days=step)


def drop_failed(client, experiment_id, reason):
    """Delete failed backfills of one reason, before the next try."""
    count = 0
    for run in client.search_runs(
        [experiment_id],
        filter_string=f"attributes.status = 'FAILED' and tags.backfill_reason = '{reason}'",
    ):
        client.delete_run(run.info.run_id)
        count += 1
    return count


def main(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--region", action="append")
    parser.add_argument("--first", type=dt.date.fromisoformat, required=True)
    parser.add_argument("--last", type=dt.date.fromisoformat, required=True)
    parser.add_argument("--reason", required=True)
    parser.add_argument("--dry-run", action="store_true")
    args = parser.parse_args(argv)
    settings = Settings()
    mlflow.set_tracking_uri(settings.tracking_uri)
    job = Backfill(settings, args.reason, args.dry_run)
    drop_failed(job.client, job.experiment_id, args.reason)
    failed = 0
    for code, region in settings.regions().items():
        if args.region and code not in args.region:
            continue
        for cutoff in cutoffs(args.first, args.last):
            try:
                job.run_one(region, cutoff)
            except Exception:
                log.exception("backfill of %s at %s", code, cutoff)
                failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
