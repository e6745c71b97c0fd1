#!/usr/bin/env python
"""Sunday clean-up. Never touches last_good runs."""
import shutil
import time

from mlflow.entities import ViewType

from common import settings
from common.mlf import client

log = settings.setup_logging("janitor")
KEEP_DAYS = 45


def old_runs(c, exp_id, days):
    limit = int((time.time() - days * 86400) * 1000)
    token = None
    while True:
        page = c.search_runs([exp_id], f"attributes.start_time < {limit}", max_results=1000,
                             page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def sweep():
    c = client()
    gone = 0
    for exp in c.search_experiments(view_type=ViewType.ACTIVE_ONLY):
        if not exp.name.startswith("st/"):
            continue
        for r in old_runs(c, exp.experiment_id, KEEP_DAYS):
            if r.data.tags.get(settings.TAG_GOOD) == "1":
                continue
            c.delete_run(r.info.run_id)
            gone += 1
    log.info("deleted %d runs", gone)


def unstick():
    """Runs whose VM was rebooted stay RUNNING for ever."""
    c = client()
    ids = [e.experiment_id for e in c.search_experiments()]
    for r in c.search_runs(ids, "attributes.status = 'RUNNING'", max_results=1000):
        if time.time() * 1000 - r.info.start_time > 6 * 3600 * 1000:
            c.set_terminated(r.info.run_id, "KILLED")


def disk():
    free = shutil.disk_usage(settings.DATA_ROOT).free / 2**30
    if free < 20:
        log.error("only %.1f GiB left", free)


if __name__ == "__main__":
    sweep()
    unstick()
    disk()
