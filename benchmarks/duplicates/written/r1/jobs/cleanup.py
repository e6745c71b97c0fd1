import argparse
import time

from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

DAY_MS = 24 * 3600 * 1000


def all_experiments(client, user):
    return [e for e in client.search_experiments(view_type=ViewType.ALL) if e.name.startswith(f"/Users/{user}/churn/")]


def drop_failed(client, experiment_id, days):
    limit = int(time.time() * 1000) - days * DAY_MS
    n = 0
    for run in client.search_runs([experiment_id], "attributes.status = 'FAILED'", max_results=1000):
        if run.info.start_time < limit:
            client.delete_run(run.info.run_id)
            n += 1
    return n


def drop_untagged(client, experiment_id):
    gone = []
    for run in client.search_runs([experiment_id], max_results=1000):
        if "churn.job" not in run.data.tags and "churn.campaign" not in run.data.tags:
            client.delete_run(run.info.run_id)
            gone.append(run.info.run_id)
    return gone


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--user", required=True)
    ap.add_argument("--days", type=int, default=30)
    ap.add_argument("--untagged", action="store_true")
    ns = ap.parse_args()
    client = MlflowClient()
    for exp in all_experiments(client, ns.user):
        n = drop_failed(client, exp.experiment_id, ns.days)
        print(exp.name, n, "failed runs deleted")
        if ns.untagged:
            print("  untagged:", len(drop_untagged(client, exp.experiment_id)))


if __name__ == "__main__":
    main()
