"""MLP experiments with random search (Sofia).

    python -m experiments.exp_mlp --datasets adult bank --n-iter 40
"""
import argparse
import contextlib
import os
import sys
import warnings

import mlflow
import numpy as np
import sklearn
from scipy.stats import loguniform, randint
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import ParameterSampler, StratifiedKFold
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from common import DATASETS, SUITE, load, scores

warnings.filterwarnings("ignore", category=ConvergenceWarning)

SPACE = {
    "alpha": loguniform(1e-6, 1e-1),
    "learning_rate_init": loguniform(1e-4, 1e-1),
    "hidden": randint(16, 512),
}


class Bench:
    family = "neural"

    def __init__(self, n_iter, seed):
        self.n_iter, self.seed = n_iter, seed
        self.client = mlflow.MlflowClient()
        self.experiment_id = self._prepare("tabsuite/mlp")

    def _prepare(self, name):
        match = [e for e in self.client.search_experiments(view_type=3) if e.name == name]
        if match:
            (e,) = match
            if e.lifecycle_stage == "deleted":
                self.client.restore_experiment(e.experiment_id)
            eid = e.experiment_id
        else:
            eid = self.client.create_experiment(name)
        mlflow.set_experiment(experiment_id=eid)
        return eid

    def _is_done(self, dataset):
        for run in self.client.search_runs([self.experiment_id], "attributes.status = 'FINISHED'", max_results=10000):
            p = run.data.params
            if (p.get("dataset"), p.get("algorithm"), p.get("seed")) == (dataset, "mlp", str(self.seed)):
                return True
        return False

    @contextlib.contextmanager
    def outer(self, dataset):
        about = {
            "suite": SUITE,
            "student": "sofia",
            "family": self.family,
            "cv_scheme": "3x1",
        }
        versions = {
            "python": "%d.%d.%d" % sys.version_info[:3],
            "sklearn": sklearn.__version__,
            "numpy": np.__version__,
            "machine": os.uname().nodename,
        }
        run = self.client.create_run(self.experiment_id, run_name=f"mlp-{dataset}-{self.seed}", tags=about)
        with mlflow.start_run(run_id=run.info.run_id):
            mlflow.set_tags(versions)
            mlflow.log_params({"dataset": dataset, "algorithm": "mlp", "seed": self.seed})
            yield

    def candidate(self, i, params, X, y):
        hidden = params.pop("hidden")
        with mlflow.start_run(run_name=f"cand-{i}", nested=True, tags={"candidate": str(i)}):
            mlflow.log_params({**params, "hidden": hidden})
            out = []
            for a, b in StratifiedKFold(3, shuffle=True, random_state=self.seed).split(X, y):
                clf = Pipeline([("sc", StandardScaler()), ("nn", MLPClassifier((hidden,), early_stopping=True, **params))])
                clf.fit(X[a], y[a])
                out.append(scores(y[b], clf.predict(X[b]), clf.predict_proba(X[b])))
            mean = {k: float(np.mean([o[k] for o in out])) for k in out[0]}
            mlflow.log_metrics(mean)
        return mean

    def dataset(self, name):
        if self._is_done(name):
            print(name, "done")
            return
        X, y = (v.to_numpy() for v in load(name))
        with self.outer(name):
            results = [
                self.candidate(i, dict(p), X, y)
                for i, p in enumerate(ParameterSampler(SPACE, self.n_iter, random_state=self.seed))
            ]
            mlflow.log_metrics(max(results, key=lambda r: r["f1_macro"]))


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--datasets", nargs="*", default=list(DATASETS))
    ap.add_argument("--n-iter", type=int, default=25)
    ap.add_argument("--seed", type=int, default=0)
    ns = ap.parse_args()
    bench = Bench(ns.n_iter, ns.seed)
    for ds in ns.datasets:
        bench.dataset(ds)
