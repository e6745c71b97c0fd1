"""Cron tasks."""
import time

from mlflow.entities import ViewType

from pricewell.config import config
from pricewell.services.runs import client
from pricewell.worker.celery_app import app


def tenants():
    return [e for e in client().search_experiments(view_type=ViewType.ACTIVE_ONLY) if e.name.startswith(f"pw/{config.env}/")]


@app.task
def cleanup_all():
    c = client()
    limit = int((time.time() - config.keep_days * 86400) * 1000)
    n = 0
    for exp in tenants():
        for run in c.search_runs([exp.experiment_id], "attributes.status = 'FAILED'"):
            if run.info.end_time and run.info.end_time < limit:
                c.delete_run(run.info.run_id)
                n += 1
    return n


@app.task
def close_stale():
    c = client()
    limit = int((time.time() - config.stale_minutes * 60) * 1000)
    ids = [e.experiment_id for e in tenants()]
    stale = c.search_runs(ids, f"attributes.status = 'RUNNING' and attributes.start_time < {limit}") if ids else []
    for run in stale:
        c.set_terminated(run.info.run_id, status="KILLED")
    return len(stale)
