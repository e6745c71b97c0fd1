"""PSI drift between a reference window and yesterday, per model.

Predates jobs.common; Raj promised to port it.
"""
import datetime
import os
import platform
import sys
import traceback

import numpy as np
import pandas as pd
from mlflow.entities import RunStatus
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

URI = os.getenv("CTR_TRACKING_URI", "http://mlflow.ctr.svc:5000")
EXPERIMENT = os.getenv("CTR_DRIFT_EXPERIMENT", "ctr/drift")
MODELS = ["ctr_retail", "ctr_travel", "ctr_games", "ctr_finance"]
REF_DAYS = 28


def psi(ref, cur, bins=20):
    edges = np.unique(np.quantile(ref, np.linspace(0, 1, bins + 1)))
    a = np.histogram(ref, edges)[0] / max(len(ref), 1) + 1e-6
    b = np.histogram(cur, edges)[0] / max(len(cur), 1) + 1e-6
    return float(((b - a) * np.log(b / a)).sum())


class DriftJob(object):
    def __init__(self, day):
        self.day = day
        self.mlf = MlflowClient(URI)
        self.exp_id = self.get_exp()

    def get_exp(self):
        exp = self.mlf.get_experiment_by_name(EXPERIMENT)
        if not exp:
            try:
                return self.mlf.create_experiment(EXPERIMENT)
            except MlflowException:
                # somebody else was faster
                exp = self.mlf.get_experiment_by_name(EXPERIMENT)
        if exp.lifecycle_stage == "deleted":
            self.mlf.restore_experiment(exp.experiment_id)
        return exp.experiment_id

    def seen(self, model):
        """today's drift run of the model, if there's one"""
        day = self.day.strftime("%Y-%m-%d")
        matching = [r for r in self.mlf.search_runs([self.exp_id], "tags.model = '%s'" % model)
                    if r.data.tags.get("day") == day]
        matching.sort(key=lambda r: r.info.start_time, reverse=True)
        if matching:
            return matching[0]

    def begin(self, model):
        tags = {"job": "daily_drift"}
        tags["model"] = model
        tags["day"] = self.day.strftime("%Y-%m-%d")
        tags["host"] = platform.node()
        tags["image"] = os.getenv("IMAGE_TAG", "dev")
        return self.mlf.create_run(self.exp_id, tags=tags, run_name="daily_drift:%s" % self.day)

    def process(self, model):
        prev = self.seen(model)
        if prev is not None and prev.info.status == "FINISHED":
            print(model, "done by", prev.info.run_id)
            return
        run = self.begin(model)
        rid = run.info.run_id
        try:
            start = self.day - datetime.timedelta(days=REF_DAYS)
            frame = pd.read_parquet(f"/mnt/scores/{model}.parquet")
            ref = frame[(frame.day >= str(start)) & (frame.day < str(self.day))]
            cur = frame[frame.day == str(self.day)]
            self.mlf.set_tag(rid, "window", "%s/%s" % (start, self.day))
            self.mlf.log_metric(rid, "psi", psi(ref.ctr_hat.values, cur.ctr_hat.values))
            self.mlf.log_metric(rid, "n_ref", len(ref))
        except Exception:
            traceback.print_exc()
            self.mlf.set_terminated(rid, RunStatus.to_string(RunStatus.FAILED))
        else:
            self.mlf.set_terminated(rid)


if __name__ == "__main__":
    d = datetime.date.fromisoformat(sys.argv[1]) if len(sys.argv) > 1 else datetime.date.today() - datetime.timedelta(1)
    job = DriftJob(d)
    for m in MODELS:
        job.process(m)
