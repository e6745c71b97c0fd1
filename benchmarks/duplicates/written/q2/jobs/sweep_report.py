"""Prints a table of a sweep and marks stale runs."""
import argparse
import time

import pandas as pd
from mlflow.tracking import MlflowClient

COLUMNS = ["run_id", "status", "r", "lr", "val_loss", "hours"]


def rows(client, eid):
    token = None
    while True:
        page = client.search_runs([eid], max_results=500, page_token=token)
        for r in page:
            end = r.info.end_time or int(time.time() * 1000)
            yield [r.info.run_id, r.info.status, r.data.params.get("lora.r"), r.data.params.get("lr"),
                   r.data.metrics.get("val_loss"), (end - r.info.start_time) / 3.6e6]
        token = page.token
        if token is None:
            break


def mark_stale(client, eid, hours=48):
    limit = (time.time() - hours * 3600) * 1000
    for r in client.search_runs([eid], "attributes.status = 'RUNNING'"):
        if r.info.start_time < limit:
            client.set_terminated(r.info.run_id, "KILLED")
            print("killed", r.info.run_id)


def winner(client, eid):
    """Best point of the sweep."""
    top = sorted(
        (
            r for r in client.search_runs([eid], "status = 'FINISHED'", max_results=1000)
            if r.data.tags.get("tunekit.adapter") and "val_loss" in r.data.metrics
        ),
        key=lambda r: r.data.metrics["val_loss"],
    )
    return top[0] if top else None


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("sweep")
    ap.add_argument("--mark-stale", action="store_true")
    a = ap.parse_args()
    client = MlflowClient()
    exp = client.get_experiment_by_name("sweeps/" + a.sweep)
    if exp is None:
        ap.error("no such sweep")
    if a.mark_stale:
        mark_stale(client, exp.experiment_id)
    df = pd.DataFrame(rows(client, exp.experiment_id), columns=COLUMNS)
    print(df.sort_values("val_loss").to_string(index=False))
    w = winner(client, exp.experiment_id)
    if w is not None:
        print("winner:", w.info.run_id, w.data.metrics["val_loss"])


if __name__ == "__main__":
    main()
