# for the cluster, no mlflow package there, only the server
import os
import sys

import requests

HOST = os.environ.get("NEURO_MLFLOW_HOST", "http://neuro:5000")


def api(path, **body):
    r = requests.post(f"{HOST}/api/2.0/mlflow/{path}", json=body, timeout=20)
    r.raise_for_status()
    return r.json()


def exp(name):
    r = requests.get(f"{HOST}/api/2.0/mlflow/experiments/get-by-name", params={"experiment_name": name}, timeout=20)
    r.raise_for_status()
    return r.json()["experiment"]["experiment_id"]


def last(name):
    found = api("runs/search", experiment_ids=[exp(name)], order_by=["start_time DESC"], max_results=1)
    runs = found.get("runs") or []
    return runs[0]["info"]["run_id"] if runs else None


if __name__ == "__main__":
    rid = last(sys.argv[1])
    if rid is None:
        sys.exit(1)
    print(rid)
