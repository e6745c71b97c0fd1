"""DEPRECATED. Use werkml.kontext. (Hr. Brandt, 2019)"""
import os
import time
import warnings

import mlflow
from mlflow.tracking import MlflowClient

warnings.warn("werkml.v1 ist veraltet", DeprecationWarning, stacklevel=2)


class Tracking(object):
    def __init__(self, werk, linie, uri=None):
        self.werk = werk
        self.linie = linie
        self.uri = uri or os.environ.get("MLFLOW_TRACKING_URI", "http://mlflow.werk.lan")
        mlflow.set_tracking_uri(self.uri)
        self.client = MlflowClient()
        self.run = None

    def setup_experiment(self):
        name = "%s/%s" % (self.werk, self.linie)
        exp = self.client.get_experiment_by_name(name)
        if exp is not None:
            if exp.lifecycle_stage == "deleted":
                self.client.restore_experiment(exp.experiment_id)
            return exp.experiment_id
        return self.client.create_experiment(name, "s3://werkml/" + name)

    def _schicht(self):
        h = time.localtime().tm_hour
        if 6 <= h < 14:
            return "F"
        elif 14 <= h < 22:
            return "S"
        return "N"

    def start(self, name, auftrag):
        eid = self.setup_experiment()
        self.run = self.client.create_run(eid)
        rid = self.run.info.run_id
        self.client.set_tag(rid, "mlflow.runName", name)
        self.client.set_tag(rid, "werk", self.werk)
        self.client.set_tag(rid, "linie", self.linie)
        self.client.set_tag(rid, "schicht", self._schicht())
        self.client.set_tag(rid, "auftrag", auftrag)
        return rid

    def log(self, **kw):
        for k, v in kw.items():
            if isinstance(v, (int, float)):
                self.client.log_metric(self.run.info.run_id, k, v)
            else:
                self.client.log_param(self.run.info.run_id, k, v)

    def stop(self, status="FINISHED"):
        self.client.set_terminated(self.run.info.run_id, status)
        self.run = None
