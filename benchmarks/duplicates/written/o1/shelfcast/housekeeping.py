"""Monthly cleaning of the tracking server."""
import datetime as dt
import logging

import mlflow
from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

from shelfcast.settings import Settings

log = logging.getLogger(__name__)


def old_runs(client, experiment_id, keep_days=180):
    limit = dt.datetime.now() - dt.timedelta(days=keep_days)
    millis = int(limit.timestamp() * 1000)
    return client.search_runs(
        [experiment_id], f"attributes.start_time < {millis}", ViewType.ACTIVE_ONLY, max_results=5000
    )


def purge(experiment_name, keep_days=180, keep_best=True):
    client = MlflowClient()
    exp = client.get_experiment_by_name(experiment_name)
    if exp is None:
        log.info("%s is not there", experiment_name)
        return 0
    gone = 0
    for run in old_runs(client, exp.experiment_id, keep_days):
        if run.data.tags.get("keep") == "true":
            continue
        client.delete_run(run.info.run_id)
        gone += 1
    log.info("deleted %d runs of %s", gone, experiment_name)
    return gone


def close_zombies(experiment_id, hours=12):
    """Runs which say RUNNING since yesterday were killed by Airflow."""
    client = MlflowClient()
    edge = (dt.datetime.now() - dt.timedelta(hours=hours)).timestamp() * 1000
    stuck = mlflow.search_runs([experiment_id], "status = 'RUNNING'", output_format="list")
    for run in stuck:
        if run.info.start_time < edge:
            client.set_terminated(run.info.run_id, "KILLED")
    return len(stuck)


def main():
    settings = Settings()
    mlflow.set_tracking_uri(settings.tracking_uri)
    for name in (settings.experiment, settings.backfill_experiment):
        purge(name)


if __name__ == "__main__":
    main()
