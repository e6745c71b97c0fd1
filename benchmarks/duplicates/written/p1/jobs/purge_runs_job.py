"""Deletes failed runs older than N days, in all environments but prd."""
import argparse
import logging
import time

from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

from shared.config import EXPERIMENT_ROOT

log = logging.getLogger("purge")
DAY_MS = 24 * 3600 * 1000


def iter_runs(client, exp_id, query):
    token = None
    while True:
        page = client.search_runs([exp_id], query, ViewType.ACTIVE_ONLY, 1000, page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def purge(client, path, days, dry_run):
    exp = client.get_experiment_by_name(path)
    if exp is None:
        log.info("skip %s", path)
        return 0
    limit = int(time.time() * 1000) - days * DAY_MS
    n = 0
    for run in iter_runs(client, exp.experiment_id, "attributes.status = 'FAILED'"):
        if run.info.start_time > limit or run.data.tags.get("keep") == "true":
            continue
        n += 1
        if not dry_run:
            client.delete_run(run.info.run_id)
    return n


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--days", type=int, default=30)
    ap.add_argument("--dry-run", action="store_true")
    ns = ap.parse_args()
    cli = MlflowClient()
    for env in ("dev", "stg"):
        print(env, purge(cli, f"{EXPERIMENT_ROOT}/{env}/weekly", ns.days, ns.dry_run))
