"""Copies cleared runs to the server of the clinical partner."""
import datetime
import json
import logging

from mlflow.tracking import MlflowClient

log = logging.getLogger("reexport")
SRC = MlflowClient("https://mlflow.visio.example")
DST = MlflowClient("https://mlflow.partner.example")


def cleared(run):
    txt = run.data.tags.get("phi.cleared", "")
    if not txt:
        return False
    try:
        d = json.loads(txt)
    except json.JSONDecodeError:
        log.warning("broken phi.cleared on %s", run.info.run_id)
        return False
    return datetime.datetime.strptime(d["until"], "%Y-%m-%d").date() >= datetime.date.today()


def already_there(run, exp_id):
    got = DST.search_runs([exp_id], f"tags.source_run = '{run.info.run_id}'", max_results=1)
    return got[0].info.run_id if got else None


def target_experiment(name):
    e = DST.get_experiment_by_name(name)
    if e is None:
        raise LookupError(f"{name}: ask the partner to create it")
    return e.experiment_id


def copy(run, exp_id, parent=None):
    tags = {"source_run": run.info.run_id, "site": run.data.tags.get("site", ""), "exported": "1"}
    if parent:
        tags["mlflow.parentRunId"] = parent
    new = DST.create_run(exp_id, tags=tags, run_name=run.info.run_name)
    for k, v in run.data.metrics.items():
        DST.log_metric(new.info.run_id, k, v)
    DST.set_terminated(new.info.run_id)
    return new.info.run_id


def main(study):
    exp = SRC.get_experiment_by_name("visio/cv")
    dst = target_experiment("visio-mirror")
    n = 0
    for r in SRC.search_runs([exp.experiment_id], f"tags.study = '{study}'", max_results=5000):
        if cleared(r) and not already_there(r, dst):
            copy(r, dst)
            n += 1
    log.info("%d runs copied", n)
