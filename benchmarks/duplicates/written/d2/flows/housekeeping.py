import time

from prefect import flow

import settings
from tasks.tracking import ensure_experiment, fail_stale, get_client, iter_runs

DAY_MS = 24 * 3600 * 1000


@flow(name="housekeeping")
def housekeeping(keep_days: int = 120, hung_hours: int = 6):
    now = int(time.time() * 1000)
    removed = {}
    for region in settings.REGIONS:
        eid = ensure_experiment(settings.experiment_name(region))
        fail_stale(eid, now - hung_hours * 3600 * 1000)
        old = [
            run.info.run_id
            for run in iter_runs(eid, "tags.step = 'monitor'")
            if run.info.end_time and run.info.end_time < now - keep_days * DAY_MS
        ]
        for run_id in old:
            get_client().delete_run(run_id)
        removed[region] = len(old)
    return removed
