"""Copies fits from one experiment to another and marks the old ones."""
import sys

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from tidecast.integrations.mlflow import NAME_TAG

c = MlflowClient()


def target(name):
    try:
        return c.create_experiment(name)
    except MlflowException:
        old = c.get_experiment_by_name(name)
        if old.lifecycle_stage == "deleted":
            c.restore_experiment(old.experiment_id)
        return old.experiment_id


def copy(run, eid):
    tags = {k: v for k, v in run.data.tags.items() if not k.startswith("mlflow.")}
    tags["tidecast.copied_from"] = run.info.run_id
    new = c.create_run(eid, start_time=run.info.start_time, tags=tags)
    for k, v in run.data.params.items():
        c.log_param(new.info.run_id, k, v)
    for k, v in run.data.metrics.items():
        c.log_metric(new.info.run_id, k, v)
    path = mlflow.artifacts.download_artifacts(run_id=run.info.run_id)
    c.log_artifacts(new.info.run_id, path)
    c.set_terminated(new.info.run_id, run.info.status)
    return new.info.run_id


def check(name, exp):
    # the newest must be there after the copy
    rs = c.search_runs([exp], "tags.`%s` = '%s'" % (NAME_TAG, name), order_by=["start_time DESC"])
    ok = [r for r in rs if r.info.status == "FINISHED" and r.data.tags.get("tidecast.stage") == "fit"]
    return ok[0].info.run_id if ok else None


def main(src, dst):
    eid = target(dst)
    names = set()
    for run in mlflow.search_runs(experiment_names=[src], output_format="list"):
        copy(run, eid)
        names.add(run.data.tags.get(NAME_TAG))
    for n in sorted(x for x in names if x):
        print(n, check(n, eid))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
