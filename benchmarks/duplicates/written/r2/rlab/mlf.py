"""Small wrapper around the lab's tracking server.

    store = Store()
    with store.seed_run("peg", "ppo", 3) as run: ...
"""
import contextlib
import os
import subprocess

import mlflow
from mlflow.tracking import MlflowClient

SERVER = os.environ.get("RLAB_MLFLOW", "http://mlflow.rlab.example:5000")


def git_sha():
    try:
        return subprocess.check_output(["git", "rev-parse", "HEAD"], text=True).strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


class Store:
    def __init__(self, uri=SERVER):
        mlflow.set_tracking_uri(uri)
        self.client = MlflowClient(uri)

    def experiment(self, task):
        """id of `rlab/<task>`, made when it is not there"""
        name = f"rlab/{task}"
        exp = self.client.get_experiment_by_name(name)
        if exp is not None:
            return exp.experiment_id
        return self.client.create_experiment(name, artifact_location=f"/nfs/rlab/mlruns/{task}")

    def run_tags(self, task, algo, seed):
        return {
            "rl.task": task,
            "rl.algo": algo,
            "rl.seed": str(seed),
            "rl.commit": git_sha(),
            "rl.host": os.uname().nodename,
        }

    @contextlib.contextmanager
    def seed_run(self, task, algo, seed):
        """Run of one seed; goes on with the unfinished one after SLURM preempted the job."""
        eid = self.experiment(task)
        open_runs = self.client.search_runs(
            [eid],
            f"tags.`rl.algo` = '{algo}' and tags.`rl.seed` = '{seed}' and attributes.status = 'RUNNING'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        if open_runs:
            run = mlflow.start_run(run_id=open_runs[0].info.run_id)
        else:
            run = mlflow.start_run(experiment_id=eid, run_name=f"{algo}-s{seed}", tags=self.run_tags(task, algo, seed))
        try:
            yield run
        except BaseException:
            mlflow.end_run("FAILED")
            raise
        mlflow.end_run()

    def children(self, run_id):
        parent = self.client.get_run(run_id)
        return self.client.search_runs(
            [parent.info.experiment_id], f"tags.mlflow.parentRunId = '{run_id}'", max_results=5000
        )

    def best_trial(self, sweep_id):
        """child of a sweep with the highest eval/return"""
        parent = self.client.get_run(sweep_id)
        found = self.client.search_runs(
            [parent.info.experiment_id],
            f"tags.mlflow.parentRunId = '{sweep_id}'",
            order_by=["metrics.`eval/return` DESC"],
            max_results=1,
        )
        if not found:
            return None
        return found[0]
