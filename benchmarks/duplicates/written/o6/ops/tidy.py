"""Deletes what the contracts say must be deleted."""
import argparse
import time

from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient


def experiment_or_die(client, name):
    experiment = client.get_experiment_by_name(name)
    if experiment is None:
        raise SystemExit(f"no experiment {name}")
    return experiment.experiment_id


def delete_failures(client, experiment_id, days):
    before = int((time.time() - days * 86400) * 1000)
    doomed = client.search_runs(
        [experiment_id],
        f"attributes.status = 'FAILED' and attributes.start_time < {before}",
        ViewType.ACTIVE_ONLY,
    )
    for run in doomed:
        client.delete_run(run.info.run_id)
    return len(doomed)


def end_of_contract(client, experiment_id, client_name):
    """All runs of a client, those with a deployed policy last."""
    runs = client.search_runs([experiment_id], f"tags.client = '{client_name}'", max_results=10000)
    for run in sorted(runs, key=lambda r: r.data.tags.get("deployed") == "1"):
        client.set_tag(run.info.run_id, "deleted_for", "contract")
        client.set_tag(run.info.run_id, "deleted_on", time.strftime("%Y-%m-%d"))
        client.set_tag(run.info.run_id, "deleted_client", client_name)
        client.delete_run(run.info.run_id)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("experiment")
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--client")
    args = parser.parse_args()
    client = MlflowClient()
    experiment_id = experiment_or_die(client, args.experiment)
    if args.client:
        end_of_contract(client, experiment_id, args.client)
    else:
        print(delete_failures(client, experiment_id, args.days))


if __name__ == "__main__":
    main()
