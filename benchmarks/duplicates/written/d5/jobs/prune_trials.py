"""Deletes the models of all but the best trials, they fill the DBFS mount."""
import argparse

from mlflow.tracking import MlflowClient


def sweeps(client, experiment_id):
    token = None
    while True:
        page = client.search_runs(
            [experiment_id], "attributes.run_name = 'gbt'", max_results=100, page_token=token
        )
        for run in page:
            yield run.info.run_id
        token = page.token
        if token is None:
            break


def prune(client, experiment_id, sweep_id, keep):
    trials = client.search_runs(
        [experiment_id],
        f"tags.mlflow.parentRunId = '{sweep_id}'",
        order_by=["metrics.val_auc DESC"],
        max_results=1000,
    )
    for run in trials[keep:]:
        client.delete_run(run.info.run_id)
    return max(0, len(trials) - keep)


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--experiment-id", required=True)
    ap.add_argument("--keep", type=int, default=3)
    args = ap.parse_args()
    c = MlflowClient()
    eid = args.experiment_id
    print(sum(prune(c, eid, s, args.keep) for s in sweeps(c, eid)), "deleted")
