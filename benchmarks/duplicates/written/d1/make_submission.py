#!/usr/bin/env python
"""python make_submission.py lgb [--best]"""
import argparse
import glob

import lightgbm as lgb
import mlflow
import numpy as np
from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

import config as C
import features
import utils


class Submission:
    def __init__(self, family, best=False):
        self.client = MlflowClient(tracking_uri="http://127.0.0.1:5000")
        self.family = family
        self.best = best

    @property
    def exp(self):
        return self.client.get_experiment_by_name(C.EXPERIMENT)

    def newest(self):
        conditions = ["tags.family = '%s'" % self.family, "attribute.status = 'FINISHED'"]
        found = self.client.search_runs(
            experiment_ids=[self.exp.experiment_id],
            filter_string=" and ".join(conditions),
            run_view_type=ViewType.ACTIVE_ONLY,
            max_results=1,
            order_by=["attribute.start_time DESC"],
        )
        if found:
            return found[0]
        raise LookupError("nothing trained for " + self.family)

    def top(self):
        runs = self.client.search_runs(
            [self.exp.experiment_id], "tags.family = '%s'" % self.family, max_results=500
        )
        scored = [
            r for r in runs if r.info.status == "FINISHED" and "cv_rmsle" in r.data.metrics
        ]
        if not scored:
            raise LookupError("nothing trained for " + self.family)
        return min(scored, key=lambda r: r.data.metrics["cv_rmsle"])

    def make(self):
        run = self.top() if self.best else self.newest()
        df = features.build()
        cols = features.columns(df)
        test = df[df[C.TARGET].isna()]
        preds = []
        for kid in utils.children(run.info.run_id):
            d = mlflow.artifacts.download_artifacts(run_id=kid)
            for f in glob.glob(d + "/lgb_fold*.txt"):
                preds.append(lgb.Booster(model_file=f).predict(test[cols]))
        sub = test[["id"]].copy()
        sub[C.TARGET] = np.expm1(np.mean(preds, axis=0)).clip(0)
        feats = run.data.tags.get("features", "v0")
        name = C.OUT / f"sub_{self.family}_{feats}_{run.info.run_id[:6]}.csv.gz"
        sub.to_csv(name, index=False)
        return name


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("family")
    ap.add_argument("--best", action="store_true")
    print(Submission(**vars(ap.parse_args())).make())
