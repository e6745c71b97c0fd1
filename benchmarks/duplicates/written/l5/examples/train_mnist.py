import argparse
import os

import mlflow
import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import train_test_split

from jobdeck.sdk import pod_tags


def get_run(key):
    if "MLFLOW_RUN_ID" in os.environ:
        return mlflow.start_run(run_id=os.environ["MLFLOW_RUN_ID"])
    df = mlflow.search_runs(filter_string=f"tags.`jobdeck.key`='{key}'", order_by=["start_time DESC"], max_results=1)
    if not df.empty:
        run = mlflow.start_run(run_id=df.loc[0, "run_id"])
    else:
        run = mlflow.start_run()
        mlflow.set_tag("jobdeck.key", key)
    return run


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", type=int, default=10)
    ap.add_argument("--alpha", type=float, default=1e-4)
    ap.add_argument("--resume", action="store_true")
    a = ap.parse_args()
    mlflow.set_experiment("jobs/examples")
    X, y = load_digits(return_X_y=True)
    Xa, Xb, ya, yb = train_test_split(X / 16.0, y, random_state=0)
    with get_run(f"mnist-{a.alpha}"):
        mlflow.set_tags(pod_tags())
        m = SGDClassifier(alpha=a.alpha)
        for e in range(a.epochs):
            m.partial_fit(Xa, ya, classes=np.arange(10))
            mlflow.log_metric("acc", m.score(Xb, yb), step=e)


if __name__ == "__main__":
    main()
