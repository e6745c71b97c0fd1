"""Nightly retrain, started by the workflow ``demand-retrain``.

Usage: python -m jobs.retrain_job --env prd --snapshot 20240108
"""
import argparse
import getpass
import logging
import os
import sys

import mlflow
from mlflow.exceptions import MlflowException, RestException
from mlflow.tracking import MlflowClient

from shared.config import load_settings
from shared.utils import git_sha, run_for_snapshot

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
log = logging.getLogger("retrain")


class RetrainJob:
    def __init__(self, settings, snapshot, force=False):
        self.settings = settings
        self.snapshot = snapshot
        self.force = force
        self.client = MlflowClient()
        self.exp_id = self._experiment(settings.experiment_path)

    def _experiment(self, name):
        try:
            return self.client.create_experiment(name)
        except (MlflowException, RestException) as exc:
            if "ALREADY_EXISTS" not in str(exc):
                raise
        existing = self.client.get_experiment_by_name(name)
        if existing.lifecycle_stage != "active":
            self.client.restore_experiment(existing.experiment_id)
        return existing.experiment_id

    def _origin(self):
        env = os.environ
        return dict(
            git_sha=git_sha(),
            job_id=env.get("DB_JOB_ID", "interactive"),
            cluster_id=env.get("DB_CLUSTER_ID", "local"),
            launched_by=getpass.getuser(),
        )

    def should_run(self):
        if self.force:
            return True
        done = run_for_snapshot(self.exp_id, self.snapshot)
        if done is not None:
            log.info("snapshot %s has run %s already", self.snapshot, done.info.run_id)
        return done is None

    def resume_or_start(self):
        """The cluster is pre-emptible: take up the run that was killed."""
        killed = self.client.search_runs(
            [self.exp_id],
            f"tags.feature_snapshot = '{self.snapshot}' and attributes.status = 'KILLED'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        if killed:
            return mlflow.start_run(run_id=killed[0].info.run_id)
        return mlflow.start_run(
            experiment_id=self.exp_id,
            run_name=f"retrain-{self.snapshot}",
            tags={"feature_snapshot": self.snapshot, **self._origin()},
        )

    def run(self):
        if not self.should_run():
            return 0
        with self.resume_or_start() as active:
            try:
                from jobs._train_impl import train_all
                scores = train_all(self.settings, self.snapshot)
            except Exception:
                log.exception("training failed in %s", active.info.run_id)
                mlflow.set_tag("failure", "train_all")
                raise
            for region, score in scores.items():
                mlflow.log_metric(f"val_wape_{region}", score)
            mlflow.log_metric("val_wape", sum(scores.values()) / len(scores))
        return 0


def main(argv=None):
    ap = argparse.ArgumentParser()
    ap.add_argument("--env", default="dev")
    ap.add_argument("--snapshot", required=True)
    ap.add_argument("--force", action="store_true")
    ns = ap.parse_args(argv)
    return RetrainJob(load_settings(ns.env), ns.snapshot, ns.force).run()


if __name__ == "__main__":
    sys.exit(main())
