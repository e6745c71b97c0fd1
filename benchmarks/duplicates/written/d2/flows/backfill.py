"""Retrain over past windows. Written in a hurry for the January audit."""
from datetime import date, timedelta

from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient
from prefect import flow, get_run_logger

import settings
from tasks.io import read_load
from tasks.train import train_region

client = MlflowClient(settings.TRACKING_URI)


def exp_id(region):
    name = settings.experiment_name(region)
    try:
        eid = client.create_experiment(name, artifact_location="/".join([settings.ARTIFACT_BUCKET, name]))
    except MlflowException:
        exp = client.get_experiment_by_name(name)
        eid = exp.experiment_id
        if exp.lifecycle_stage != "active":
            client.restore_experiment(eid)
    return eid


def has_training(region, end):
    eid = exp_id(region)
    flt = "tags.step = 'train' and tags.region = '%s' and tags.window_end = '%s'" % (region, end.isoformat())
    runs = client.search_runs([eid], flt, order_by=["start_time desc"])
    for r in runs:
        if r.info.status == "FINISHED":
            return r
    return None


@flow(name="backfill")
def backfill(region: str, first: date, last: date, every: int = 7):
    logger = get_run_logger()
    end = first
    while end <= last:
        r = has_training(region, end)
        if r:
            logger.info("skip %s (%s)", end, r.info.run_id)
        else:
            df = read_load.fn(region, end - settings.TRAIN_WINDOW, end)
            train_region(df, region, {"max_iter": 400}, force=True)
        end += timedelta(days=every)


@flow(name="undo-backfill")
def undo(region: str, flow_run_id: str):
    flt = f"tags.`prefect.flow_run_id` = '{flow_run_id}'"
    doomed = client.search_runs([exp_id(region)], flt, max_results=1000)
    for r in doomed:
        client.delete_run(r.info.run_id)
    return len(doomed)
