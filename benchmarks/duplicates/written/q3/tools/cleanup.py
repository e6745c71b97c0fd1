"""Nightly clean-up of the tracking server."""
import logging
import time

import click
from mlflow.entities import RunStatus
from mlflow.tracking import MlflowClient

log = logging.getLogger("cleanup")


def orphans(client, exp_id):
    """Store runs whose parent was deleted."""
    alive = {r.info.run_id for r in client.search_runs([exp_id], "tags.level != 'store'", max_results=10000)}
    for run in client.search_runs([exp_id], "tags.level = 'store'", max_results=10000):
        if run.data.tags.get("mlflow.parentRunId") not in alive:
            yield run


def close_hanging(client, exp_id, hours):
    edge = int((time.time() - hours * 3600) * 1000)
    for run in client.search_runs([exp_id], f"attributes.status = 'RUNNING' and attributes.start_time < {edge}"):
        client.set_terminated(run.info.run_id, RunStatus.to_string(RunStatus.FAILED))
        log.info("closed %s", run.info.run_id)


@click.command()
@click.argument("customers", nargs=-1)
@click.option("--hours", default=30)
@click.option("--dry-run", is_flag=True)
def main(customers, hours, dry_run):
    client = MlflowClient()
    for customer in customers:
        exp = client.get_experiment_by_name(f"{customer}/weekly")
        if exp is None:
            log.warning("%s has no experiment", customer)
            continue
        doomed = list(orphans(client, exp.experiment_id))
        log.info("%s: %d orphans", customer, len(doomed))
        if dry_run:
            continue
        for run in doomed:
            client.delete_run(run.info.run_id)
        close_hanging(client, exp.experiment_id, hours)


if __name__ == "__main__":
    main()
