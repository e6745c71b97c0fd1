#!/usr/bin/env python
# puts a trial back by hand, on the interactive node.   requeue.py COHORT KEY CONFIG [overrides]
# (Jonas, made for the deadline; the sweep does this by itself since)
import os
import socket
import sys

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from segsweep import slurm, trainer  # noqa: E402
from segsweep.config import ARTIFACT_BASE, load  # noqa: E402

client = MlflowClient()


def experiment(cohort):
    exp_name = "seg/" + cohort
    try:
        exp_id = client.create_experiment(
            exp_name, artifact_location=ARTIFACT_BASE + "/" + cohort, tags={"cohort": cohort}
        )
    except MlflowException:
        exp_id = client.get_experiment_by_name(exp_name).experiment_id
    mlflow.set_experiment(experiment_id=exp_id)
    return exp_id


def lookup(exp_id, key):
    df = mlflow.search_runs([exp_id], filter_string="tags.trial_key = '{}'".format(key))
    if len(df) == 0:
        return None
    df = df.sort_values("start_time", ascending=False)
    return client.get_run(df["run_id"].iloc[0])


def start(exp_id, key, parent):
    run = lookup(exp_id, key)
    if run:
        return mlflow.start_run(run_id=run.info.run_id, nested=True)
    run = mlflow.start_run(experiment_id=exp_id, run_name=key[:60], nested=True)
    mlflow.set_tag("trial_key", key)
    mlflow.set_tag("kind", "trial")
    if parent is not None:
        mlflow.set_tag("mlflow.parentRunId", parent)
    return run


def main():
    cohort, key, path = sys.argv[1:4]
    exp_id = experiment(cohort)
    cfg = load(path, sys.argv[4:])
    run = start(exp_id, key, os.environ.get("SWEEP_PARENT"))
    try:
        if "SLURM_JOB_ID" in os.environ:
            mlflow.set_tag("slurm.job_id", os.environ["SLURM_JOB_ID"])
            mlflow.set_tag("slurm.node", os.environ.get("SLURMD_NODENAME") or socket.gethostname())
            mlflow.set_tag("slurm.partition", os.environ["SLURM_JOB_PARTITION"])
            mlflow.set_tag("slurm.restarts", os.environ.get("SLURM_RESTART_COUNT", "0"))
        with slurm.PreemptionGuard() as guard:
            how = trainer.fit(cfg, run, guard)
        mlflow.set_tag("ended", how)
    finally:
        mlflow.end_run()


if __name__ == "__main__":
    main()
