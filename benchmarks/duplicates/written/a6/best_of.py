"""which decoder is the best one?"""
import sys

import mlflow
from mlflow.tracking import MlflowClient


def best(name):
    c = MlflowClient()
    e = c.get_experiment_by_name(name)
    if e is None:
        return None
    r = c.search_runs([e.experiment_id], "", order_by=["metrics.accuracy DESC"], max_results=1)
    return r[0] if r else None


def summary(name):
    r = best(name)
    if r is None:
        return f"{name}: nothing"
    who = r.data.tags.get("mlflow.user", "?")
    return f"{name}: {r.data.metrics.get('accuracy', 0):.3f} by {who}"


for n in sys.argv[1:] or ("decode-lda", "decode-eegnet", "decode-riemann"):
    print(summary(n))
