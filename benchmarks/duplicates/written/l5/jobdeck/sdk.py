"""Used inside of the pod."""
import os
import threading
import time

import mlflow

from jobdeck import const
from jobdeck.store import beat


def pod_tags():
    env = os.environ
    return {
        "pod.name": env.get("POD_NAME", ""),
        "pod.node": env.get("NODE_NAME", ""),
        "pod.namespace": env.get("POD_NAMESPACE", ""),
        "pod.image": env.get("POD_IMAGE", ""),
    }


def attach(experiment, key=None):
    """Go on with the run of this pod, or of the same key, or start a new one."""
    mlflow.set_experiment(experiment)
    rid = os.environ.get("MLFLOW_RUN_ID")
    if rid:
        return mlflow.start_run(run_id=rid)
    if key:
        hits = mlflow.search_runs(
            filter_string=f"tags.`{const.KEY}` = '{key}'",
            order_by=["start_time DESC"],
            max_results=1,
            output_format="list",
        )
        if hits:
            return mlflow.start_run(run_id=hits[0].info.run_id)
    return mlflow.start_run(tags={const.KEY: key} if key else None)


class Heart(threading.Thread):
    def __init__(self, run_id, every=60):
        super().__init__(daemon=True)
        self.run_id, self.every = run_id, every
        self.stop = threading.Event()

    def run(self):
        while not self.stop.wait(self.every):
            beat(self.run_id)


class job:
    """with jobdeck.sdk.job("exp") as run: ..."""

    def __init__(self, experiment, key=None):
        self.experiment, self.key = experiment, key

    def __enter__(self):
        self.active = attach(self.experiment, self.key)
        mlflow.set_tags(pod_tags())
        self.heart = Heart(self.active.info.run_id)
        self.heart.start()
        return self.active

    def __exit__(self, kind, value, tb):
        self.heart.stop.set()
        mlflow.end_run("FAILED" if kind else "FINISHED")
        return False


def started_ago(run):
    return time.time() - run.info.start_time / 1000
