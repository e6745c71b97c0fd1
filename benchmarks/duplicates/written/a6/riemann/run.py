import sys

import mlflow
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from common import load_epochs
from riemann.geometry import mean, tangent
from riemann.tracker import Tracker


def covariances(x, shrink=0.1):
    out = []
    for e in x:
        c = e @ e.T / e.shape[1]
        out.append((1 - shrink) * c + shrink * np.trace(c) / len(c) * np.eye(len(c)))
    return np.stack(out)


def decode(subject):
    x, y = load_epochs(subject, "01")
    c = covariances(x)
    z = tangent(c, mean(c))
    pred = cross_val_predict(LogisticRegression(max_iter=1000), z, y, cv=5)
    return float((pred == y).mean())


def main(subjects):
    t = Tracker("decode-riemann")
    with t.group("riemann group") as g:
        for s in subjects:
            with t.subject(g.info.run_id, s, "01"):
                mlflow.log_metric("accuracy", decode(s))
    b = t.best()
    print("best so far", b.info.run_id if b else None)


if __name__ == "__main__":
    main(sys.argv[1:])
