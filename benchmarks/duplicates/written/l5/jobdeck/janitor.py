"""Ends runs whose pod is gone."""
import datetime as dt
import logging
import os
import time

import kubernetes
from mlflow.tracking import MlflowClient

from jobdeck.const import BEAT, GRACE, LABEL
from jobdeck.store import running

log = logging.getLogger("janitor")


def live_ids(namespace):
    jobs = kubernetes.client.BatchV1Api().list_namespaced_job(namespace, label_selector=LABEL)
    return {j.metadata.labels[LABEL] for j in jobs.items if j.status.active}


def last_seen(run):
    value = run.data.tags.get(BEAT)
    if value is None:
        return None
    return dt.datetime.fromtimestamp(int(value), dt.timezone.utc)


def sweep(namespace):
    client = MlflowClient()
    live = live_ids(namespace)
    now = dt.datetime.now(dt.timezone.utc)
    n = 0
    for run in running(namespace):
        if run.info.run_id in live:
            continue
        seen = last_seen(run)
        if seen is not None and (now - seen).total_seconds() < GRACE:
            continue
        client.set_terminated(run.info.run_id, status="KILLED")
        n += 1
    log.info("%s: ended %d", namespace, n)


def wait_for(run_id, timeout=3600, every=15):
    """Wait until a run has ended."""
    client = MlflowClient()
    end = time.time() + timeout
    while time.time() < end:
        status = client.get_run(run_id).info.status
        if status not in ("RUNNING", "SCHEDULED"):
            return status
        time.sleep(every)
    raise TimeoutError(run_id)


if __name__ == "__main__":
    kubernetes.config.load_incluster_config()
    while True:
        for ns in os.environ["NAMESPACES"].split(","):
            sweep(ns)
        time.sleep(120)
