import logging
import os
import socket
from getpass import getuser

import mlflow
import numpy as np
import pandas as pd
from mlflow.tracking import MlflowClient
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from creditrisk import constants
from creditrisk.guards import require_columns
from creditrisk.metrics import gini

LOG = logging.getLogger(__name__)

FEATURES = ["ltv", "dti", "months_on_book", "max_dpd_12m", "utilisation"]


class ChallengerStudy:
    """Trains challengers and compares them with what is in production.

    (K.B.: written before tracking.py existed, kept because the validation
    report quotes the class name.)
    """

    def __init__(self, portfolio, month, n_challengers=5, seed=17):
        self.portfolio = portfolio
        self.month = month
        self.n_challengers = n_challengers
        self.rng = np.random.default_rng(seed)
        self.client = MlflowClient(os.environ.get("MLFLOW_TRACKING_URI"))
        self.exp_name = "/risk/pd/" + portfolio

    def _setup(self):
        exp = self.client.get_experiment_by_name(self.exp_name)
        if exp is not None:
            if exp.lifecycle_stage == "deleted":
                self.client.restore_experiment(exp.experiment_id)
            self.exp_id = exp.experiment_id
        else:
            self.exp_id = self.client.create_experiment(self.exp_name)
        return self.exp_id

    def _tags(self, purpose):
        tags = {}
        tags["audit.portfolio"] = self.portfolio
        tags["audit.reporting_month"] = self.month
        tags["audit.owner"] = getuser()
        tags["audit.policy_version"] = constants.POLICY_VERSION
        tags["audit.purpose"] = purpose
        return tags

    def _host_tags(self):
        tags = {}
        tags["host.name"] = socket.gethostname()
        tags["host.user"] = getuser()
        tags["host.pid"] = str(os.getpid())
        return tags

    def fit_one(self, train, oot, c):
        require_columns(train, FEATURES + ["default_12m"])
        scaler = StandardScaler().fit(train[FEATURES])
        model = LogisticRegression(C=c, max_iter=500)
        model.fit(scaler.transform(train[FEATURES]), train["default_12m"])
        p_train = model.predict_proba(scaler.transform(train[FEATURES]))[:, 1]
        p_oot = model.predict_proba(scaler.transform(oot[FEATURES]))[:, 1]
        return model, gini(train["default_12m"], p_train), gini(oot["default_12m"], p_oot)

    def run(self, train: pd.DataFrame, oot: pd.DataFrame):
        exp_id = self._setup()
        for c in 10 ** self.rng.uniform(-3, 1, self.n_challengers):
            run = self.client.create_run(exp_id, tags={**self._tags("development"), **self._host_tags()})
            rid = run.info.run_id
            try:
                _, g_train, g_oot = self.fit_one(train, oot, c)
            except Exception:
                LOG.exception("challenger failed")
                self.client.set_terminated(rid, "FAILED")
                continue
            self.client.log_param(rid, "C", float(c))
            self.client.log_metric(rid, "gini_train", g_train)
            self.client.log_metric(rid, "gini_oot", g_oot)
            self.client.set_terminated(rid)
        return self.leader()

    def leader(self):
        runs = self.client.search_runs([self._setup()], "tags.`audit.purpose` = 'development'", max_results=5000)
        best, best_gini = None, -1.0
        for r in runs:
            if r.info.status != "FINISHED":
                continue
            g = r.data.metrics.get("gini_oot")
            if g is not None and g > best_gini:
                best, best_gini = r, g
        if best is None:
            raise RuntimeError("no finished challenger in %s" % self.exp_name)
        return best

    def most_stable(self):
        """Smallest gap between train and out-of-time, whatever the level."""
        runs = self.client.search_runs([self._setup()], "tags.`audit.purpose` = 'development'", max_results=5000)
        finished = [r for r in runs if r.info.status == "FINISHED"]
        if not finished:
            raise RuntimeError("no finished challenger in %s" % self.exp_name)
        return min(finished, key=lambda r: abs(r.data.metrics["gini_train"] - r.data.metrics["gini_oot"]))

    def discard_failed(self):
        n = 0
        for r in self.client.search_runs([self._setup()], "attributes.status = 'FAILED'"):
            self.client.delete_run(r.info.run_id)
            n += 1
        LOG.info("deleted %d failed runs", n)
        return n
