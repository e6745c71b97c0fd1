"""Old server -> new server. Can be started again at any time."""
import argparse
import logging
import tempfile

from mlflow.entities import Metric, Param, RunTag
from mlflow.tracking import MlflowClient

log = logging.getLogger("migrate")
OLD = MlflowClient("https://mlflow-old.reco.example")
NEW = MlflowClient("https://mlflow.reco.example")
SKIP_TAGS = ("mlflow.log-model.history", "mlflow.source.git.commit")


def target(name):
    exp = NEW.get_experiment_by_name(name)
    if exp is None:
        exp_id = NEW.create_experiment(name, tags={"migrated": "true"})
        log.info("created %s (%s)", name, exp_id)
        return exp_id
    return exp.experiment_id


def find_copy(run_id, exp_id):
    runs = NEW.search_runs([exp_id], f"tags.migrated_from = '{run_id}'", max_results=1)
    if runs:
        return runs[0]
    return None


def pages(client, exp_id):
    tok = None
    while True:
        res = client.search_runs([exp_id], max_results=200, page_token=tok)
        for r in res:
            yield r
        tok = res.token
        if tok is None or tok == "":
            return


def copy_one(run, exp_id):
    tags = {k: v for k, v in run.data.tags.items() if k not in SKIP_TAGS}
    tags["migrated_from"] = run.info.run_id
    tags["migrated_server"] = "old"
    tags["migrated_user"] = run.info.user_id
    new = NEW.create_run(exp_id, start_time=run.info.start_time, tags=tags)
    nid = new.info.run_id
    params = [Param(k, v) for k, v in run.data.params.items()]
    for i in range(0, len(params), 100):
        NEW.log_batch(nid, params=params[i:i + 100])
    for key in run.data.metrics:
        hist = OLD.get_metric_history(run.info.run_id, key)
        for i in range(0, len(hist), 1000):
            NEW.log_batch(nid, metrics=[Metric(m.key, m.value, m.timestamp, m.step) for m in hist[i:i + 1000]])
    with tempfile.TemporaryDirectory() as d:
        for a in OLD.list_artifacts(run.info.run_id):
            NEW.log_artifact(nid, OLD.download_artifacts(run.info.run_id, a.path, d))
    NEW.set_terminated(nid, run.info.status, run.info.end_time)
    NEW.log_batch(nid, tags=[RunTag("migration_done", "1")])
    return nid


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("experiment")
    ns = ap.parse_args()
    src = OLD.get_experiment_by_name(ns.experiment)
    dst = target(ns.experiment)
    n = 0
    for run in pages(OLD, src.experiment_id):
        have = find_copy(run.info.run_id, dst)
        if have is not None and have.data.tags.get("migration_done") == "1":
            continue
        if have is not None:
            NEW.delete_run(have.info.run_id)
        copy_one(run, dst)
        n += 1
    log.info("%d runs copied", n)


if __name__ == "__main__":
    main()
