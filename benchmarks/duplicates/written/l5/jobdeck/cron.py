"""Nightly jobs. From before the operator; some teams still use it."""
import logging
import sys
import time

import kubernetes
import mlflow
import yaml
from mlflow.exceptions import RestException
from mlflow.tracking import MlflowClient

from jobdeck.template import render

logging.basicConfig(level=logging.INFO)
L = logging.getLogger("cron")


class Nightly:
    def __init__(self, path):
        with open(path) as f:
            self.conf = yaml.safe_load(f)
        self.ns = self.conf["namespace"]
        self.mlf = MlflowClient()

    def exp_id(self):
        n = "jobs/" + self.ns
        for i in range(4):
            try:
                e = self.mlf.get_experiment_by_name(n)
                if e and e.lifecycle_stage != "active":
                    self.mlf.restore_experiment(e.experiment_id)
                return e.experiment_id if e else self.mlf.create_experiment(n)
            except RestException as err:
                L.warning("mlflow: %s", err)
                time.sleep(2**i)
        raise RuntimeError("mlflow is away")

    def start(self, job):
        tags = {}
        tags["jobdeck.job"] = job["name"]
        tags["jobdeck.namespace"] = self.ns
        tags["jobdeck.image"] = job["image"]
        tags["jobdeck.attempt"] = "0"
        r = self.mlf.create_run(self.exp_id(), tags=tags, run_name=job["name"] + "-0")
        rid = r.info.run_id
        name = f"{job['name']}-{time.strftime('%m%d')}"
        body = render(name=name, namespace=self.ns, run_id=rid, image=job["image"], command=job["command"])
        kubernetes.client.BatchV1Api().create_namespaced_job(self.ns, body)
        return rid

    def done_today(self, job):
        q = "tags.`jobdeck.job` = '" + job["name"] + "'"
        rs = self.mlf.search_runs([self.exp_id()], q, order_by=["attributes.start_time DESC"], max_results=1)
        if not rs:
            return False
        newest = rs[0]
        return newest.info.start_time / 1000 > time.time() - 12 * 3600

    def run(self):
        for job in self.conf["jobs"]:
            if self.done_today(job):
                L.info("skip %s", job["name"])
                continue
            L.info("%s -> %s", job["name"], self.start(job))


if __name__ == "__main__":
    kubernetes.config.load_kube_config()
    mlflow.set_tracking_uri(mlflow.get_tracking_uri())
    Nightly(sys.argv[1]).run()
