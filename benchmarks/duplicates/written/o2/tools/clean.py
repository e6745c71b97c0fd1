#!/usr/bin/env python
"""frees gpfs: checkpoints of runs which are gone, dead runs, empty sweeps"""
import argparse
import shutil

from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

CKPT_DIR = "/gpfs/lab/ckpt"


def all_runs(client, experiment_id, view=ViewType.ALL):
    token, out = None, []
    while True:
        page = client.search_runs([experiment_id], "", view, max_results=1000, page_token=token)
        out += page
        token = page.token
        if not token:
            return out


def drop_given_up(client, experiment_id, yes):
    n = 0
    for r in client.search_runs([experiment_id], "tags.given_up = '1'"):
        if yes:
            client.delete_run(r.info.run_id)
        shutil.rmtree(f"{CKPT_DIR}/{r.info.run_id}", ignore_errors=True)
        n += 1
    return n


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("cohort")
    ap.add_argument("--yes", action="store_true")
    a = ap.parse_args()
    client = MlflowClient()
    exp = client.get_experiment_by_name(f"seg/{a.cohort}")
    if exp is None:
        ap.error("no such cohort")
    print(drop_given_up(client, exp.experiment_id, a.yes), "given up")
    for r in all_runs(client, exp.experiment_id, ViewType.DELETED_ONLY):
        shutil.rmtree(f"{CKPT_DIR}/{r.info.run_id}", ignore_errors=True)


if __name__ == "__main__":
    main()
